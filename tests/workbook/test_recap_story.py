"""The story on a page: every sentence leads to the revisions it stands on, on the same page."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from ncc_kernel.errors import Rejected
from ncc_kernel.model.book import BOOKS, book_named
from ncc_kernel.model.parameters import Parameters
from ncc_kernel.model.revision import EU, Draft
from ncc_kernel.store.catalogue import Catalogue
from ncc_kernel.store.log import Store
from ncc_kernel.workbook.arguments import topics_of
from ncc_kernel.workbook.opening import recap_piece
from ncc_kernel.workbook.reading import Reading
from ncc_kernel.workbook.recap_story import whole_story
from ncc_kernel.workbook.workbook import Workbook


@pytest.fixture
def record(home: Any) -> Iterator[Store]:
    """The sample record."""
    with home.store() as opened:
        yield opened


@pytest.fixture
def empty(empty_home: Any) -> Iterator[Store]:
    with empty_home.store() as opened:
        yield opened


def reading(catalogue: Catalogue, store: Store, book: str, country: str) -> Reading:
    found = book_named(book)
    topic = next(iter(topics_of(found, catalogue)), "")
    parameters = Parameters(country, "2024-1", "brief", topic)
    return Reading(found, parameters, catalogue, store, store.last_seq())


def links(html: str) -> list[str]:
    return re.findall(r'href="#(r\d+)"', html)


def ids(html: str) -> list[str]:
    return re.findall(r'id="(r\d+)"', html)


def sentences(html: str) -> list[str]:
    """The items of the story's lists, in words."""
    return re.findall(r"<li>(.*?)</li>", html, flags=re.DOTALL)


@pytest.mark.parametrize("book", [one.name for one in BOOKS])
def test_every_sentence_of_a_recap_leads_to_a_revision_on_its_page(
    catalogue: Catalogue, record: Store, book: str
) -> None:
    country = book_named(book).codes(("PT",))[0]
    html = str(recap_piece(reading(catalogue, record, book, country)).html())

    assert all(links(one) for one in sentences(html))
    assert set(links(html)) <= set(ids(html))
    assert len(set(ids(html))) == len(ids(html))


@pytest.mark.parametrize(("book", "country"), [("00_programme", "PT"), ("07_eu_overview", EU)])
def test_every_sentence_of_the_whole_story_leads_to_a_revision_that_is_in_the_record(
    catalogue: Catalogue, record: Store, book: str, country: str
) -> None:
    read = reading(catalogue, record, book, country)
    page = str(recap_piece(read).html()) + str(whole_story(read).html())

    told = sentences(str(whole_story(read).html()))
    assert len(told) >= 10
    assert all(links(one) for one in told)
    assert set(links(page)) <= set(ids(page))
    assert len(set(ids(page))) == len(ids(page))
    assert all(record.revision(int(one[1:])) is not None for one in ids(page))


@pytest.mark.parametrize(
    ("book", "country"),
    [("00_programme", "PT"), ("00_programme", "MT"), ("05_seminar", EU), ("07_eu_overview", EU)],
)
def test_no_link_of_a_whole_page_leads_nowhere(
    catalogue: Catalogue, record: Store, book: str, country: str
) -> None:
    read = reading(catalogue, record, book, country)
    wb = Workbook(read, read.catalogue.folder)
    pieces = {
        "00_programme": ("recap", "story", "coming"),
        "05_seminar": ("recap", "seminar_agenda", "seminar_dates", "seminar_outcomes"),
        "07_eu_overview": ("recap", "coming"),
    }[book]
    page = "".join(str(getattr(wb, name)().html()) for name in pieces)

    assert set(links(page)) <= set(ids(page))
    assert len(set(ids(page))) == len(ids(page))


def decide(store: Store, key: str, on: str, *, country: str = EU, **more: Any) -> int:
    payload = {"title": f"Decision {key}", "on": on} | more
    at = datetime.fromisoformat(f"{on}T12:00:00+00:00")
    draft = Draft(country, "2024-1", "decision", key, None, payload)
    return store.append([draft], author=f"author-{key}", at=at).written[0].seq


def words(html: object) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", str(html)).split())


