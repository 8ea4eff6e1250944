"""The learning community on the pages: taken at one record, explained, and never a page too stale."""

import html
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ncc_kernel.model.revision import EU, Draft
from ncc_kernel.workbook import open_workbook
from ncc_kernel.workbook.reference import each_answers, ensure_reference, read_taken

AT = datetime(2024, 8, 1, 9, tzinfo=UTC)
CYCLE = "2024-1"


@pytest.fixture
def here(home: Any, monkeypatch: pytest.MonkeyPatch, catalogue: Any) -> Any:
    """This process stands in a home with the sample data, whose reference values are taken."""
    monkeypatch.setenv("NCC_HOME", str(home.root))
    monkeypatch.delenv("NCC_STORE", raising=False)
    with home.store() as store:
        ensure_reference(store, catalogue, cycle=CYCLE, at=AT)
    return home


def words_of(piece: Any) -> str:
    return html.unescape(" ".join(re.sub(r"<[^>]+>", " ", str(piece.html())).split()))


def record(home: Any, kind: str, key: str, payload: dict[str, Any], country: str = "PT") -> None:
    with home.store() as store:
        found = store.current(kind, country=country, cycle=CYCLE, key=key)
        base = found[0].seq if found else None
        draft = Draft(country, CYCLE, kind, key, base, payload)
        done = store.append([draft], author="ana", at=AT + timedelta(hours=1))
        assert len(done.written) == 1


def answer_all(home: Any, catalogue: Any, payload: dict[str, Any], country: str) -> None:
    with home.store() as store:
        bases = {one.key: one.seq for one in store.current("answer", country=country, cycle=CYCLE)}
        codes = [question.code for question in catalogue.guide.questions]
        drafts = [Draft(country, CYCLE, "answer", c, bases.get(c), payload) for c in codes]
        assert store.append(drafts, author="ana", at=AT + timedelta(hours=1)).written


def brief(country: str = "PT") -> Any:
    return open_workbook("06_country_brief", country, CYCLE, "brief")


def overview() -> Any:
    return open_workbook("07_eu_overview", EU, CYCLE, "brief")


def test_a_country_reads_its_group_why_and_from_which_record(here: Any, catalogue: Any) -> None:
    with here.store() as store:
        as_of = read_taken(store, catalogue, CYCLE).as_of

    said = words_of(brief().own_group())

    assert re.search(r"Group [A-D]: learns [a-z -]+, shares [a-z -]+\. With ", said)
    assert "Close to its group in" in said
    assert "can help with" in said
    assert said.endswith(f"Groups and mentors are taken from record {as_of}.")


@pytest.mark.parametrize("as_of", [None, 10**6])
def test_answers_come_country_by_country_and_who_gave_none_comes_too(
    here: Any, catalogue: Any, as_of: int | None
) -> None:
    with here.store() as store:
        each = list(each_answers(store, catalogue.codes, cycle=CYCLE, as_of=as_of))
        given = store.current("answer", cycle=CYCLE, as_of=as_of)

    assert [code for code, _answers in each] == sorted(catalogue.codes)
    assert any(not answers for _code, answers in each)
    assert [(code, key) for code, answers in each for key in answers] == [
        (one.country, one.key) for one in given
    ]
    assert [(one.country, one.key) for one in given] == sorted((o.country, o.key) for o in given)


def test_an_answer_of_one_country_leaves_the_groups_and_mentors_of_all_pages_as_they_are(
    here: Any, catalogue: Any
) -> None:
    before = {code: str(brief(code).own_group().html()) for code in ("AT", "PT")}
    everybody = str(overview().community().html())

    payload = {"state": "answered", "level": 5, "offers": True}
    answer_all(here, catalogue, payload, "PT")
    with here.store() as store:
        taken_anew = ensure_reference(store, catalogue, cycle=CYCLE, at=AT)

    assert not taken_anew
    assert {code: str(brief(code).own_group().html()) for code in ("AT", "PT")} == before
    assert str(overview().community().html()) == everybody


def test_who_can_be_compared_for_the_first_time_has_everything_taken_anew(
    here: Any, catalogue: Any
) -> None:
    assert "Placed where there was room" in words_of(brief("CZ").own_group())

    answer_all(here, catalogue, {"state": "answered", "level": 3}, "CZ")
    with here.store() as store:
        assert ensure_reference(store, catalogue, cycle=CYCLE, at=AT)

    assert "Close to its group in" in words_of(brief("CZ").own_group())


