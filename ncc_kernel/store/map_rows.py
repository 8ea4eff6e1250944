"""The map as narrow rows to count from, beside the record and made from it alone.

Each append carries what it wrote over into them in its own transaction, so they are never behind.
`rebuild` makes them again from the whole record; a test holds both ways equal. What links and
entries name each other by is a number: it is found by where it was first named in the record, so it
is the same both ways too.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from ncc_kernel.model.ecosystem import NEED_KINDS
from ncc_kernel.model.revision import Payload, Revision, is_private
from ncc_kernel.store.bulk import among, insert_rows, written_at_once
from ncc_kernel.store.schema import MAP_ROWS, map_entry, map_key, map_link, map_tag

ON_THE_MAP = ("agent", "initiative", "challenge")
TAGS = {"objectives": "objective", "challenges": "challenge"}
"""Fields that are lists, and how their values are called in the rows."""

_SORT = {"agent": "type", "initiative": "stage"}
_REGION = 4
"""Letters of a NUTS 2 code; a longer code lies in that region, a shorter one in none known."""

LONGEST = 200
"""Characters of a code that are kept: an index of PostgreSQL holds no whole line of text."""

_Named = tuple[str, str]
"""Kind and key of an entry: what a link says of its ends."""

_Address = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class _Now:
    """How an entry stands after the revisions at hand.

    `since` is the day from which it is there, as far as they tell; it is the whole truth when it
    was withdrawn in them (`anew`) or was not there before.
    """

    revision: Revision
    since: str
    anew: bool


def carry_over(connection: Connection, written: Iterable[Revision]) -> None:
    """Bring the rows up to these revisions, which are the newest of their entries, in order."""
    entries: dict[_Address, _Now] = {}
    links: dict[_Address, Revision] = {}
    first: dict[_Named, int] = {}
    over: set[int] = set()
    for one in written:
        address = one.kind, one.key, one.country
        if one.kind == "link":
            links[address] = one
            over.add(one.base or 0)
            for end, named in enumerate(_ends(one.payload) if one.payload else ()):
                first.setdefault(named, 2 * one.seq + end)
        elif one.kind in ON_THE_MAP:
            entries[address] = _after(one, entries.get(address))
            first.setdefault((one.kind, one.key), 2 * one.seq)
    known = _numbers(connection, first)
    fresh = [(number, *named) for named, number in first.items() if named not in known]
    insert_rows(connection, map_key, fresh)
    numbers = first | known
    if entries:
        _carry_entries(connection, entries, numbers, set(known.values()))
    if links:
        _carry_links(connection, links.values(), numbers, over)


def rebuild(connection: Connection, revisions: Iterable[Sequence[Revision]]) -> None:
    """Make all rows anew from the whole record, which comes in parts and in its order.

    The tables too: a store that comes from another release has them in another shape.
    """
    for table in MAP_ROWS:
        table.drop(connection, checkfirst=True)
        table.create(connection)
    with written_at_once(connection, *MAP_ROWS):
        for part in revisions:
            carry_over(connection, part)


def _after(one: Revision, before: _Now | None) -> _Now:
    """How the entry stands once this revision is added to those before it."""
    day = one.at.date().isoformat()
    if one.payload is None:
        return _Now(one, day, anew=True)
    if before is None or before.revision.payload is None:
        return _Now(one, day, anew=before is not None)
    return _Now(one, before.since, before.anew)


def _ends(payload: Payload) -> tuple[_Named, _Named]:
    """Kind and key of both ends of a link."""
    kind = payload.get("target_kind", "initiative")
    return ("agent", payload.get("agent", "")), (kind, payload.get("target", ""))


def _numbers(connection: Connection, asked: Iterable[_Named]) -> dict[_Named, int]:
    """The numbers of those that have been named before."""
    keys: dict[str, list[str]] = {}
    for kind, key in asked:
        keys.setdefault(kind, []).append(key)
    found: dict[_Named, int] = {}
    for kind, some in keys.items():
        query = sa.select(map_key.c.key, map_key.c.number).where(map_key.c.kind == kind)
        here = query.where(among(connection, map_key.c.key, some))
        found |= {(kind, key): number for key, number in connection.execute(here)}
    return found


def _carry_entries(
    connection: Connection,
    entries: Mapping[_Address, _Now],
    numbers: Mapping[_Named, int],
    named: AbstractSet[int],
) -> None:
    """Write how the entries stand; `named` are the numbers that there may be rows of already."""
    its = {numbers[kind, key] for kind, key, _ in entries} & named
    begun = _taken_away(connection, its, {(numbers[a[0], a[1]], a[2]) for a in entries})
    rows: list[tuple[Any, ...]] = []
    tags: list[tuple[Any, ...]] = []
    for (kind, key, country), now in entries.items():
        payload = now.revision.payload
        if payload is not None:
            number = numbers[kind, key]
            since = now.since if now.anew else begun.get((number, country), now.since)
            rows.append(_entry_row(now.revision, payload, number, since))
            tags += _tag_rows(now.revision, payload)
    insert_rows(connection, map_entry, rows)
    insert_rows(connection, map_tag, tags)
    _reopen(connection, its)


def _taken_away(
    connection: Connection, its: AbstractSet[int], asked: AbstractSet[tuple[int, str]]
) -> dict[tuple[int, str], str]:
    """Take the rows of these entries away; since when each of them stood there."""
    if not its:
        return {}
    entry = map_entry.c
    query = sa.select(entry.number, entry.country, entry.seq, entry.since)
    rows = connection.execute(query.where(among(connection, entry.number, its)))
    stood = [row for row in rows if (row.number, row.country) in asked]
    _delete(connection, map_entry, [row.seq for row in stood])
    _delete(connection, map_tag, [row.seq for row in stood])
    return {(row.number, row.country): row.since for row in stood}


def _delete(connection: Connection, table: sa.Table, seqs: Iterable[int]) -> None:
    if gone := list(seqs):
        connection.execute(table.delete().where(among(connection, table.c.seq, gone)))


def _carry_links(
    connection: Connection,
    links: Iterable[Revision],
    numbers: Mapping[_Named, int],
    over: AbstractSet[int],
) -> None:
    """Write how the links stand; `over` are the revisions in whose place these come."""
    _delete(connection, map_link, over - {0})
    told = [
        (one, one.payload)
        for one in links
        if one.payload is not None and not is_private(one.payload)
    ]
    ends = {numbers[named] for _, payload in told for named in _ends(payload)}
    shown = _shown(connection, ends)
    insert_rows(connection, map_link, (_link_row(*one, numbers, shown) for one in told))


def _shown(connection: Connection, numbers: AbstractSet[int]) -> set[int]:
    """Those of the numbers that are of entries which everybody may see."""
    if not numbers:
        return set()
    query = sa.select(map_entry.c.number).where(map_entry.c.hidden == 0)
    here = query.where(among(connection, map_entry.c.number, numbers))
    return set(connection.execute(here).scalars())


def _reopen(connection: Connection, numbers: AbstractSet[int]) -> None:
    """Say anew of the links at these entries whether everybody may see both ends."""
    if not numbers:
        return
    both = (_is_shown(map_link.c.near), _is_shown(map_link.c.far))
    change = map_link.update().values(open=sa.case((sa.and_(*both), 1), else_=0))
    for end in (map_link.c.near, map_link.c.far):
        connection.execute(change.where(among(connection, end, numbers)))


def _is_shown(end: sa.ColumnElement[int]) -> sa.ColumnElement[bool]:
    here = sa.select(sa.literal(1)).where(map_entry.c.number == end, map_entry.c.hidden == 0)
    return here.correlate(map_link).exists()


def _entry_row(one: Revision, payload: Payload, number: int, since: str) -> tuple[Any, ...]:
    nuts = str((payload.get("place") or {}).get("nuts", ""))
    needs, can = payload.get("needs") or {}, payload.get("capabilities") or {}
    return (
        one.seq,
        one.kind,
        number,
        one.country,
        since,
        int(is_private(payload)),
        payload.get("tier", "nominated"),
        payload.get("review", "new"),
        _code(payload.get(_SORT.get(one.kind, ""), "")),
        nuts[:_REGION] if len(nuts) >= _REGION else "",
        *[needs.get(of) for of in NEED_KINDS],
        *[can.get(of) for of in NEED_KINDS],
        payload.get("urgency"),
        payload.get("severity"),
        payload.get("feasibility"),
    )


def _tag_rows(one: Revision, payload: Payload) -> Iterator[tuple[Any, ...]]:
    if not is_private(payload):
        for name, field in TAGS.items():
            for value in dict.fromkeys(payload.get(name) or ()):
                yield field, one.kind, str(value), one.seq


def _link_row(
    one: Revision, payload: Payload, numbers: Mapping[_Named, int], shown: AbstractSet[int]
) -> tuple[Any, ...]:
    agent, target = _ends(payload)
    near, far, to_agent = numbers[agent], numbers[target], target[0] == "agent"
    is_open = near in shown and far in shown
    sort = _code(payload.get("kind", ""))
    return one.seq, int(is_open), int(to_agent), near, far, one.country, sort


def _code(said: object) -> str:
    return str(said)[:LONGEST]
