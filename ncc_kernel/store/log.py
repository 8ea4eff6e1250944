"""The record: append revisions, read what is current, what was, and what came since.

One append is one transaction. In it the `current` row of each entry moves on to the new
revision, and so do the narrow rows that the map is counted from. Writers take turns (BEGIN IMMEDIATE on SQLite, an advisory lock on PostgreSQL), so a
reader who has seen seq n and asks for what came after n never misses one.
"""

import functools
import itertools
import json
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from pydantic import TypeAdapter, ValidationError
from sqlalchemy.engine import Connection, Engine, Row

from ncc_kernel.errors import NoStore, Rejected, StoreVersion
from ncc_kernel.model.kinds import kind_of, parse_payload
from ncc_kernel.model.revision import Appended, Conflict, Draft, Payload, Revision
from ncc_kernel.model.text import Key, showable
from ncc_kernel.store.bulk import AT_ONCE, among, insert_rows, written_at_once
from ncc_kernel.store.engine import WRITER, OnEngine, in_words, make_engine, parse_url, sqlite_file
from ncc_kernel.store.map_rows import carry_over
from ncc_kernel.store.schema import AUTHOR, HEAD, MAP_ROWS, current, revision, version

Tips = dict[tuple[str, str, str], int]
"""The last seq of each (country, cycle, kind)."""

Address = tuple[str, str, str, str]
Standing = dict[Address, Revision]
"""The last revision of each entry that is asked for."""

_ADDRESS = ("kind", "country", "cycle", "key")

LAST = 2**31 - 1
"""The highest seq that fits the column on every database."""


class Store(OnEngine):
    """The record at one URL."""

    def __init__(self, url: str) -> None:
        parsed = parse_url(url)
        file = sqlite_file(parsed)
        if file is not None and not file.is_file():
            raise NoStore(f"There is no store at {file}.", "make one with: ncc init --sample")
        self._engine = make_engine(parsed)
        self._check_version()

    @property
    def engine(self) -> Engine:
        """How the database is reached: accounts are kept in the same one."""
        return self._engine

    def append(
        self,
        drafts: Iterable[Draft],
        *,
        author: str,
        at: datetime,
        together: bool = False,
        checked: bool = False,
    ) -> Appended:
        """Record the drafts in one transaction; what is acknowledged here is on disk.

        A draft whose `base` is no longer current comes back as a Conflict with theirs beside it
        and is not written; one that changes nothing is counted. A payload that is not one of its
        kind raises Rejected, and then nothing of the call is written. With `together`, one
        conflict keeps all of the drafts from being written, and a draft that changes nothing
        is one too where its `base` is overtaken and another changes something. With `checked` each draft has been
        through `check_draft` already, which takes a while where there are many.
        """
        author = _author(author)
        taken = list(drafts) if checked else [check_draft(draft) for draft in drafts]
        with self._connection(**WRITER) as connection:
            author, at = self._signed(connection, taken, author=author, at=at)
            return _append(
                connection, taken, author=author, at=at.astimezone(UTC), together=together
            )

    def _signed(
        self, _connection: Connection, _drafts: Sequence[Draft], *, author: str, at: datetime
    ) -> tuple[str, datetime]:
        """Who writes these drafts, and when; a guarded store checks here that they may."""
        return author, at

    def current(
        self,
        kind: str | None = None,
        *,
        country: str | None = None,
        cycle: str | None = None,
        as_of: int | None = None,
        key: str | None = None,
    ) -> tuple[Revision, ...]:
        """The last revision of each entry, withdrawn ones left out, by kind, country and key.

        `as_of` is a seq: what was current when that revision had just been written.
        """
        wanted = {"kind": kind, "country": country, "cycle": cycle, "key": key}
        return self._read(_current(as_of, **wanted))

    def each(self, kind: str, *, cycle: str, as_of: int | None = None) -> Iterator[Revision]:
        """The same of one kind and cycle, by country, one at a time: never all of them in memory."""
        return self._each(_current(as_of, kind=kind, cycle=cycle))

    def history(self, kind: str, country: str, cycle: str, key: str) -> tuple[Revision, ...]:
        """Every revision of one entry, oldest first."""
        wanted = _where(kind=kind, country=country, cycle=cycle, key=key)
        return self._read(sa.select(revision).where(*wanted).order_by(revision.c.seq))

    def changes(
        self,
        since: int,
        *,
        country: str | None = None,
        cycles: Sequence[str] | None = None,
        until: int | None = None,
        limit: int = 10_000,
    ) -> tuple[Revision, ...]:
        """What was recorded after seq `since`, oldest first."""
        wanted = [*_where(country=country), revision.c.seq > since]
        if cycles is not None:
            wanted.append(revision.c.cycle.in_(cycles))
        if until is not None:
            wanted.append(revision.c.seq <= until)
        return self._read(sa.select(revision).where(*wanted).order_by(revision.c.seq).limit(limit))

    def tips(self) -> Tips:
        """The last seq of each country, cycle and kind: what a page's freshness is read from."""
        place = (revision.c.country, revision.c.cycle, revision.c.kind)
        query = sa.select(*place, sa.func.max(revision.c.seq)).group_by(*place)
        with self._connection() as connection:
            return {(row[0], row[1], row[2]): row[3] for row in connection.execute(query)}

    def last_seq(self) -> int:
        """The seq of the newest revision, 0 in an empty record."""
        with self._connection() as connection:
            return connection.execute(sa.select(sa.func.max(revision.c.seq))).scalar() or 0

    def revision(self, seq: int) -> Revision | None:
        """The revision of that seq."""
        if not 0 < seq <= LAST:
            return None
        found = self._read(sa.select(revision).where(revision.c.seq == seq))
        return found[0] if found else None

    def _read(self, query: sa.Select[Any]) -> tuple[Revision, ...]:
        return tuple(self._each(query))

    def _each(self, query: sa.Select[Any]) -> Iterator[Revision]:
        with self._connection() as connection:
            for row in connection.execute(query):
                yield _revision(row)

    @contextmanager
    def _connection(self, **options: bool) -> Iterator[Connection]:
        engine = self._engine.execution_options(**options)
        with in_words("see: ncc status"), engine.connect() as connection, connection.begin():
            yield connection

    def _check_version(self) -> None:
        with in_words("check NCC_STORE"), self._engine.connect() as connection:
            if not sa.inspect(connection).has_table(version.name):
                raise NoStore("The database holds no store yet.", "run: ncc init --sample")
            found = connection.execute(sa.select(version.c.version_num)).scalar() or "0000"
        if found != HEAD:
            hint = "run: ncc migrate" if found < HEAD else "install that newer release"
            raise StoreVersion(
                f"The store is at version {found}, this release works with {HEAD}.", hint
            )


