"""iCalendar in and out: good events of bad files, and feeds that another library reads strictly."""

import calendar as month_of
import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ical.calendar import Calendar
from ical.calendar_stream import IcsCalendarStream

from ncc_kernel.analysis.calendar import of_record, versions
from ncc_kernel.errors import NccError
from ncc_kernel.model.calendar import Happening
from ncc_kernel.model.revision import EU, Draft
from ncc_kernel.store.candidates import Batch, Candidate
from ncc_kernel.store.catalogue import Catalogue
from ncc_kernel.store.ical import from_ics, key_of
from ncc_kernel.store.ical_out import to_ics
from ncc_kernel.store.imports import Report, import_files
from ncc_kernel.store.log import Store

NOW = datetime(2024, 5, 6, 12, tzinfo=UTC)
GOOD = ("UID:good@cop", "DTSTART;VALUE=DATE:20241008", "SUMMARY:Good")


def calendar(*events: tuple[str, ...]) -> str:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//EN"]
    for event in events:
        lines += ["BEGIN:VEVENT", *event, "END:VEVENT"]
    return "\r\n".join([*lines, "END:VCALENDAR", ""])


def read(tmp_path: Path, content: str | bytes, catalogue: Catalogue) -> Batch:
    path = tmp_path / "feed.ics"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    batch = Batch()
    from_ics(path, "feed.ics", catalogue.programme_of("2024-1").cop_topics, batch)
    return batch


def only(batch: Batch) -> dict[str, Any]:
    (one,) = batch.candidates
    assert one.payload is not None
    return one.payload


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (("DTSTART;VALUE=DATE:20241008",), {"first": "2024-10-08"}),
        (
            ("DTSTART;VALUE=DATE:20241008", "DTEND;VALUE=DATE:20241010"),
            {"first": "2024-10-08", "last": "2024-10-09"},
        ),
        (
            ("DTSTART:20241008T080000Z", "DTEND:20241008T100000Z"),
            {"first": "2024-10-08", "begins": "10:00", "ends": "12:00"},
        ),
        (
            ("DTSTART;TZID=Europe/Athens:20241008T110000", "DURATION:PT2H"),
            {"first": "2024-10-08", "begins": "10:00", "ends": "12:00"},
        ),
        (("DTSTART:20241008T100000",), {"first": "2024-10-08", "begins": "10:00"}),
        (
            ("DTSTART:20241008T180000Z", "DTEND:20241008T220000Z"),
            {"first": "2024-10-08", "begins": "20:00"},
        ),
        (("DTSTART:20240101T120000Z", "STATUS:CANCELLED"), {"state": "cancelled"}),
        (("DTSTART:20240101", "CATEGORIES:scaling-transfer"), {"topic": "scaling-transfer"}),
        (("DTSTART:20240101", "URL:javascript:alert(1)"), {"link": None}),
        (("DTSTART:20240101", "URL:https://cop.example/1"), {"link": "https://cop.example/1"}),
        (("DTSTART:20240101", "SEQUENCE:7"), {"sequence": 7}),
    ],
)
def test_an_event_is_read_as_it_is_meant_in_brussels(
    tmp_path: Path, catalogue: Catalogue, lines: tuple[str, ...], said: dict[str, Any]
) -> None:
    payload = only(read(tmp_path, calendar(("UID:u", "SUMMARY:S", *lines)), catalogue))

    assert {name: payload.get(name) for name in said} == said


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (("UID:b", "SUMMARY:B"), "It has no day (DTSTART)."),
        (("UID:b", "DTSTART:20241008"), "It has no title (SUMMARY)."),
        (("UID:b", "SUMMARY:B", "DTSTART:2024-13-45"), "DTSTART cannot be read"),
        (("UID:b", "SUMMARY:B", "DTSTART:20240230"), "DTSTART cannot be read"),
        (("UID:b", "SUMMARY:B", "DTSTART:99990101T000000Z"), "is not a day of this programme"),
        (("UID:b", "SUMMARY:B", "DTSTART:00010101T000000Z"), "is not a day of this programme"),
        (
            ("UID:b", "SUMMARY:B", "DTSTART;VALUE=DATE:20241008", "DTEND;VALUE=DATE:20240101"),
            "It ends (2023-12-31) before it begins (2024-10-08).",
        ),
        (
            ("UID:b", "SUMMARY:B", "DTSTART:20241008T100000Z", "DTEND:20241008T090000Z"),
            "before it begins",
        ),
        (("UID:b", "SUMMARY:B", "DTSTART:20240101", "DTEND:20290101"), "which is no event"),
        (("UID:b", "SUMMARY:B", "DTSTART:20240101", "DTSTART:20240102"), "stands there 2 times"),
        (("UID:b", "SUMMARY:B", "DTSTART:20240101", "RRULE:FREQ=SECONDLY"), "repeats secondly"),
        (
            ("UID:b", "SUMMARY:B", "DTSTART:20240101", "RRULE:FREQ=DAILY;BYSECOND=1,2,3"),
            "within a day",
        ),
        (("UID:b", "SUMMARY:B", "DTSTART:20240101", "RRULE:FREQ=DAILY;INTERVAL=0"), "interval"),
        (
            ("UID:b", "SUMMARY:B", "DTSTART:20240101", "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"),
            "gives no day",
        ),
        (("UID:b", "SUMMARY:B", "DTSTART:20240101", "RRULE:nonsense"), "It repeats by no rule"),
        (("UID:b", "SUMMARY:B", "DTSTART:20240101", *["X-A:1"] * 600), "more than 500 lines"),
        (("BEGIN:VEVENT", "UID:b", "END:VEVENT"), "An event stands inside it."),
    ],
)
def test_a_bad_event_is_named_with_why_and_takes_no_good_one_with_it(
    tmp_path: Path, catalogue: Catalogue, bad: tuple[str, ...], why: str
) -> None:
    batch = read(tmp_path, calendar(bad, GOOD), catalogue)

    assert [one.key for one in batch.candidates] == [key_of("good@cop")]
    assert [one.line for one in batch.refused] == [4]
    assert why in batch.refused[0].reason


