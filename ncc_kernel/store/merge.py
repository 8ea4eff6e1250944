"""Merge two entries that are one, and take it back: all as revisions, so nothing is lost.

The kept entry takes over what it lacked, the other is withdrawn, and what named the other names the
kept one. The entry of kind `merge` holds the revision of everything as it was before; taking it
back restores each of them, unless somebody has changed it since.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from ncc_kernel.errors import Rejected
from ncc_kernel.model.entry_form import EntryForm, value_at
from ncc_kernel.model.revision import EVERY_CYCLE, Draft, Payload, Revision
from ncc_kernel.store.log import Address, Store
from ncc_kernel.store.readers import SEEN, visibility

CIRCLES = SEEN["all"]
"""Who may see an entry, the most first."""


@dataclass(frozen=True, slots=True)
class Undone:
    """What was restored, and what was left because it was changed after the merge."""

    restored: tuple[Revision, ...]
    left: tuple[Revision, ...]


def merge_entries(
    store: Store,
    forms: Mapping[str, EntryForm],
    *,
    kind: str,
    country: str,
    keep: str,
    drop: str,
    reason: str = "",
    author: str,
    at: datetime,
) -> Revision:
    """The merge as it is recorded, once both are one."""
    kept, dropped = (_the(store, kind, country, key) for key in (keep, drop))
    if keep == drop:
        raise Rejected("An entry cannot be merged with itself.", "name two keys")
    if CIRCLES.index(visibility(kept)) < CIRCLES.index(visibility(dropped)):
        raise Rejected(
            f"{drop[:80]!r} is kept from readers who see {keep[:80]!r}, and a merge would tell them.",
            "give both the same visibility first, or merge the other way round",
        )
    changes: dict[Address, Draft] = {}
    if (filled := _filled(kept.payload or {}, dropped.payload or {})) != kept.payload:
        changes[kept.address] = _change(kept, filled)
    for one in _referring(store, forms, kind, country, drop):
        payload = _redirected(one, forms[one.kind], kind, drop, keep)
        changes[one.address] = _change(one, payload)
    changes |= {one.address: replace(one, payload=None) for one in _doubled_links(store, changes)}
    changes[dropped.address] = _change(dropped, None)
    before = [
        {"kind": one.kind, "country": one.country, "key": one.key, "seq": one.base}
        for one in changes.values()
    ]
    said = {"kind": kind, "keep": keep, "drop": drop, "reason": reason, "before": before}
    last = store.history("merge", country, EVERY_CYCLE, _key(kind, drop))
    base = last[-1].seq if last else None
    merge = Draft(country, EVERY_CYCLE, "merge", _key(kind, drop), base, said)
    done = store.append([*changes.values(), merge], author=author, at=at, together=True)
    if done.conflicts:
        raise Rejected("Somebody changed one of these entries just now.", "look again, then merge")
    return next(one for one in done.written if one.kind == "merge")


def undo_merge(
    store: Store, *, kind: str, country: str, drop: str, author: str, at: datetime
) -> Undone:
    """Everything as it was before that merge, but for what was changed after it."""
    merge = _the(store, "merge", country, _key(kind, drop))
    restored, left = [], []
    for stood in (merge.payload or {})["before"]:
        was = store.revision(stood["seq"])
        history = store.history(stood["kind"], stood["country"], EVERY_CYCLE, stood["key"])
        if was is None or was.address != (
            stood["kind"],
            stood["country"],
            EVERY_CYCLE,
            stood["key"],
        ):
            raise Rejected(
                "The merge names revisions that are not in this record.", "see its history"
            )
        now = history[-1]
        # What the merge wrote was based on what stood before it; a later change is based on that.
        if was.seq not in (now.seq, now.base):
            left.append(now)
            continue
        restored.append(Draft(*_place(was), now.seq, was.payload))
    gone = Draft(country, EVERY_CYCLE, "merge", merge.key, merge.seq, None)
    done = store.append([*restored, gone], author=author, at=at, together=True)
    if done.conflicts:
        raise Rejected("Somebody changed one of these entries just now.", "look again, then undo")
    return Undone(tuple(one for one in done.written if one.kind != "merge"), tuple(left))


def _key(kind: str, drop: str) -> str:
    """The merge's key: an entry is withdrawn by one merge only."""
    return f"{kind}.{drop}"[:120]


def _the(store: Store, kind: str, country: str, key: str) -> Revision:
    found = store.current(kind, country=country, key=key)
    if not found:
        raise Rejected(f"{country} has no {kind} {key[:80]!r}.", "see: ncc doubles")
    return found[0]


def _change(one: Revision, payload: Payload | None) -> Draft:
    return Draft(*_place(one), one.seq, payload)


def _place(one: Revision) -> tuple[str, str, str, str]:
    return one.country, one.cycle, one.kind, one.key


def _filled(kept: Payload, dropped: Payload) -> Payload:
    """What the kept entry says, and where it says nothing, what the other said."""
    return {name: value for name, value in dropped.items() if name not in kept} | kept


def _referring(
    store: Store, forms: Mapping[str, EntryForm], kind: str, country: str, key: str
) -> Iterator[Revision]:
    """The entries that name that one: the country's, and others' where the key is only there."""
    for form in forms.values():
        if kind not in form.refers_to:
            continue
        for one in store.current(form.kind):
            own = one.country == country or not store.current(kind, country=one.country, key=key)
            if own and _redirected(one, form, kind, key, "") != one.payload:
                yield one


def _redirected(one: Revision, form: EntryForm, kind: str, drop: str, keep: str) -> Payload:
    payload = dict(one.payload or {})
    for field in form.references:
        said = value_at(payload, field.path)
        of = value_at(payload, field.kind_path) if field.kind_path else None
        meant = of or (field.of[0] if field.kind_path else None)
        if kind not in field.of or (meant is not None and meant != kind):
            continue
        if isinstance(said, list):
            items = list(dict.fromkeys(keep if item == drop else item for item in said))
            payload = _put(payload, field.path.split("."), items)
        elif said == drop:
            payload = _put(payload, field.path.split("."), keep)
    return payload


def _put(payload: Payload, path: list[str], value: Any) -> Payload:
    head, *rest = path
    return payload | {head: _put(payload.get(head, {}), rest, value) if rest else value}


def _doubled_links(store: Store, changes: Mapping[Address, Draft]) -> Iterator[Draft]:
    """Links that say after the merge what another says already, or tie an agent to itself."""
    moved = {where: one for where, one in changes.items() if one.kind == "link"}
    if not moved:
        return
    standing = {_tie(one.payload) for one in store.current("link") if one.address not in moved}
    for one in moved.values():
        tie = _tie(one.payload)
        if tie in standing or tie[:2] == ("agent", tie[2]):
            yield one
        standing.add(tie)


def _tie(payload: Payload | None) -> tuple[str, ...]:
    said = payload or {}
    kind = str(said.get("target_kind", "initiative"))
    return kind, said["agent"], said["target"], str(said.get("kind", ""))
