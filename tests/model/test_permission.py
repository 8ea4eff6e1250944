"""Who may do what: every role, action and kind, at home and elsewhere, against tables of literals."""

from typing import get_args

import pytest

from ncc_kernel.errors import Rejected
from ncc_kernel.model.account import Account, Role, folded, parse_account, parse_name
from ncc_kernel.model.kinds import KINDS
from ncc_kernel.model.permission import NEXT_STATES, Action, may
from ncc_kernel.model.submission import SubmissionState
from ncc_kernel.store.catalogue import Catalogue

HOME, ABROAD = "PT", "ES"
EVERY_KIND = [*KINDS, "account", "nonsense", ""]

WHO: dict[str, Account] = {
    "editor": Account("ed", "editor", HOME),
    "reviewer": Account("re", "reviewer", HOME),
    "coordinator": Account("co", "coordinator", None),
    "reader": Account("rd", "reader", HOME),
    "reader of none": Account("rn", "reader", None),
    "editor of none": Account("en", "editor", None),
}

MAP = "agent initiative link challenge mapping_plan merge"
COCREATION = "process session commitment prototype indicator"
SCALING = "practice component criterion score selection_round selection"
COMMUNITY = "path_item registration evaluation follow_up decision"
TEAMS = f"{MAP} {COCREATION} {SCALING} {COMMUNITY} entry_draft reopen_request"
COORDINATORS = f"{TEAMS} group_rule cop_event seminar"

# Each role: what it may do at home, and elsewhere. The kinds are those of "write".
TABLE: list[tuple[str, str, str, str]] = [
    # who, country, actions other than write, kinds it may write
    ("editor", HOME, "read_form read_private submit",
     f"answer draft evidence {TEAMS}"),
    ("editor", ABROAD, "", ""),
    ("editor", "EU", "", ""),
    ("reviewer", HOME, "read_form read_private submit", "reopen_request"),
    ("reviewer", ABROAD, "", ""),
    ("reviewer", "EU", "", ""),
    ("coordinator", HOME, "read_form read_private review manage_accounts",
     COORDINATORS),
    ("coordinator", ABROAD, "read_form read_private review manage_accounts",
     COORDINATORS),
    ("coordinator", "EU", "read_form read_private review manage_accounts",
     COORDINATORS),
    ("reader", HOME, "read_form", ""),
    ("reader", ABROAD, "", ""),
    ("reader", "EU", "", ""),
    ("reader of none", HOME, "", ""),
    ("reader of none", ABROAD, "", ""),
    ("reader of none", "EU", "", ""),
    ("editor of none", HOME, "", ""),
    ("editor of none", "EU", "", ""),
    ("editor of none", "", "", ""),
]  # fmt: skip


@pytest.mark.parametrize(("who", "country", "actions", "kinds"), TABLE)
def test_each_role_may_do_what_the_table_says_and_nothing_else(
    who: str, country: str, actions: str, kinds: str
) -> None:
    may_write = {kind for kind in EVERY_KIND if may(WHO[who], "write", country=country, kind=kind)}
    others = [action for action in get_args(Action) if action != "write"]
    may_do = {one for one in others if may(WHO[who], one, country=country, kind="submission")}

    assert may_write == set(kinds.split())
    assert may_do == set(actions.split())


@pytest.mark.parametrize("kind", [kind for kind in EVERY_KIND if kind != "submission"])
@pytest.mark.parametrize("action", ["submit", "review"])
@pytest.mark.parametrize("who", list(WHO))
def test_only_a_submission_is_submitted_or_reviewed(who: str, action: Action, kind: str) -> None:
    assert not may(WHO[who], action, country=HOME, kind=kind)


def test_the_table_has_every_role() -> None:
    assert {WHO[who].role for who, *_ in TABLE} == set(get_args(Role))


@pytest.mark.parametrize("country", ["pt", "PT\n", " PT", "", "P", "PTT"])
def test_a_country_that_is_only_like_ones_own_is_not(country: str) -> None:
    assert not may(WHO["editor"], "write", country=country, kind="answer")


def test_an_unknown_role_or_action_may_nothing() -> None:
    intruder = Account("x", "admin", HOME)  # type: ignore[arg-type]

    assert not any(may(intruder, one, country=HOME, kind="submission") for one in get_args(Action))
    assert not may(WHO["coordinator"], "delete", country=HOME, kind="answer")  # type: ignore[arg-type]


def test_what_a_self_assessment_can_become() -> None:
    told = {state: " ".join(sorted(after)) for state, after in NEXT_STATES.items()}

    assert told == {
        "draft": "submitted",
        "submitted": "accepted reopened returned",
        "returned": "submitted",
        "accepted": "reopened",
        "reopened": "submitted",
    }
    assert set(told) == {"draft", *get_args(SubmissionState)}


@pytest.mark.parametrize(
    ("name", "role", "country", "account"),
    [
        ("ana", "editor", "Portugal", Account("ana", "editor", "PT")),
        ("  Ana   Silva ", "Reviewer ", "pt", Account("Ana Silva", "reviewer", "PT")),
        ("co", "coordinator", None, Account("co", "coordinator", None)),
        ("co", "coordinator", "", Account("co", "coordinator", None)),
        ("Eleni", "reader", "GR", Account("Eleni", "reader", "EL")),
        ("rita@esfa.eu", "reader", None, Account("rita@esfa.eu", "reader", None)),
        ("Никола O'Brien-Łuk", "reader", None, Account("Никола O'Brien-Łuk", "reader", None)),
    ],
)
def test_an_account_is_what_was_meant(
    name: str, role: str, country: str | None, account: Account, catalogue: Catalogue
) -> None:
    assert parse_account(name, role, country, catalogue.countries) == account


@pytest.mark.parametrize(
    ("name", "role", "country", "said"),
    [
        ("ana", "admin", "PT", "is not a role"),
        ("ana", "", "PT", "is not a role"),
        ("ana", "editor", None, "is of one country"),
        ("ana", "reviewer", "", "is of one country"),
        ("ana", "coordinator", "PT", "of no single country"),
        ("ana", "editor", "XX", "not a country"),
        ("ana", "editor", "UK", "27 member states"),
        ("", "editor", "PT", "cannot be the name"),
        (" \t", "editor", "PT", "cannot be the name"),
    ],
)
def test_what_cannot_be_an_account_is_told_in_words(
    name: str, role: str, country: str | None, said: str, catalogue: Catalogue
) -> None:
    with pytest.raises(Rejected, match=said):
        parse_account(name, role, country, catalogue.countries)


HOSTILE = [
    "a" * 121, "a\x00b", "a\u202eb", "a\u200bb", "<b>", "a/b", "../a", "a;b", "a\ud800",
    '"a"', "{{7*7}}", "=1+1", "a\N{ZERO WIDTH JOINER}b", "\N{PILE OF POO}",
]  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_that_people_could_mistake_or_a_page_misread_is_refused(name: str) -> None:
    with pytest.raises(Rejected, match="cannot be the name"):
        parse_name(name)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Ana", "ANA"), ("Ana Silva", " ana  silva"), ("José", "jose\u0301"), ("ﬁona", "Fiona")],
)
def test_names_that_look_alike_are_one(one: str, other: str) -> None:
    assert folded(one) == folded(other)