def test_a_nest_of_any_depth_is_dropped_and_the_event_is_taken(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    nest = ["BEGIN:VALARM"] * 50_000 + ["END:VALARM"] * 50_000

    batch = read(tmp_path, calendar((*GOOD, *nest, "LOCATION:Vilnius")), catalogue)

    assert only(batch)["place"] == "Vilnius"


def test_a_file_that_breaks_off_gives_what_was_whole(tmp_path: Path, catalogue: Catalogue) -> None:
    whole = calendar(GOOD, ("UID:cut", "SUMMARY:Cut", "DTSTART:20240101"))

    batch = read(tmp_path, whole[: whole.rindex("DTSTART")], catalogue)

    assert only(batch)["title"] == "Good"
    assert batch.refused[0].reason == "The file ends in the middle of it."


@pytest.mark.parametrize(
    ("content", "title"),
    [
        (calendar(("UID:u", "DTSTART:20240101", "SUMMARY:Zażółć")).encode("utf-8-sig"), "Zażółć"),
        (calendar(("UID:u", "DTSTART:20240101", "SUMMARY:Zażółć")).encode("utf-16"), "Zażółć"),
        (calendar(("UID:u", "DTSTART:20240101", "SUMMARY:A\x00\x07B")).encode(), "AB"),
        (calendar(("UID:u", "DTSTART:20240101", "SUMMARY:A\\nB\\, C")).encode(), "A B, C"),
        (calendar(("UID:u", "DTSTART:20240101", "SUMMARY:<b>bold</b>")).encode(), "<b>bold</b>"),
        (calendar(("UID:u", "DTSTART:20240101", f"SUMMARY:{'x' * 900}")).encode(), "x" * 400),
        (calendar(("UID:u", "DTSTART:20240101", "SUMMARY:Fol\r\n ded")).encode(), "Folded"),
        (calendar(("UID:u", "DTSTART:20240101", "SUMMARY:LF")).replace("\r", "").encode(), "LF"),
        (calendar(("UID:u", "DTSTART:20240101", "SUMMARY:CR")).replace("\n", "").encode(), "CR"),
    ],
)
def test_letters_survive_every_encoding_and_what_cannot_be_shown_does_not(
    tmp_path: Path, catalogue: Catalogue, content: bytes, title: str
) -> None:
    assert only(read(tmp_path, content, catalogue))["title"] == title


def test_an_old_code_page_is_guessed_and_that_is_said(tmp_path: Path, catalogue: Catalogue) -> None:
    words = "Spotkanie w sprawie żółtej łódki, gęśla jaźń i źdźbło trawy"
    content = calendar(("UID:u", "DTSTART:20240101", f"SUMMARY:{words}")).encode("cp1250")

    batch = read(tmp_path, content, catalogue)

    assert len(batch.candidates) == 1
    assert "a guess" in batch.notes[0].reason


@pytest.mark.parametrize(
    "content", [b"", b"\x00\x00", b"PK\x03\x04", b"hello", b"\xff\xfe\x00", b"x" * 10_000_001]
)
def test_what_is_no_calendar_is_refused_in_words(
    tmp_path: Path, catalogue: Catalogue, content: bytes
) -> None:
    with pytest.raises(NccError) as refused:
        read(tmp_path, content, catalogue)

    assert "feed.ics" in refused.value.what


def test_of_ten_thousand_events_the_first_five_thousand_are_read(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    events = [(f"UID:{n}", "SUMMARY:S", "DTSTART:bad") for n in range(10_000)]

    batch = read(tmp_path, calendar(*events), catalogue)

    assert (batch.rows, len(batch.refused)) == ({"feed.ics": 5_000}, 5_000)
    assert batch.notes[-1].reason == "Only the first 5000 events were read."


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        ("FREQ=WEEKLY;COUNT=3", ["2024-10-08", "2024-10-15", "2024-10-22"]),
        ("FREQ=MONTHLY;UNTIL=20241130", ["2024-10-08", "2024-11-08"]),
        ("FREQ=WEEKLY;COUNT=2;WKST=SU", ["2024-10-08", "2024-10-15"]),
        ("FREQ=YEARLY;BYMONTH=10;BYDAY=2TU;COUNT=9", ["2024-10-08", "2025-10-14"]),
    ],
)
def test_an_event_that_repeats_is_taken_within_bounds(
    tmp_path: Path, catalogue: Catalogue, rule: str, days: list[str]
) -> None:
    batch = read(tmp_path, calendar((*GOOD, f"RRULE:{rule}")), catalogue)

    assert [(one.payload or {})["first"] for one in batch.candidates] == days
    assert len({one.key for one in batch.candidates}) == len(days)


