"""Learning paths: what is proposed, when, and what people's own items put in its place."""

from collections.abc import Mapping
from datetime import date
from itertools import pairwise

import pytest

from ncc_kernel.analysis.learning_path import (
    Stage,
    learning_path,
    progress,
    shared_span,
    windows_of,
)
from ncc_kernel.analysis.mentors import Mentorship
from ncc_kernel.model.answer import Answer
from ncc_kernel.model.community import PathItem
from ncc_kernel.model.guide import Guide
from ncc_kernel.model.programme import Programme, Window
from ncc_kernel.store.catalogue import Catalogue

NAMES = {"AT": "Austria", "NL": "the Netherlands"}


@pytest.fixture(scope="module")
def programme(catalogue: Catalogue) -> Programme:
    return catalogue.programme_of("2024-1")


def weak(level: int = 1, priority: int | None = None, target: int | None = None) -> Answer:
    return Answer(state="answered", level=level, priority=priority, target=target)


def path(
    guide: Guide,
    programme: Programme,
    answers: Mapping[str, Answer],
    *items: PathItem,
    mentorships: tuple[Mentorship, ...] = (),
    seminars: Mapping[str, date] | None = None,
) -> tuple[Stage, ...]:
    return learning_path(
        guide,
        programme,
        answers,
        mentorships=mentorships,
        names=NAMES,
        seminars=seminars or {},
        items=items,
    )


def test_a_gap_leads_to_the_guide_s_advice_in_the_days_that_all_sources_agree_on(
    guide: Guide, programme: Programme
) -> None:
    (one,) = path(guide, programme, {"D3.1": weak(1)})

    assert one.title == guide.question("D3.1").next_low
    assert (one.type, one.statements, one.state) == ("method", ("D3.1",), None)
    # Step 3: August to October by the text, September to December by the grid.
    assert (one.begins, one.due) == (date(2024, 9, 1), date(2024, 10, 31))
    assert len(one.windows) == 2


def test_priority_times_the_levels_to_go_decides_which_come_first(
    guide: Guide, programme: Programme
) -> None:
    answers = {
        "D3.1": weak(2, priority=2),
        "D3.2": weak(1, priority=4, target=4),
        "D3.3": weak(1, priority=5),
    }

    found = path(guide, programme, answers)

    assert [one.statements for one in found] == [("D3.2",), ("D3.3",), ("D3.1",)]
    assert [one.begins for one in found] == sorted(one.begins or date.max for one in found)
    assert all(before.due < after.begins for before, after in pairwise(found))  # type: ignore[operator]


def test_strong_and_unknown_statements_lead_to_nothing(guide: Guide, programme: Programme) -> None:
    answers = {
        "D3.1": weak(4),
        "D3.2": Answer(state="dont_know"),
        "D3.3": Answer(state="not_applicable", reason="another body does this"),
    }

    assert path(guide, programme, answers) == ()


def test_a_statement_that_support_is_asked_for_counts_at_any_level(
    guide: Guide, programme: Programme
) -> None:
    (one,) = path(guide, programme, {"D3.1": Answer(state="answered", level=3, needs=True)})

    assert one.why == "level 3, support asked for"


def test_a_mentor_is_visited_once_for_all_that_they_help_with(
    guide: Guide, programme: Programme
) -> None:
    helped = Mentorship("PT", "D3", "NL", ("D3.1", "D3.2"))

    found = path(guide, programme, {"D3.1": weak(), "D3.2": weak()}, mentorships=(helped,))

    visits = [one for one in found if one.type == "peer_visit"]
    assert [(one.title, one.partner, one.statements) for one in visits] == [
        ("Learn from the Netherlands: co-creation", "NL", ("D3.1", "D3.2"))
    ]
    assert visits[0].lead == "the centre of the Netherlands"


def test_money_is_a_matter_of_funding_and_has_one_seminar(
    guide: Guide, programme: Programme
) -> None:
    found = path(guide, programme, {"D8.1": weak(), "D8.2": weak()})

    assert [one.type for one in found] == ["funding", "seminar", "funding"]
    seminar = next(one for one in found if one.type == "seminar")
    assert seminar.title == "Seminar: financing of the centre"
    assert seminar.statements == ("D8.1", "D8.2")
    assert (seminar.begins, seminar.due) == (date(2024, 2, 1), date(2024, 12, 31))
    assert seminar.why == "the day is not set yet"


def test_a_seminar_whose_day_is_set_stands_on_it(guide: Guide, programme: Programme) -> None:
    set_for = {"financing": date(2024, 5, 14)}

    found = path(guide, programme, {"D8.1": weak()}, seminars=set_for)

    seminar = next(one for one in found if one.type == "seminar")
    assert (seminar.begins, seminar.due, seminar.why) == (date(2024, 5, 14), date(2024, 5, 14), "")


def test_every_date_lies_in_the_window_of_its_step(guide: Guide, programme: Programme) -> None:
    answers = {
        question.code: weak(priority=1 + index % 5)
        for index, question in enumerate(guide.questions)
    }

    found = path(guide, programme, answers)

    for one in found:
        dimension = guide.dimension(guide.question(one.statements[0]).dimension)
        span = shared_span(windows_of(programme, dimension))
        assert span is not None
        assert one.begins is not None
        assert one.due is not None
        assert span[0] <= one.begins <= one.due <= span[1]


def test_an_item_takes_the_place_of_the_proposal_of_its_kind(
    guide: Guide, programme: Programme
) -> None:
    own = PathItem(
        title="We ask the users", type="method", question="D3.1", due=date(2024, 9, 9), state="done"
    )

    found = path(guide, programme, {"D3.1": weak(), "D3.2": weak()}, own)

    assert [(one.title, one.state) for one in found] == [
        ("We ask the users", "done"),
        (guide.question("D3.2").next_low, None),
    ]


def test_an_item_of_another_kind_stands_beside_the_proposal(
    guide: Guide, programme: Programme
) -> None:
    own = PathItem(title="A book", type="resource", question="D3.1")

    found = path(guide, programme, {"D3.1": weak()}, own)

    assert [one.type for one in found] == ["method", "resource"]  # what has no date comes last


@pytest.mark.parametrize(
    ("windows", "span"),
    [
        (
            [("2024-04-01", "2024-07-31"), ("2024-04-01", "2024-12-31")],
            ("2024-04-01", "2024-07-31"),
        ),
        (
            [("2024-01-01", "2024-02-01"), ("2024-05-01", "2024-06-01")],
            ("2024-01-01", "2024-06-01"),
        ),
        ([], None),
    ],
)
def test_the_span_is_what_sources_share_or_else_all_that_any_says(
    windows: list[tuple[str, str]], span: tuple[str, str] | None
) -> None:
    given = [
        Window(first=date.fromisoformat(first), last=date.fromisoformat(last), source="s")
        for first, last in windows
    ]

    found = shared_span(given)

    assert (tuple(day.isoformat() for day in found) if found else None) == span


def test_progress_tells_how_items_ended_and_where_levels_are_now() -> None:
    items = [
        PathItem(title="a", type="method", question="D3.1", state="done"),
        PathItem(title="b", type="method", question="D3.2", state="dropped"),
        PathItem(title="c", type="resource", state="done"),
    ]

    found = progress(items, {"D3.1": weak(1), "D3.2": weak(2)}, {"D3.1": weak(3)})

    assert found.total == 3
    assert found.states == {"done": 2, "dropped": 1}
    assert found.levels == (("D3.1", 1, 3),)
