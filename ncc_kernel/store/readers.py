"""What of the record may go out to whom: private entries stay, and so does every trace of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ncc_kernel.model.entry_form import EntryField, EntryForm, value_at
from ncc_kernel.model.field_shape import required
from ncc_kernel.model.kinds import kind_of
from ncc_kernel.model.revision import Payload, Revision
from ncc_kernel.store.exports import read_entries
from ncc_kernel.store.log import Store

SEEN: Mapping[str, tuple[str, ...]] = {
    "public": ("public",),
    "working_group": ("public", "working_group"),
    "all": ("public", "working_group", "private"),
}
"""Which entries each circle of readers may see; one that says nothing is the working group's."""


def read_for_readers(
    store: Store,
    kinds: Sequence[str],
    circle: str,
    forms: Mapping[str, EntryForm],
    *,
    country: str | None = None,
    cycle: str | None = None,
) -> tuple[Revision, ...]:
    """The current entries of these kinds that these readers may see.

    Whatever they name is looked at too, whoever's it is: a reference to a private entry is one
    though nobody asked for entries of its kind.
    """
    if circle == "all":
        return read_entries(store, kinds, country=country, cycle=cycle)
    around = list(kinds)
    for kind in around:
        named = forms[kind].refers_to if kind in forms else ()
        around += sorted(other for other in named if other not in around)
    found = for_readers(read_entries(store, around, cycle=cycle), circle, forms)
    return tuple(one for one in found if one.kind in kinds and country in (None, one.country))


def for_readers(
    entries: Sequence[Revision], circle: str, forms: Mapping[str, EntryForm]
) -> tuple[Revision, ...]:
    """The entries that these readers may see, without references to any that they may not.

    An entry that cannot be without such a reference, as a link cannot, is left out too.
    """
    seen = SEEN[circle]
    shown = [one for one in entries if visibility(one) in seen]
    there = {(one.kind, one.key) for one in shown}
    kept = {(one.kind, one.country, one.key) for one in shown}
    hidden = {
        (one.kind, one.country, one.key)
        for one in entries
        if (one.kind, one.country, one.key) not in kept
    }
    lost = {(kind, key) for kind, _, key in hidden} - there
    found = shown
    while True:
        gone = hidden | {(kind, "", key) for kind, key in lost}
        cleared = [(one, _cleared(one, forms.get(one.kind), gone)) for one in found]
        found = [clear for _, clear in cleared if clear is not None]
        fallen = {(one.kind, one.country, one.key) for one, clear in cleared if clear is None}
        if not fallen:
            return tuple(found)
        hidden |= fallen


def visibility(one: Revision) -> str:
    """Who may see it, as it says itself."""
    if "visibility" not in kind_of(one.kind).model.model_fields:
        return "working_group"
    return str((one.payload or {}).get("visibility", "working_group"))


def _cleared(
    one: Revision, form: EntryForm | None, gone: set[tuple[str, str, str]]
) -> Revision | None:
    """The entry without references to what is gone, or None when it needs one of them."""
    payload = one.payload or {}
    for field in form.references if form else ():
        said = value_at(payload, field.path)
        named = said if isinstance(said, list) else [said] if said else []
        kinds = list(_kinds(field, payload))
        left = [key for key in named if not _is_gone(one.country, kinds, str(key), gone)]
        if len(left) == len(named):
            continue
        if required(one.kind, field.path):
            return None
        payload = _without(payload, field.path.split("."), left if isinstance(said, list) else None)
    return one if payload is (one.payload or {}) else replace(one, payload=payload)


def _kinds(field: EntryField, payload: Payload) -> Iterator[str]:
    said = value_at(payload, field.kind_path) if field.kind_path else None
    yield from (said,) if said else field.of[:1] if field.kind_path else field.of


def _is_gone(country: str, kinds: Sequence[str], key: str, gone: set[tuple[str, str, str]]) -> bool:
    return any((kind, where, key) in gone for kind in kinds for where in (country, ""))


def _without(payload: Payload, path: Sequence[str], left: list[Any] | None) -> Payload:
    head, *rest = path
    changed = dict(payload)
    if rest:
        changed[head] = _without(payload[head], rest, left)
    elif left:
        changed[head] = left
    else:
        del changed[head]
    return changed