def test_an_event_for_ever_ends_for_us(tmp_path: Path, catalogue: Catalogue) -> None:
    batch = read(tmp_path, calendar((*GOOD, "RRULE:FREQ=DAILY;COUNT=999999999")), catalogue)

    assert len(batch.candidates) == 60
    assert "60 dates" in batch.notes[-1].reason if batch.notes else batch.candidates[0].notes[0]


def test_one_date_of_a_series_can_be_left_out_and_moved(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    series = (*GOOD, "RRULE:FREQ=WEEKLY;COUNT=3", "EXDATE;VALUE=DATE:20241015")
    moved = (
        "UID:good@cop",
        "RECURRENCE-ID;VALUE=DATE:20241022",
        "DTSTART;VALUE=DATE:20241023",
        "SUMMARY:Moved",
        "SEQUENCE:1",
    )

    batch = read(tmp_path, calendar(series, moved), catalogue)

    found = sorted(((one.payload or {})["first"], one.name) for one in batch.candidates)
    assert found == [("2024-10-08", "Good"), ("2024-10-23", "Moved")]


def test_of_two_versions_in_a_file_the_newer_is_taken(tmp_path: Path, catalogue: Catalogue) -> None:
    newer = (*GOOD, "SEQUENCE:3", "LOCATION:new")

    batch = read(tmp_path, calendar(newer, (*GOOD, "SEQUENCE:2")), catalogue)

    assert only(batch)["place"] == "new"
    assert batch.refused[0].reason == "Another version of it, on line 4, was taken."


@pytest.mark.parametrize(
    ("title", "topic"),
    [
        ("Social impact evaluation in practice", "impact-evaluation"),
        ("Scaling-up and transfer", "scaling-transfer"),
        ("Recall of the members", ""),
        ("Evaluation of calls", ""),
        ("Coffee", ""),
    ],
)
def test_a_topic_is_known_by_the_words_of_a_title_or_left_open(
    tmp_path: Path, catalogue: Catalogue, title: str, topic: str
) -> None:
    event = ("UID:u", "DTSTART:20240101", f"SUMMARY:{title}")

    assert only(read(tmp_path, calendar(event), catalogue)).get("topic", "") == topic


@pytest.mark.parametrize("exdate", ["EXDATE:", "EXDATE:never", "EXDATE:20241015T090000Z,never"])
def test_days_without_it_that_cannot_be_read_leave_the_event_out_and_say_so(
    tmp_path: Path, catalogue: Catalogue, exdate: str
) -> None:
    series = ("UID:s", "DTSTART;VALUE=DATE:20241008", "SUMMARY:Weekly", "RRULE:FREQ=WEEKLY", exdate)

    batch = read(tmp_path, calendar(series, GOOD), catalogue)

    assert [one.key for one in batch.candidates] == [key_of("good@cop")]
    (told,) = batch.refused
    assert told.reason == "The days on which it does not take place cannot be read."


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.one_of(
            st.text(max_size=30),
            st.sampled_from(["SUMMARY:x", "DTSTART:20240101", "RRULE:FREQ=DAILY", "BEGIN:VALARM"]),
            st.tuples(
                st.sampled_from(["DTSTART", "DTEND", "RRULE", "EXDATE", "SEQUENCE", "CATEGORIES"]),
                st.text(max_size=20),
            ).map(":".join),
        ),
        max_size=12,
    )
)
def test_whatever_stands_in_an_event_the_next_one_is_taken(
    tmp_path: Path, catalogue: Catalogue, lines: list[str]
) -> None:
    safe = tuple(re.sub(r"(?i)(begin|end):vevent|[\r\n\x00]", "", line) for line in lines)
    closed = safe.count("BEGIN:VALARM") * ("END:VALARM",)

    batch = read(tmp_path, calendar((*safe, *closed), GOOD), catalogue)

    assert key_of("good@cop") in {one.key for one in batch.candidates}


