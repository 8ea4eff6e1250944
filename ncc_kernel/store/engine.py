"""How the store is reached: one engine for SQLite and PostgreSQL, with writers taking turns."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import URL, Connection, Engine, make_url

from ncc_kernel.errors import StoreFault

WRITER = {"ncc_writer": True}
"""Execution option of a connection that is going to write."""

_TURN = 5_116_330
"""Any number, the same for every writer: PostgreSQL's advisory lock that they queue at."""


def parse_url(raw: str) -> URL:
    """The URL, with the driver we ship for PostgreSQL."""
    try:
        url = make_url(raw)
    except sa.exc.ArgumentError:
        raise StoreFault(
            "NCC_STORE is not a SQLAlchemy URL.", "write sqlite:///FILE or postgresql://…"
        ) from None
    if url.drivername in ("postgres", "postgresql"):
        return url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() not in ("sqlite", "postgresql"):
        raise StoreFault(
            f"NCC_STORE names {url.get_backend_name()}, which is not supported.",
            "use SQLite or PostgreSQL",
        )
    return url


def sqlite_file(url: URL) -> Path | None:
    """The file of a SQLite store, or None for a server's."""
    if url.get_backend_name() != "sqlite" or not url.database:
        return None
    return Path(url.database)


class OnEngine:
    """Something that works on one engine, and lets go of it at the end of a `with`."""

    _engine: Engine

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of every connection."""
        self._engine.dispose()


def make_engine(url: URL) -> Engine:
    """An engine whose writers queue, so that seq order is commit order."""
    if url.get_backend_name() == "sqlite":
        engine = sa.create_engine(url, connect_args={"timeout": 30})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    engine = sa.create_engine(url, pool_pre_ping=True)
    event.listen(engine, "begin", _begin_postgresql)
    return engine


@contextmanager
def in_words(hint: str) -> Iterator[None]:
    """What the database says in here becomes a StoreFault in a plain sentence."""
    try:
        yield
    except sa.exc.DBAPIError as fault:
        raise StoreFault(_plain(str(fault.orig)), hint) from fault


_PLAIN = (
    ("locked", "The store is busy: another program is writing to it."),
    ("readonly", "The store cannot be written: its file or folder is read-only."),
    ("full", "The store cannot be written: the disk is full."),
    ("disk I/O", "The store cannot be read or written: its disk fails."),
    ("unable to open", "The store cannot be opened: its file or folder may not be used by us."),
    ("malformed", "The store's file is damaged."),
    ("not a database", "The store's file is not a database."),
)


def _plain(said: str) -> str:
    for word, sentence in _PLAIN:
        if word in said:
            return sentence
    return f"The store cannot be used: {said.strip().splitlines()[0]}"


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # transactions are begun by _begin_sqlite, not by the driver
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "busy_timeout=30000",
        "temp_store=MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    writer = connection.get_execution_options().get("ncc_writer")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writer else "BEGIN")


def _begin_postgresql(connection: Connection) -> None:
    if connection.get_execution_options().get("ncc_writer"):
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_TURN})")
