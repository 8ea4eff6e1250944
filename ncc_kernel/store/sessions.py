"""Sessions, on a connection that someone holds: so a check and what it allows are one transaction.

Of a token only the digest is kept. An ended session is a row that is gone or whose time is over.
"""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from ncc_kernel.model.account import IDLE, LASTS, Account, Present, Session
from ncc_kernel.model.text import showable
from ncc_kernel.store.schema import account, session

RARELY = timedelta(seconds=30)
"""A sign of life is written down no more often, unless its person has moved."""

HERE = timedelta(seconds=75)
"""How old a sign of life may be: two that were due and a little more."""

PLACE = 120
"""Characters of a place."""


def digest(secret: str) -> str:
    """What is kept of a token. It is long and random, so a plain hash will do."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def stamp(at: datetime) -> str:
    """The time as text whose order is the order of time."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def find_session(connection: Connection, token: str, *, at: datetime) -> Session | None:
    """The session of that token, when it has not ended."""
    row = _find(connection, token, at=at)
    return _session(row) if row else None


def touch_session(
    connection: Connection,
    token: str,
    *,
    at: datetime,
    place: str | None = None,
    country: str | None = None,
    acted: bool = True,
) -> bool:
    """Note a sign of life where one is due; whether anything was written."""
    row = _find(connection, token, at=at)
    values = _due(row, at=at, place=place, country=country, acted=acted) if row else {}
    if not values:
        return False
    here = session.c.digest == digest(token)
    connection.execute(session.update().where(here).values(**values))
    return True


def is_touch_due(
    connection: Connection,
    token: str,
    *,
    at: datetime,
    place: str | None,
    country: str | None,
    acted: bool,
) -> bool:
    """Whether a sign of life now would be written: asked first, so that few take the writers' turn."""
    row = _find(connection, token, at=at)
    return bool(row and _due(row, at=at, place=place, country=country, acted=acted))


def insert_session(connection: Connection, who: Account, token: str, *, at: datetime) -> None:
    """Begin a session, and clear away those whose time is over."""
    now = stamp(at)
    connection.execute(session.delete().where(~_alive(at)))
    row = {"opened": now, "acted": now, "seen": now, "country": who.country, "place": ""}
    connection.execute(session.insert().values(digest=digest(token), name=who.name, **row))


def present_in(
    connection: Connection, country: str, *, at: datetime, besides: str = ""
) -> tuple[Present, ...]:
    """Who has the country's form open, by name; `besides` is who asks. Each is where last seen."""
    query = (
        sa.select(session.c.name, session.c.place)
        .where(session.c.country == country, session.c.seen >= stamp(at - HERE), _alive(at))
        .where(session.c.name != besides)
        .order_by(session.c.name, session.c.seen)
    )
    places = {row.name: row.place for row in connection.execute(query)}
    return tuple(Present(name, place) for name, place in places.items())


def _alive(at: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(session.c.opened > stamp(at - LASTS), session.c.acted > stamp(at - IDLE))


def _find(connection: Connection, token: str, *, at: datetime) -> Row[Any] | None:
    query = (
        sa.select(session, account.c.role, account.c.country.label("home"))
        .join(account, account.c.name == session.c.name)
        .where(session.c.digest == digest(token), _alive(at))
    )
    return connection.execute(query).first()


def _session(row: Row[Any]) -> Session:
    who = Account(row.name, row.role, row.home)
    opened, acted = datetime.fromisoformat(row.opened), datetime.fromisoformat(row.acted)
    return Session(who, opened, acted, row.place)


def _due(
    row: Row[Any], *, at: datetime, place: str | None, country: str | None, acted: bool
) -> Mapping[str, str]:
    """What is to be written: a page that is merely open says that, and not where anyone is."""
    values: dict[str, str] = {}
    if acted:
        place = row.place if place is None else str(showable(place))[:PLACE]
        moved = {"place": place, "country": country or row.country}
        values |= {name: new for name, new in moved.items() if new != getattr(row, name)}
    signs = ("seen", "acted") if acted else ("seen",)
    if values or any(_is_old(getattr(row, name), at) for name in signs):
        values |= dict.fromkeys(signs, stamp(at))
    return values


def _is_old(then: str, at: datetime) -> bool:
    return abs(at - datetime.fromisoformat(then)) >= RARELY
