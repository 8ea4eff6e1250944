"""`ncc groups` as a coordinator meets it: groups, mentors, what is not met, and what is refused."""

import json
from collections import Counter
from pathlib import Path

import pytest

from ncc_kernel.store.catalogue import Catalogue
from tests.conftest import TestHome


def test_json_is_one_object_of_the_promised_shape_and_nobody_is_overloaded(
    home: TestHome, catalogue: Catalogue
) -> None:
    done = home.ncc("groups", "--json")

    assert done.code == 0, done.err
    said = json.loads(done.out)
    assert list(said) == ["groups", "mentors", "unmet"]
    assert {tuple(one) for one in said["groups"]} == {("name", "members", "why")}
    assert {tuple(one) for one in said["mentors"]} == {("need", "mentor", "for")}
    assert {tuple(one) for one in said["unmet"]} == {("need", "for", "why")}
    members = [code for one in said["groups"] for code in one["members"]]
    assert sorted(members) == list(catalogue.codes)
    assert sorted(len(one["members"]) for one in said["groups"]) == [6, 7, 7, 7]
    assert all(one["why"] for one in (*said["groups"], *said["unmet"]))
    assert max(Counter(one["mentor"] for one in said["mentors"]).values()) == 2


def test_words_explain_each_country_and_name_the_limit(home: TestHome) -> None:
    done = home.ncc("groups", "--groups", "3", "--limit", "1")

    assert done.code == 0
    assert done.out.startswith("Group A: learns ")
    assert "MT Malta: Placed where there was room: enough is answered in 0 of 8" in done.out
    assert "Kept together by the coordinator with Greece" in done.out
    assert "Mentors, at most 1 mentorship each:" in done.out


def test_an_empty_store_gives_a_sentence_and_no_groups(empty_home: TestHome) -> None:
    done = empty_home.ncc("groups", "--json")

    assert done.code == 0
    assert json.loads(done.out) == {"groups": [], "mentors": [], "unmet": []}
    assert done.err == (
        "No country has answered enough to be compared, so no groups are formed yet.\n"
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--groups", "5"), "There can be 3 or 4 groups, not 5."),
        (("--cycle", "2031-1"), "'2031-1' is not a cycle."),
    ],
)
def test_misuse_ends_with_two(home: TestHome, words: tuple[str, ...], said: str) -> None:
    done = home.ncc("groups", *words)

    assert done.code == 2
    assert said in done.err


def test_rules_that_contradict_each_other_end_with_a_sentence(
    home: TestHome, tmp_path: Path
) -> None:
    rule = {
        "kind": "group_rule",
        "country": "EU",
        "cycle": "2024-1",
        "key": "apart",
        "payload": {"rule": "apart", "countries": ["CY", "EL"], "reason": "They asked."},
    }
    (tmp_path / "rule.jsonl").write_text(json.dumps(rule), encoding="utf-8")
    taken = home.ncc("import", tmp_path / "rule.jsonl")
    assert "1 new" in taken.out, taken.out + taken.err

    done = home.ncc("groups")

    assert done.code == 2
    assert "The rules say that CY and EL must be together and must be apart." in done.err
    assert "Hint: withdraw one of the rules" in done.err