def test_who_joins_on_the_first_of_september_reads_what_happened_before_on_one_page(
    catalogue: Catalogue, empty: Store
) -> None:
    decide(empty, "may", "2024-05-03")
    seen = decide(empty, "august", "2024-08-31", country="PT")
    decide(empty, "october", "2024-10-01")
    read = replace(reading(catalogue, empty, "00_programme", "PT"), until=seen)

    told = words(whole_story(read).html())

    assert "3 May 2024 The working group decided: Decision may" in told
    assert "31 August 2024 Portugal decided: Decision august" in told
    assert "author-august joined, for Portugal." in told
    assert "october" not in told


@pytest.mark.parametrize(("since", "shown"), [("2024-09-01", "october"), (2, "october")])
def test_what_came_since_a_day_or_a_revision_is_told_first(
    catalogue: Catalogue, empty: Store, since: int | str, shown: str
) -> None:
    for key, on in (("may", "2024-05-03"), ("october", "2024-10-01")):
        decide(empty, key, on)
    read = reading(catalogue, empty, "07_eu_overview", EU)

    told = words(recap_piece(read, since).html())

    assert "Since you were last here 1 October 2024 Learning community: 1 decision" in told


def test_who_is_signed_in_reads_what_came_since_their_own_last_entry(
    catalogue: Catalogue, empty: Store
) -> None:
    for key, on in (("may", "2024-05-03"), ("june", "2024-06-03"), ("july", "2024-07-03")):
        decide(empty, key, on)
    read = reading(catalogue, empty, "07_eu_overview", EU)

    mine = words(recap_piece(replace(read, reader="author-june")).html())
    last = words(recap_piece(replace(read, reader="author-july")).html())
    new = words(recap_piece(replace(read, reader="nobody yet")).html())

    assert "Since you were last here 3 July 2024 Learning community: 1 decision" in mine
    page = replace(read, reader="author-june")
    rows = ids(str(recap_piece(page).html()) + str(whole_story(page).html()))
    assert len(set(rows)) == len(rows)
    assert "Nothing was recorded since revision 4." in last
    assert "Since you were last here" not in new


@pytest.mark.parametrize("since", ["yesterday", "2024-13-01", "2024-9-1", "", "r12"])
def test_what_is_neither_a_day_nor_a_revision_is_refused(
    catalogue: Catalogue, empty: Store, since: str
) -> None:
    decide(empty, "may", "2024-05-03")

    with pytest.raises(Rejected, match="neither a revision nor a day"):
        recap_piece(reading(catalogue, empty, "07_eu_overview", EU), since)


def test_a_private_decision_is_told_on_no_page(catalogue: Catalogue, empty: Store) -> None:
    decide(empty, "open", "2024-05-03", country="PT")
    decide(empty, "secret", "2024-05-04", country="PT", visibility="private", why="hush")

    for book, country in (("00_programme", "PT"), ("07_eu_overview", EU)):
        read = reading(catalogue, empty, book, country)
        page = str(recap_piece(read).html()) + str(whole_story(read).html())
        assert "Decision open" in page
        assert "Decision secret" not in page
        assert "hush" not in page


def test_one_country_does_not_read_of_another(catalogue: Catalogue, empty: Store) -> None:
    decide(empty, "theirs", "2024-05-03", country="AT")
    decide(empty, "ours", "2024-05-03", country="PT")

    told = words(whole_story(reading(catalogue, empty, "00_programme", "PT")).html())

    assert "Decision ours" in told
    assert "theirs" not in told


@pytest.mark.parametrize("text", ["<b>x</b>", "{0.__class__}", "{}", "</script>", "\u202ex"])
def test_what_people_typed_stays_text_in_a_sentence(
    catalogue: Catalogue, empty: Store, text: str
) -> None:
    at = datetime(2024, 5, 3, tzinfo=UTC)
    payload = {"title": text, "on": "2024-05-03", "why": text}
    empty.append([Draft(EU, "2024-1", "decision", "d", None, payload)], author=text, at=at)

    html = str(whole_story(reading(catalogue, empty, "07_eu_overview", EU)).html())

    escaped = text.replace("<", "&lt;").replace(">", "&gt;")
    assert f"<bdi>{escaped}</bdi>" in html
