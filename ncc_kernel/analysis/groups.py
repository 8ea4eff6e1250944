"""Learning groups: countries of similar profile and need, in groups of nearly equal size.

Two countries are as far apart as their levels and their shares of needs are, on average over the
dimensions that are known of both. Who is known in half of the dimensions or fewer is compared with
nobody: such a country is placed where sizes leave room, and flagged.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from statistics import fmean

import numpy as np

from ncc_kernel.analysis.assignment import assign
from ncc_kernel.analysis.group_rules import MEND, Rules, check
from ncc_kernel.analysis.partition import Bonds, Division, Sizes, Whole, divide, even_sizes
from ncc_kernel.analysis.standing import Standing
from ncc_kernel.errors import Rejected
from ncc_kernel.model.community import FEWEST_GROUPS, MOST_GROUPS

NEED_LEVELS = 2.0
"""Levels that count as much as needing support on all of a dimension against on none. Ours."""

PARTS = 100
"""Distances are whole hundredths of a level, so that two equal ones are equal."""

NUMBERS = (FEWEST_GROUPS, MOST_GROUPS)


@dataclass(frozen=True)
class Grouping:
    """The groups, in the alphabetical order of their first members, and what they stand on.

    Without groups, `fault` says in a sentence why there are none.
    """

    standings: tuple[Standing, ...]
    rules: Rules
    number: int
    groups: tuple[tuple[str, ...], ...] = ()
    moved: tuple[str, ...] = ()
    cost: int = 0
    fault: str = ""

    @cached_property
    def by_code(self) -> Mapping[str, Standing]:
        """The standings by country."""
        return {one.country: one for one in self.standings}

    @cached_property
    def distances(self) -> Whole:
        """How far each two of the standings are apart, in hundredths of a level."""
        return _distances(self.standings)

    @cached_property
    def place_of(self) -> Mapping[str, int]:
        """The index of each country's group."""
        return {code: index for index, group in enumerate(self.groups) for code in group}

    @property
    def unknown(self) -> tuple[str, ...]:
        """Countries that were placed without a comparison."""
        return tuple(one.country for one in self.standings if not one.comparable)

    @property
    def apart(self) -> float:
        """Levels between a comparable country and the middle of its group, on average.

        The coordinator's moves are left out of it.
        """
        compared = sum(one.comparable for one in self.standings)
        return self.cost / PARTS / compared if compared else 0.0

    @property
    def alike(self) -> bool:
        """Whether all comparable countries have the same profile and the same needs."""
        known = [one for one in self.standings if one.comparable]
        return len(known) > 1 and all(distance(known[0], one) == 0 for one in known)


def form_groups(
    standings: Iterable[Standing], *, rules: Rules | None = None, number: int | None = None
) -> Grouping:
    """The best groups of these countries, the same in whatever order they come.

    Rejected, with a sentence, where the coordinator's rules cannot all hold.
    """
    asked = rules or Rules()
    ordered = tuple(sorted(standings, key=lambda one: one.country))
    wanted = number or asked.number
    check(asked, (one.country for one in ordered))
    empty = Grouping(ordered, asked, wanted)
    compared = sum(one.comparable for one in ordered)
    if compared < 2 * wanted:
        return replace(empty, fault=_too_few(compared, wanted))
    sizes = even_sizes(len(ordered), wanted)
    division = _divided(ordered, asked, wanted, sizes, empty.distances)
    if division is None:
        raise Rejected(
            f"The rules of the groups cannot all hold with {wanted} groups of "
            f"{_said(sizes)} countries.",
            MEND,
        )
    codes = [one.country for one in ordered]
    made = [
        {c for c, at in zip(codes, division.places, strict=True) if at == n} for n in range(wanted)
    ]
    moved = _move(made, asked)
    groups = sorted(tuple(sorted(group)) for group in made if group)
    return replace(empty, groups=tuple(groups), moved=moved, cost=division.cost)


