"""Mentors: who helps whom in which dimension, so that the greatest need is served.

A mentorship is one country that helps another in one dimension, on every statement there that the
one needs and the other can help with. Each country takes on a limited number of them. Round by
round the assignment that serves the greatest weight of needs is found (scipy's
linear_sum_assignment, in whole numbers), until nobody who is free can serve what is left.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ncc_kernel.analysis.assignment import assign
from ncc_kernel.analysis.standing import Need, Standing

LIMIT = 2
"""Mentorships that a country takes on at most, unless another limit is given. Ours."""

SERVED = 1000
"""What a unit of need weighs against having the mentor in the own group: the need always wins."""

Topic = tuple[str, str]
"""A country and a dimension in which it needs support."""


@dataclass(frozen=True, slots=True)
class Mentorship:
    """One country helps another in one dimension; `why_across` where it is of another group."""

    country: str
    dimension: str
    mentor: str
    statements: tuple[str, ...]
    why_across: str = ""


@dataclass(frozen=True, slots=True)
class Unmet:
    """A need that nobody serves, and why."""

    country: str
    statement: str
    dimension: str
    why: str


@dataclass(frozen=True, slots=True)
class Mentoring:
    """All mentorships and all needs that none of them serves, by country and statement."""

    mentorships: tuple[Mentorship, ...]
    unmet: tuple[Unmet, ...]
    limit: int

    def of(self, country: str) -> tuple[Mentorship, ...]:
        """Those in which the country is helped."""
        return tuple(one for one in self.mentorships if one.country == country)

    def by(self, country: str) -> tuple[Mentorship, ...]:
        """Those in which the country helps."""
        return tuple(one for one in self.mentorships if one.mentor == country)


def match_mentors(
    standings: Iterable[Standing],
    *,
    group_of: Mapping[str, int],
    names: Mapping[str, str],
    limit: int = LIMIT,
) -> Mentoring:
    """Who helps whom; the same for the same standings in any order.

    `group_of` tells who is in one group: between mentors who serve as much, one's own comes first.
    """
    matching = _Matching(sorted(standings, key=lambda one: one.country), group_of, limit)
    while matching.round():
        pass
    made = sorted(matching.made, key=lambda one: (one.country, one.dimension, one.mentor))
    return Mentoring(
        tuple(matching.with_reason(one, names) for one in made),
        tuple(matching.unmet(need, names) for need in matching.left),
        limit,
    )


class _Matching:
    def __init__(
        self, standings: Sequence[Standing], group_of: Mapping[str, int], limit: int
    ) -> None:
        self._group_of = group_of
        self._limit = limit
        self._offers = {
            one.country: frozenset(offer.statement for offer in one.offers)
            for one in standings
            if one.offers
        }
        self.free = dict.fromkeys(self._offers, limit)
        self.left: tuple[Need, ...] = tuple(need for one in standings for need in one.needs)
        self.made: list[Mentorship] = []

    def round(self) -> bool:
        """One more assignment of free mentors to what is left; whether anything came of it."""
        topics: dict[Topic, list[Need]] = {}
        for need in self.left:
            topics.setdefault((need.country, need.dimension), []).append(need)
        seats = [mentor for mentor, free in self.free.items() for _ in range(free)]
        if not topics or not seats:
            return False
        values = np.array(
            [[self._value(t, needs, m) for m in seats] for t, needs in topics.items()]
        )
        rows, columns = assign(values, maximize=True)
        keys = list(topics)
        found = [
            (keys[row], seats[column])
            for row, column in zip(rows, columns, strict=True)
            if values[row, column] > 0
        ]
        for topic, mentor in found:
            self._take(topic, mentor, topics[topic])
        return bool(found)

    def _value(self, topic: Topic, needs: Sequence[Need], mentor: str) -> int:
        served = sum(need.weight for need in needs if self._can(mentor, need))
        return served * SERVED + (served > 0 and self._together(topic[0], mentor))

    def _can(self, mentor: str, need: Need) -> bool:
        return mentor != need.country and need.statement in self._offers[mentor]

    def _together(self, one: str, other: str) -> bool:
        return one in self._group_of and self._group_of[one] == self._group_of.get(other)

    def _take(self, topic: Topic, mentor: str, needs: Sequence[Need]) -> None:
        served = tuple(need.statement for need in needs if self._can(mentor, need))
        self.made.append(Mentorship(*topic, mentor, served))
        self.free[mentor] -= 1
        self.left = tuple(
            need
            for need in self.left
            if (need.country, need.dimension) != topic or need.statement not in served
        )

    def with_reason(self, one: Mentorship, names: Mapping[str, str]) -> Mentorship:
        """The same, with the reason where the mentor is of another group."""
        if self._together(one.country, one.mentor):
            return one
        near = [
            mentor
            for mentor, offers in self._offers.items()
            if self._together(one.country, mentor)
            and mentor != one.country
            and not offers.isdisjoint(one.statements)
        ]
        if one.country not in self._group_of:
            return one
        free = [mentor for mentor in near if self.free[mentor]]
        if not near:
            why = "nobody in the own group offers support on this"
        elif free:
            why = f"{_listed(free, names)} of the own group could help with less of it"
        else:
            verb = "is" if len(near) == 1 else "are"
            why = f"{_listed(near, names)} of the own group could help, and {verb} taken already"
        return replace(one, why_across=why)

    def unmet(self, need: Need, names: Mapping[str, str]) -> Unmet:
        """The need with the reason why nobody serves it."""
        able = [mentor for mentor in self._offers if self._can(mentor, need)]
        if not able:
            why = "No country at level 4 or 5 offers support on it."
        else:
            load = "1 mentorship" if self._limit == 1 else f"{self._limit} mentorships"
            has = "has" if len(able) == 1 else "have"
            said = _listed(able, names)
            why = f"{said[0].upper()}{said[1:]} could help, and {has} {load} already."
        return Unmet(need.country, need.statement, need.dimension, why)


def _listed(codes: Sequence[str], names: Mapping[str, str], most: int = 4) -> str:
    """The names, at most four of them."""
    named = [names[code] for code in codes]
    if len(named) > most:
        return f"{', '.join(named[:most])} and {len(named) - most} more"
    return named[0] if len(named) == 1 else f"{', '.join(named[:-1])} and {named[-1]}"
