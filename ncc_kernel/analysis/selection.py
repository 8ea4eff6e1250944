"""Which practices a country's own criteria propose, within its budget and its days; people decide.

Points are whole numbers (millionths of a weighted mean), so that equal is equal. Up to `FEW`
candidates every choice there is gets looked at; above, `milp` finds the best one. Both are exact,
and of choices with the same points both take the cheapest, and then the one whose first practices
come first by key.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ncc_kernel.analysis.cocreation import Ref
from ncc_kernel.analysis.scaling import Portfolio
from ncc_kernel.analysis.search import Limits, Option, best_choice
from ncc_kernel.model.scaling import Practice, Score, SelectionRound

MOST_POINTS = 5
MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Candidate:
    """A practice with a score on each criterion that weighs anything."""

    ref: Ref
    practice: Practice
    points: Mapping[str, int]
    unshown: tuple[str, ...]
    """The criteria whose score rests on nothing that is written down."""


@dataclass(frozen=True, slots=True)
class Aside:
    """A practice that cannot be ranked or proposed, and why."""

    ref: Ref
    practice: Practice
    why: str


@dataclass(frozen=True, slots=True)
class Field:
    """What is to choose from: the weights by criterion, the candidates, and who stands aside."""

    country: str
    weights: Mapping[str, float]
    names: Mapping[str, str]
    candidates: tuple[Candidate, ...]
    aside: tuple[Aside, ...]
    round: tuple[Ref, SelectionRound] | None


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate with its mean of 0 to 5, in the order of it; equal means share a place."""

    place: int
    candidate: Candidate
    value: float


@dataclass(frozen=True, slots=True)
class Proposal:
    """The candidates in order, which of them are proposed, and what that takes.

    `impossible` says why nothing can be proposed; `limits` says which limit there is at all.
    """

    ranked: tuple[Ranked, ...]
    chosen: frozenset[Ref]
    cost: float
    effort: float
    impossible: str = ""

    def proposes(self, candidate: Candidate) -> bool:
        """Whether the candidate is among those proposed."""
        return candidate.ref in self.chosen


def field_of(portfolio: Portfolio, country: str) -> Field:
    """What the country has to choose from, in its latest round of selection if there is one."""
    rounds = [(ref, one) for ref, one in portfolio.rounds.items() if ref[0] == country]
    latest = max(
        rounds, key=lambda one: (one[1].day is not None, one[1].day or 0, one[0]), default=None
    )
    criteria = {
        key: one for (place, key), one in sorted(portfolio.criteria.items()) if place == country
    }
    weights = {key: one.weight for key, one in criteria.items() if one.weight > 0}
    total = sum(weights.values())
    weights = {key: weight / total for key, weight in weights.items()}
    scores: dict[str, dict[str, Score]] = {}
    for (place, _key), score in sorted(portfolio.scores.items()):
        if place == country:
            scores.setdefault(score.practice, {})[score.criterion] = score
    settled = _settled(portfolio, country, latest[0][1] if latest else None)
    candidates: list[Candidate] = []
    aside: list[Aside] = []
    for ref, practice in sorted(portfolio.practices.items()):
        if ref[0] != country:
            continue
        why = settled.get(ref[1]) or _why_not(practice, weights, scores.get(ref[1], {}), latest)
        if why:
            aside.append(Aside(ref, practice, why))
        else:
            candidates.append(_candidate(ref, practice, weights, scores[ref[1]]))
    names = {key: one.name for key, one in criteria.items()}
    return Field(country, weights, names, tuple(candidates), tuple(aside), latest)


def _settled(portfolio: Portfolio, country: str, latest: str | None) -> dict[str, str]:
    """Practices that an earlier round decided for good, with a word on it."""
    found: dict[str, str] = {}
    for (place, _key), one in sorted(portfolio.selections.items(), key=lambda item: item[1].day):
        if place == country and one.round != latest:
            found.pop(one.practice, None)
            if one.outcome in ("scale", "stop"):
                word = "to be scaled" if one.outcome == "scale" else "to be ended"
                found[one.practice] = f"decided on {one.day.isoformat()}: {word}"
    return found


def _why_not(
    practice: Practice,
    weights: Mapping[str, float],
    scores: Mapping[str, Score],
    latest: tuple[Ref, SelectionRound] | None,
) -> str:
    unscored = [key for key in weights if key not in scores]
    if not weights:
        return "no criterion weighs anything yet"
    if unscored:
        return f"not scored yet on {len(unscored)} of {len(weights)} criteria"
    limits = latest[1] if latest else SelectionRound(title="none")
    if limits.budget is not None and practice.scaling_cost is None:
        return "what scaling would cost is not known, and there is a budget"
    if limits.capacity is not None and practice.effort is None:
        return "the days it would take are not known, and days are limited"
    return ""


def _candidate(
    ref: Ref, practice: Practice, weights: Mapping[str, float], scores: Mapping[str, Score]
) -> Candidate:
    points = {key: scores[key].points for key in weights}
    unshown = tuple(key for key in weights if not scores[key].evidence)
    return Candidate(ref, practice, points, unshown)


def value(candidate: Candidate, weights: Mapping[str, float]) -> float:
    """The candidate's weighted mean, 0 to 5; the weights sum to one."""
    return sum(weight * candidate.points[key] for key, weight in weights.items())


def rank(field: Field) -> tuple[Ranked, ...]:
    """The candidates by their means, equal ones on the same place, by key among themselves."""
    means = {one.ref: round(value(one, field.weights) * MILLION) for one in field.candidates}
    ordered = sorted(field.candidates, key=lambda one: (-means[one.ref], one.ref))
    return tuple(
        Ranked(
            1 + sum(means[other.ref] > means[one.ref] for other in ordered),
            one,
            means[one.ref] / MILLION,
        )
        for one in ordered
    )


