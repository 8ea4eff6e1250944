"""An event that repeats: its days between two bounds, found by asking each day in between.

A rule is never followed to its end, for it may have none: one that fits no day would be followed to
the year 9999. So what a rule costs is the days between the bounds, whatever it says.
"""

from calendar import isleap, monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

Frequency = Literal["YEARLY", "MONTHLY", "WEEKLY", "DAILY"]
FREQUENCIES: tuple[Frequency, ...] = ("YEARLY", "MONTHLY", "WEEKLY", "DAILY")
DAY, WEEK = timedelta(days=1), 7


@dataclass(frozen=True, slots=True)
class Repetition:
    """Every so many years, months, weeks or days; of those, the days that all lists allow.

    `weekdays` are (0, 1) for any Tuesday, (2, 1) for the second and (-1, 1) for the last one.
    """

    frequency: Frequency
    interval: int = 1
    months: frozenset[int] = frozenset()
    month_days: frozenset[int] = frozenset()
    year_days: frozenset[int] = frozenset()
    weekdays: frozenset[tuple[int, int]] = frozenset()
    week_start: int = 0

    def days(self, first: date, last: date) -> Iterator[date]:
        """Its days from the first one on, to the last at most."""
        for n in range((last - first).days + 1):
            day = first + n * DAY
            if self._turn(first, day) and self._allowed(first, day):
                yield day

    def _turn(self, first: date, day: date) -> bool:
        """Whether the year, month, week or day is one of every so many."""
        passed = {
            "YEARLY": day.year - first.year,
            "MONTHLY": (day.year - first.year) * 12 + day.month - first.month,
            "WEEKLY": (self._week(day) - self._week(first)).days // WEEK,
            "DAILY": (day - first).days,
        }[self.frequency]
        return passed % self.interval == 0

    def _week(self, day: date) -> date:
        return day - ((day.weekday() - self.week_start) % WEEK) * DAY

    def _allowed(self, first: date, day: date) -> bool:
        length = monthrange(day.year, day.month)[1]
        of_year, year = day.timetuple().tm_yday, 366 if isleap(day.year) else 365
        return (
            (not self.months or day.month in self.months)
            and (
                not self.month_days
                or not self.month_days.isdisjoint({day.day, day.day - length - 1})
            )
            and (not self.year_days or not self.year_days.isdisjoint({of_year, of_year - year - 1}))
            and (not self.weekdays or self._weekday(day, length, of_year, year))
            and self._like_first(first, day)
        )

    def _weekday(self, day: date, length: int, of_year: int, year: int) -> bool:
        """Whether it is one of the weekdays, and the one of its month or year that is meant."""
        in_year = self.frequency == "YEARLY" and not self.months
        at, size = (of_year, year) if in_year else (day.day, length)
        places = {0, (at - 1) // WEEK + 1, -((size - at) // WEEK + 1)}
        return any(weekday == day.weekday() and place in places for place, weekday in self.weekdays)

    def _like_first(self, first: date, day: date) -> bool:
        """What no list says is as it was on the first day."""
        if self.month_days or self.year_days or self.weekdays:
            return True
        if self.frequency == "YEARLY":
            return day.day == first.day and (bool(self.months) or day.month == first.month)
        if self.frequency == "MONTHLY":
            return day.day == first.day
        return self.frequency == "DAILY" or day.weekday() == first.weekday()
