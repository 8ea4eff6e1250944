"""Check, submit, receipt, return, accept, reopen: from both sides of the desk."""

import re
from typing import Any

import pytest

from ncc_kernel.store.log import Store


def fields(answer: str = "", **others: Any) -> dict[str, Any]:
    return {"answer": answer} | others


@pytest.fixture
def ana(opened: Any) -> Any:
    """An editor who has answered one statement."""
    page = opened("ana")
    page.hello()
    page.change("D1.1", None, fields("3"))
    return page


@pytest.fixture
def eva(opened: Any) -> Any:
    """A coordinator."""
    page = opened("eva", "coordinator")
    page.hello()
    return page


def submissions(record: Store) -> list[str]:
    history = record.history("submission", "PT", "2024-1", "self_assessment")
    return [(one.payload or {})["state"] for one in history]


def test_what_is_not_answered_is_a_warning_and_what_is_half_typed_an_error(
    ana: Any, guide: Any
) -> None:
    ana.change("D1.2", None, fields(comment="thinking"))

    (said,) = ana.send(do="check")

    assert [(one["question"], one["field"]) for one in said["errors"]] == [("D1.2", "answer")]
    assert len(said["warnings"]) == len(guide.questions) - 2
    assert said["summary"] == (
        "1 of 40 statements are answered. 1 is begun and not complete: D1.2. 38 are not answered."
    )


def test_a_form_with_something_half_typed_is_not_submitted(ana: Any, record: Store) -> None:
    ana.change("D1.2", None, fields("not_applicable"))

    said = ana.one(do="submit")

    assert said["is"] == "refused"
    assert "D1.2: Say why this statement does not apply to you." in said["message"]
    assert submissions(record) == []


def test_the_receipt_says_what_when_and_who(ana: Any) -> None:
    said = ana.one(do="submit")

    assert said["is"] == "receipt"
    assert re.fullmatch(r"PT-2024-1-[0-9A-F]{4}", said["reference"])
    assert said["digest"][:4].upper() == said["reference"][-4:]
    assert re.fullmatch(r"6 May 2024, 12:00:\d\d \(UTC\+00:00\)", said["at"])
    assert said["by"] == "ana"
    assert said["html"] == f"{said['reference']} with 1 answers"
    assert ana.told[-1]["is"] == "state"
    assert ana.told[-1]["state"] == "submitted"


def test_submitted_twice_is_submitted_once(ana: Any, opened: Any, record: Store) -> None:
    first = ana.one(do="submit")

    again, another_tab = ana.one(do="submit"), opened("ana").one(do="submit")

    assert {again["reference"], another_tab["reference"]} == {first["reference"]}
    assert {again["at"], another_tab["at"]} == {first["at"]}
    assert submissions(record) == ["submitted"]


def test_what_is_submitted_stands_still(ana: Any, opened: Any, record: Store) -> None:
    rui = opened("rui")
    rui.hello()
    ana.one(do="submit")

    said = rui.change("D1.2", None, fields("2"))

    assert (said["is"], said["hint"]) == ("refused", "ask to reopen it")
    assert [one.key for one in record.current("answer", country="PT")] == ["D1.1"]


def test_everyone_hears_that_it_is_submitted(ana: Any, opened: Any) -> None:
    rui = opened("rui")
    rui.hello()
    ana.one(do="submit")

    told = [one for one in rui.poll() if one["is"] == "state"]

    assert [(one["state"], one["by"]) for one in told] == [("submitted", "ana")]


def test_who_opens_it_later_gets_the_receipt_again(ana: Any, opened: Any) -> None:
    receipt = ana.one(do="submit")

    _all, again = opened("rui").send(do="hello")

    assert (again["is"], again["reference"]) == ("receipt", receipt["reference"])
    assert "id" not in again


def test_it_is_returned_with_a_note_mended_and_accepted(ana: Any, eva: Any, record: Store) -> None:
    first = ana.one(do="submit")
    eva.one(do="review", decision="return", note="Which mapping?")
    told = next(one for one in ana.poll() if one["is"] == "state")
    seq = ana.hello()["values"]["D1.1"]["seq"]
    ana.change("D1.1", seq, fields("2", comment="The mapping of 2023"))
    (checked,) = ana.send(do="check")

    second = ana.one(do="submit")
    accepted = eva.one(do="review", decision="accept", note="")

    assert (told["state"], told["note"], told["by"]) == ("returned", "Which mapping?", "eva")
    assert [(one["field"], one["before"], one["now"]) for one in checked["changes"]] == [
        ("answer", "3", "2"),
        ("comment", "", "The mapping of 2023"),
    ]
    assert second["digest"] != first["digest"]
    assert accepted["state"] == "accepted"
    assert submissions(record) == ["submitted", "returned", "submitted", "accepted"]


def test_a_return_without_a_note_and_one_without_a_submission_are_refused(
    ana: Any, eva: Any
) -> None:
    early = eva.one(do="review", decision="return", note="mend")
    ana.one(do="submit")
    silent = eva.one(do="review", decision="return", note="  ")

    assert early["message"] == "It is not submitted, so there is nothing to review."
    assert silent["message"] == "A return needs a note."


def test_what_was_returned_is_not_submitted_unchanged(ana: Any, eva: Any) -> None:
    ana.one(do="submit")
    eva.one(do="review", decision="return", note="Which mapping?")

    assert ana.one(do="submit")["message"] == "Nothing has changed since it was returned."


def test_the_same_decision_twice_is_one(ana: Any, eva: Any, record: Store) -> None:
    ana.one(do="submit")

    replies = [eva.one(do="review", decision="return", note="mend") for _ in range(2)]

    assert [one["state"] for one in replies] == ["returned", "returned"]
    assert submissions(record) == ["submitted", "returned"]


def test_a_request_to_reopen_is_seen_and_its_answer_ends_it(ana: Any, eva: Any) -> None:
    ana.one(do="submit")
    eva.one(do="review", decision="accept", note="")
    asked = ana.one(do="ask_reopen", note="D2.1 has changed")
    seen = next(one for one in eva.poll() if one["is"] == "state")

    opened_again = eva.one(do="review", decision="reopen", note="until Friday")

    assert (asked["asked"], seen["asked"]) == ("D2.1 has changed", "D2.1 has changed")
    assert (opened_again["state"], opened_again["asked"]) == ("reopened", "")
    assert ana.change("D1.2", None, fields("2"))["is"] == "saved"


def test_only_a_coordinator_decides(ana: Any, record: Store) -> None:
    ana.one(do="submit")

    said = ana.one(do="review", decision="accept", note="")

    assert said["message"] == "Only a coordinator returns, accepts or reopens."
    assert submissions(record) == ["submitted"]


def test_an_empty_form_is_not_submitted(opened: Any) -> None:
    said = opened().one(do="submit")

    assert said["message"] == "Nothing is answered yet, so there is nothing to submit."