def propose(field: Field) -> Proposal:
    """The choice with the most points within the limits, or why there is none."""
    ranked = rank(field)
    if not field.candidates:
        return Proposal(ranked, frozenset(), 0, 0)
    if said := _contradiction(field):
        return Proposal(ranked, frozenset(), 0, 0, said)
    found = choose(field, field.weights)
    if found is None:
        said = "No choice of practices keeps within all limits of the round at once."
        return Proposal(ranked, frozenset(), 0, 0, said)
    chosen = [one.practice for one in field.candidates if one.ref in found]
    return Proposal(
        ranked,
        found,
        sum(one.scaling_cost or 0 for one in chosen),
        sum(one.effort or 0 for one in chosen),
    )


def choose(
    field: Field,
    weights: Mapping[str, float],
    changed: Mapping[tuple[Ref, str], int] | None = None,
    *,
    any_of_equal: bool = False,
) -> frozenset[Ref] | None:
    """The best choice under these weights, and with these scores `changed`; None if none is allowed."""
    options = options_of(field, weights, changed or {})
    found = best_choice(options, limits_of(field), any_of_equal=any_of_equal)
    return None if found is None else frozenset(field.candidates[one].ref for one in found)


def why_not(field: Field, proposal: Proposal) -> dict[Ref, str]:
    """For each candidate that is not proposed, what the best choice with it would lack."""
    if proposal.impossible:
        return {}
    options, limits = options_of(field, field.weights, {}), limits_of(field)
    reached = sum(option.points for option, one in zip(options, field.candidates, strict=True) if one.ref in proposal.chosen)  # fmt: skip
    return {
        one.ref: _without(options, limits, place, reached)
        for place, one in enumerate(field.candidates)
        if one.ref not in proposal.chosen
    }


def _without(options: Sequence[Option], limits: Limits, place: int, reached: int) -> str:
    with_it = [replace(one, must=True) if at == place else one for at, one in enumerate(options)]
    best = best_choice(with_it, limits, any_of_equal=True)
    if best is None:
        return "it does not fit within the limits"
    short = (reached - sum(options[at].points for at in best)) / MILLION
    if short <= 0:
        return "the best choice with it has as many points, but costs more, or is later in a fixed order"
    return f"the best choice with it has {short:.2f} points less"


def options_of(
    field: Field, weights: Mapping[str, float], changed: Mapping[tuple[Ref, str], int]
) -> tuple[Option, ...]:
    """The candidates as the search sees them: whole points, whole euros rounded up, levels."""
    return tuple(
        Option(
            points=round(
                MILLION
                * sum(
                    weight * changed.get((one.ref, key), one.points[key])
                    for key, weight in weights.items()
                )
            ),
            cost=-int(-(one.practice.scaling_cost or 0) // 1),
            effort=-int(-(one.practice.effort or 0) * 100 // 1),
            level=one.practice.scaling_level,
            must=field.round is not None and one.ref[1] in field.round[1].must,
        )
        for one in field.candidates
    )


def limits_of(field: Field) -> Limits:
    """The round's limits as the search sees them."""
    if field.round is None:
        return Limits()
    limits = field.round[1]
    return Limits(
        budget=None if limits.budget is None else int(limits.budget // 1),
        capacity=None if limits.capacity is None else int(limits.capacity * 100 // 1),
        most=limits.most,
        levels=tuple(limits.each_level),
    )


def _contradiction(field: Field) -> str:
    """A sentence on limits that cannot all hold, where one can be named."""
    if field.round is None:
        return ""
    limits = field.round[1]
    must = [one.practice for one in field.candidates if one.ref[1] in limits.must]
    return _not_to_be_had(field, limits) or _too_much(must, limits)


def _not_to_be_had(field: Field, limits: SelectionRound) -> str:
    aside = {one.ref[1]: one for one in field.aside}
    for key in limits.must:
        if key in aside:
            name, why = aside[key].practice.title, aside[key].why
            return f"{name} must be among those chosen, but cannot be: {why}."
    have = {one.practice.scaling_level for one in field.candidates}
    for level in limits.each_level:
        if level not in have:
            return (
                f"The round asks for a practice of the level {level!r}, but no candidate is of it."
            )
    return ""


def _too_much(must: Sequence[Practice], limits: SelectionRound) -> str:
    cost = sum(one.scaling_cost or 0 for one in must)
    days = sum(one.effort or 0 for one in must)
    if limits.most is not None and len(must) > limits.most:
        return (
            f"{len(must)} practices must be among those chosen, but at most {limits.most} may be."
        )
    if limits.budget is not None and cost > limits.budget:
        return f"What must be among those chosen costs {euros(cost)}, more than the budget of {euros(limits.budget)}."
    if limits.capacity is not None and days > limits.capacity:
        return f"What must be among those chosen takes {days:g} days, more than the {limits.capacity:g} there are."
    return ""


def euros(amount: float) -> str:
    """An amount as people read it: 12 000 euro, with spaces that do not break."""
    return f"{amount:,.0f}".replace(",", "\N{NO-BREAK SPACE}") + "\N{NO-BREAK SPACE}euro"


def points_of(field: Field, weights: Mapping[str, float], chosen: Sequence[Ref]) -> float:
    """The points of a choice under these weights, in candidates' means."""
    return sum(value(one, weights) for one in field.candidates if one.ref in chosen)
