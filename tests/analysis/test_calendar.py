"""The calendar: the programme's windows, the record's entries with their versions, doubled topics."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from ncc_kernel.analysis.calendar import (
    doublings,
    of_programme,
    of_record,
    standing,
    versions,
)
from ncc_kernel.model.calendar import Happening
from ncc_kernel.model.programme import Programme
from ncc_kernel.model.revision import Revision
from ncc_kernel.store.catalogue import Catalogue

AT = datetime(2024, 5, 6, 12, tzinfo=UTC)
SEMINAR: dict[str, Any] = {"title": "Money", "topic": "financing", "first": "2024-10-08"}
COP: dict[str, Any] = {
    "title": "Calls",
    "topic": "call-preparation",
    "first": "2024-10-10",
    "uid": "calls@cop",
}


@pytest.fixture(scope="session")
def programme(catalogue: Catalogue) -> Programme:
    return catalogue.programme_of("2024-1")


def rev(seq: int, kind: str, payload: dict[str, Any] | None, key: str = "k") -> Revision:
    country = "PT" if kind in ("follow_up", "path_item") else "EU"
    return Revision(seq, AT, "coo", country, "2024-1", kind, key, None, payload)


def recorded(*revisions: Revision) -> tuple[Happening, ...]:
    return of_record(versions(revisions), "store")


def test_a_step_whose_sources_disagree_stands_there_with_both_windows(
    programme: Programme,
) -> None:
    steps = [one for one in of_programme(programme) if one.what == "step"]

    assert [(one.title, one.first.month, one.last.month) for one in steps] == [
        ("Step 1: Self-assessment", 1, 3),
        ("Step 2: Ecosystem mapping (programme text)", 4, 7),
        ("Step 2: Ecosystem mapping (calendar grid)", 4, 12),
        ("Step 3: Co-creation and prototyping (programme text)", 8, 10),
        ("Step 3: Co-creation and prototyping (calendar grid)", 9, 12),
        ("Step 4: Scaling (calendar grid)", 11, 12),
        ("Step 4: Scaling (programme text)", 11, 1),
    ]


def test_every_name_in_the_programme_is_its_own(programme: Programme) -> None:
    uids = [one.uid for one in of_programme(programme)]

    assert len(set(uids)) == len(uids)


def test_a_seminar_that_moves_keeps_its_name_and_gets_a_higher_version() -> None:
    moved = SEMINAR | {"first": "2024-10-09"}

    (before,) = recorded(rev(1, "seminar", SEMINAR))
    (after,) = recorded(rev(1, "seminar", SEMINAR), rev(2, "seminar", moved))

    assert before.uid == after.uid
    assert (before.version, after.version) == (0, 1)
    assert (after.first, after.seq) == (date(2024, 10, 9), 2)


def test_what_was_withdrawn_is_cancelled_with_what_it_last_said() -> None:
    (gone,) = recorded(rev(1, "seminar", SEMINAR), rev(2, "seminar", None))

    assert (gone.title, gone.cancelled, gone.version) == ("Money", True, 1)
    assert standing([gone]) == ()


def test_an_event_of_the_cop_keeps_the_name_of_its_calendar() -> None:
    (event,) = recorded(rev(1, "cop_event", COP | {"sequence": 4}))

    assert (event.uid, event.version) == ("calls@cop", 4)


@pytest.mark.parametrize("uid", ["seminar-EU-2024-1-k@store.ncc-workbooks", "x.ncc-workbooks"])
def test_a_foreign_event_cannot_take_a_name_of_ours(uid: str) -> None:
    found = recorded(rev(1, "seminar", SEMINAR), rev(2, "cop_event", COP | {"uid": uid}, "cop"))

    assert sorted(one.uid for one in found) == [
        "cop_event-EU-2024-1-cop@store.ncc-workbooks",
        "seminar-EU-2024-1-k@store.ncc-workbooks",
    ]


def test_two_events_with_one_name_are_told_apart() -> None:
    found = recorded(rev(1, "cop_event", COP, "a"), rev(2, "cop_event", COP, "b"))

    assert len({one.uid for one in found}) == 2


def test_what_is_due_on_no_day_stands_in_no_calendar() -> None:
    follow = {"title": "Write", "seminar": "k"}

    assert recorded(rev(1, "follow_up", follow)) == ()
    (due,) = recorded(rev(1, "follow_up", follow | {"due": "2024-09-01"}))
    assert (due.title, due.country, due.first) == ("Due: Write", "PT", date(2024, 9, 1))


def test_what_is_done_is_told_as_done() -> None:
    item = {"title": "Visit", "type": "peer_visit", "due": "2024-09-01", "state": "done"}

    (done,) = recorded(rev(1, "path_item", item))

    assert (done.title, done.done, done.cancelled) == ("Done: Visit", True, False)


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [
        ("2024-10-08", None, [0]),
        ("2024-10-06", "2024-10-07", [1]),
        ("2024-11-07", None, [30]),
        ("2024-11-08", None, []),
        ("2024-09-08", None, [30]),
        ("2024-09-07", None, []),
    ],
)
def test_a_seminar_doubles_a_topic_of_the_cop_within_thirty_days(
    programme: Programme, first: str, last: str | None, days: list[int]
) -> None:
    event = COP | {"first": first} | ({"last": last} if last else {})
    found = recorded(rev(1, "seminar", SEMINAR), rev(2, "cop_event", event, "cop"))

    assert [one.days for one in doublings(programme, found)] == days


def test_an_event_on_another_topic_doubles_nothing(programme: Programme) -> None:
    event = COP | {"topic": "scaling-transfer"}

    assert (
        doublings(programme, recorded(rev(1, "seminar", SEMINAR), rev(2, "cop_event", event))) == ()
    )
