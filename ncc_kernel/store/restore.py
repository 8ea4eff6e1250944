"""Put a backup in the place of a store: a new one, or one that is kept aside.

On SQLite the store is made beside its place and renamed into it; on PostgreSQL all is one
transaction, and the old tables move to a schema of their own. So what is cut off changes nothing.
Revisions and accounts are copied; what is made from them (`current`, the map's rows) is made anew.
Files of evidence join those that are there: a file is never changed, so nothing is lost by it.
"""

import hashlib
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Protocol

import sqlalchemy as sa
from alembic import command
from sqlalchemy.engine import URL, Connection

from ncc_kernel.errors import StoreFault
from ncc_kernel.model.backup import KeptAccount, Recorded
from ncc_kernel.model.revision import Revision
from ncc_kernel.paths import write_atomically
from ncc_kernel.store.backup import Tell
from ncc_kernel.store.bulk import insert_rows
from ncc_kernel.store.engine import WRITER, in_words, make_engine, parse_url, sqlite_file
from ncc_kernel.store.map_rows import rebuild
from ncc_kernel.store.migrate import alembic_config, make_folder
from ncc_kernel.store.schema import account, current, metadata, revision, version

ASIDE = "before-restore"
_AT_ONCE = 10_000


class Source(Protocol):
    """What a store can be made from; it has been checked."""

    def revisions(self) -> Iterator[Recorded]:
        """The rows of the record, in its order."""

    def accounts(self) -> Iterator[KeptAccount]:
        """Who may sign in."""

    def files(self) -> Iterator[tuple[str, bytes]]:
        """The files of evidence: where each belongs below their folder, and its content."""

    def __len__(self) -> int:
        """How many revisions there are."""


def restore(source: Source, url: str, evidence: Path, *, force: bool, tell: Tell) -> str:
    """Make the store at `url` from the source; where the one that stood there is now, if any did.

    Without `force` a store that stands there stays, and StoreFault says so.
    """
    parsed = parse_url(url)
    file = sqlite_file(parsed)
    if file is not None:
        return _into_file(source, parsed, file, evidence, force=force, tell=tell)
    engine = make_engine(parsed)
    try:
        with (
            in_words("check NCC_STORE, and stop the server first"),
            engine.connect().execution_options(**WRITER) as connection,
            connection.begin(),
        ):
            connection.exec_driver_sql("SET LOCAL lock_timeout = '30s'")
            stood = _its_tables(connection)
            if stood and not force:
                raise _in_the_way(parsed)
            kept = _move_aside(connection, stood) if stood else ""
            _fill(connection, source, tell)
            _put_files(source, evidence)
            return kept
    finally:
        engine.dispose()


def _in_the_way(url: URL) -> StoreFault:
    shown = url.render_as_string(hide_password=True)
    return StoreFault(
        f"There is a store already: {shown}.", "with --force it is kept aside, and this one used"
    )


def _into_file(
    source: Source, url: URL, file: Path, evidence: Path, *, force: bool, tell: Tell
) -> str:
    if file.exists():
        if not force:
            raise _in_the_way(url)
        _settle(file)  # now, so that a server is met before the work and not after it
    make_folder(file.parent)
    made = file.with_name(f".{file.name}.being-restored")
    engine = make_engine(url.set(database=str(made)))
    try:
        _sweep(made)
        with (
            in_words("check NCC_STORE"),
            engine.connect().execution_options(**WRITER) as connection,
            connection.begin(),
        ):
            _fill(connection, source, tell)
        engine.dispose()
        _settle(made)
        _put_files(source, evidence)
        kept = _keep_aside(file) if file.exists() else ""
        made.replace(file)
    finally:
        engine.dispose()
        _sweep(made)
    return kept


def _sweep(made: Path) -> None:
    for left in made.parent.glob(f"{made.name}*"):
        left.unlink()


