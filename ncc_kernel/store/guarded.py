"""The record as someone signed in may write it: every append is checked, in its own transaction.

The session is looked up again each time, so one that has ended, or whose person has lost the
role, writes nothing more; and no answer slips in beside the submission that closes the form.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from ncc_kernel.errors import Forbidden
from ncc_kernel.model.account import Account, Present, Session
from ncc_kernel.model.kinds import kind_of
from ncc_kernel.model.permission import (
    CLOSED,
    FORM_KINDS,
    NEXT_STATES,
    PRIVATE_KINDS,
    Action,
    action_of,
    may,
)
from ncc_kernel.model.revision import Draft, Payload, Revision
from ncc_kernel.model.submission import SELF_ASSESSMENT
from ncc_kernel.store.accounts import Accounts
from ncc_kernel.store.log import Store, current_of
from ncc_kernel.store.schema import revision
from ncc_kernel.store.sessions import find_session, touch_session


class GuardedStore(Store):
    """A store in the hands of one session.

    It reads as a Store does, without what is private to other countries. `append` raises
    Forbidden, and then records nothing of the call; the author is the account's name and the
    time is `now`, whatever the caller says.
    """

    def __init__(
        self, store: Store, accounts: Accounts, token: str, now: Callable[[], datetime]
    ) -> None:
        self._engine = store.engine
        self._accounts = accounts
        self._token = token
        self._now = now
        self._account = self.session().account

    @property
    def account(self) -> Account:
        """Who has opened it."""
        return self._account

    def session(self) -> Session:
        """The session as it is now, or Forbidden when it has ended."""
        return _alive(self._accounts.session(self._token, at=self._now()))

    def touch(
        self, *, place: str | None = None, country: str | None = None, acted: bool = True
    ) -> None:
        """Note that someone is here, and where; see `Accounts.touch`."""
        self._accounts.touch(self._token, at=self._now(), place=place, country=country, acted=acted)

    def present(self, country: str) -> tuple[Present, ...]:
        """Who else has that country's form open."""
        return self._accounts.present(country, at=self._now(), besides=self._account.name)

    def _signed(
        self, connection: Connection, drafts: Sequence[Draft], *, author: str, at: datetime
    ) -> tuple[str, datetime]:
        del author
        at = self._now()
        who = _alive(find_session(connection, self._token, at=at)).account
        for draft in drafts:
            _check(connection, who, draft)
        touch_session(connection, self._token, at=at)
        return who.name, at

    def _each(self, query: sa.Select[Any]) -> Iterator[Revision]:
        return (one for one in super()._each(query) if self._shows(one))

    def _shows(self, one: Revision) -> bool:
        return one.kind not in PRIVATE_KINDS or may(
            self._account, "read_private", country=one.country, kind=one.kind
        )


def _alive(found: Session | None) -> Session:
    if found is None:
        raise Forbidden(
            "You are signed out: your session has ended.",
            "sign in again; what you typed and was not saved is kept in this browser",
        )
    return found


def _check(connection: Connection, who: Account, draft: Draft) -> None:
    """Forbidden when this account may not record this draft, or when nobody may now."""
    becomes = (draft.payload or {}).get("state") if draft.kind == "submission" else None
    action = action_of(draft.kind, becomes)
    if not may(who, action, country=draft.country, kind=draft.kind):
        raise _not_yours(who, action, draft)
    if draft.kind == "submission":
        _check_step(connection, draft)
    elif draft.kind in FORM_KINDS:
        _check_open(connection, draft)
    elif draft.kind == "reopen_request" and draft.payload is not None:
        _check_closed(connection, draft)


def _not_yours(who: Account, action: Action, draft: Draft) -> Forbidden:
    of = f"{who.role} of {who.country}" if who.country else who.role
    what = "change" if action == "write" else action
    named = kind_of(draft.kind).plural or draft.kind
    whose = f"the {named if action == 'write' else 'self-assessment'} of {draft.country}"
    return Forbidden(
        f"{who.name} ({of}) may not {what} {whose}.", "ask a coordinator if this should be yours"
    )


def _submission(connection: Connection, draft: Draft) -> Payload | None:
    """How the self-assessment stands that the draft belongs to."""
    found = current_of(connection, replace(draft, kind="submission", key=SELF_ASSESSMENT))
    return found.payload if found else None


def _state(submission: Payload | None) -> str:
    return str((submission or {}).get("state", "draft"))


def _check_step(connection: Connection, draft: Draft) -> None:
    if draft.payload is None or draft.key != SELF_ASSESSMENT:
        raise Forbidden("What has been submitted stays in the record.", "reopen it instead")
    now = _submission(connection, draft)
    if draft.payload == now:
        return  # sent twice: it changes nothing
    state, becomes = _state(now), str(draft.payload["state"])
    if becomes not in NEXT_STATES[state]:
        stands = "not submitted yet" if state == "draft" else state
        raise Forbidden(
            f"The self-assessment of {draft.country} is {stands}; it cannot be {becomes} now.",
            "load the page again to see how it stands",
        )
    if becomes == "submitted" and _last_answer(connection, draft) > draft.payload["seq"]:
        raise Forbidden(
            f"An answer of {draft.country} has changed since you checked.",
            "check again, then submit",
        )


def _last_answer(connection: Connection, draft: Draft) -> int:
    """The seq of the newest answer: a submission says which it covers, and must cover all."""
    place = {"kind": "answer", "country": draft.country, "cycle": draft.cycle}
    here = [revision.c[name] == value for name, value in place.items()]
    return connection.execute(sa.select(sa.func.max(revision.c.seq)).where(*here)).scalar() or 0


def _check_open(connection: Connection, draft: Draft) -> None:
    state = _state(_submission(connection, draft))
    if state in CLOSED:
        raise Forbidden(
            f"The self-assessment of {draft.country} for {draft.cycle} is {state}: "
            "its answers stand as they are.",
            "ask to reopen it",
        )


def _check_closed(connection: Connection, draft: Draft) -> None:
    if _state(_submission(connection, draft)) not in CLOSED:
        raise Forbidden(
            f"The self-assessment of {draft.country} for {draft.cycle} is open already.",
            "fill it in",
        )