def _too_few(compared: int, wanted: int) -> str:
    if not compared:
        return "No country has answered enough to be compared, so no groups are formed yet."
    said = "1 country has" if compared == 1 else f"{compared} countries have"
    return (
        f"Only {said} answered enough to be compared; {wanted} groups are formed from "
        f"{2 * wanted} on."
    )


def _said(sizes: Sizes) -> str:
    return f"{sizes.most}" if sizes.fewest == sizes.most else f"{sizes.fewest} or {sizes.most}"


def _divided(
    ordered: Sequence[Standing], rules: Rules, number: int, sizes: Sizes, distances: Whole
) -> Division | None:
    index = {one.country: position for position, one in enumerate(ordered)}
    together, apart = (
        tuple((index[one], index[other]) for one, other in rules.pairs(kind))
        for kind in ("together", "apart")
    )
    return divide(
        distances,
        groups=number,
        middles=[position for position, one in enumerate(ordered) if one.comparable],
        sizes=sizes,
        bonds=Bonds(together, apart),
    )


def _distances(ordered: Sequence[Standing]) -> Whole:
    """Hundredths of a level between any two; 0 to and from whom nothing can be compared."""
    found = np.zeros((len(ordered), len(ordered)), dtype=np.int64)
    for row, one in enumerate(ordered):
        for column, other in enumerate(ordered[:row]):
            if one.comparable and other.comparable:
                found[row, column] = found[column, row] = distance(one, other)
    return found


def distance(one: Standing, other: Standing) -> int:
    """Hundredths of a level between two comparable countries, over what is known of both."""
    shared = [name for name in one.levels if name in other.levels]
    gaps = (
        abs(one.levels[name] - other.levels[name])
        + NEED_LEVELS * abs(one.shares[name] - other.shares[name])
        for name in shared
    )
    return round(PARTS * fmean(gaps))


def _move(made: list[set[str]], rules: Rules) -> tuple[str, ...]:
    """Carry out the coordinator's moves; who was moved."""
    moved: list[str] = []
    for country, to, _reason in rules.moves:
        here = next(group for group in made if country in group)
        there = next(group for group in made if to in group)
        if here is not there:
            here.remove(country)
            there.add(country)
            moved.append(country)
    return tuple(moved)


@dataclass(frozen=True, slots=True)
class Trial:
    """What changes when one country is left out: who, of the compared, is then with others."""

    left_out: str
    changed: tuple[str, ...]


def trials(grouping: Grouping) -> tuple[Trial, ...]:
    """The groups formed again without each comparable country in turn.

    The group that one leaves may be one smaller, so that nobody moves to fill a seat.
    """
    if not grouping.groups:
        return ()
    known = [one.country for one in grouping.standings if one.comparable]
    return tuple(Trial(code, _changed_without(grouping, code)) for code in known)


def _changed_without(grouping: Grouping, code: str) -> tuple[str, ...]:
    at = next(n for n, one in enumerate(grouping.standings) if one.country == code)
    left = [*grouping.standings[:at], *grouping.standings[at + 1 :]]
    distances = np.delete(np.delete(grouping.distances, at, axis=0), at, axis=1)
    rules = grouping.rules.without(code)
    even = even_sizes(len(grouping.standings), grouping.number)
    sizes = Sizes(even.fewest - 1, even.most)
    division = _divided(left, rules, grouping.number, sizes, distances)
    if division is None:
        return ()
    codes = [one.country for one in left]
    made = [
        {c for c, at in zip(codes, division.places, strict=True) if at == n}
        for n in range(grouping.number)
    ]
    _move(made, rules)
    moved = _elsewhere(grouping.groups, [tuple(sorted(group)) for group in made])
    return tuple(one for one in moved if grouping.by_code[one].comparable)


def _elsewhere(before: Sequence[Sequence[str]], after: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Who is not where most of the own group went."""
    shared = np.array([[len(set(was) & set(now)) for now in after] for was in before])
    rows, columns = assign(-shared)
    staying = {
        code
        for row, column in zip(rows, columns, strict=True)
        for code in set(before[row]) & set(after[column])
    }
    return tuple(sorted({code for group in after for code in group} - staying))
