"""Rules for the groups and items of a learning path: what can stand, and what is refused."""

from typing import Any

import pytest

from ncc_kernel.errors import Rejected
from ncc_kernel.model.account import Account
from ncc_kernel.model.kinds import parse_payload
from ncc_kernel.model.permission import may
from ncc_kernel.model.revision import EU
from ncc_kernel.store.catalogue import Catalogue

WHY = {"reason": "They asked for it."}


@pytest.mark.parametrize(
    "raw",
    [
        {"rule": "together", "countries": ["PT", "ES"]},
        {"rule": "apart", "countries": ["PT", "ES", "FR"]},
        {"rule": "move", "countries": ["PT"], "to": "FI"},
        {"rule": "number", "number": 3},
    ],
)
def test_a_rule_that_says_all_it_must_stands(raw: dict[str, Any]) -> None:
    assert parse_payload("group_rule", raw | WHY) == raw | WHY


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ({"rule": "together", "countries": ["PT"]}, "together needs at least two countries"),
        ({"rule": "apart", "countries": ["PT", "PT"]}, "a country is named twice"),
        ({"rule": "move", "countries": ["PT"]}, "a move needs the countries"),
        ({"rule": "move", "countries": ["PT"], "to": "PT"}, "cannot be moved to its own group"),
        ({"rule": "number"}, "the number of groups goes with the rule number"),
        ({"rule": "number", "number": 5}, "number: "),
        ({"rule": "together", "countries": ["PT", "ES"], "number": 3}, "goes with the rule number"),
        ({"rule": "together", "countries": ["Portugal", "ES"]}, "countries.0"),
        ({"rule": "sort", "countries": ["PT", "ES"]}, "rule: "),
    ],
)
def test_a_rule_that_lacks_something_is_refused(raw: dict[str, Any], said: str) -> None:
    with pytest.raises(Rejected) as refused:
        parse_payload("group_rule", raw | WHY)

    assert said in refused.value.what


@pytest.mark.parametrize("reason", [{}, {"reason": ""}, {"reason": "  "}])
def test_a_rule_without_a_reason_is_refused(reason: dict[str, str]) -> None:
    with pytest.raises(Rejected, match="reason"):
        parse_payload("group_rule", {"rule": "number", "number": 3} | reason)


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ({"title": "", "type": "method"}, "title"),
        ({"title": "a", "type": "holiday"}, "type"),
        (
            {"title": "a", "type": "method", "begins": "2024-05-02", "due": "2024-05-01"},
            "it is due",
        ),
        ({"title": "a", "type": "method", "question": "D3 1"}, "question"),
        ({"title": "a", "type": "method", "partner": "pt"}, "partner"),
    ],
)
def test_an_item_that_cannot_be_is_refused(raw: dict[str, Any], said: str) -> None:
    with pytest.raises(Rejected, match=said):
        parse_payload("path_item", raw)


@pytest.mark.parametrize(
    ("role", "country", "kind", "where", "allowed"),
    [
        ("coordinator", None, "group_rule", EU, True),
        ("editor", "PT", "group_rule", EU, False),
        ("editor", "PT", "group_rule", "PT", False),
        ("editor", "PT", "path_item", "PT", True),
        ("coordinator", None, "path_item", "PT", True),
        ("editor", "ES", "path_item", "PT", False),
        ("reader", "PT", "path_item", "PT", False),
    ],
)
def test_rules_are_the_coordinator_s_and_paths_the_country_s(
    role: Any, country: str | None, kind: str, where: str, *, allowed: bool
) -> None:
    account = Account(name="ana", role=role, country=country)

    assert may(account, "write", country=where, kind=kind) == allowed


def test_the_words_for_member_states_are_those_of_the_countries(catalogue: Catalogue) -> None:
    terms = catalogue.vocabularies["member_state"].terms

    assert {one.code: one.label for one in terms} == {
        one.code: one.name() for one in catalogue.countries
    }
