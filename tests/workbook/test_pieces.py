"""The one object that a notebook holds: what it refuses, and what its pieces say in each mode."""

import re
from typing import Any

import pytest

from ncc_kernel.errors import NoStore, ParameterRejected
from ncc_kernel.model.book import BOOKS
from ncc_kernel.workbook import Workbook, open_workbook

BOOK_NAMES = [book.name for book in BOOKS]


@pytest.fixture
def here(home: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """This process stands in a home with the sample data."""
    monkeypatch.setenv("NCC_HOME", str(home.root))
    monkeypatch.delenv("NCC_STORE", raising=False)
    return home


def words_of(piece: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", str(piece.html())).split())


@pytest.mark.parametrize("book", BOOK_NAMES)
@pytest.mark.parametrize(
    ("country", "cycle", "mode"),
    [
        ("XX", "2024-1", "brief"),
        ("at", "2024-1", "brief"),
        ("GR", "2024-1", "brief"),
        ("UK", "2024-1", "brief"),
        ("AT\n", "2024-1", "brief"),
        ("\N{RIGHT-TO-LEFT MARK}PT", "2024-1", "brief"),
        ("PT'); import os #", "2024-1", "brief"),
        ("../../etc", "2024-1", "brief"),
        ("", "2024-1", "brief"),
        ("PT", "2031-1", "brief"),
        ("PT", "../2024-1", "brief"),
        ("PT", "2024-1", "print"),
    ],
)
def test_a_bad_value_is_refused_in_words_by_every_workbook(
    here: Any, book: str, country: str, cycle: str, mode: str
) -> None:
    with pytest.raises(ParameterRejected) as refused:
        open_workbook(book, country, cycle, mode)

    assert re.search(
        r"^(No \w+ is given\.|(['\"]).*\2 is not a \w+ of this workbook\.)", str(refused.value)
    )
    assert refused.value.hint


@pytest.mark.parametrize(
    ("book", "country"), [("07_eu_overview", "PT"), ("06_country_brief", "EU")]
)
def test_a_workbook_is_made_only_for_whom_it_is_made(here: Any, book: str, country: str) -> None:
    with pytest.raises(ParameterRejected, match=f"'{country}' is not a country of this workbook"):
        open_workbook(book, country, "2024-1")


def test_a_workbook_that_is_not_there_is_named_with_those_that_are(here: Any) -> None:
    with pytest.raises(ParameterRejected, match="'99_nothing' is not a workbook"):
        open_workbook("99_nothing", "PT", "2024-1")


def test_without_a_store_it_is_said_how_to_make_one(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NCC_HOME", str(tmp_path))
    monkeypatch.delenv("NCC_STORE", raising=False)

    with pytest.raises(NoStore) as refused:
        open_workbook("06_country_brief", "PT", "2024-1")

    assert "ncc init" in refused.value.hint


@pytest.fixture
def brief(here: Any) -> Workbook:
    return open_workbook("06_country_brief", "PT", "2024-1", "brief")


def test_the_story_is_folded_on_a_page_and_open_for_who_works(here: Any, brief: Workbook) -> None:
    edited = open_workbook("06_country_brief", "PT", "2024-1", "edit")

    assert "<details><summary>The latest" in str(brief.recap().html())
    assert "<details open><summary>The latest" in str(edited.recap().html())
    assert words_of(brief.recap()) == words_of(edited.recap())


def test_the_story_says_who_did_what_when_newest_first(brief: Workbook) -> None:
    told = words_of(brief.recap())

    assert told.startswith("The story so far From 28 January 2024 to 6 June 2024, 4 people made ")
    assert told.index("6 June 2024 pt-mapper") < told.index("9 April 2024 pt-mapper")


def test_how_to_fill_it_in_is_shown_to_who_edits_alone(here: Any) -> None:
    edited = open_workbook("01_self_assessment", "PT", "2024-1", "edit")
    printed = open_workbook("01_self_assessment", "PT", "2024-1", "brief")

    assert "ncc import PT.xlsx" in words_of(edited.form())
    assert words_of(printed.form()) == ""


def test_below_a_form_the_profile_is_not_drawn_a_second_time(here: Any) -> None:
    edited = open_workbook("01_self_assessment", "PT", "2024-1", "edit")
    alone = str(edited.profile_chart().html())
    edited.form()
    printed = open_workbook("01_self_assessment", "PT", "2024-1", "brief")
    printed.form()

    assert "it follows every answer" in words_of(edited.profile_chart())
    assert "<svg" in alone
    assert str(printed.profile_chart().html()) == alone


def test_what_is_coming_is_counted_from_the_last_entry(brief: Workbook) -> None:
    ahead = words_of(brief.coming())

    assert ahead.startswith("Coming up 12 June 2024 NCC beneficiaries kick-off")
    assert "13 March 2024" not in ahead
    assert ahead.endswith(
        "After 6 June 2024, the day of the last entry. Draft programme (Annex 2)."
    )


def test_where_nothing_was_entered_the_whole_year_is_coming(here: Any) -> None:
    ahead = words_of(open_workbook("06_country_brief", "MT", "2024-1", "brief").coming())

    assert ahead.startswith("Coming up 1 January 2024 Step 1, Self-assessment, begins")
    assert "4 December 2024 NCC beneficiaries mutual learning The whole year." in ahead


def test_where_nothing_was_answered_no_strength_and_no_gap_is_told(here: Any) -> None:
    empty = open_workbook("06_country_brief", "MT", "2024-1", "brief")

    assert words_of(empty.strengths()) == (
        "Strengths No statement is answered yet, so nothing can be said."
    )
    assert words_of(empty.gaps()) == "Gaps No statement is answered yet, so nothing can be said."
    assert words_of(empty.summary()) == (
        "Summary Malta has not answered the self-assessment of this cycle yet. "
        "Nothing is on the ecosystem map yet."
    )


def test_the_overview_names_who_is_still_to_begin(here: Any) -> None:
    overview = open_workbook("07_eu_overview", "EU", "2024-1", "brief")

    assert (
        "26 of 27 countries have begun the self-assessment of cycle 2024-1; still to begin: Malta."
        in words_of(overview.eu_summary())
    )


def test_the_page_says_how_it_was_made(brief: Workbook) -> None:
    made = words_of(brief.provenance())

    assert re.search(r"Record revision \d+, the last that concerns this page", made)
    assert "Parameters country PT, cycle 2024-1" in made
    assert re.search(r"Workbook 06_country_brief\.ipynb, sha256 [0-9a-f]{16}", made)
    assert re.search(r"EU values 26 countries, taken at (the current record|record \d+)", made)
