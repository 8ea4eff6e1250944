"""The map as narrow rows to count from, beside the record and made from it alone.

Each append carries what it wrote over into them in its own transaction, so they are never behind.
`rebuild` makes them again from the whole record; a test holds both ways equal.
"""

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from ncc_kernel.model.ecosystem import NEED_KINDS
from ncc_kernel.model.revision import Payload, Revision, is_private
from ncc_kernel.store.bulk import insert_rows, parts
from ncc_kernel.store.schema import map_entry, map_link, map_tag

ON_THE_MAP = ("agent", "initiative", "challenge")
TAGS = {"objectives": "objective", "challenges": "challenge", "themes": "theme"}
"""Fields that are lists, and how their values are called in the rows."""

_SORT = {"agent": "type", "initiative": "stage"}
_REGION = 4
"""Letters of a NUTS 2 code; a longer code lies in that region, a shorter one in none known."""

LONGEST = 200
"""Characters of a code that are kept: an index of PostgreSQL holds no whole line of text."""

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
    """Bring the rows up to these revisions, which are the newest of their entries."""
    entries: dict[_Address, _Now] = {}
    links: dict[_Address, Revision] = {}
    for one in written:
        address = one.kind, one.key, one.country
        if one.kind == "link":
            links[address] = one
        elif one.kind in ON_THE_MAP:
            entries[address] = _after(one, entries.get(address))
    if entries:
        _carry_entries(connection, entries)
    if links:
        _carry_links(connection, links)


def rebuild(connection: Connection, revisions: Iterable[Sequence[Revision]]) -> None:
    """Make all rows anew from the whole record, which comes in parts and in its order."""
    for table in (map_entry, map_tag, map_link):
        connection.execute(table.delete())
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


def _carry_entries(connection: Connection, entries: dict[_Address, _Now]) -> None:
    begun = _taken_away(connection, list(entries))
    rows: list[tuple[Any, ...]] = []
    tags: list[tuple[Any, ...]] = []
    for address, now in entries.items():
        payload = now.revision.payload
        if payload is not None:
            since = now.since if now.anew else begun.get(address, now.since)
            rows.append(_entry_row(now.revision, payload, since))
            tags += _tag_rows(now.revision, payload)
    insert_rows(connection, map_entry, rows)
    insert_rows(connection, map_tag, tags)
    _reopen(connection, entries)


def _taken_away(connection: Connection, addresses: Sequence[_Address]) -> dict[_Address, str]:
    """Take the rows of these entries away; since when each of them stood there."""
    asked, found = set(addresses), dict[_Address, str]()
    for kind, wanted in _by_kind(addresses).items():
        here = sa.select(map_entry.c.key, map_entry.c.country, map_entry.c.since)
        for some in parts(sorted(wanted)):
            query = here.where(map_entry.c.kind == kind, map_entry.c.key.in_([k for k, _ in some]))
            found |= {
                (kind, key, country): since for key, country, since in connection.execute(query)
            }
    found = {address: since for address, since in found.items() if address in asked}
    _delete(connection, map_entry, found)
    _delete(connection, map_tag, found)
    return found


def _by_kind(addresses: Iterable[_Address]) -> dict[str, list[tuple[str, str]]]:
    """Key and country of each entry, by kind."""
    found: dict[str, list[tuple[str, str]]] = {}
    for kind, key, country in addresses:
        found.setdefault(kind, []).append((key, country))
    return found


def _delete(connection: Connection, table: sa.Table, gone: Iterable[_Address]) -> None:
    its = [{"of": kind, "its": key, "where": country} for kind, key, country in gone]
    if its:
        here = [table.c.key == sa.bindparam("its"), table.c.country == sa.bindparam("where")]
        if "kind" in table.c:
            here.append(table.c.kind == sa.bindparam("of"))
        connection.execute(table.delete().where(*here), its)


