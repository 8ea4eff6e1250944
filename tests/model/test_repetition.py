"""Days of an event that repeats: as another library unrolls the same rule, and never for ever."""

from datetime import date, datetime, timedelta
from itertools import islice

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from ncc_kernel.model.repetition import Repetition

NAMES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
FIRST = date(2024, 10, 8)
LAST = FIRST + timedelta(days=800)

numbers = st.integers(1, 31) | st.integers(-31, -1)
placed = st.frozensets(st.tuples(st.sampled_from([1, 2, -1]), st.integers(0, 6)), max_size=2)
plain = st.frozensets(st.tuples(st.just(0), st.integers(0, 6)), max_size=3)


@st.composite
def repetitions(draw: st.DrawFn) -> Repetition:
    """Rules of the kinds that calendars have; weekdays with a place and without are not mixed."""
    frequency = draw(st.sampled_from(["YEARLY", "MONTHLY", "WEEKLY", "DAILY"]))
    by_place = frequency in ("YEARLY", "MONTHLY")
    return Repetition(
        frequency,  # type: ignore[arg-type]
        interval=draw(st.integers(1, 3)),
        months=draw(st.frozensets(st.integers(1, 12), max_size=3)) if by_place else frozenset(),
        month_days=draw(st.frozensets(numbers, max_size=2))
        if frequency == "MONTHLY"
        else frozenset(),
        weekdays=draw(st.one_of(plain, placed) if by_place else plain),
        week_start=draw(st.sampled_from([0, 6])),
    )


def in_words(rule: Repetition) -> str:
    parts = [f"FREQ={rule.frequency}", f"INTERVAL={rule.interval}"]
    parts.append(f"WKST={NAMES[rule.week_start]}")
    for name, values in (("BYMONTH", rule.months), ("BYMONTHDAY", rule.month_days)):
        if values:
            parts.append(f"{name}={','.join(map(str, sorted(values)))}")
    if rule.weekdays:
        days = ",".join(f"{place or ''}{NAMES[day]}" for place, day in sorted(rule.weekdays))
        parts.append(f"BYDAY={days}")
    return ";".join([*parts, f"UNTIL={LAST:%Y%m%d}T000000"])


@settings(max_examples=80, deadline=None)
@given(repetitions())
def test_a_rule_gives_the_days_that_another_library_gives(rule: Repetition) -> None:
    ours = list(rule.days(FIRST, LAST))

    # It is asked for no more days than we have: for one that there is not it would look for ever.
    start = datetime(2024, 10, 8)  # noqa: DTZ001  # rules of repetition know no zone
    theirs = rrulestr(in_words(rule), dtstart=start)
    assert ours == [turn.date() for turn in islice(theirs, len(ours))]


@pytest.mark.parametrize(
    "rule",
    [
        Repetition("DAILY", months=frozenset({2}), month_days=frozenset({30})),
        Repetition("YEARLY", year_days=frozenset({366}), months=frozenset({1})),
        Repetition("MONTHLY", interval=10**9, month_days=frozenset({1})),
    ],
)
def test_a_rule_that_fits_no_day_ends_with_its_bounds(rule: Repetition) -> None:
    assert list(rule.days(FIRST, LAST)) == []
