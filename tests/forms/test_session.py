"""One form, message by message, on a real record: what is answered, kept, refused and shown."""

from typing import Any

import pytest

from ncc_kernel.forms.scene import Allowed
from ncc_kernel.store.log import Store

HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "'); DROP TABLE revision; --",
    "=cmd|' /C calc'!A0",
    "{{7*7}} ${7*7} %s %(x)s {0.__class__}",
    "../../etc/passwd",
    "\N{RIGHT-TO-LEFT OVERRIDE}abc שלום",
    "\N{WOMAN}\N{ZERO WIDTH JOINER}\N{GIRL} é 中文",
    "</textarea></script>\n<!-- --> ]]>",
    "a" * 10_000,
)
TEXTS = ("reason", "comment", "evidence", "evidence_link")


def fields(answer: str = "", **others: Any) -> dict[str, Any]:
    empty = dict.fromkeys((*TEXTS, "confidence", "priority", "target"), "")
    return {**empty, "offers": False, "needs": False, "answer": answer} | others


def kinds_of(record: Store) -> dict[str, Any]:
    """What stands in the record, without what the store is."""
    found = record.current(country="PT", cycle="2024-1")
    return {f"{one.kind} {one.key}": one.payload for one in found}


def test_hello_is_answered_with_the_whole_guide_and_what_stands(opened: Any, guide: Any) -> None:
    page = opened(previous={"D1.1": 2}, medians={"D1.1": 3.0}, urls={"xlsx": "/x"})
    page.change("D1.1", None, fields("3", comment="so"))

    said = opened(previous={"D1.1": 2}, medians={"D1.1": 3.0}).hello()

    asked = [q["code"] for one in said["guide"]["dimensions"] for q in one["questions"]]
    assert asked == [one.code for one in guide.questions]
    assert all(len(q["levels"]) == 6 for d in said["guide"]["dimensions"] for q in d["questions"])
    assert said["values"]["D1.1"]["fields"] == fields("3", comment="so")
    assert said["values"]["D1.1"]["complete"] is True
    assert (said["previous"]["D1.1"], said["previous"]["D1.2"]) == (2, None)
    assert said["median"] == {"D1.1": 3.0}
    assert said["state"]["state"] == "draft"
    assert said["place"] == "D1.1"


def test_a_whole_answer_is_saved_as_an_answer(opened: Any, record: Store) -> None:
    page = opened()
    page.hello()

    said = page.change("D1.1", None, fields("3", target="4", priority="5", offers=True))

    assert (said["is"], said["by"], said["complete"]) == ("saved", "ana", True)
    assert kinds_of(record) == {
        "answer D1.1": {
            "state": "answered",
            "level": 3,
            "target": 4,
            "priority": 5,
            "offers": True,
            "guide": "0.1",
        }
    }


def test_what_is_half_typed_is_kept_and_says_what_it_lacks(opened: Any, record: Store) -> None:
    page = opened()

    said = page.change("D1.1", None, fields("not_applicable", comment="because"))

    assert said["is"] == "invalid"
    assert said["messages"] == {"reason": "Say why this statement does not apply to you."}
    assert kinds_of(record) == {"draft D1.1": {"answer": "not_applicable", "comment": "because"}}
    assert opened().hello()["values"]["D1.1"]["fields"]["comment"] == "because"


def test_a_whole_answer_takes_its_draft_away_in_the_same_append(opened: Any, record: Store) -> None:
    page = opened()
    half = page.change("D1.1", None, fields(comment="so far"))

    done = page.change("D1.1", half["seq"], fields("2", comment="so far"))

    assert done["is"] == "saved"
    assert list(kinds_of(record)) == ["answer D1.1"]
    assert [one.kind for one in record.changes(half["seq"])] == ["answer", "draft"]


def test_an_answer_stands_while_a_new_one_is_half_typed(opened: Any, record: Store) -> None:
    page = opened()
    first = page.change("D1.1", None, fields("2"))

    page.change("D1.1", first["seq"], fields("not_applicable"))

    assert kinds_of(record)["answer D1.1"]["level"] == 2
    assert page.one(do="submit")["is"] == "refused"


def test_nothing_given_is_no_entry(opened: Any, record: Store) -> None:
    page = opened()
    first = page.change("D1.1", None, fields("2", comment="so"))

    said = page.change("D1.1", first["seq"], fields())

    assert said["is"] == "saved"
    assert kinds_of(record) == {}
    assert page.change("D1.1", said["seq"], fields("1"))["is"] == "saved"