def _append(
    connection: Connection,
    drafts: Sequence[Draft],
    *,
    author: str,
    at: datetime,
    together: bool = False,
) -> Appended:
    standing = _standing(connection, drafts)
    if together and (met := _conflicts(drafts, standing)):
        return Appended(conflicts=met)
    stood = frozenset(standing)
    count = sum(_payload(standing.get(one.address)) != one.payload for one in drafts)
    seqs = iter(_next_seqs(connection, count))
    written: list[Revision] = []
    conflicts: list[Conflict] = []
    unchanged = 0
    for draft in drafts:
        address = draft.address
        theirs = standing.get(address)
        if _payload(theirs) == draft.payload:
            unchanged += 1
        elif _is_stale(draft, theirs):
            conflicts.append(Conflict(draft, theirs))
        else:
            one = Revision(next(seqs), at, author, *_place(draft), draft.base, draft.payload)
            written.append(one)
            standing[address] = one
    tables = (revision, current, *MAP_ROWS)
    many = len(written) >= AT_ONCE
    with written_at_once(connection, *tables) if many else nullcontext():
        _write(connection, written, standing, stood)
        carry_over(connection, written)
    return Appended(tuple(written), tuple(conflicts), unchanged)


def _conflicts(drafts: Sequence[Draft], standing: Standing) -> tuple[Conflict, ...]:
    """What keeps the drafts, which are of different entries, from being written together.

    Where one of them changes something, none may be built on what is overtaken: not even one
    that asks for what somebody else has made of its entry meanwhile.
    """
    beside = [(draft, standing.get(draft.address)) for draft in drafts]
    if all(_payload(theirs) == draft.payload for draft, theirs in beside):
        return ()
    return tuple(Conflict(draft, theirs) for draft, theirs in beside if _is_stale(draft, theirs))


def _is_stale(draft: Draft, theirs: Revision | None) -> bool:
    """Whether someone else was here first; what was withdrawn may be made anew from nothing."""
    if theirs is None:
        return draft.base is not None
    return theirs.seq != draft.base and not (theirs.payload is None and draft.base is None)


def current_of(connection: Connection, draft: Draft) -> Revision | None:
    """The last revision of the entry that the draft is about, a withdrawal too."""
    return _standing(connection, [draft]).get(draft.address)


def _standing(connection: Connection, drafts: Sequence[Draft]) -> Standing:
    """The last revision of each entry that the drafts are about, withdrawals too."""
    keys: dict[tuple[str, str, str], list[str]] = {}
    for draft in drafts:
        keys.setdefault((draft.kind, draft.country, draft.cycle), []).append(draft.key)
    found: Standing = {}
    for (kind, country, cycle), some in keys.items():
        here = _where(current, kind=kind, country=country, cycle=cycle)
        query = sa.select(revision).join(current, current.c.seq == revision.c.seq).where(*here)
        rows = connection.execute(query.where(among(connection, current.c.key, some)))
        found |= {one.address: one for one in map(_revision, rows)}
    return found


