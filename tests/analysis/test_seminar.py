"""A seminar from the assessments: who needs it, what it treats, and what came of it."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from ncc_kernel.analysis.profile import Answers, score_profile
from ncc_kernel.analysis.seminar import (
    Marks,
    Seats,
    Wish,
    agenda,
    contents,
    marks,
    questions_of,
    seats,
    wishes,
)
from ncc_kernel.model.answer import Answer
from ncc_kernel.model.guide import Guide
from ncc_kernel.model.seminar import Evaluation, Registration

WEAK = Answer(state="answered", level=1, priority=5)
MILD = Answer(state="answered", level=2, priority=3)
ASKS = Answer(state="answered", level=2, needs=True)
SHOWS = Answer(state="answered", level=4, offers=True)
STRONG = Answer(state="answered", level=5)
MIDDLE = Answer(state="answered", level=3, offers=True, needs=True)


@pytest.fixture(scope="session")
def wished(guide: Guide) -> Callable[[Mapping[str, Answers]], dict[str, Wish]]:
    def make(answers: Mapping[str, Answers]) -> dict[str, Wish]:
        profiles = [
            score_profile(guide, given, country=code, cycle="2024-1")
            for code, given in answers.items()
        ]
        return {one.country: one for one in wishes(guide, "financing", profiles, answers)}

    return make


def all_of(guide: Guide, answer: Answer) -> dict[str, Answer]:
    return {one.code: answer for one in questions_of(guide, "financing")}


@pytest.mark.parametrize(
    ("topic", "dimensions"),
    [
        ("governance_evaluation", {"D5", "D6"}),
        ("communication", {"D7"}),
        ("financing", {"D8"}),
    ],
)
def test_a_seminar_is_about_the_dimensions_that_lead_to_it(
    guide: Guide, topic: str, dimensions: set[str]
) -> None:
    assert {one.dimension for one in questions_of(guide, topic)} == dimensions


@pytest.mark.parametrize(
    ("answer", "standing"),
    [(WEAK, "needs"), (ASKS, "needs"), (MILD, "neither"), (SHOWS, "shares"), (MIDDLE, "neither")],
)
def test_a_country_stands_where_its_answers_put_it(
    guide: Guide, wished: Any, answer: Answer, standing: str
) -> None:
    assert wished({"PT": all_of(guide, answer)})["PT"].standing == standing


def test_a_country_can_need_and_share(guide: Guide, wished: Any) -> None:
    given = all_of(guide, STRONG) | {"D8.1": WEAK, "D8.2": SHOWS}

    assert wished({"PT": given})["PT"] == Wish("PT", "both", ("D8.1",), ("D8.2",))


def test_of_a_country_that_hardly_answered_nothing_is_guessed(wished: Any) -> None:
    found = wished({"MT": {}, "LU": {"D8.1": STRONG}, "CY": {"D8.1": WEAK}})

    assert [found[code].standing for code in ("MT", "LU", "CY")] == ["unknown", "unknown", "needs"]


def test_what_presses_most_countries_comes_first(guide: Guide) -> None:
    answers = {
        "PT": {"D8.1": MILD, "D8.2": WEAK},
        "AT": {"D8.1": MILD, "D8.2": ASKS},
        "BE": {"D8.1": MILD, "D8.2": SHOWS},
    }

    found = contents(guide, "financing", answers)

    assert [(one.question.code, one.weak, one.pressing, one.showing) for one in found] == [
        ("D8.2", 2, 2, ("BE",)),
        ("D8.1", 3, 0, ()),
    ]


def test_without_a_gap_nothing_is_proposed(guide: Guide) -> None:
    assert contents(guide, "financing", {"PT": all_of(guide, STRONG), "MT": {}}) == ()


def test_an_agenda_begins_with_the_story_and_the_information_point() -> None:
    points = agenda(["D8.1 Core costs"], begins="09:50", cop="next, Calls on 21 November")

    assert [(one.at, one.words.partition(",")[0]) for one in points] == [
        ("09:50", "The process so far: the story"),
        ("10:00", "Information point of the SI CoP: next"),
        ("10:10", "D8.1 Core costs"),
        ("10:35", "What each country does next"),
    ]


def test_what_the_leader_wrote_takes_the_place_of_what_is_proposed() -> None:
    words = [one.words for one in agenda(["proposed"], items=("written",))]

    assert words[2] == "written"
    assert "proposed" not in words


def test_an_agenda_over_midnight_goes_on_counting() -> None:
    assert agenda([], begins="23:55")[1].at == "00:05"


def test_marks_are_shown_from_three_evaluations_on() -> None:
    two = [Evaluation(seminar="s", useful=1), Evaluation(seminar="s", useful=5, clear=2)]
    three = [*two, Evaluation(seminar="s", useful=3)]

    assert marks([]) == Marks(0, None, None, None)
    assert marks(two) == Marks(2, None, None, None)
    assert marks(three) == Marks(3, 3.0, None, None)


def test_who_came_is_missing_until_a_country_says_so() -> None:
    first, second = Registration(seminar="s", people=3), Registration(seminar="s", people=2)
    told = Registration(seminar="s", people=2, attended=0)

    assert seats([first, second]) == Seats(2, 5, None, 0)
    assert seats([first, told]) == Seats(2, 5, 0, 1)