def _carry_links(connection: Connection, links: dict[_Address, Revision]) -> None:
    stood: list[_Address] = []
    for some in parts(sorted(key for _, key, _ in links)):
        here = sa.select(map_link.c.key, map_link.c.country).where(map_link.c.key.in_(some))
        stood += [("link", key, country) for key, country in connection.execute(here)]
    _delete(connection, map_link, (one for one in stood if one in links))
    rows = [_link_row(one, one.payload) for one in links.values() if one.payload is not None]
    shown = _shown(connection, {end for row in rows for end in _ends(row)})
    opened = [
        (*row[:2], int(not row[2] and shown.issuperset(_ends(row))), *row[2:]) for row in rows
    ]
    insert_rows(connection, map_link, opened)


def _ends(row: tuple[Any, ...]) -> tuple[tuple[str, str], ...]:
    """Kind and key of both ends of a link's row."""
    return ("agent", row[3]), (row[4], row[5])


def _shown(connection: Connection, ends: AbstractSet[tuple[str, str]]) -> set[tuple[str, str]]:
    """Those of the ends that are entries which everybody may see."""
    found: set[tuple[str, str]] = set()
    for kind in {kind for kind, _ in ends}:
        for some in parts(sorted(key for of, key in ends if of == kind)):
            query = sa.select(map_entry.c.key).where(
                map_entry.c.kind == kind, map_entry.c.key.in_(some), map_entry.c.hidden == 0
            )
            found |= {(kind, key) for key in connection.execute(query).scalars()}
    return found


def _reopen(connection: Connection, entries: Iterable[_Address]) -> None:
    """Say anew of the links at these entries whether everybody may see them."""
    keys = {kind: sorted(key for key, _ in some) for kind, some in _by_kind(entries).items()}
    its = sa.case((sa.and_(map_link.c.hidden == 0, *_both_shown()), 1), else_=0)
    change = map_link.update().values(open=its)
    for some in parts(keys.get("agent", ())):
        connection.execute(change.where(map_link.c.agent.in_(some)))
    for kind in ("agent", "initiative"):
        for some in parts(keys.get(kind, ())):
            here = map_link.c.target_kind == kind, map_link.c.target.in_(some)
            connection.execute(change.where(*here))


def _both_shown() -> tuple[sa.ColumnElement[bool], ...]:
    """That both ends of a link are entries which everybody may see."""
    ends = (
        (map_entry.c.kind == "agent", map_entry.c.key == map_link.c.agent),
        (map_entry.c.kind == map_link.c.target_kind, map_entry.c.key == map_link.c.target),
    )
    return tuple(
        sa.select(sa.literal(1)).where(*end, map_entry.c.hidden == 0).correlate(map_link).exists()
        for end in ends
    )


def _entry_row(one: Revision, payload: Payload, since: str) -> tuple[Any, ...]:
    place = payload.get("place") or {}
    needs, can = payload.get("needs") or {}, payload.get("capabilities") or {}
    return (
        one.kind,
        one.key,
        one.country,
        one.seq,
        since,
        *_said(one, payload),
        int(place.get("lat") is not None and place.get("lon") is not None),
        *(needs.get(of) for of in NEED_KINDS),
        *(can.get(of) for of in NEED_KINDS),
        payload.get("urgency"),
        payload.get("severity"),
        payload.get("feasibility"),
    )


def _said(one: Revision, payload: Payload) -> tuple[Any, ...]:
    """What is counted by in every row of an entry: hidden, tier, review, sort, region."""
    nuts = str((payload.get("place") or {}).get("nuts", ""))
    return (
        int(is_private(payload)),
        payload.get("tier", "nominated"),
        payload.get("review", "new"),
        _code(payload.get(_SORT.get(one.kind, ""), "")),
        nuts[:_REGION] if len(nuts) >= _REGION else "",
    )


def _tag_rows(one: Revision, payload: Payload) -> Iterator[tuple[Any, ...]]:
    said = _said(one, payload)
    for name, field in TAGS.items():
        for value in dict.fromkeys(payload.get(name) or ()):
            yield one.kind, one.key, one.country, field, str(value), *said


def _link_row(one: Revision, payload: Payload) -> tuple[Any, ...]:
    kind = payload.get("target_kind", "initiative")
    ends = payload.get("agent", ""), kind, payload.get("target", "")
    return one.key, one.country, int(is_private(payload)), *ends, _code(payload.get("kind", ""))


def _code(said: object) -> str:
    return str(said)[:LONGEST]
