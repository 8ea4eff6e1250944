"""A year's programme: windows as each source gives them, and what begins next."""

import tomllib
from datetime import date

import pytest

from ncc_kernel.errors import DataFault
from ncc_kernel.model.door import parse_file
from ncc_kernel.model.programme import Programme, Window
from ncc_kernel.store.catalogue import Catalogue

YEAR_2025 = """
year = 2025
title = "Work programme 2025"
status = "Draft"
source = "A test's own programme"

[[cycles]]
code = "2025-1"
label = "Spring"

[[cycles]]
code = "2025-2"
label = "Autumn"

[[steps]]
number = 1
code = "foresight"
name = "Foresight"
about = "Looking ahead together."
windows = [{ first = 2025-02-01, last = 2025-02-28, source = "plan, page 2" }]

[[steps]]
number = 2
code = "procurement"
name = "Innovative procurement"
about = "Buying what does not exist yet."
windows = [
  { first = 2025-03-01, last = 2025-05-31, source = "plan, page 3" },
  { first = 2025-04-01, last = 2025-05-31, source = "minutes" },
  { first = 2025-03-15, last = 2025-06-30, source = "web page" },
]

[[events]]
code = "forum"
name = "Forum"
first = 2025-03-01
last = 2025-03-02
mode = "onsite"
source = "plan, page 4"
"""


@pytest.fixture
def year_2024(catalogue: Catalogue) -> Programme:
    return next(one for one in catalogue.programmes if one.year == 2024)


def year_2025(text: str = YEAR_2025) -> Programme:
    return parse_file(Programme, tomllib.loads(text), where="data/programmes/2025.toml")


def test_another_year_with_other_steps_is_a_file_and_no_code() -> None:
    programme = year_2025()

    assert [step.name for step in programme.steps] == ["Foresight", "Innovative procurement"]
    assert [cycle.code for cycle in programme.cycles] == ["2025-1", "2025-2"]
    assert [step.disagrees for step in programme.steps] == [False, True]


def test_what_is_coming_in_another_year_names_every_source_that_disagrees() -> None:
    assert year_2025().coming(date(2025, 1, 31)) == (
        (date(2025, 2, 1), "Step 1, Foresight, begins"),
        (date(2025, 3, 1), "Forum"),
        (date(2025, 3, 1), "Step 2, Innovative procurement, begins (plan, page 3)"),
        (date(2025, 3, 15), "Step 2, Innovative procurement, begins (web page)"),
        (date(2025, 4, 1), "Step 2, Innovative procurement, begins (minutes)"),
    )


@pytest.mark.parametrize(
    ("day", "codes"),
    [
        (date(2023, 12, 31), []),
        (date(2024, 1, 1), ["self_assessment"]),
        (date(2024, 3, 31), ["self_assessment"]),
        (date(2024, 4, 1), ["ecosystem_mapping"]),
        (date(2024, 8, 1), ["ecosystem_mapping", "cocreation"]),
        (date(2024, 12, 31), ["ecosystem_mapping", "cocreation", "scaling"]),
        (date(2025, 1, 31), ["scaling"]),
        (date(2025, 2, 1), []),
    ],
)
def test_a_step_runs_in_any_window_that_a_source_gives_it(
    year_2024: Programme, day: date, codes: list[str]
) -> None:
    assert [step.code for step in year_2024.steps_at(day)] == codes


def test_the_programme_of_2024_keeps_both_windows_where_text_and_grid_disagree(
    year_2024: Programme,
) -> None:
    windows = {step.number: [str(w.first)[2:7] + "/" + str(w.last)[2:7] for w in step.windows]
               for step in year_2024.steps}  # fmt: skip

    assert windows == {
        1: ["24-01/24-03", "24-01/24-03"],
        2: ["24-04/24-07", "24-04/24-12"],
        3: ["24-08/24-10", "24-09/24-12"],
        4: ["24-11/25-01", "24-11/24-12"],
    }
    assert [step.disagrees for step in year_2024.steps] == [False, True, True, True]


def test_the_programme_of_2024_is_there_in_full(year_2024: Programme) -> None:
    assert [one.name for one in year_2024.seminars] == [
        "Governance and evaluation",
        "Communication",
        "Financing of the centre",
    ]
    assert [row.name for row in year_2024.rows] == ["Webinars"]
    assert [(one.first.isoformat(), one.mode) for one in year_2024.events] == [
        ("2024-03-13", "online"),
        ("2024-06-12", "onsite"),
        ("2024-10-16", "online"),
        ("2024-12-04", "onsite"),
    ]
    assert len(year_2024.cop_topics) == 4
    assert len(year_2024.information_points) == 2


def test_what_is_coming_is_what_begins_after_the_day(year_2024: Programme) -> None:
    assert year_2024.coming(date(2024, 8, 1), limit=3) == (
        (date(2024, 9, 1), "Step 3, Co-creation and prototyping, begins (calendar grid)"),
        (date(2024, 10, 16), "NCC beneficiaries mutual learning"),
        (date(2024, 11, 1), "Step 4, Scaling, begins"),
    )


def test_a_start_that_all_sources_agree_on_is_said_once(year_2024: Programme) -> None:
    assert year_2024.coming(date(2023, 12, 31), limit=2) == (
        (date(2024, 1, 1), "Step 1, Self-assessment, begins"),
        (date(2024, 3, 13), "Seminar for the NCC working group"),
    )


def test_after_the_last_start_nothing_is_coming(year_2024: Programme) -> None:
    assert year_2024.coming(date(2024, 12, 4)) == ()


@pytest.mark.parametrize(
    ("day", "held"),
    [
        (date(2024, 2, 28), False),
        (date(2024, 2, 29), True),
        (date(2024, 3, 1), True),
        (date(2024, 3, 2), False),
    ],
)
def test_a_window_holds_both_its_ends(*, day: date, held: bool) -> None:
    window = Window(first=date(2024, 2, 29), last=date(2024, 3, 1), source="s")

    assert window.holds(day) is held


@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        (
            "last = 2025-02-28",
            "last = 2025-01-28",
            "data/programmes/2025.toml, steps.0.windows.0: the window ends (2025-01-28) before it begins (2025-02-01).",
        ),
        (
            'name = "Forum"',
            'nam = "Forum"',
            "data/programmes/2025.toml: the key events.0.name is missing.\ndata/programmes/2025.toml: the key events.0.nam is not known here.",
        ),
        (
            "year = 2025",
            "year = 25",
            "data/programmes/2025.toml, year: Input should be greater than or equal to 2024.",
        ),
        (
            'code = "2025-1"',
            'code = "../2025"',
            r"data/programmes/2025.toml, cycles.0.code: String should match pattern '^[0-9]{4}-[1-9]$'.",
        ),
        (
            'mode = "onsite"',
            'mode = "hybrid"',
            "data/programmes/2025.toml, events.0.mode: Input should be 'online' or 'onsite'.",
        ),
    ],
)
def test_a_fault_in_a_programme_is_named_by_file_and_key(was: str, becomes: str, said: str) -> None:
    with pytest.raises(DataFault) as caught:
        year_2025(YEAR_2025.replace(was, becomes))

    assert caught.value.what.startswith(said)
    assert caught.value.hint == "correct data/programmes/2025.toml and try again"
