"""Vocabularies: codes are recorded, labels are read, and what is not in them is not let in."""

import pytest

from ncc_kernel.errors import DataFault, Rejected
from ncc_kernel.model.door import parse_file
from ncc_kernel.model.vocabulary import Vocabulary
from ncc_kernel.store.catalogue import Catalogue


@pytest.fixture
def types(catalogue: Catalogue) -> Vocabulary:
    return catalogue.vocabularies["actor_type"]


def test_every_vocabulary_of_the_method_is_there(catalogue: Catalogue) -> None:
    assert {code: len(one.terms) for code, one in catalogue.vocabularies.items()} == {
        "esf_objective": 13,
        "life_cycle": 6,
        "helix": 5,
        "actor_type": 18,
        "role": 6,
        "scaling_type": 3,
        "scale_level": 4,
        "evidence_level": 5,
        "toc_element": 8,
        "need_kind": 3,
        "link_kind": 8,
        "geo_precision": 4,
        "tier": 3,
        "review_status": 3,
        "visibility": 3,
        "degree": 4,
        "score": 5,
        "phase": 4,
        "cocreation_method": 20,
        "participation_depth": 5,
        "inclusion_check": 5,
        "commitment_state": 4,
        "prototype_verdict": 4,
        "readiness_level": 10,
        "use_level": 10,
        "transfer_check": 5,
        "selection_outcome": 4,
        "member_state": 27,
        "group_rule": 4,
        "path_type": 5,
        "path_state": 4,
        "seminar_topic": 3,
        "cop_topic": 4,
        "event_mode": 2,
        "event_state": 4,
        "agreement": 5,
        "follow_up_state": 4,
        "activity": 6,
    }


def test_every_vocabulary_says_where_it_is_from(catalogue: Catalogue) -> None:
    assert [code for code, one in catalogue.vocabularies.items() if not one.source] == []


def test_only_one_objective_is_no_priority_of_social_innovation(catalogue: Catalogue) -> None:
    terms = catalogue.vocabularies["esf_objective"].terms

    assert [term.code for term in terms if not term.si_priority] == ["ESO4.13"]


def test_every_type_of_agent_belongs_to_a_part_of_the_helix(catalogue: Catalogue) -> None:
    helix = catalogue.vocabularies["helix"].codes
    terms = catalogue.vocabularies["actor_type"].terms

    astray = [one.code for one in terms if one.parent is not None and one.parent not in helix]

    assert astray == []


@pytest.mark.parametrize("raw", ["municipality", "Municipality", " MUNICIPALITY\n"])
def test_a_term_is_meant_by_its_code_or_its_label_in_any_case(types: Vocabulary, raw: str) -> None:
    assert types.parse(raw) == "municipality"


def test_every_label_means_its_own_code(catalogue: Catalogue) -> None:
    wrong = [
        (one.code, term.code)
        for one in catalogue.vocabularies.values()
        for term in one.terms
        if one.parse(term.label) != term.code
    ]

    assert wrong == []


@pytest.mark.parametrize(
    ("raw", "hint"),
    [
        ("municipalty", "did you mean municipality?"),
        ("zzz", "use one of managing_authority, intermediate_body, "),
        ("<script>", "use one of managing_authority, intermediate_body, "),
        ("", "use one of managing_authority, intermediate_body, "),
    ],
)
def test_another_word_is_refused_with_a_hint(types: Vocabulary, raw: str, hint: str) -> None:
    with pytest.raises(Rejected) as caught:
        types.parse(raw)

    assert caught.value.what == f"{raw!r} is not in Types of agents."
    assert caught.value.hint.startswith(hint)


def test_a_code_that_is_known_is_shown_by_its_label(types: Vocabulary) -> None:
    assert types.label("managing_authority") == "ESF+ managing authority"


def test_a_code_that_is_not_known_is_shown_as_it_is(types: Vocabulary) -> None:
    assert types.label("<b>guild</b>") == "<b>guild</b>"


def test_a_code_used_twice_is_named() -> None:
    raw = {
        "code": "colours",
        "name": "Colours",
        "source": "ours",
        "terms": [{"code": "red", "label": "Red"}, {"code": "red", "label": "Rouge"}],
    }

    with pytest.raises(DataFault) as caught:
        parse_file(Vocabulary, raw, where="data/vocabularies.toml")

    assert caught.value.what == (
        "data/vocabularies.toml, whole file: vocabulary colours: a code is used twice."
    )