@pytest.mark.parametrize("given", [fields("3"), fields("not_applicable"), fields(comment="x")])
def test_the_same_change_again_is_answered_alike_and_written_once(
    opened: Any, record: Store, given: dict[str, Any]
) -> None:
    page = opened()
    first = page.change("D1.1", None, given)
    before = record.last_seq()

    again = page.change("D1.1", None, given)
    after_reload = opened().change("D1.1", None, given)

    same = {"is", "question", "seq"}
    assert all(
        {k: one[k] for k in same} == {k: first[k] for k in same} for one in (again, after_reload)
    )
    assert record.last_seq() == before


def test_a_change_on_what_is_no_longer_there_is_shown_as_mine_and_theirs(
    opened: Any, record: Store
) -> None:
    ana, rui = opened("ana"), opened("rui")
    ana.hello()
    rui.hello()
    theirs = rui.change("D1.1", None, fields("4", comment="rui's"))

    said = ana.change("D1.1", None, fields("2", comment="ana's"))

    assert said["is"] == "conflict"
    assert said["mine"] == fields("2", comment="ana's")
    assert said["theirs"]["fields"] == fields("4", comment="rui's")
    assert (said["theirs"]["seq"], said["theirs"]["by"]) == (theirs["seq"], "rui")
    assert kinds_of(record)["answer D1.1"]["level"] == 4


def test_a_draft_by_one_and_an_answer_by_another_are_in_conflict_too(opened: Any) -> None:
    ana, rui = opened("ana"), opened("rui")
    first = ana.change("D1.1", None, fields("2"))
    rui.hello()
    rui.change("D1.1", first["seq"], fields(comment="thinking"))

    said = opened("eva").change("D1.1", first["seq"], fields("5"))

    assert (said["is"], said["theirs"]["fields"]["comment"]) == ("conflict", "thinking")


def test_what_is_decided_on_top_of_theirs_stands(opened: Any, record: Store) -> None:
    ana, rui = opened("ana"), opened("rui")
    rui.change("D1.1", None, fields("4", comment="rui's"))
    clash = ana.change("D1.1", None, fields("2", comment="ana's"))
    both = fields("3", comment="rui's\nana's")

    said = ana.one(do="resolve", question="D1.1", base=clash["theirs"]["seq"], fields=both)

    assert said["is"] == "saved"
    assert kinds_of(record)["answer D1.1"]["comment"] == "rui's\nana's"


def test_two_changes_in_a_row_on_one_base_are_no_conflict_with_oneself(opened: Any) -> None:
    page = opened()

    page.change("D1.1", None, fields("2"))

    assert page.change("D1.1", None, fields("3"))["is"] == "saved"


def test_what_was_recorded_and_overtaken_is_saved_and_the_newer_is_told(opened: Any) -> None:
    ana, rui = opened("ana"), opened("rui")
    mine = ana.change("D1.1", None, fields("2"))
    rui.change("D1.1", mine["seq"], fields("4"))
    reloaded = opened("ana")
    reloaded.hello()

    replies = reloaded.send(do="change", id=9, question="D1.1", base=None, fields=fields("2"))

    assert [one["is"] for one in replies] == ["saved", "changed"]
    assert (replies[0]["seq"], replies[1]["fields"]["answer"]) == (mine["seq"], "4")


def test_what_another_saves_is_told_once_with_the_next_look(opened: Any) -> None:
    ana, rui = opened("ana"), opened("rui")
    ana.hello()
    rui.change("D1.1", None, fields("4"))

    told = ana.poll()

    assert [(one["is"], one.get("question"), one.get("by")) for one in told] == [
        ("changed", "D1.1", "rui"),
        ("present", None, None),
    ]
    assert ana.poll() == []
    assert [one["is"] for one in rui.poll()] == ["present"]


@pytest.mark.parametrize("field", TEXTS)
@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_stays_the_text_that_it_is(opened: Any, field: str, text: str) -> None:
    page = opened()
    answer = "" if field == "evidence_link" else "not_applicable"
    given = fields(answer, **({"reason": "x"} | {field: text}))

    page.change("D1.1", None, given)

    assert opened().hello()["values"]["D1.1"]["fields"][field] == text


