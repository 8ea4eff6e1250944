"""The summary: sentences made from the data, and no sentence without data."""

from collections.abc import Callable

import pytest

from ncc_kernel.analysis.ecosystem import Ecosystem
from ncc_kernel.analysis.gaps import gaps, strengths
from ncc_kernel.analysis.peers import Band, Peers
from ncc_kernel.analysis.profile import changes_since, score_profile
from ncc_kernel.analysis.summary import country_summary, signed
from ncc_kernel.model.answer import Answer
from ncc_kernel.model.ecosystem import Agent, Initiative, Link
from ncc_kernel.model.guide import Guide

Given = Callable[[str], dict[str, Answer]]
Summed = Callable[..., tuple[str, ...]]

NO_MAP = Ecosystem({}, {}, {}, {})
NO_PEERS = Peers(0, ())


@pytest.fixture
def summed(guide: Guide, given: Given) -> Summed:
    """The summary of answers in short."""

    def make(
        now: str, *, before: str = "", peers: Peers = NO_PEERS, eco: Ecosystem = NO_MAP
    ) -> tuple[str, ...]:
        answers = given(now)
        profile = score_profile(guide, answers, country="PT", cycle="2024-1")
        earlier = score_profile(guide, given(before), country="PT", cycle="2023-1")
        return country_summary(
            guide,
            profile,
            name="Portugal",
            peers=peers,
            changes=changes_since(profile, earlier),
            found=(strengths(guide, answers), gaps(guide, answers)),
            ecosystem=eco,
        )

    return make


def full(*levels: int) -> str:
    return " ".join(f"D{d}.{q}={level}" for d, level in enumerate(levels, 1) for q in range(1, 6))


def test_a_country_without_answers_has_two_sentences(summed: Summed) -> None:
    assert summed("") == (
        "Portugal has not answered the self-assessment of this cycle yet.",
        "Nothing is on the ecosystem map yet.",
    )


def test_a_country_that_knows_nothing_yet_has_started(summed: Summed) -> None:
    assert summed("D1.1=dk")[0] == (
        "Portugal answered 0 of 40 applicable statements (0%), enough to show 0 of 8 dimensions."
    )


def test_a_full_summary_says_everything_once(summed: Summed) -> None:
    peers = Peers(
        6,
        (Band("D1", 6, 1.0, 3.2, 4.0), Band("D2", 6, 1.0, 1.5, 4.0), Band("D3", 5, 0.5, 2.0, 3.0)),
    )
    eco = Ecosystem(
        {"a": Agent(name="A"), "b": Agent(name="B")},
        {"i": Initiative(title="I")},
        {"l": Link(agent="a", target="i", kind="leads")},
        {},
    )

    said = summed(
        "D1.1=4 D1.2=4 D1.3=5 D1.4=4 D1.5=3  D2.1=1/4 D2.2=1 D2.3=2/5 D2.4=na D2.5=dk"
        "  D3.1=2 D3.2=2 D3.3=2",
        before=full(2, 4, 2),
        peers=peers,
        eco=eco,
    )

    assert "\n".join(said) == (
        "Portugal answered 11 of 39 applicable statements (28%), "
        "enough to show 3 of 8 dimensions.\n"
        "Its strongest dimension is Systemic ecosystem mapping at 4.0 of 5 "
        "(above the EU median of 3.2); its weakest is Continuous interaction with the ecosystem "
        "at 1.3 (about the EU median of 1.5).\n"
        "Since the last cycle 1 of 3 comparable dimensions rose and 1 fell; the largest change is "
        "Continuous interaction with the ecosystem, \N{MINUS SIGN}2.7.\n"
        "4 statements stand at level 4 or 5 and can be shared; 6 stand at level 2 or below, "
        "2 of them with high priority.\n"
        "The ecosystem map holds 2 agents, 1 initiative and 1 link between them."
    )


def test_without_eu_values_nothing_is_said_of_them(summed: Summed) -> None:
    assert summed(full(3, 1))[1] == (
        "Its strongest dimension is Systemic ecosystem mapping at 3.0 of 5; "
        "its weakest is Continuous interaction with the ecosystem at 1.0."
    )


def test_below_the_eu_median_is_said(summed: Summed) -> None:
    peers = Peers(5, (Band("D2", 5, 1.0, 2.0, 3.0),))

    assert summed(full(3, 1), peers=peers)[1].endswith("at 1.0 (below the EU median of 2.0).")


def test_when_all_are_equal_none_is_strongest_and_weakest(summed: Summed) -> None:
    assert summed(full(3, 3, 3))[1] == "The 3 dimensions that can be shown are equal, at 3.0 of 5."


def test_one_dimension_alone_is_not_strongest_and_weakest(summed: Summed) -> None:
    assert summed(full(3))[1] == (
        "The only dimension that can be shown is Systemic ecosystem mapping, at 3.0 of 5."
    )


def test_one_dimension_alone_is_compared_with_the_eu(summed: Summed) -> None:
    peers = Peers(5, (Band("D1", 5, 1.0, 2.0, 3.0),))

    assert summed(full(3), peers=peers)[1] == (
        "The only dimension that can be shown is Systemic ecosystem mapping, at 3.0 of 5 "
        "(above the EU median of 2.0)."
    )


def test_one_strength_and_one_gap_are_told_in_the_singular(summed: Summed) -> None:
    assert summed("D1.1=5 D1.2=0")[1] == (
        "1 statement stands at level 4 or 5 and can be shared; "
        "1 stands at level 2 or below, 0 of them with high priority."
    )


@pytest.mark.parametrize(
    ("levels", "words"),
    [
        (0.0, "0.0"),
        (0.04, "0.0"),
        (-0.04, "0.0"),
        (-0.0, "0.0"),
        (0.06, "+0.1"),
        (1.0, "+1.0"),
        (-2.5, "\N{MINUS SIGN}2.5"),
    ],
)
def test_a_difference_has_its_sign_unless_it_is_none(levels: float, words: str) -> None:
    assert signed(levels) == words
