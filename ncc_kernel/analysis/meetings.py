"""Who could meet whom: what one needs much of and another can give, before they are linked."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Literal

from ncc_kernel.analysis.ecosystem import MUCH, Ecosystem
from ncc_kernel.analysis.regions import Placed
from ncc_kernel.model.ecosystem import NEED_KINDS, Agent, ByKind, Initiative

SEARCHED = 120
"""Of those who need and those who can give, how many of the strongest are compared."""

TWICE, OFTEN = 2, 3
"""How often one who needs, and one who can give, is proposed at most for one kind of support."""


@dataclass(frozen=True, slots=True)
class Side:
    """Someone who could meet someone."""

    kind: Literal["agent", "initiative"]
    key: str
    name: str
    country: str
    region: str
    objectives: frozenset[str]
    challenges: frozenset[str]
    degree: int


@dataclass(frozen=True, slots=True)
class Meeting:
    """One who needs a kind of support much, one who can give it, and what else they share."""

    support: str
    needs: Side
    gives: Side
    objectives: tuple[str, ...]
    challenges: tuple[str, ...]
    same_region: bool

    @property
    def abroad(self) -> bool:
        """Whether they are in two countries."""
        return self.needs.country != self.gives.country

    @property
    def strength(self) -> int:
        """How much speaks for it."""
        return _strength(self.needs, self.gives)


@dataclass(frozen=True, slots=True)
class Meetings:
    """How many meetings are possible, among the strongest needs and capabilities, and the best."""

    possible: int = 0
    best: tuple[Meeting, ...] = ()


NO_MEETINGS = Meetings()


def possible_meetings(eco: Ecosystem, placed: Placed, *, abroad: bool, limit: int = 12) -> Meetings:
    """Meetings of those who are not linked yet; across borders, or within each country.

    Nobody fills the list alone: each is proposed a few times at most.
    """
    linked = _linked(eco)
    by_strength: dict[int, list[tuple[str, str, str, str, Side, Side]]] = {}
    for support in NEED_KINDS:
        for one, other in _pairs(eco, placed, support, abroad=abroad):
            if (one.kind, one.key, other.kind, other.key) not in linked:
                pair = one.country, one.key, other.key, support, one, other
                by_strength.setdefault(_strength(one, other), []).append(pair)
    possible = sum(map(len, by_strength.values()))
    return Meetings(possible, tuple(_best(by_strength, limit)))


def _best(
    by_strength: Mapping[int, list[tuple[str, str, str, str, Side, Side]]], limit: int
) -> list[Meeting]:
    """The strongest, equals by their names; weaker ones are put in order only when it comes to them."""
    asked: Counter[tuple[str, str, str]] = Counter()
    asking: Counter[tuple[str, str, str]] = Counter()
    kept: list[Meeting] = []
    for strength in sorted(by_strength, reverse=True):
        for *_names, support, one, other in sorted(by_strength[strength], key=itemgetter(0, 1, 2)):
            giver, needer = (support, other.kind, other.key), (support, one.kind, one.key)
            if asked[giver] < OFTEN and asking[needer] < TWICE:
                asked[giver] += 1
                asking[needer] += 1
                kept.append(_meeting(support, one, other))
            if len(kept) == limit:
                return kept
    return kept


def between_countries(eco: Ecosystem) -> Mapping[tuple[str, str], int]:
    """For each country with needs and other that can give: how many could meet one to one."""
    needing: Counter[tuple[str, str]] = Counter()
    giving: Counter[tuple[str, str]] = Counter()
    for kind, entries in _entries(eco):
        for key, one in entries.items():
            home = eco.home(kind, key)
            for support in NEED_KINDS:
                needing[home, support] += _degree(one.needs, support) >= MUCH
                giving[home, support] += _degree(one.capabilities, support) >= MUCH
    homes = sorted({home for home, _support in needing})
    found = {
        (a, b): sum(min(needing[a, one], giving[b, one]) for one in NEED_KINDS)
        for a in homes
        for b in homes
        if a != b
    }
    return {pair: count for pair, count in found.items() if count}


def _strength(one: Side, other: Side) -> int:
    """The need, the capability, and each thing they share, up to two of a kind."""
    shared = _shared(one.objectives, other.objectives) + _shared(one.challenges, other.challenges)
    return one.degree + other.degree + 2 * shared + _neighbours(one, other)


def _shared(one: frozenset[str], other: frozenset[str]) -> int:
    return min(len(one & other), 2) if one and other else 0


def _neighbours(one: Side, other: Side) -> bool:
    return bool(one.region) and one.region == other.region


def _pairs(
    eco: Ecosystem, placed: Placed, support: str, *, abroad: bool
) -> Iterator[tuple[Side, Side]]:
    giving = _sides(eco, placed, support, "capabilities")
    for one in _sides(eco, placed, support, "needs"):
        for other in giving:
            same = (one.kind, one.key) == (other.kind, other.key)
            if (one.country != other.country) == abroad and not same:
                yield one, other


def _meeting(support: str, one: Side, other: Side) -> Meeting:
    return Meeting(
        support,
        one,
        other,
        tuple(sorted(one.objectives & other.objectives)),
        tuple(sorted(one.challenges & other.challenges)),
        _neighbours(one, other),
    )


def _sides(
    eco: Ecosystem, placed: Placed, support: str, what: Literal["needs", "capabilities"]
) -> list[Side]:
    regions = {"agent": placed.agents, "initiative": placed.initiatives}
    found = [
        Side(
            kind,
            key,
            one.name if isinstance(one, Agent) else one.title,
            eco.home(kind, key),
            regions[kind].get(key, ""),
            frozenset(one.objectives),
            frozenset(one.challenges) if isinstance(one, Initiative) else frozenset(),
            _degree(getattr(one, what), support),
        )
        for kind, entries in _entries(eco)
        for key, one in entries.items()
        if _degree(getattr(one, what), support) >= MUCH
    ]
    return sorted(found, key=lambda one: (-one.degree, one.kind, one.key))[:SEARCHED]


def _entries(
    eco: Ecosystem,
) -> Sequence[tuple[Literal["agent", "initiative"], Mapping[str, Agent | Initiative]]]:
    return (("agent", eco.agents), ("initiative", eco.initiatives))


def _degree(of: ByKind, support: str) -> int:
    return getattr(of, support) or 0


def _linked(eco: Ecosystem) -> set[tuple[str, str, str, str]]:
    """Both ways round: who is linked with whom, by kind and key."""
    there = {("agent", one.agent, one.target_kind, one.target) for one in eco.links.values()}
    return there | {(c, d, a, b) for a, b, c, d in there}