def test_a_text_that_is_too_long_is_refused_in_words_and_nothing_is_cut(
    opened: Any, record: Store
) -> None:
    said = opened().change("D1.1", None, fields("2", comment="a" * 10_001))

    assert said["is"] == "refused"
    assert "comment" in said["message"]
    assert "10000" in said["message"]
    assert kinds_of(record) == {}


def test_a_link_that_is_too_long_for_an_answer_is_kept_as_a_draft(
    opened: Any, record: Store
) -> None:
    said = opened().change("D1.1", None, fields("2", evidence_link="h" * 401))

    assert said["messages"] == {"evidence_link": "Write at most 400 characters here."}
    assert list(kinds_of(record)) == ["draft D1.1"]


@pytest.mark.parametrize(
    "message",
    [
        None,
        [],
        "hello",
        {},
        {"do": "execute", "id": 1, "code": "import os"},
        {"do": "__class__", "id": 1},
        {"do": "change", "id": 1},
        {"do": "change", "id": 1, "question": "D9.9", "base": None, "fields": {}},
        {"do": "change", "id": 1, "question": ["D1.1"], "base": None, "fields": {}},
        {"do": "change", "id": 1, "question": "D1.1", "base": None, "fields": None},
        {"do": "change", "id": 1, "question": "D1.1", "base": None, "fields": {"answer": 3}},
        {"do": "change", "id": 1, "question": "D1.1", "base": None, "fields": {"answer": "6"}},
        {"do": "change", "id": 1, "question": "D1.1", "base": None, "fields": {"offers": "yes"}},
        {"do": "change", "id": 1, "question": "D1.1", "base": None, "fields": {"level": "3"}},
        {"do": "change", "id": 1, "question": "D1.1", "base": {}, "fields": {"answer": []}},
        {"do": "review", "id": 1, "decision": "accept"},
        {"do": "review", "id": 1, "decision": {"a": 1}, "note": ["x"]},
        {"do": "ask_reopen", "id": 1, "note": "x"},
        {"do": "submit", "id": 1},
    ],
)
def test_what_is_no_message_of_a_form_is_refused_in_a_sentence(
    opened: Any, record: Store, message: Any
) -> None:
    before = record.last_seq()

    (said,) = opened().session.receive(message)

    assert said["is"] == "refused"
    assert said["message"].endswith(".")
    assert said.get("id") == (message.get("id") if isinstance(message, dict) else None)
    assert record.last_seq() == before


def test_a_ping_is_answered_at_once(opened: Any) -> None:
    assert opened().send(do="ping", n=7) == [{"is": "pong", "n": 7}]


def test_who_may_only_read_sees_everything_and_changes_nothing(opened: Any, record: Store) -> None:
    page = opened(role="reader")
    page.allowed[0] = Allowed()

    assert page.hello()["may"] == {"write": False, "submit": False, "review": False}
    assert page.change("D1.1", None, fields("2"))["is"] == "refused"
    assert page.one(do="submit")["is"] == "refused"
    assert page.one(do="ask_reopen", note="please")["is"] == "refused"
    assert kinds_of(record) == {}


def test_who_may_not_read_gets_nothing(opened: Any) -> None:
    page = opened()
    page.allowed[0] = Allowed(read=False)

    assert page.send(do="hello") == [
        {
            "is": "refused",
            "message": "This form is not yours to read.",
            "hint": "ask a coordinator for another role",
        }
    ]


def test_the_picture_is_drawn_anew_when_a_level_changes_and_only_then(opened: Any) -> None:
    page = opened()
    page.hello()
    first = page.session.to_draw()()
    saved = page.change("D1.1", None, fields("not_applicable", reason="another body does this"))
    second = page.session.to_draw()()
    page.change("D1.1", saved["seq"], fields("not_applicable", reason="the ministry does this"))

    assert page.session.to_draw() is None
    assert (first["finding"], second["finding"]) == ("0 answers", "1 answers")
    total = second["progress"]["D1"]["total"]
    assert second["progress"]["D1"]["applicable"] == total - 1
    assert second["progress"]["D1"]["answered"] == 0


def test_another_ones_answer_draws_it_anew_too(opened: Any) -> None:
    ana, rui = opened("ana"), opened("rui")
    ana.hello()
    ana.session.to_draw()
    rui.change("D1.1", None, fields("4"))

    ana.poll()

    assert ana.session.to_draw()()["finding"] == "1 answers"