def _settle(file: Path) -> None:
    """All of the store is in its one file, and nobody has it open; else StoreFault."""
    try:
        with closing(sqlite3.connect(file, timeout=2)) as raw:
            raw.execute("PRAGMA journal_mode=DELETE").fetchall()
    except sqlite3.OperationalError as fault:
        if "locked" in str(fault):
            raise StoreFault(f"The store {file} is in use.", "stop ncc serve first") from None
        raise StoreFault(f"The store {file} cannot be used: {fault}.", "move it away") from None
    except sqlite3.DatabaseError:
        pass  # it is damaged, which is why somebody restores: it is kept as it is


def _keep_aside(file: Path) -> str:
    _settle(file)
    kept = _free(file)
    for ending in ("-wal", "-shm"):  # of one that is damaged; else there are none by now
        beside = file.with_name(file.name + ending)
        if beside.exists():
            beside.rename(kept.with_name(kept.name + ending))
    file.rename(kept)
    return str(kept)


def _free(file: Path) -> Path:
    """A name beside the file that nothing has."""
    number, kept = 1, file.with_name(f"{file.name}.{ASIDE}")
    while kept.exists():
        number += 1
        kept = file.with_name(f"{file.name}.{ASIDE}-{number}")
    return kept


def _its_tables(connection: Connection) -> list[str]:
    ours = {*metadata.tables, version.name}
    return [name for name in sa.inspect(connection).get_table_names() if name in ours]


def _move_aside(connection: Connection, tables: Sequence[str]) -> str:
    """A schema of its own for the store that stands; it stays whole, with its guard."""
    taken = sa.inspect(connection).get_schema_names()
    begin = ASIDE.replace("-", "_")
    names = (f"{begin}_{number}" for number in range(1, len(taken) + 2))
    kept = next(name for name in names if name not in taken)
    connection.exec_driver_sql(f'CREATE SCHEMA "{kept}"')
    for name in tables:
        connection.exec_driver_sql(f'ALTER TABLE "{name}" SET SCHEMA "{kept}"')
    guard = "revision_is_append_only"
    there = connection.exec_driver_sql(f"SELECT to_regproc('{guard}') IS NOT NULL").scalar()
    if there:
        connection.exec_driver_sql(f'ALTER FUNCTION {guard}() SET SCHEMA "{kept}"')
    return f"the schema {kept} of the same database"


def _fill(connection: Connection, source: Source, tell: Tell) -> None:
    command.upgrade(alembic_config(connection), "head")
    rebuild(connection, _recorded(connection, source, tell))
    address = (current.c.kind, current.c.country, current.c.cycle, current.c.key)
    same = [revision.c[column.name] for column in address]
    newest = sa.select(*same, sa.func.max(revision.c.seq)).group_by(*same)
    connection.execute(current.insert().from_select([*address, current.c.seq], newest))
    people = [(o.name, o.folded, o.role, o.country, o.password) for o in source.accounts()]
    insert_rows(connection, account, people)
    if connection.dialect.name == "postgresql":
        # What was copied drew no numbers: the next one comes after the last.
        connection.exec_driver_sql(
            "SELECT setval(pg_get_serial_sequence('revision', 'seq'), max(seq)) FROM revision"
        )


def _recorded(connection: Connection, source: Source, tell: Tell) -> Iterator[Sequence[Revision]]:
    """Record the revisions, some at a time, and pass them on."""
    rows, done, total = source.revisions(), 0, len(source)
    while some := list(islice(rows, _AT_ONCE)):
        insert_rows(connection, revision, [_row(one) for one in some])
        done += len(some)
        tell("Restoring", done, total)
        yield [one.revision() for one in some]


def _row(one: Recorded) -> tuple[object, ...]:
    place = one.country, one.cycle, one.kind, one.key
    return one.seq, one.at, one.author, *place, one.base, one.payload


def _put_files(source: Source, folder: Path) -> None:
    for name, content in source.files():
        path = folder / name
        if not path.is_file() or _digest(path) != path.name:
            write_atomically(path, content)


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
