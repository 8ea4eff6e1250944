"""The profile: what is missing is missing, and never a 0."""

from collections.abc import Callable

import pytest

from ncc_kernel.analysis.profile import Change, Profile, Score, changes_since

Profiled = Callable[..., Profile]


@pytest.mark.parametrize(
    ("answers", "score"),
    [
        ("", Score("D1", 5, 5, 0, 0, None)),
        ("D1.1=0 D1.2=0 D1.3=0 D1.4=0 D1.5=0", Score("D1", 5, 5, 5, 0, 0.0)),
        ("D1.1=4", Score("D1", 5, 5, 1, 0, 4.0)),
        ("D1.1=4 D1.2=dk D1.3=dk", Score("D1", 5, 5, 1, 2, 4.0)),
        ("D1.1=4 D1.2=na D1.3=na", Score("D1", 5, 3, 1, 0, 4.0)),
        ("D1.1=1 D1.2=2 D1.3=na D1.4=dk", Score("D1", 5, 4, 2, 1, 1.5)),
        ("D1.1=na D1.2=na D1.3=na D1.4=na D1.5=na", Score("D1", 5, 0, 0, 0, None)),
        ("D1.1=dk D1.2=dk D1.3=dk D1.4=dk D1.5=dk", Score("D1", 5, 5, 0, 5, None)),
        ("D2.1=5 D8.5=1", Score("D1", 5, 5, 0, 0, None)),
    ],
)
def test_a_dimension_is_scored_by_what_was_answered(
    profiled: Profiled, answers: str, score: Score
) -> None:
    assert profiled(answers).score("D1") == score


@pytest.mark.parametrize(
    ("answers", "coverage", "shown"),
    [
        ("", 0.0, None),
        ("D1.1=3 D1.2=3", 0.4, None),
        ("D1.1=3 D1.2=3 D1.3=3", 0.6, 3.0),
        ("D1.1=3 D1.2=3 D1.3=dk D1.4=dk D1.5=dk", 0.4, None),
        ("D1.1=3 D1.2=3 D1.3=dk D1.4=dk D1.5=na", 0.5, None),
        ("D1.1=3 D1.2=3 D1.3=na D1.4=na", 2 / 3, 3.0),
        ("D1.1=0 D1.2=na D1.3=na D1.4=na D1.5=na", 1.0, 0.0),
        ("D1.1=na D1.2=na D1.3=na D1.4=na D1.5=na", 0.0, None),
    ],
)
def test_a_mean_is_shown_from_three_fifths_of_the_applicable_statements(
    profiled: Profiled, answers: str, coverage: float, shown: float | None
) -> None:
    score = profiled(answers).score("D1")

    assert score.coverage == coverage
    assert score.shown == shown


def test_a_profile_has_every_dimension_in_the_guides_order(profiled: Profiled) -> None:
    profile = profiled("D8.1=1 D1.1=1")

    assert [score.dimension for score in profile.scores] == [f"D{n}" for n in range(1, 9)]


def test_a_profile_sums_over_its_dimensions(profiled: Profiled) -> None:
    profile = profiled("D1.1=1 D2.1=5 D2.2=na D2.3=na D3.1=dk")

    assert (profile.answered, profile.applicable) == (2, 38)
    assert profile.coverage == 2 / 38


@pytest.mark.parametrize(
    ("answers", "started", "shows"),
    [
        ("", False, False),
        ("D1.1=dk", True, False),
        ("D1.1=na", True, False),
        ("D1.1=0", True, False),
        ("D1.1=0 D1.2=0 D1.3=0", True, True),
        ("X1=3", False, False),
    ],
)
def test_any_answer_is_a_start_and_enough_of_them_show(
    profiled: Profiled, answers: str, *, started: bool, shows: bool
) -> None:
    profile = profiled(answers)

    assert profile.started is started
    assert profile.shows is shows


def test_a_country_where_nothing_applies_has_no_score_and_no_coverage(profiled: Profiled) -> None:
    answers = " ".join(f"D{d}.{q}=na" for d in range(1, 9) for q in range(1, 6))

    profile = profiled(answers)

    assert profile.started
    assert profile.coverage == 0.0
    assert [score.mean for score in profile.scores] == [None] * 8


def test_a_change_is_told_where_both_cycles_can_be_shown(profiled: Profiled) -> None:
    before = profiled("D1.1=1 D1.2=1 D1.3=1  D2.1=4 D2.2=4 D2.3=4  D3.1=2", cycle="2023-1")
    now = profiled("D1.1=2 D1.2=2 D1.3=2  D2.1=4 D2.2=4  D3.1=2 D3.2=2 D3.3=2")

    changes = changes_since(now, before)

    assert changes == (Change("D1", 1.0, 2.0),)
    assert changes[0].by == 1.0


def test_a_fall_is_a_negative_change(profiled: Profiled) -> None:
    before = profiled("D1.1=4 D1.2=4 D1.3=4")
    now = profiled("D1.1=3 D1.2=3 D1.3=3")

    assert [change.by for change in changes_since(now, before)] == [-1.0]


def test_a_fall_to_zero_is_a_change_and_no_gap_in_the_data(profiled: Profiled) -> None:
    before = profiled("D1.1=2 D1.2=2 D1.3=2")
    now = profiled("D1.1=0 D1.2=0 D1.3=0")

    assert changes_since(now, before) == (Change("D1", 2.0, 0.0),)
