"""Days for a seminar: what rules one out is named, what is proposed is free."""

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ncc_kernel.analysis.dates import Judged, Search, holidays_of, judge_days, propose
from ncc_kernel.model.calendar import Happening
from ncc_kernel.store.catalogue import Catalogue


def event(first: date, last: date | None = None, title: str = "Kick-off") -> Happening:
    return Happening("event", title, first, last or first, f"{title}-{first}")


def search(**changed: Any) -> Search:
    plain: dict[str, Any] = {
        "first": date(2024, 9, 1),
        "last": date(2024, 10, 31),
        "days": 1,
        "needing": (),
        "others": (),
        "busy": (),
        "same_topic": (),
    }
    return Search(**plain | changed)


@pytest.fixture(scope="session")
def iso2(catalogue: Catalogue) -> dict[str, str]:
    return {one.code: one.iso2 for one in catalogue.countries}


@pytest.fixture(scope="session")
def names(catalogue: Catalogue) -> dict[str, str]:
    return {one.code: one.name() for one in catalogue.countries}


def on(judged: tuple[Judged, ...], day: date) -> Judged:
    return next(one for one in judged if one.first == day)


def test_every_country_has_its_holidays(iso2: dict[str, str]) -> None:
    new_year = date(2024, 1, 1)

    assert {code for code, two in iso2.items() if new_year in holidays_of(two, 2024)} == set(iso2)


def test_the_greek_national_day_is_known_by_the_code_of_eurostat(iso2: dict[str, str]) -> None:
    assert "Independence" in holidays_of(iso2["EL"], 2024)[date(2024, 3, 25)]


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (date(2024, 9, 7), "Saturday"),
        (date(2024, 9, 15), "Sunday"),
        (date(2024, 10, 3), "German Unity Day in Germany"),
        (date(2024, 10, 16), "Kick-off is on"),
        (date(2024, 10, 17), "Kick-off is on"),
        (date(2024, 9, 30), "Calls, on the same topic of the SI CoP, is 8 days away"),
        (date(2024, 10, 22), "Calls, on the same topic of the SI CoP, is 14 days away"),
    ],
)
def test_a_day_that_is_not_free_says_why(
    iso2: dict[str, str], names: dict[str, str], day: date, why: str
) -> None:
    asked = search(
        needing=("DE",),
        busy=(event(date(2024, 10, 16), date(2024, 10, 17)),),
        same_topic=(event(date(2024, 10, 8), title="Calls"),),
    )

    judged = on(judge_days(asked, iso2, names), day)

    assert not judged.free
    assert why in judged.ruled_out


def test_the_same_topic_fifteen_days_away_rules_nothing_out(
    iso2: dict[str, str], names: dict[str, str]
) -> None:
    asked = search(same_topic=(event(date(2024, 10, 8), title="Calls"),))

    assert on(judge_days(asked, iso2, names), date(2024, 10, 23)).free


@pytest.mark.parametrize(
    ("day", "against"),
    [
        (date(2024, 10, 15), "Kick-off is 1 day away"),
        (date(2024, 10, 3), "German Unity Day in Germany"),
        (date(2024, 9, 2), "it is a Monday"),
        (date(2024, 9, 6), "it is a Friday"),
    ],
)
def test_what_speaks_against_a_free_day_is_told_too(
    iso2: dict[str, str], names: dict[str, str], day: date, against: str
) -> None:
    asked = search(others=("DE",), busy=(event(date(2024, 10, 16)),))

    judged = on(judge_days(asked, iso2, names), day)

    assert judged.free
    assert against in judged.against
    assert judged.cost > 0


def test_a_seminar_of_two_days_needs_both(iso2: dict[str, str], names: dict[str, str]) -> None:
    judged = judge_days(search(days=2), iso2, names)

    assert not on(judged, date(2024, 9, 6)).free
    assert on(judged, date(2024, 9, 5)).free
    assert judged[-1].last == date(2024, 10, 31)


def test_a_window_without_a_free_day_proposes_none(
    iso2: dict[str, str], names: dict[str, str]
) -> None:
    asked = search(busy=(event(date(2024, 8, 1), date(2024, 12, 31)),))

    assert propose(judge_days(asked, iso2, names)) == ()


def test_a_window_that_ends_before_it_begins_holds_no_day(
    iso2: dict[str, str], names: dict[str, str]
) -> None:
    assert judge_days(search(last=date(2024, 8, 1)), iso2, names) == ()


days = st.dates(date(2024, 9, 1), date(2024, 10, 31))


@settings(max_examples=60)
@given(
    st.lists(st.tuples(days, st.integers(0, 5)), max_size=8),
    st.lists(days, max_size=3),
    st.sets(st.sampled_from(["PT", "EL", "DE", "SE"])),
    st.integers(1, 3),
)
def test_what_is_proposed_is_free_and_apart(
    catalogue: Catalogue, busy: list[Any], same: list[date], needing: set[str], length: int
) -> None:
    asked = search(
        busy=tuple(event(first, first + timedelta(n)) for first, n in busy),
        same_topic=tuple(event(first, title="Calls") for first in same),
        needing=tuple(sorted(needing)),
        days=length,
    )
    countries = catalogue.countries
    iso2 = {one.code: one.iso2 for one in countries}

    found = propose(judge_days(asked, iso2, {one.code: one.name() for one in countries}))

    for one in found:
        span = [one.first + timedelta(n) for n in range(length)]
        assert all(day.weekday() < 5 for day in span)
        assert not any(e.holds(day) for e in asked.busy for day in span)
        assert not any(day in holidays_of(iso2[c], 2024) for c in needing for day in span)
        assert all(abs((day - other).days) > 14 for day in span for other in same)
    assert all((b.first - a.first).days >= 7 for a, b in pairwise(found))
