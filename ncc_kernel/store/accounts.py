"""Accounts, and who is signed in: in the store's database, so that every process sees the same.

Whoever is refused is told the same sentence, after the same work, whatever was wrong.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine, Row

from ncc_kernel.errors import Rejected, SignInRefused
from ncc_kernel.model.account import Account, Present, Session, folded, parse_name
from ncc_kernel.store.attempts import FREE_ATTEMPTS, count_attempt, forget_attempts
from ncc_kernel.store.engine import WRITER, OnEngine, in_words, make_engine, parse_url
from ncc_kernel.store.log import Store
from ncc_kernel.store.passwords import fits, hash_password, is_outdated, parse_password
from ncc_kernel.store.schema import account, session, sign_in_link
from ncc_kernel.store.sessions import (
    digest,
    find_session,
    insert_session,
    is_touch_due,
    present_in,
    stamp,
    touch_session,
)

LINK_LASTS = timedelta(hours=24)
SHORTEST_TOKEN = 32

REFUSED = "Name and password do not let you in."
HINT = f"check both; after {FREE_ATTEMPTS} wrong ones wait up to 15 minutes, or ask a coordinator"


class Accounts(OnEngine):
    """The accounts and sessions of the store at one URL, or on its engine."""

    def __init__(self, store: str | Engine) -> None:
        if isinstance(store, str):
            Store(store).close()  # there is one, and it is of this release
            store = make_engine(parse_url(store))
        self._engine = store
        self._engine.hide_parameters = True  # a fault's text goes into logs; hashes must not

    # People

    def add(self, who: Account, *, password: str | None) -> None:
        """Keep a new account; without a password only a link lets its person in."""
        kept = None if password is None else hash_password(parse_password(password, who.name))
        with self._connection(**WRITER) as connection:
            if _row_of(connection, who.name) is not None:
                raise Rejected(f"There is an account {who.name!r} already.", "see: ncc user list")
            row = {"role": who.role, "country": who.country, "password": kept}
            connection.execute(
                account.insert().values(name=who.name, folded=folded(who.name), **row)
            )

    def list_(self) -> tuple[Account, ...]:
        """Every account, by name."""
        with self._connection() as connection:
            rows = connection.execute(sa.select(account).order_by(account.c.folded))
            return tuple(_account(row) for row in rows)

    def change(self, who: Account) -> None:
        """Give an account another role or country; its sessions end."""
        with self._connection(**WRITER) as connection:
            name = _known(connection, who.name)
            _end_all(connection, name)
            here = account.c.name == name
            connection.execute(
                account.update().where(here).values(role=who.role, country=who.country)
            )

    def remove(self, name: str) -> None:
        """Take an account away, with its sessions; what its person wrote stays in the record."""
        with self._connection(**WRITER) as connection:
            name = _known(connection, name)
            _end_all(connection, name)
            connection.execute(account.delete().where(account.c.name == name))

    def set_password(self, name: str, password: str) -> None:
        """A new password: sessions and links end, and wrong attempts are forgotten."""
        kept = hash_password(parse_password(password, name))
        with self._connection(**WRITER) as connection:
            name = _known(connection, name)
            _end_all(connection, name)
            connection.execute(account.update().where(account.c.name == name).values(password=kept))
            forget_attempts(connection, name)

    # Signing in

    def check_password(self, name: str, password: str, *, at: datetime) -> Account:
        """The account, or SignInRefused: the same for a wrong name, a wrong password and a wait."""
        with self._connection(**WRITER) as connection:
            allowed = count_attempt(connection, name, at=at)
            row = _row_of(connection, name)
        kept = row.password if row is not None else None
        if not allowed or not fits(password, kept) or row is None:
            raise SignInRefused(REFUSED, HINT)
        with self._connection(**WRITER) as connection:
            forget_attempts(connection, name)
            if is_outdated(row.password):
                mine = account.c.name == row.name, account.c.password == row.password
                anew = account.update().where(*mine).values(password=hash_password(password))
                connection.execute(anew)
        return _account(row)

    def one_time_link(self, name: str, *, at: datetime, token: str) -> None:
        """Keep a token that lets this account in once, within a day."""
        _check_token(token)
        with self._connection(**WRITER) as connection:
            row = {"name": _known(connection, name), "until": stamp(at + LINK_LASTS)}
            connection.execute(sign_in_link.insert().values(digest=digest(token), **row))

    def use_link(self, token: str, *, at: datetime) -> Account:
        """The account that the link lets in, this once; or SignInRefused."""
        with self._connection(**WRITER) as connection:
            mine = sign_in_link.c.digest == digest(token)
            row = connection.execute(sa.select(sign_in_link).where(mine)).first()
            connection.execute(sign_in_link.delete().where(mine))
            found = _row_of(connection, row.name) if row and row.until > stamp(at) else None
        if found is None:
            raise SignInRefused(
                "This link does not let you in: it lets in once, within a day.", "ask for another"
            )
        return _account(found)

    # Sessions

    def open_session(self, who: Account, *, at: datetime, token: str) -> Session:
        """Begin a session of someone who has just shown who they are."""
        _check_token(token)
        with self._connection(**WRITER) as connection:
            row = _row_of(connection, who.name)
            if row is None or _account(row) != who:
                raise SignInRefused(REFUSED, HINT)
            insert_session(connection, who, token, at=at)
        return Session(who, at, at, "")

    def session(self, token: str, *, at: datetime) -> Session | None:
        """The session of that token, when it has not ended. Asking is no sign of life."""
        with self._connection() as connection:
            return find_session(connection, token, at=at)

    def end_session(self, token: str) -> None:
        """Sign out."""
        with self._connection(**WRITER) as connection:
            connection.execute(session.delete().where(session.c.digest == digest(token)))

    def touch(
        self,
        token: str,
        *,
        at: datetime,
        place: str | None = None,
        country: str | None = None,
        acted: bool = True,
    ) -> None:
        """Note that someone is here, and where. It is written at most twice a minute unless they moved.

        `country` is whose form it is, unless their own. With `acted` False the page is merely
        open: they stay among those present, but the session's idle time runs on.
        """
        with self._connection() as connection:
            due = is_touch_due(connection, token, at=at, place=place, country=country, acted=acted)
        if due:
            with self._connection(**WRITER) as connection:
                touch_session(connection, token, at=at, place=place, country=country, acted=acted)

    def present(self, country: str, *, at: datetime, besides: str = "") -> tuple[Present, ...]:
        """Who has that country's form open now; `besides` is the name of whoever asks."""
        with self._connection() as connection:
            return present_in(connection, country, at=at, besides=besides)

    @contextmanager
    def _connection(self, **options: bool) -> Iterator[Connection]:
        engine = self._engine.execution_options(**options)
        with in_words("see: ncc status"), engine.connect() as connection, connection.begin():
            yield connection


def _account(row: Row[Any]) -> Account:
    return Account(row.name, row.role, row.country)


def _row_of(connection: Connection, raw: str) -> Row[Any] | None:
    """The account that a typed name means; a name that cannot be one is nobody's."""
    try:
        alike = folded(parse_name(raw[:1000]))
    except Rejected:
        return None
    return connection.execute(sa.select(account).where(account.c.folded == alike)).first()


def _known(connection: Connection, raw: str) -> str:
    row = _row_of(connection, raw)
    if row is None:
        raise Rejected(f"There is no account {raw[:40]!r}.", "see: ncc user list")
    return str(row.name)


def _end_all(connection: Connection, name: str) -> None:
    for table in (session, sign_in_link):
        connection.execute(table.delete().where(table.c.name == name))


def _check_token(token: str) -> None:
    if len(token) < SHORTEST_TOKEN:
        raise Rejected("The token is too short to be secret.", "draw 32 random bytes")
