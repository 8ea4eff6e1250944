"""Who could meet whom: what one needs much of and another can give, before they are linked."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from ncc_kernel.analysis.ecosystem import MUCH, Ecosystem
from ncc_kernel.analysis.regions import Placed
from ncc_kernel.model.ecosystem import NEED_KINDS, Agent, ByKind, Initiative

SEARCHED = 150
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
        """How much speaks for it: the need, the capability, and each thing they share."""
        shared = 2 * len(self.objectives[:2]) + 2 * len(self.challenges[:2])
        return self.needs.degree + self.gives.degree + shared + self.same_region


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
    found = [
        meeting
        for support in NEED_KINDS
        for meeting in _of_kind(eco, placed, support, abroad=abroad)
        if _pair(meeting.needs, meeting.gives) not in linked
    ]
    ordered = sorted(found, key=_rank)
    asked: Counter[tuple[str, str, str]] = Counter()
    asking: Counter[tuple[str, str, str]] = Counter()
    kept: list[Meeting] = []
    for one in ordered:
        giver = one.support, one.gives.kind, one.gives.key
        needer = one.support, one.needs.kind, one.needs.key
        if asked[giver] < OFTEN and asking[needer] < TWICE:
            asked[giver] += 1
            asking[needer] += 1
            kept.append(one)
        if len(kept) == limit:
            break
    return Meetings(len(found), tuple(kept))


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


def _rank(one: Meeting) -> tuple[int, str, str, str, str, str]:
    ends = one.needs.country, one.needs.key, one.gives.country, one.gives.key
    return -one.strength, *ends, one.support


def _of_kind(eco: Ecosystem, placed: Placed, support: str, *, abroad: bool) -> list[Meeting]:
    needing = _sides(eco, placed, support, "needs")
    giving = _sides(eco, placed, support, "capabilities")
    return [
        _meeting(support, one, other)
        for one in needing
        for other in giving
        if (one.country != other.country) == abroad
        and (one.kind, one.key) != (other.kind, other.key)
    ]


def _meeting(support: str, one: Side, other: Side) -> Meeting:
    return Meeting(
        support,
        one,
        other,
        tuple(sorted(one.objectives & other.objectives)),
        tuple(sorted(one.challenges & other.challenges)),
        bool(one.region) and one.region == other.region,
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


def _linked(eco: Ecosystem) -> set[frozenset[tuple[str, str]]]:
    return {
        frozenset((("agent", one.agent), (one.target_kind, one.target)))
        for one in eco.links.values()
    }


def _pair(one: Side, other: Side) -> frozenset[tuple[str, str]]:
    return frozenset(((one.kind, one.key), (other.kind, other.key)))