def test_the_coordinator_s_move_is_carried_out_and_stands_on_the_pages_with_its_reason(
    here: Any,
) -> None:
    move = {"rule": "move", "countries": ["PT"], "to": "FI", "reason": "They share a project"}
    record(here, "group_rule", "move-pt", move, EU)

    said, all_said = words_of(brief().own_group()), words_of(overview().community())

    assert "Finland" in said.partition("Mentors")[0]
    assert "Moved by the coordinator to the group of Finland: They share a project." in said
    assert "Moved to another group Portugal Finland They share a project" in all_said


def test_rules_that_contradict_each_other_are_a_sentence_and_the_page_stands(here: Any) -> None:
    apart = {"rule": "apart", "countries": ["CY", "EL"], "reason": "They asked."}
    record(here, "group_rule", "apart", apart, EU)

    sentence = "The rules say that CY and EL must be together and must be apart."
    assert sentence in words_of(brief().own_group())
    assert sentence in words_of(overview().community())
    assert "can help" in words_of(brief().own_group())  # mentors are found without groups


def test_hostile_words_in_a_rule_and_an_item_are_shown_as_words(here: Any) -> None:
    hostile = "<script>alert(1)</script>"
    rule = {"rule": "move", "countries": ["PT"], "to": "FI", "reason": hostile}
    record(here, "group_rule", "x", rule, EU)
    item = {"title": hostile, "type": "method", "lead": hostile, "note": hostile, "link": hostile}
    record(here, "path_item", "x", item)

    pieces = (brief().own_group(), brief().learning_path(), overview().community())

    for shown in map(str, (piece.html() for piece in pieces)):
        assert "<script" not in shown
        assert "&lt;script&gt;" in shown


def test_the_overview_tells_groups_the_other_number_and_how_steady_they_are(here: Any) -> None:
    said = words_of(overview().community())

    assert "4 learning groups of 6 or 7 countries." in said
    assert "no group is above another" in said
    assert "With 3 groups of 9 countries, a country would be on average" in said
    assert re.search(r"Leaving out one country, each of 23 in turn, changes nobody else's", said)
    assert re.search(r"\d+ countries need support and \d+ offer it\.", said)
    assert re.search(r"\d+ mentorships serve \d+ needs; a country takes on at most 2\.", said)
    assert re.search(r"Needs without a mentor: \d+", said)


def test_a_recorded_item_stands_in_the_path_in_place_of_its_proposal(here: Any) -> None:
    before = words_of(brief().learning_path())
    proposal = re.search(r"\b(D\d\.\d) the centre's team proposed", before)
    assert proposal is not None

    item = {
        "title": "We ask three municipalities",
        "type": "method",
        "question": "D1.2",
        "due": "2024-05-31",
        "state": "under_way",
    }
    record(here, "path_item", "own", item)
    after = words_of(brief().learning_path())

    assert "31 May 2024 We ask three municipalities" in after
    assert "Under way" in after
    assert after.count("proposed") == before.count("proposed") - 1


def test_both_windows_of_a_step_are_told_where_sources_disagree(here: Any) -> None:
    said = words_of(brief().learning_path())

    assert "Sources give different windows:" in said
    assert "(programme text, step 2)" in said
    assert "(calendar grid)" in said


def test_the_last_cycle_s_path_is_told_with_what_became_of_it(here: Any) -> None:
    told = [
        words_of(brief(code).learning_path()).partition("The path of cycle 2023-1")[2]
        for code in ("AT", "BG", "DK", "EE", "ES", "FI")
    ]

    assert any(re.search(r"\d items?: \d (done|under way)", one) for one in told)
    assert any(re.search(r"D\d\.\d: level \d then, \d now", one) for one in told)


def test_a_country_without_any_answer_has_a_place_and_no_path(here: Any) -> None:
    assert "Placed where there was room" in words_of(brief("MT").own_group())
    assert "Once there are gaps" in words_of(brief("MT").learning_path())


def test_an_empty_record_has_sentences_in_every_piece(
    empty_home: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NCC_HOME", str(empty_home.root))
    monkeypatch.delenv("NCC_STORE", raising=False)

    assert "no groups are formed yet" in words_of(brief().own_group())
    assert "no groups are formed yet" in words_of(overview().community())
    assert "Once there are gaps" in words_of(brief().learning_path())
