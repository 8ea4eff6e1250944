"""Strengths and gaps: found in what was answered, and in nothing else."""

from collections.abc import Callable

import pytest

from ncc_kernel.analysis.gaps import gaps, strengths
from ncc_kernel.model.answer import Answer
from ncc_kernel.model.guide import Guide

Given = Callable[[str], dict[str, Answer]]


@pytest.mark.parametrize("answers", ["", "D1.1=dk", "D1.1=na", "D1.1=3", "X9=0"])
def test_what_has_no_low_level_is_no_gap(guide: Guide, given: Given, answers: str) -> None:
    assert gaps(guide, given(answers)) == ()


@pytest.mark.parametrize("answers", ["", "D1.1=dk", "D1.1=na", "D1.1=3", "X9=5"])
def test_what_has_no_high_level_is_no_strength(guide: Guide, given: Given, answers: str) -> None:
    assert strengths(guide, given(answers)) == ()


def test_gaps_come_by_priority_then_weakest_then_in_the_guides_order(
    guide: Guide, given: Given
) -> None:
    answers = given("D8.1=0/5 D1.1=2 D1.2=1 D3.1=2/5 D2.1=2/3 D4.1=0/5 D1.3=0/1 D5.1=3/5")

    found = gaps(guide, answers)

    assert [one.question.code for one in found] == [
        "D4.1",
        "D8.1",
        "D3.1",
        "D2.1",
        "D1.3",
        "D1.2",
        "D1.1",
    ]


@pytest.mark.parametrize(
    ("said", "urgent"), [("0", False), ("0/1", False), ("0/3", False), ("0/4", True), ("2/5", True)]
)
def test_a_gap_is_urgent_from_priority_four(
    guide: Guide, given: Given, said: str, *, urgent: bool
) -> None:
    (found,) = gaps(guide, given(f"D1.1={said}"))

    assert found.urgent is urgent


@pytest.mark.parametrize(("level", "field"), [(0, "next_low"), (1, "next_low"), (2, "next_mid")])
def test_a_gap_has_the_next_step_of_its_level(
    guide: Guide, given: Given, level: int, field: str
) -> None:
    (found,) = gaps(guide, given(f"D1.1={level}"))

    assert found.next_step == getattr(guide.question("D1.1"), field)


def test_strengths_come_highest_first_then_in_the_guides_order(guide: Guide, given: Given) -> None:
    found = strengths(guide, given("D8.1=5 D1.1=4 D2.1=5 D1.2=4 D1.3=3"))

    assert [(one.question.code, one.level) for one in found] == [
        ("D2.1", 5),
        ("D8.1", 5),
        ("D1.1", 4),
        ("D1.2", 4),
    ]
