"""The seminar's page: from the assessments to the agenda, the date, the people and what follows."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from ncc_kernel.errors import ParameterRejected
from ncc_kernel.model.book import book_named
from ncc_kernel.model.parameters import Parameters
from ncc_kernel.model.revision import EU, Draft
from ncc_kernel.store.catalogue import Catalogue
from ncc_kernel.store.log import Store
from ncc_kernel.workbook import open_workbook, seminar
from ncc_kernel.workbook.calendar import calendar_picture, coming, programme_picture
from ncc_kernel.workbook.objectives import cop_positions, esf_and_cop
from ncc_kernel.workbook.reading import Reading

AT = datetime(2024, 2, 1, 9, tzinfo=UTC)
SEMINAR = {
    "title": "Money <b>matters</b>",
    "topic": "financing",
    "first": "2024-10-08",
    "begins": "10:00",
    "ends": "12:00",
    "materials": ["Slides https://example.org/a?b=1.", "javascript:alert(1)"],
}


@pytest.fixture
def store(empty_home: Any) -> Iterator[Store]:
    with empty_home.store() as opened:
        yield opened


@pytest.fixture
def record(home: Any) -> Iterator[Store]:
    with home.store() as opened:
        yield opened


def reading(catalogue: Catalogue, store: Store, topic: str = "financing") -> Reading:
    parameters = Parameters(EU, "2024-1", "brief", topic)
    return Reading(book_named("05_seminar"), parameters, catalogue, store, store.last_seq())


def programme(catalogue: Catalogue, store: Store, country: str = "PT") -> Reading:
    parameters = Parameters(country, "2024-1", "brief")
    return Reading(book_named("00_programme"), parameters, catalogue, store, store.last_seq())


def say(store: Store, kind: str, key: str, payload: dict[str, Any], country: str = EU) -> None:
    cycle = "-" if kind in ("cop_event", "path_item", "challenge") else "2024-1"
    store.append([Draft(country, cycle, kind, key, None, payload)], author="coo", at=AT)


def words(piece: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", str(piece.html())).split())


@pytest.mark.parametrize("topic", ["governance_evaluation", "communication", "financing"])
def test_each_topic_has_contents_from_the_sample_and_days_with_their_reason(
    catalogue: Catalogue, record: Store, topic: str
) -> None:
    read = reading(catalogue, record, topic)

    assert re.search(r"\d+ of 27 countries find themselves weak", words(seminar.needed(read)))
    assert "Statements by how many countries they press" in words(seminar.proposed_contents(read))
    assert "A working day with no event" in words(seminar.dates(read))
    assert "The process so far: the story" in words(seminar.agenda_piece(read))


def test_countries_that_need_it_stand_in_alphabetical_order(
    catalogue: Catalogue, record: Store
) -> None:
    told = words(seminar.needed(reading(catalogue, record)))

    named = re.search(r"that it presses: ([^.]*)\.", told)
    assert named is not None
    assert named[1].split(", ") == sorted(named[1].split(", "))


def test_without_anything_recorded_every_piece_says_so_in_words(
    catalogue: Catalogue, store: Store
) -> None:
    read = reading(catalogue, store)

    assert "No country has answered enough on Financing" in words(seminar.needed(read))
    assert "nothing is proposed" in words(seminar.proposed_contents(read))
    assert "No seminar on this topic is recorded yet" in words(seminar.agenda_piece(read))
    assert "No seminar on this topic is recorded yet" in words(seminar.people(read))
    assert "once there is a seminar" in words(seminar.outcomes(read))
    assert "Nothing in the record names" in words(esf_and_cop(read))


def test_an_agenda_has_times_and_materials_whose_links_are_links_alone(
    catalogue: Catalogue, store: Store
) -> None:
    say(store, "seminar", "s", SEMINAR)

    html = str(seminar.agenda_piece(reading(catalogue, store)).html())

    assert "<strong>10:10</strong> <bdi>Information point of the SI CoP" in html
    assert 'href="https://example.org/a?b=1"' in html
    assert 'href="javascript' not in html
    assert "Money &lt;b&gt;matters&lt;/b&gt;" in html


def test_who_came_and_what_they_said_is_told_with_nobody_named(
    catalogue: Catalogue, store: Store
) -> None:
    say(store, "seminar", "s", SEMINAR)
    for code, came in (("PT", 2), ("AT", None)):
        seat = {"seminar": "s", "people": 3} | ({"attended": came} if came else {})
        say(store, "registration", "r", seat, code)
        view = {"seminar": "s", "useful": 4, "learned": "A board", "missing": "Time"}
        say(store, "evaluation", "e", view, code)
    hidden = {"seminar": "s", "useful": 1, "learned": "Secret", "visibility": "private"}
    say(store, "evaluation", "e", hidden, "BE")
    read = reading(catalogue, store)

    assert "6 people of 2 countries are registered. 2 people of 1 countries came." in words(
        seminar.people(read)
    )
    told = words(seminar.outcomes(read))
    assert "3 evaluations, from 1 (not at all) to 5 (very much): useful 3.0." in told
    assert "A board (said 2 times)" in told
    assert "Secret" not in told
    assert "Austria" not in told


def test_a_follow_up_leads_into_the_learning_path(catalogue: Catalogue, store: Store) -> None:
    say(store, "seminar", "s", SEMINAR)
    say(store, "path_item", "p1", {"title": "Visit Ghent", "type": "peer_visit"}, "PT")
    say(store, "follow_up", "f", {"title": "Ask", "seminar": "s", "path_item": "p1"}, "PT")
    say(store, "follow_up", "f", {"title": "Wait", "seminar": "s"}, "AT")

    told = words(seminar.outcomes(reading(catalogue, store)))

    assert "Austria Wait no data no data open not yet" in told
    assert "Portugal Ask no data no data open Visit Ghent" in told


def test_a_doubled_topic_is_warned_of_where_the_year_is_planned(
    catalogue: Catalogue, store: Store
) -> None:
    say(store, "seminar", "s", SEMINAR)
    event = {"title": "Calls", "topic": "call-preparation", "first": "2024-10-20"}
    say(store, "cop_event", "c", event)

    said = "and the SI CoP's Calls on 20 October 2024 are both about"
    assert said in words(seminar.dates(reading(catalogue, store))).replace("&#39;", "'")
    assert said in words(coming(programme(catalogue, store))).replace("&#39;", "'")
    other = reading(catalogue, store, "communication")
    assert "Doubled topics" not in words(seminar.dates(other))


def test_days_near_a_cop_event_on_the_topic_are_not_proposed(
    catalogue: Catalogue, store: Store
) -> None:
    event = {"title": "Calls", "topic": "call-preparation", "first": "2024-10-20"}
    say(store, "cop_event", "c", event)

    search = seminar.search_of(reading(catalogue, store), date(2024, 10, 1), date(2024, 11, 15))
    same = [(one.title, one.first) for one in search.same_topic]

    assert same == [("Calls", date(2024, 10, 20))]
    assert search.first == date(2024, 10, 1)


def test_people_get_three_weeks_notice(catalogue: Catalogue, record: Store) -> None:
    read = reading(catalogue, record)

    assert read.recap.last is not None
    assert seminar.search_of(read).first == read.recap.last + timedelta(days=21)


def test_the_years_pictures_show_what_the_record_adds(catalogue: Catalogue, store: Store) -> None:
    say(store, "seminar", "s", SEMINAR)
    say(store, "cop_event", "c", {"title": "Calls", "first": "2024-11-20"})
    read = programme(catalogue, store)

    assert calendar_picture(read).finding == (
        "The calendar holds 4 events of the working group, 1 seminar, 1 SI CoP event."
    )
    assert "diamonds: events, seminars, SI CoP events." in programme_picture(read).measure
    assert "Seminar: Money" in words(coming(read))


def test_a_countrys_deadlines_stand_in_its_own_calendar_alone(
    catalogue: Catalogue, store: Store
) -> None:
    item = {"title": "Visit Ghent", "type": "peer_visit", "due": "2024-09-01"}
    say(store, "path_item", "p1", item, "PT")

    assert "Due: Visit Ghent" in words(coming(programme(catalogue, store)))
    assert "Visit Ghent" not in words(coming(programme(catalogue, store, "AT")))


def test_comments_of_a_team_are_counted_in_positions_and_never_shown(
    catalogue: Catalogue, store: Store
) -> None:
    answer = {"state": "answered", "level": 1, "needs": True, "comment": "Only for us."}
    say(store, "answer", "D8.1", answer, "PT")

    told = words(cop_positions(reading(catalogue, store)))

    assert "It presses in Portugal. 1 team commented." in told
    assert "Only for us" not in told


def test_the_notebook_needs_a_topic_that_there_is(
    home: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NCC_HOME", str(home.root))

    with pytest.raises(ParameterRejected, match="'money' is not a topic of this workbook"):
        open_workbook("05_seminar", EU, "2024-1", "brief", "money")
    with pytest.raises(ParameterRejected, match="No topic is given"):
        open_workbook("05_seminar", EU, "2024-1", "brief")
    with pytest.raises(ParameterRejected, match="'topic' is not a parameter"):
        open_workbook("06_country_brief", "PT", "2024-1", "brief", "financing")
