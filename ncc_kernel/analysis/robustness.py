"""How firmly a proposal stands: which weights would change it, and which scores that nothing shows.

No chance is asked. Weights are tried in two ways: each criterion's own, from none of the weight to
all of it, to the exact point where another choice takes over; and many weightings spread evenly
over all that are possible.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ncc_kernel.analysis.cocreation import Ref
from ncc_kernel.analysis.search import FEW
from ncc_kernel.analysis.selection import (
    MOST_POINTS,
    Field,
    Proposal,
    choose,
    points_of,
    rank,
)

SAMPLES = 60
"""Weightings that are tried; each is a search of its own."""

SAME = 1e-4
"""Points within which two choices count as equally good."""

MANY = 24
"""Candidates above which only the proposal itself is worked out."""


@dataclass(frozen=True, slots=True)
class Span:
    """The share of the weight between which the proposal stays the best, all else in proportion."""

    criterion: str
    now: float
    lowest: float
    highest: float

    @property
    def free(self) -> bool:
        """Whether no weight of this criterion changes the proposal."""
        return self.lowest <= 0 and self.highest >= 1


@dataclass(frozen=True, slots=True)
class Doubt:
    """A score that nothing shows, and that would change the proposal at another value."""

    ref: Ref
    criterion: str
    points: int
    turns_at: int


@dataclass(frozen=True, slots=True)
class Robustness:
    """What was tried and what came of it; `holds` of `tried` weightings keep the proposal.

    `among` says for each candidate in how many of them it is proposed, `places` its best and worst
    place in the ranking.
    """

    tried: int
    holds: int
    spans: tuple[Span, ...]
    doubts: tuple[Doubt, ...]
    among: Mapping[Ref, int]
    places: Mapping[Ref, tuple[int, int]]


def robustness(field: Field, proposal: Proposal) -> Robustness | None:
    """How firmly the proposal stands; None where there is none, or too much to choose from."""
    if proposal.impossible or not 0 < len(field.candidates) <= MANY:
        return None
    # A search among many takes a hundred times as long as one among a few.
    samples = SAMPLES if len(field.candidates) <= FEW else SAMPLES // 5
    tried = list(spread(sorted(field.weights), samples))
    among = dict.fromkeys((one.ref for one in field.candidates), 0)
    places = {one.candidate.ref: (one.place, one.place) for one in proposal.ranked}
    holds = 0
    for weights in tried:
        best = choose(field, weights, any_of_equal=True) or frozenset()
        for ref in best:
            among[ref] += 1
        holds += _as_good(field, weights, proposal.chosen, best)
        for one in rank(_weighing(field, weights)):
            low, high = places[one.candidate.ref]
            places[one.candidate.ref] = min(low, one.place), max(high, one.place)
    return Robustness(
        len(tried),
        holds,
        tuple(_span(field, proposal.chosen, key) for key in field.weights),
        tuple(_doubts(field, proposal)),
        among,
        places,
    )


def _weighing(field: Field, weights: Mapping[str, float]) -> Field:
    return Field(field.country, weights, field.names, field.candidates, (), field.round)


def _as_good(
    field: Field, weights: Mapping[str, float], mine: frozenset[Ref], best: frozenset[Ref]
) -> bool:
    if mine == best:
        return True
    apart = points_of(field, weights, tuple(best)) - points_of(field, weights, tuple(mine))
    return apart <= SAME


def spread(criteria: list[str], count: int) -> Iterator[dict[str, float]]:
    """Weightings spread evenly over all that sum to one, always the same ones.

    Each is a point of an additive sequence, whose steps are powers of the root of x^(d+1) = x + 1;
    the gaps between its sorted coordinates are the weights.
    """
    inner = len(criteria) - 1
    if inner < 1:
        yield dict.fromkeys(criteria, 1.0)
        return
    root = 2.0
    for _ in range(40):
        root = (1 + root) ** (1 / (inner + 1))
    for number in range(1, count + 1):
        cuts = sorted((0.5 + number * root ** -(axis + 1)) % 1 for axis in range(inner))
        edges = [0.0, *cuts, 1.0]
        yield {key: edges[i + 1] - edges[i] for i, key in enumerate(criteria)}


def leaning(weights: Mapping[str, float], key: str, share: float) -> dict[str, float]:
    """The weights with one criterion at this share and the others in their proportions."""
    rest = 1 - weights[key]
    if rest <= 0:
        return {one: 1.0 if one == key else 0.0 for one in weights}
    return {
        one: share if one == key else weight * (1 - share) / rest for one, weight in weights.items()
    }


def _span(field: Field, mine: frozenset[Ref], key: str) -> Span:
    now = field.weights[key]
    if now >= 1:
        return Span(key, 1.0, 0.0, 1.0)
    return Span(key, now, _edge(field, mine, key, 0.0), _edge(field, mine, key, 1.0))


def _edge(field: Field, mine: frozenset[Ref], key: str, end: float) -> float:
    """How far the share may go towards `end` before another choice is better.

    Points are a straight line in the share, so the point where the better choice overtakes is
    known at once; it is asked again there until nothing is better.
    """
    share = end
    for _ in range(50):
        weights = leaning(field.weights, key, share)
        best = choose(field, weights, any_of_equal=True) or frozenset()
        if _as_good(field, weights, mine, best):
            return share
        here = _lead(field, weights, mine, best)
        start = _lead(field, field.weights, mine, best)
        now = field.weights[key]
        share = now + (share - now) * max(0.0, start) / (max(0.0, start) - here)
    return share


def _lead(
    field: Field, weights: Mapping[str, float], mine: frozenset[Ref], other: frozenset[Ref]
) -> float:
    return points_of(field, weights, tuple(mine)) - points_of(field, weights, tuple(other))


def _doubts(field: Field, proposal: Proposal) -> Iterator[Doubt]:
    """Scores without evidence that would change the proposal: nearest value first tried."""
    for one in field.candidates:
        worse = proposal.proposes(one)  # who is in can only fall out, who is out only come in
        for key in one.unshown:
            points = one.points[key]
            values = range(points - 1, -1, -1) if worse else range(points + 1, MOST_POINTS + 1)
            if not values or not _turns(field, proposal, one.ref, key, values[-1]):
                continue  # not even at the far end: most scores end here, after one search
            turned = next(v for v in values if _turns(field, proposal, one.ref, key, v))
            yield Doubt(one.ref, key, points, turned)


def _turns(field: Field, proposal: Proposal, ref: Ref, key: str, points: int) -> bool:
    best = choose(field, field.weights, {(ref, key): points}, any_of_equal=True) or frozenset()
    if best == proposal.chosen:
        return False
    by = field.weights[key] * (points - next(o.points[key] for o in field.candidates if o.ref == ref))  # fmt: skip
    gain = by * ((ref in best) - (ref in proposal.chosen))
    lead = _lead(field, field.weights, proposal.chosen, best)
    return gain - lead > SAME
