"""What a page says where there is nothing yet, and what it calls by name where there is much."""

import re
from html import unescape
from typing import Any

import pytest

from ncc_kernel.workbook import open_workbook


@pytest.fixture
def here(home: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """This process stands in a home with the sample data."""
    monkeypatch.setenv("NCC_HOME", str(home.root))
    monkeypatch.delenv("NCC_STORE", raising=False)
    return home


@pytest.fixture
def nothing(empty_home: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """This process stands in a home in which nobody has entered anything."""
    monkeypatch.setenv("NCC_HOME", str(empty_home.root))
    monkeypatch.delenv("NCC_STORE", raising=False)
    return empty_home


def words(html: Any) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", str(html))).split())


def headings(html: Any) -> list[str]:
    return [words(one) for one in re.findall(r"<h[2-4][^>]*>(.*?)</h", str(html))]


@pytest.mark.usefixtures("nothing")
def test_a_map_with_nothing_on_it_is_one_sentence_and_not_ten_empty_pictures() -> None:
    wb = open_workbook("02_ecosystem_mapping", "PT", "2024-1", "brief")

    assert headings(wb.ecosystem_map().html()) == ["The map in pictures"]
    assert "once there is an entry" in words(wb.ecosystem_map().html())
    assert wb.blank_spots().html() == ""


@pytest.mark.usefixtures("here")
def test_the_overview_says_whose_challenge_it_is_and_no_group_by_codes() -> None:
    wb = open_workbook("07_eu_overview", "EU", "2024-1", "brief")

    challenge = r"Young people out of school and work\W+Bulgaria"
    assert re.search(challenge, words(wb.ecosystem_map().html()))
    said = words(wb.community().html())
    assert re.search(r"They would be: [A-Z][a-z]+, [A-Z][a-z]+", said)
    assert not re.search(r"\b[A-Z]{2}, [A-Z]{2}\b", said)


@pytest.mark.usefixtures("here")
def test_long_lists_of_the_overview_are_folded_and_yet_printed() -> None:
    wb = open_workbook("07_eu_overview", "EU", "2024-1", "brief")
    html = str(wb.community().html()) + str(wb.cocreation_and_scaling().html())

    folded = re.findall(r'<details class="printed"><summary>([^<]+)', html)

    assert [re.sub(r"\d+", "n", one) for one in folded] == [
        "Who helps whom: n mentorships",
        "What they are: n templates",
        "n more",
    ]


@pytest.mark.usefixtures("here")
def test_the_brief_says_what_the_codes_of_statements_stand_for() -> None:
    group = words(open_workbook("06_country_brief", "PT", "2024-1", "brief").own_group().html())

    told = group.split("What these statements say")[1]

    assert "D1.2 Agents of all types and all regions are covered." in told
    assert set(re.findall(r"D\d\.\d", group.split("What these")[0])) <= set(
        re.findall(r"D\d\.\d", told)
    )


@pytest.mark.usefixtures("here")
def test_days_are_said_as_people_write_them() -> None:
    wb = open_workbook("04_scaling", "PT", "2024-1", "brief")
    html = wb.decisions().html() + wb.practices().html()

    assert "15 May 2024" in words(html)
    assert not re.search(r"\b20\d\d-\d\d-\d\d\b", words(html))


@pytest.mark.usefixtures("here")
def test_each_picture_of_the_portfolio_stands_under_its_heading() -> None:
    wb = open_workbook("04_scaling", "PT", "2024-1", "brief")

    assert headings(wb.portfolio_summary().html()) == ["Portfolio"]
    assert "4 practices; 2 of them wait for a decision." in words(wb.portfolio_summary().html())
    brief = open_workbook("06_country_brief", "PT", "2024-1", "brief")
    assert headings(brief.map_chart().html()) == ["Ecosystem map"]
    assert "Portfolio" in headings(brief.cocreation_and_scaling().html())
    assert "1 co-creation process, 2 prototypes and 4 practices" in words(
        brief.cocreation_and_scaling().html()
    )


@pytest.mark.usefixtures("here")
def test_nobody_joins_for_a_code() -> None:
    said = words(open_workbook("00_programme", "PT", "2024-1", "brief").story().html())

    assert "pt-mapper joined, for Portugal." in said
    assert ", for PT" not in said


@pytest.mark.usefixtures("here")
def test_a_seminars_page_says_its_topic_among_what_it_was_made_from() -> None:
    wb = open_workbook("05_seminar", "EU", "2024-1", "brief", "financing")

    assert "country EU, cycle 2024-1, topic financing" in words(wb.provenance().html())


@pytest.mark.usefixtures("here")
def test_the_programme_workbook_tells_each_decision_of_the_group_once() -> None:
    wb = open_workbook("00_programme", "PT", "2024-1", "brief")

    recap, story = str(wb.recap().html()), str(wb.story().html())

    assert recap.count("The working group decided") == 0
    assert story.count("The working group decided") == 3
