"""The parameters of a workbook: checked before anything runs, never guessed, never defaulted."""

from collections.abc import Mapping

import pytest

from ncc_kernel.errors import ParameterRejected
from ncc_kernel.model.book import BOOKS, book_named
from ncc_kernel.model.country import spellings
from ncc_kernel.model.parameters import Parameters, check_parameters
from ncc_kernel.store.catalogue import Catalogue

CYCLES = ("2023-1", "2024-1")


@pytest.fixture(scope="session")
def meant(catalogue: Catalogue) -> dict[str, str]:
    return {**spellings(catalogue.countries, ("en",)), "eu": "EU"}


def refused(
    raw: Mapping[str, object], catalogue: Catalogue, meant: Mapping[str, str]
) -> ParameterRejected:
    with pytest.raises(ParameterRejected) as caught:
        check_parameters(raw, countries=catalogue.codes, cycles=CYCLES, meant=meant)
    return caught.value


def test_known_values_are_taken_as_they_are(catalogue: Catalogue) -> None:
    raw = {"country": "EL", "cycle": "2024-1", "mode": "brief"}

    found = check_parameters(raw, countries=catalogue.codes, cycles=CYCLES)

    assert found == Parameters("EL", "2024-1", "brief")
    assert found.as_dict() == raw


def test_without_a_mode_a_workbook_is_for_editing(catalogue: Catalogue) -> None:
    raw = {"country": "EL", "cycle": "2024-1"}

    assert check_parameters(raw, countries=catalogue.codes, cycles=CYCLES).mode == "edit"


@pytest.mark.parametrize(
    ("raw", "hint"),
    [
        ("at", "write AT"),
        ("AT\n", "write AT"),
        (" AT", "write AT"),
        ("GR", "write EL"),
        ("Greece", "write EL"),
        ("portugal", "write PT"),
    ],
)
def test_another_spelling_of_a_country_is_refused_with_the_code(
    catalogue: Catalogue, meant: dict[str, str], raw: str, hint: str
) -> None:
    fault = refused({"country": raw, "cycle": "2024-1"}, catalogue, meant)

    assert fault.what == f"{raw!r} is not a country of this workbook."
    assert fault.hint == hint


@pytest.mark.parametrize(
    "raw",
    [
        "XX",
        "UK",
        "EU",
        "../../etc",
        "%2e%2e%2fPT",
        "..%5cPT",
        "PT/../AT",
        "PT\x00",
        "PT\N{RIGHT-TO-LEFT MARK}",
        "P\N{ZERO WIDTH SPACE}T",
        "'PT'",
        "PT'); import os; ('",
        "PTPT",
        42,
        0,
        True,
        4.2,
        ["PT"],
        ("PT",),
        {"PT": 1},
        b"PT",
    ],
)
def test_what_is_no_code_is_refused_with_the_codes_there_are(
    catalogue: Catalogue, meant: dict[str, str], raw: object
) -> None:
    fault = refused({"country": raw, "cycle": "2024-1"}, catalogue, meant)

    assert fault.what == f"{raw!r} is not a country of this workbook."
    assert fault.hint.startswith("use one of AT, BE, BG, CY, CZ, DE, DK, EE, EL, ES, FI")


@pytest.mark.parametrize("raw", [{}, {"country": ""}, {"country": None}])
def test_a_missing_country_is_never_filled_in(
    catalogue: Catalogue, meant: dict[str, str], raw: dict[str, object]
) -> None:
    assert refused({**raw, "cycle": "2024-1"}, catalogue, meant).what == "No country is given."


@pytest.mark.parametrize(
    ("cycle", "what"),
    [
        (None, "No cycle is given."),
        ("2025-1", "'2025-1' is not a cycle of this workbook."),
        ("2024-1\n", "'2024-1\\n' is not a cycle of this workbook."),
        ("../2024-1", "'../2024-1' is not a cycle of this workbook."),
        (2024, "2024 is not a cycle of this workbook."),
    ],
)
def test_a_cycle_must_be_one_that_there_is(
    catalogue: Catalogue, meant: dict[str, str], cycle: object, what: str
) -> None:
    fault = refused({"country": "PT", "cycle": cycle}, catalogue, meant)

    assert fault.what == what
    assert fault.hint == "use one of 2023-1, 2024-1"


