"""Handing in: errors apart from warnings, a digest, the steps there are, two versions compared."""

from collections.abc import Callable
from itertools import product

import pytest

from ncc_kernel.analysis.peers import question_medians
from ncc_kernel.analysis.submission import check, compare, digest, reference, remarks, step
from ncc_kernel.errors import Rejected
from ncc_kernel.model.answer import Answer
from ncc_kernel.model.guide import Guide
from ncc_kernel.model.typed_draft import TypedDraft

Given = Callable[[str], dict[str, Answer]]


def test_an_unanswered_statement_is_a_warning_and_no_error(guide: Guide, given: Given) -> None:
    found = check(guide, given("D1.1=3"), {})

    assert found.errors == ()
    assert [one.question for one in found.warnings] == [q.code for q in guide.questions[1:]]


def test_a_whole_guide_answered_leaves_nothing_to_say(guide: Guide, given: Given) -> None:
    found = check(guide, given(" ".join(f"{one.code}=3" for one in guide.questions)), {})

    assert (found.errors, found.warnings) == ((), ())
    assert found.summary == "40 of 40 statements are answered."


def test_what_is_half_typed_over_an_answer_is_an_error(guide: Guide, given: Given) -> None:
    found = check(guide, given("D1.1=3"), {"D1.1": TypedDraft(answer="not_applicable")})

    assert [(one.question, one.field) for one in found.errors] == [("D1.1", "reason")]


@pytest.mark.parametrize(
    ("answer", "fields"),
    [
        (Answer(state="answered", level=4), ["evidence"]),
        (Answer(state="answered", level=4, evidence="Report 2023"), []),
        (Answer(state="answered", level=4, evidence_link="https://example.eu"), []),
        (Answer(state="answered", level=3), []),
        (Answer(state="answered", level=2, evidence_link="javascript:x"), ["evidence_link"]),
        (Answer(state="answered", level=3, target=2), ["target"]),
        (Answer(state="answered", level=3, target=3), []),
        (Answer(state="dont_know", target=2), []),
    ],
)
def test_what_one_should_look_at_is_named_by_field(answer: Answer, fields: list[str]) -> None:
    assert [one.field for one in remarks("D1.1", answer)] == fields


def test_the_digest_hangs_on_every_answer_and_not_on_their_order(given: Given) -> None:
    one, other = given("D1.1=3 D1.2=dk"), given("D1.2=dk D1.1=3")

    assert digest(one) == digest(other)
    assert digest(one) != digest(given("D1.1=3"))
    assert digest(one) != digest(given("D1.1=2 D1.2=dk"))
    assert reference("PT", "2024-1", digest(one)) == f"PT-2024-1-{digest(one)[:4].upper()}"


ALLOWED = {
    ("draft", "submit"): "submitted",
    ("returned", "submit"): "submitted",
    ("reopened", "submit"): "submitted",
    ("submitted", "return"): "returned",
    ("submitted", "accept"): "accepted",
    ("submitted", "reopen"): "reopened",
    ("accepted", "reopen"): "reopened",
}
STATES = ("draft", "submitted", "returned", "accepted", "reopened")


@pytest.mark.parametrize(
    ("state", "decision"), list(product(STATES, ("submit", "return", "accept", "reopen")))
)
def test_there_are_seven_steps_and_no_other(state: str, decision: str) -> None:
    if (state, decision) in ALLOWED:
        assert step(state, decision, note="why") == ALLOWED[state, decision]
        return
    with pytest.raises(Rejected, match=r"^The self-assessment is .*, so it cannot be \w+\."):
        step(state, decision, note="why")


@pytest.mark.parametrize("decision", ["", "delete", "returned", "__class__"])
def test_an_unknown_decision_is_refused_with_those_there_are(decision: str) -> None:
    with pytest.raises(Rejected) as refused:
        step("submitted", decision)

    assert refused.value.hint == "use one of submit, return, accept, reopen"


def test_two_versions_are_compared_field_by_field(guide: Guide, given: Given) -> None:
    found = compare(guide, given("D1.1=3/5 D1.2=dk"), given("D1.2=2 D1.3=na D1.1=3/5"))

    assert [(one.question, one.field, one.before, one.now) for one in found] == [
        ("D1.2", "answer", "dont_know", "2"),
        ("D1.3", "answer", "", "not_applicable"),
        ("D1.3", "reason", "", "another body does this"),
    ]


def test_the_median_of_a_question_needs_five_countries_with_a_level(given: Given) -> None:
    def levels(*countries: str) -> list[tuple[str, int | None]]:
        return [(code, one.level) for text in countries for code, one in given(text).items()]

    four = question_medians(levels(*["D1.1=3 D1.2=2"] * 4, "D1.1=dk D1.2=na"))
    five = question_medians(levels(*["D1.1=3 D1.2=2"] * 4, "D1.1=5"))

    assert four == {}
    assert five == {"D1.1": 3.0}
