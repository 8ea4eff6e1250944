"""Who may do what: one table, asked by the pages before they show and by the store at each write."""

from typing import Literal

from ncc_kernel.model.account import Account, Role
from ncc_kernel.model.kinds import kinds_in

Action = Literal["read_form", "write", "review", "submit", "read_private", "manage_accounts"]

TEAM_KINDS = kinds_in("map", "community", "cocreation", "scaling")
"""What a country's team records of its work; a coordinator may too."""

FORM_KINDS = kinds_in("form")
"""What a country's team says of itself: nobody else writes it, not even a coordinator."""

PRIVATE_KINDS = frozenset({"draft", "entry_draft", "reopen_request"})
"""What is read only by those who may read what is private to the country."""

WRITES: dict[Role, frozenset[str]] = {
    "editor": FORM_KINDS | TEAM_KINDS | {"reopen_request", "entry_draft"},
    "reviewer": frozenset({"reopen_request"}),
    "coordinator": TEAM_KINDS | kinds_in("programme") | {"reopen_request", "entry_draft"},
    "reader": frozenset(),
}
"""Kinds that each role writes; a submission is not written but submitted or reviewed."""

ROLES_THAT: dict[Action, frozenset[Role]] = {
    "read_form": frozenset({"editor", "reviewer", "coordinator", "reader"}),
    "write": frozenset({"editor", "reviewer", "coordinator"}),
    "review": frozenset({"coordinator"}),
    "submit": frozenset({"editor", "reviewer"}),
    "read_private": frozenset({"editor", "reviewer", "coordinator"}),
    "manage_accounts": frozenset({"coordinator"}),
}

NEXT_STATES: dict[str, frozenset[str]] = {
    "draft": frozenset({"submitted"}),
    "submitted": frozenset({"returned", "accepted", "reopened"}),
    "returned": frozenset({"submitted"}),
    "accepted": frozenset({"reopened"}),
    "reopened": frozenset({"submitted"}),
}
"""What a self-assessment can become; one without a submission is a draft."""

CLOSED = frozenset({"submitted", "accepted"})
"""States in which its answers stand still."""


def may(account: Account, action: Action, *, country: str, kind: str) -> bool:
    """Whether the account may do this with entries of that kind in that country.

    A coordinator is of every country; everyone else only of their own. `kind` tells only in
    "write", where each role has its own; "review" and "submit" are of submissions alone.
    """
    if account.role not in ROLES_THAT.get(action, frozenset()):
        return False
    if account.role != "coordinator" and (account.country is None or account.country != country):
        return False
    if action == "write":
        return kind in WRITES[account.role]
    return kind == "submission" if action in ("review", "submit") else True


def action_of(kind: str, state: str | None) -> Action:
    """What it takes to record an entry of this kind; `state` is what a submission is to become."""
    if kind != "submission":
        return "write"
    return "submit" if state == "submitted" else "review"