@pytest.mark.parametrize("mode", ["Brief", "edit ", "print", 1])
def test_a_mode_must_be_one_of_two(
    catalogue: Catalogue, meant: dict[str, str], mode: object
) -> None:
    fault = refused({"country": "PT", "cycle": "2024-1", "mode": mode}, catalogue, meant)

    assert fault.what == f"{mode!r} is not a mode of this workbook."
    assert fault.hint == "use one of edit, brief"


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("county", "did you mean country?"),
        ("Country", "did you mean country?"),
        ("cycles", "did you mean cycle?"),
        ("year", "use country, cycle, mode"),
        ("", "use country, cycle, mode"),
    ],
)
def test_an_unknown_name_is_refused_before_any_value(
    catalogue: Catalogue, meant: dict[str, str], name: str, hint: str
) -> None:
    fault = refused({name: "PT", "country": "PT", "cycle": "2024-1"}, catalogue, meant)

    assert fault.what == f"{name!r} is not a parameter of a workbook."
    assert fault.hint == hint


def test_a_workbook_of_the_eu_takes_the_eu_alone(meant: dict[str, str]) -> None:
    with pytest.raises(ParameterRejected) as caught:
        check_parameters(
            {"country": "PT", "cycle": "2024-1"}, countries=("EU",), cycles=CYCLES, meant=meant
        )

    assert caught.value.hint == "use one of EU"


def test_a_very_long_value_is_refused_in_a_short_sentence(
    catalogue: Catalogue, meant: dict[str, str]
) -> None:
    fault = refused({"country": "P" * 10_000_000, "cycle": "2024-1"}, catalogue, meant)

    assert len(fault.what) < 100


def test_every_workbook_has_its_own_page() -> None:
    assert {book.name: str(book.path("PT")) for book in BOOKS} == {
        "00_programme": "PT/00_programme.html",
        "01_self_assessment": "PT/01_self_assessment.html",
        "02_ecosystem_mapping": "PT/02_ecosystem_mapping.html",
        "03_cocreation": "PT/03_cocreation.html",
        "04_scaling": "PT/04_scaling.html",
        "05_seminar": "PT/05_seminar.html",
        "06_country_brief": "PT/brief.html",
        "07_eu_overview": "PT/overview.html",
    }


def test_the_overview_is_made_once_and_the_others_per_country() -> None:
    made = {book.name: book.codes(("AT", "PT")) for book in BOOKS}

    assert made.pop("07_eu_overview") == ("EU",)
    assert made.pop("05_seminar") == ("EU",)
    assert set(made.values()) == {("AT", "PT")}


@pytest.mark.parametrize("name", ["06_country_brief.ipynb", "../06_country_brief", "", "brief"])
def test_what_is_no_workbook_is_refused(name: str) -> None:
    with pytest.raises(ParameterRejected) as caught:
        book_named(name)

    assert caught.value.what == f"{name!r} is not a workbook."


TOPICS = ("governance_evaluation", "communication", "financing")


def with_topic(catalogue: Catalogue, **raw: str) -> Parameters:
    return check_parameters(
        {"country": "EU", "cycle": "2024-1", **raw}, countries=("EU",), cycles=CYCLES, topics=TOPICS
    )


@pytest.mark.parametrize("topic", TOPICS)
def test_a_topic_that_exists_is_a_parameter_of_a_workbook_by_topic(
    catalogue: Catalogue, topic: str
) -> None:
    found = with_topic(catalogue, topic=topic, mode="brief")

    assert found.as_dict() == {
        "country": "EU",
        "cycle": "2024-1",
        "mode": "brief",
        "topic": topic,
    }


@pytest.mark.parametrize("topic", ["Financing", "financing\n", "../financing", "", "money"])
def test_a_topic_that_is_none_is_refused_with_those_there_are(
    catalogue: Catalogue, topic: str
) -> None:
    with pytest.raises(ParameterRejected) as caught:
        with_topic(catalogue, topic=topic)

    assert caught.value.hint == "use one of governance_evaluation, communication, financing"


def test_a_topic_is_no_parameter_of_the_other_workbooks(
    catalogue: Catalogue, meant: dict[str, str]
) -> None:
    fault = refused({"country": "PT", "cycle": "2024-1", "topic": "financing"}, catalogue, meant)

    assert fault.what == "'topic' is not a parameter of a workbook."


def test_a_workbook_by_topic_has_a_page_for_each(catalogue: Catalogue) -> None:
    book = book_named("05_seminar")

    assert book.topics(catalogue.programme_of("2024-1")) == TOPICS
    assert str(book.path("EU", "financing")) == "EU/05_seminar-financing.html"
    assert book.titled("governance_evaluation") == "Seminar on governance and evaluation"