def _next_seqs(connection: Connection, count: int) -> Iterable[int]:
    """Seqs for what is about to be written; writers take turns, so nobody else has them."""
    if connection.dialect.name == "sqlite":
        last = connection.exec_driver_sql("SELECT seq FROM sqlite_sequence WHERE name = 'revision'")
        return itertools.count((last.scalar() or 0) + 1)
    sql = "SELECT nextval(pg_get_serial_sequence('revision', 'seq')) FROM generate_series(1, %s)"
    return [row[0] for row in connection.exec_driver_sql(sql, (count,))]


def _write(
    connection: Connection,
    written: Sequence[Revision],
    standing: Standing,
    stood: AbstractSet[Address],
) -> None:
    """Record the revisions, in their order, and move what is current on to the last of each."""
    if not written:
        return
    insert_rows(connection, revision, map(_row, written))
    first = written[0].seq
    insert_rows(
        connection,
        current,
        ((*where, one.seq) for where, one in standing.items() if where not in stood),
    )
    moved = [
        {f"its_{name}": value for name, value in zip(_ADDRESS, where, strict=True)}
        | {"on": one.seq}
        for where in stood
        if (one := standing[where]).seq >= first
    ]
    if moved:
        here = [current.c[name] == sa.bindparam(f"its_{name}") for name in _ADDRESS]
        connection.execute(current.update().where(*here).values(seq=sa.bindparam("on")), moved)


def _payload(one: Revision | None) -> Payload | None:
    return one.payload if one else None


def payloads_of(connection: Connection, seqs: Sequence[int]) -> Iterator[tuple[int, Payload]]:
    """The payloads of the revisions at these seqs, withdrawals left out."""
    query = sa.select(revision.c.seq, revision.c.payload).where(revision.c.payload.is_not(None))
    for seq, payload in connection.execute(query.where(among(connection, revision.c.seq, seqs))):
        yield seq, json.loads(payload)


def _row(one: Revision) -> tuple[object, ...]:
    payload = None if one.payload is None else _dump(one.payload)
    return one.seq, _stamp(one.at), one.author, *_place(one), one.base, payload


def _place(one: Draft | Revision) -> tuple[str, str, str, str]:
    return one.country, one.cycle, one.kind, one.key


_KEY: TypeAdapter[str] = TypeAdapter(Key)


def check_draft(draft: Draft) -> Draft:
    """The draft as it is recorded, or Rejected when its key or payload cannot be."""
    try:
        key = _KEY.validate_python(draft.key)
    except ValidationError:
        hint = "use up to 120 letters, digits and . _ : - and begin with a letter or a digit"
        raise Rejected(f"{draft.key[:60]!r} cannot be a key.", hint) from None
    only = kind_of(draft.kind).only
    if only and key != only:
        raise Rejected(f"There is one {kind_of(draft.kind).label} only.", f"its key is {only}")
    payload = None if draft.payload is None else parse_payload(draft.kind, draft.payload)
    return Draft(draft.country, draft.cycle, draft.kind, key, draft.base, payload)


def _author(raw: str) -> str:
    author = str(showable(raw)).strip()
    if not 0 < len(author) <= AUTHOR:
        raise Rejected(f"{author[:40]!r} cannot be an author's name.", "use up to 120 characters")
    return author


_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _dump(payload: Payload) -> str:
    return _ENCODER.encode(payload)


@functools.lru_cache(maxsize=1)
def _stamp(at: datetime) -> str:
    """The moment as it is kept; the revisions of one append share it."""
    return at.isoformat(timespec="microseconds")


def _revision(row: Row[Any]) -> Revision:
    return Revision(
        row.seq,
        datetime.fromisoformat(row.at),
        row.author,
        row.country,
        row.cycle,
        row.kind,
        row.key,
        row.base,
        None if row.payload is None else json.loads(row.payload),
    )


def _current(as_of: int | None, **wanted: str | None) -> sa.Select[Any]:
    """The last revisions of what is wanted, as it is or was; what is withdrawn is left out."""
    asked = _where(revision, **wanted)
    if as_of is None:
        # Asked of the table with a row an entry, and in the order of its index: SQLite otherwise
        # begins at the other end, looks the whole of it through for each revision, and sorts.
        here = _where(current, **wanted)
        query = sa.select(revision).join(current, current.c.seq == revision.c.seq).where(*here)
        order = current
    else:
        last = sa.select(sa.func.max(revision.c.seq)).where(*asked, revision.c.seq <= as_of)
        query = sa.select(revision).where(revision.c.seq.in_(last.group_by(*_address(revision))))
        order = revision
    return query.where(*asked, revision.c.payload.is_not(None)).order_by(*_address(order))


def _address(table: sa.Table) -> list[sa.Column[Any]]:
    return [table.c[name] for name in _ADDRESS]


def _where(table: sa.Table = revision, **wanted: str | None) -> list[sa.ColumnElement[bool]]:
    return [table.c[name] == value for name, value in wanted.items() if value is not None]