def take(tmp_path: Path, store: Store, catalogue: Catalogue, *events: tuple[str, ...]) -> Report:
    path = tmp_path / "feed.ics"
    path.write_text(calendar(*events), newline="")
    return import_files([path], store=store, catalogue=catalogue, author="coo", at=NOW)


def test_the_same_feed_twice_changes_nothing_and_a_new_version_moves_the_event(
    tmp_path: Path, store: Store, catalogue: Catalogue
) -> None:
    later = ("UID:good@cop", "DTSTART;VALUE=DATE:20241009", "SUMMARY:Good", "SEQUENCE:1")

    counts = [
        (report.files[0].new, report.files[0].changed, report.files[0].unchanged)
        for report in (take(tmp_path, store, catalogue, event) for event in (GOOD, GOOD, later))
    ]

    assert counts == [(1, 0, 0), (0, 0, 1), (0, 1, 0)]
    (event,) = store.current("cop_event")
    assert (event.country, (event.payload or {})["first"]) == (EU, "2024-10-09")


def test_an_older_version_is_refused_and_what_people_chose_stays(
    tmp_path: Path, store: Store, catalogue: Catalogue
) -> None:
    take(tmp_path, store, catalogue, (*GOOD, "SEQUENCE:2"))
    (event,) = store.current("cop_event")
    chosen = dict(event.payload or {}) | {"topic": "scaling-transfer"}
    draft = Draft(EU, "-", "cop_event", event.key, event.seq, chosen)
    store.append([draft], author="coo", at=NOW)

    older = take(tmp_path, store, catalogue, (*GOOD, "SEQUENCE:1"))
    newer = take(tmp_path, store, catalogue, (*GOOD, "SEQUENCE:3"))

    assert older.refused[0].reason == "The record has version 2 of it, this is 1."
    assert newer.files[0].changed == 1
    (now,) = store.current("cop_event")
    assert (now.payload or {})["topic"] == "scaling-transfer"


def happening(**changed: Any) -> Happening:
    plain: dict[str, Any] = {
        "what": "seminar",
        "title": "Money",
        "first": date(2024, 10, 8),
        "last": date(2024, 10, 8),
        "uid": "seminar-1@test",
        "at": NOW,
    }
    return Happening(**plain | changed)


def strict(*happenings: Happening) -> Calendar:
    """As another library reads it, which refuses what the standard does."""
    content = to_ics(happenings, name="Test", year=2024)
    return IcsCalendarStream.calendar_from_ics(content.decode())


def test_a_feed_passes_another_librarys_strict_parser() -> None:
    timed = happening(uid="b", begins="10:00", ends="12:30", about="A, B; C\\n", place="Vilnius")

    day, hours = strict(happening(last=date(2024, 10, 9), version=3), timed).events

    assert (day.uid, day.sequence, day.summary) == ("seminar-1@test", 3, "Money")
    assert (day.dtstart, day.dtend) == (date(2024, 10, 8), date(2024, 10, 10))
    assert day.dtstamp == NOW
    assert hours.dtstart.isoformat() == "2024-10-08T10:00:00+02:00"
    assert (hours.dtend.isoformat()[11:16], hours.location) == ("12:30", "Vilnius")
    assert hours.description == "A, B; C\\n"


