"""Days for a seminar: which are free, which are best, and of every other one why it is not.

What rules a day out is a weekend, an event of the working group or the SI CoP, a holiday in a
country that needs the seminar, or a CoP event on the same topic near it. What only speaks against
a day costs points: an event next door, a holiday elsewhere, the edge of a week.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import holidays

from ncc_kernel.analysis.calendar import days_apart
from ncc_kernel.model.calendar import Happening

DAY = timedelta(days=1)
MONDAY, FRIDAY, SATURDAY = 0, 4, 5
AUGUST = 8
LONGEST = 366
"""Days of a window that are looked at."""

SAME_TOPIC, CLOSE, APART = 14, 3, 7
"""Days to a CoP event on the same topic, to any other event, and between two proposals."""

Names = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Judged:
    """A first day, what rules it out, what speaks against it, and how much that weighs."""

    first: date
    last: date
    ruled_out: tuple[str, ...]
    against: tuple[str, ...]
    cost: int

    @property
    def free(self) -> bool:
        """Whether nothing rules it out."""
        return not self.ruled_out


@dataclass(frozen=True, slots=True)
class Search:
    """What a date is looked for: the window, how many days, who needs it, and what is on."""

    first: date
    last: date
    days: int
    needing: tuple[str, ...]
    others: tuple[str, ...]
    busy: tuple[Happening, ...]
    same_topic: tuple[Happening, ...]


@lru_cache(maxsize=256)
def holidays_of(iso2: str, year: int) -> Mapping[date, str]:
    """The public holidays of a whole country, named in English where the library can."""
    known = holidays.country_holidays(iso2)
    language = next(
        (one for one in ("en_US", "en_GB", "en") if one in known.supported_languages), None
    )
    found = holidays.country_holidays(iso2, years=year, language=language)
    # An in-lieu or bridge day is named after its holiday, which is enough.
    return dict(sorted(found.items()))


def judge_days(search: Search, iso2: Names, names: Names) -> tuple[Judged, ...]:
    """Every day of the window as a first day, in order."""
    last = min(search.last, search.first + LONGEST * DAY) - (search.days - 1) * DAY
    count = max((last - search.first).days + 1, 0)
    return tuple(_judged(search.first + n * DAY, search, iso2, names) for n in range(count))


def propose(judged: Sequence[Judged], limit: int = 5) -> tuple[Judged, ...]:
    """The best free days, well apart from each other, in the order of the calendar."""
    chosen: list[Judged] = []
    for one in sorted((one for one in judged if one.free), key=lambda one: (one.cost, one.first)):
        if len(chosen) < limit and all(abs((one.first - c.first).days) >= APART for c in chosen):
            chosen.append(one)
    return tuple(sorted(chosen, key=lambda one: one.first))


def _judged(first: date, search: Search, iso2: Names, names: Names) -> Judged:
    span = [first + n * DAY for n in range(search.days)]
    last = span[-1]
    out = [f"{day:%A}" for day in span if day.weekday() >= SATURDAY][:1]
    out += [f"{one.title} is on" for one in search.busy if days_apart(one, first, last) == 0]
    out += [
        f"{one.title}, on the same topic of the SI CoP, is {_away(apart)}"
        for one in search.same_topic
        if (apart := days_apart(one, first, last)) <= SAME_TOPIC
    ]
    out += _free_days(span, search.needing, iso2, names)
    against, cost = [], 0
    for one in search.busy:
        apart = days_apart(one, first, last)
        if 0 < apart <= CLOSE:
            against.append(f"{one.title} is {_away(apart)}")
            cost += 1 + CLOSE - apart
    elsewhere = _free_days(span, search.others, iso2, names)
    against, cost = against + elsewhere, cost + 2 * len(elsewhere)
    if first.month == AUGUST:
        against.append("it is in August")
        cost += 2
    edges = {day.weekday() for day in span} & {MONDAY, FRIDAY}
    if edges:
        against.append(
            "it is a "
            + " and a ".join("Monday" if e == MONDAY else "Friday" for e in sorted(edges))
        )
        cost += len(edges)
    return Judged(first, last, tuple(dict.fromkeys(out)), tuple(against), cost)


def _free_days(span: Iterable[date], codes: Iterable[str], iso2: Names, names: Names) -> list[str]:
    found: dict[str, list[str]] = {}
    for day in span:
        for code in codes:
            holiday = holidays_of(iso2[code], day.year).get(day)
            if holiday:
                found.setdefault(holiday, []).append(names[code])
    return [f"{holiday} in {', '.join(sorted(where))}" for holiday, where in sorted(found.items())]


def _away(days: int) -> str:
    return "on that day" if days == 0 else f"{days} day{'' if days == 1 else 's'} away"
