"""The recap: who did what on which day, from the record alone."""

from collections.abc import Callable
from datetime import date

import pytest

from ncc_kernel.analysis.recap import Recap, Sitting, recap
from ncc_kernel.model.revision import Revision

Recorded = Callable[..., Revision]


def test_an_empty_record_has_an_empty_recap() -> None:
    assert recap([]) == Recap(sittings=(), revisions=0, people=0, first=None, last=None)


def test_what_the_program_wrote_is_no_work_of_people(recorded: Recorded) -> None:
    done = recap([recorded(1, "origin"), recorded(2, "reference")])

    assert done.revisions == 0
    assert done.sittings == ()


def test_what_one_person_did_on_one_day_is_one_sitting(recorded: Recorded) -> None:
    done = recap([recorded(1), recorded(2, "agent"), recorded(3), recorded(4, "link")])

    assert done.sittings == (
        Sitting(
            date(2024, 5, 6), "ana", "PT", (("answer", 2), ("agent", 1), ("link", 1)), (1, 2, 3, 4)
        ),
    )
    assert done.sittings[0].words == "2 answers, 1 agent, 1 link"


def test_two_people_at_work_at_the_same_time_have_a_sitting_each(recorded: Recorded) -> None:
    by_turns = [recorded(seq, author=("ana", "rui")[seq % 2]) for seq in range(1, 8)]

    done = recap(by_turns)

    assert [(one.author, one.words) for one in done.sittings] == [
        ("rui", "4 answers"),
        ("ana", "3 answers"),
    ]


def test_another_day_and_another_country_are_other_sittings(recorded: Recorded) -> None:
    done = recap(
        [
            recorded(1, at="2024-05-06"),
            recorded(2, at="2024-05-07"),
            recorded(3, at="2024-05-07", country="ES"),
        ]
    )

    assert [(one.on.day, one.country) for one in done.sittings] == [(7, "ES"), (7, "PT"), (6, "PT")]


def test_the_newest_sittings_come_first_and_the_sums_are_of_all(recorded: Recorded) -> None:
    days = [recorded(seq, at=f"2024-05-{seq:02}", author=f"p{seq % 3}") for seq in range(1, 11)]

    done = recap(days, limit=2)

    assert [one.on.day for one in done.sittings] == [10, 9]
    assert (done.revisions, done.people) == (10, 3)
    assert (done.first, done.last) == (date(2024, 5, 1), date(2024, 5, 10))


def test_the_order_is_that_of_the_record_and_not_of_the_clock(recorded: Recorded) -> None:
    clock_set_back = [recorded(1, at="2024-05-06"), recorded(2, at="2024-05-02", author="rui")]

    done = recap(reversed(clock_set_back))

    assert [one.author for one in done.sittings] == ["rui", "ana"]
    assert (done.first, done.last) == (date(2024, 5, 2), date(2024, 5, 6))


@pytest.mark.parametrize(
    ("kinds", "words"),
    [
        (["initiative"] * 2, "2 initiatives"),
        (["challenge"], "1 challenge"),
        (["link", "answer"], "1 answer, 1 link"),
    ],
)
def test_a_sitting_is_told_in_words(recorded: Recorded, kinds: list[str], words: str) -> None:
    (sitting,) = recap([recorded(seq, kind) for seq, kind in enumerate(kinds, 1)]).sittings

    assert sitting.words == words


def test_what_saves_by_itself_is_told_once_a_sitting(recorded: Recorded) -> None:
    saved = [recorded(seq, key="D1.1", payload={"state": "dont_know"}) for seq in range(1, 9)]
    half_typed = [recorded(9, "draft", {"comment": "so"}, key="D1.2")]
    taken_away = [recorded(10, "draft", None, key="D1.1")]

    done = recap([*saved, *half_typed, *taken_away])

    assert [one.words for one in done.sittings] == ["1 answer, 1 answer begun"]
    assert done.revisions == 2


def test_a_submission_is_told(recorded: Recorded) -> None:
    (sitting,) = recap([recorded(1, "submission", {"state": "submitted"})]).sittings

    assert sitting.words == "1 step of the submission"