@pytest.mark.parametrize(
    ("day", "offset"), [(date(2024, 3, 29), "+01:00"), (date(2024, 4, 2), "+02:00")]
)
def test_times_are_those_of_brussels_in_winter_and_summer(day: date, offset: str) -> None:
    (event,) = strict(happening(first=day, last=day, begins="10:00")).events

    assert event.dtstart.isoformat().endswith(offset)


@pytest.mark.parametrize(
    "title",
    [
        "A\r\nDTSTART:19990101",
        "A\nEND:VEVENT\nBEGIN:VEVENT\nUID:evil",
        "A\u2028B",
        "A\x0bB",
        "é" * 300,
        'A";X=1:2,3;4\\',
    ],
)
def test_a_line_end_in_a_title_adds_nothing(title: str) -> None:
    found = strict(happening(title=title, place=title, link=title)).events

    assert [(one.uid, one.dtstart) for one in found] == [("seminar-1@test", date(2024, 10, 8))]
    assert found[0].summary == " ".join(title.split())


def test_every_line_of_a_feed_is_at_most_75_bytes_and_ends_as_it_must() -> None:
    content = to_ics([happening(title="é" * 300, about="ü\n" * 200)], name="Test", year=2024)

    lines = content.split(b"\r\n")
    assert max(len(line) for line in lines) <= 75
    assert b"\n" not in content.replace(b"\r\n", b"")


def test_the_same_record_gives_the_same_bytes() -> None:
    assert to_ics([happening()], name="T", year=2024) == to_ics([happening()], name="T", year=2024)


def month_view(found: Calendar, year: int, month: int) -> dict[int, list[str]]:
    """What is on each day of a month, as the other library unrolls the calendar."""
    last = month_of.monthrange(year, month)[1]
    events = found.timeline.overlapping(date(year, month, 1), date(year, month, last))
    days: dict[int, list[str]] = {}
    for event in events:
        for day in range(1, last + 1):
            if event.start <= date(year, month, day) < event.end:
                days.setdefault(day, []).append(str(event.summary))
    return days


def test_a_seminar_that_moves_is_in_the_month_once_and_on_its_new_day(store: Store) -> None:
    said: dict[str, Any] = {"title": "Money", "topic": "financing", "first": "2024-10-08"}
    first = Draft(EU, "2024-1", "seminar", "s", None, said)
    (one,) = store.append([first], author="coo", at=NOW).written
    before = of_record(versions(store.changes(0)), "store")
    moved = Draft(EU, "2024-1", "seminar", "s", one.seq, said | {"first": "2024-10-15"})
    store.append([moved], author="coo", at=NOW)
    after = of_record(versions(store.changes(0)), "store")

    assert month_view(strict(*before), 2024, 10) == {8: ["Money"]}
    assert month_view(strict(*after), 2024, 10) == {15: ["Money"]}
    old, new = strict(*before).events[0], strict(*after).events[0]
    assert (old.uid, old.sequence, new.sequence) == (new.uid, 0, 1)


def test_a_seminar_that_was_withdrawn_goes_from_calendars_that_had_it(store: Store) -> None:
    said: dict[str, Any] = {"title": "Money", "topic": "financing", "first": "2024-10-08"}
    draft = Draft(EU, "2024-1", "seminar", "s", None, said)
    (one,) = store.append([draft], author="coo", at=NOW).written
    store.append([Draft(EU, "2024-1", "seminar", "s", one.seq, None)], author="coo", at=NOW)

    (gone,) = strict(*of_record(versions(store.changes(0)), "store")).events

    assert (gone.status, gone.sequence) == ("CANCELLED", 1)


def test_what_goes_out_comes_back_in(tmp_path: Path, catalogue: Catalogue) -> None:
    event = happening(what="cop_event", begins="10:00", ends="12:00", about="Words, more; words")

    batch = read(tmp_path, to_ics([event], name="T", year=2024), catalogue)

    one: Candidate = batch.candidates[0]
    payload = one.payload or {}
    assert (payload["title"], payload["first"], payload["begins"], payload["ends"]) == (
        "Money",
        "2024-10-08",
        "10:00",
        "12:00",
    )
    assert payload["about"] == "Words, more; words"
