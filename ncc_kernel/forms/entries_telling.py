"""What the page is told of entries: each function makes one message, or a part of one."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from ncc_kernel.forms.entries_scene import EntriesScene
from ncc_kernel.forms.entries_standing import EntriesStanding, ShownEntry
from ncc_kernel.forms.telling import Message, moment, numbered
from ncc_kernel.model.entry_fields import Fields, fields_of, items_at, may_be_empty
from ncc_kernel.model.entry_form import EntryField, EntryForm
from ncc_kernel.model.field_shape import bare, bounds, field_of, longest, required, whole
from ncc_kernel.model.revision import Revision


def everything(
    scene: EntriesScene,
    standing: EntriesStanding,
    abroad: Iterable[Revision],
    *,
    writes: Mapping[str, bool],
    now: datetime,
) -> Message:
    """All that a page needs to begin."""
    used = {one.vocabulary for form in scene.forms for one in form.fields if one.vocabulary}
    return {
        "is": "all",
        "kinds": [
            of_form(one)
            | {"write": writes[one.kind]}
            | {"offers": [fields_of(one, offer) for offer in scene.offers.get(one.kind, ())]}
            for one in scene.forms
        ],
        "vocabularies": {
            code: [
                {"code": term.code, "label": term.label, "definition": term.definition}
                for term in scene.vocabularies[code].terms
            ]
            for code in sorted(used)
        },
        "entries": [row(one, now) for one in standing.entries() if one.seq is not None],
        "names": named(scene, (*standing.names(), *abroad)),
        "country": scene.country,
        "country_name": scene.country_name,
        "cycle": scene.cycle,
        "me": {"name": scene.name},
        "place": scene.place,
        "illustrative": scene.illustrative,
        "urls": dict(scene.urls),
    }


def of_form(form: EntryForm) -> Message:
    """A kind's form, with what its model asks for."""
    said = form.model_dump(mode="json", exclude={"fields", "alike_by"})
    return said | {
        "alike_by": list(form.alike_by or form.named_by),
        "fields": [_field(form, one) for one in form.fields],
        "empty": dict(fields_of(form, None)),
    }


def _field(form: EntryForm, one: EntryField) -> dict[str, Any]:
    low, high = bounds(form.kind, one.path)
    found = field_of(form.kind, one.path)
    truth = found is not None and found.annotation is bool
    return one.model_dump(mode="json") | {
        "required": required(form.kind, one.path),
        "may_be_empty": may_be_empty(form, one) and not truth,
        "low": low,
        "high": high,
        "whole": whole(form.kind, one.path),
        "longest": longest(form.kind, one.path)
        if bare(found and found.annotation) is str
        else None,
    }


def row(shown: ShownEntry, now: datetime) -> Message:
    """One entry: as recorded, as typed, or withdrawn."""
    return {
        "kind": shown.form.kind,
        "key": shown.key,
        "seq": shown.seq,
        "entry": _made(shown.entry, shown.settled, now),
        "typed": _made(shown.half, shown.typed, now) if shown.typed is not None else None,
        "gone": _gone(shown, now),
    }


def _made(made: Revision | None, fields: Fields | None, now: datetime) -> Message | None:
    if made is None or made.payload is None:
        return None
    return {"fields": fields, "by": made.author, "at": moment(made.at, now)}


def _gone(shown: ShownEntry, now: datetime) -> Message | None:
    if shown.gone is None or shown.entry is None:
        return None
    fields = fields_of(shown.form, shown.gone.payload)
    return {"fields": fields, "by": shown.entry.author, "at": moment(shown.entry.at, now)}


def named(scene: EntriesScene, entries: Iterable[Revision]) -> list[Message]:
    """What may be referred to and has no form here; no name is a withdrawal."""
    return [
        {
            "kind": one.kind,
            "key": one.key,
            "name": name_of(scene, one),
            "country": "" if one.country == scene.country else one.country,
        }
        for one in entries
    ]


def name_of(scene: EntriesScene, one: Revision) -> str:
    """What people call the entry; the codes in it in words."""
    if one.payload is None:
        return ""
    form = scene.named.get(one.kind)
    if form is None:
        return str(one.payload.get("name") or one.payload.get("title") or one.key)
    said = []
    for path in form.named_by:
        vocabulary = scene.vocabularies.get(form.field(path).vocabulary)
        items = items_at(one.payload, path)
        said += [vocabulary.label(code) if vocabulary else code for code in items]
    return ", ".join(said) or one.key


def saved(asked: Mapping[str, Any], shown: ShownEntry, now: datetime) -> Message:
    """What was asked for stands; the entry as it is now."""
    made = shown.last
    return {
        "is": "saved",
        **numbered(asked.get("id")),
        "seq": shown.seq,
        "at": moment(made.at if made else now, now),
        "row": row(shown, now),
    }


def recorded(asked: Mapping[str, Any], made: Revision, now: datetime) -> Message:
    """What was sent is in the record, and overtaken since."""
    return {
        "is": "saved",
        **numbered(asked.get("id")),
        "seq": made.seq,
        "at": moment(made.at, now),
        "row": None,
    }


def invalid(
    asked: Mapping[str, Any], shown: ShownEntry, faults: Mapping[str, str], now: datetime
) -> Message:
    """What is typed is kept, and cannot be saved yet: a sentence for each field."""
    return saved(asked, shown, now) | {"is": "invalid", "messages": dict(faults)}


def conflict(asked: Mapping[str, Any], mine: Fields, shown: ShownEntry, now: datetime) -> Message:
    """Two people changed one entry: both, for a person to decide."""
    made = shown.last
    theirs = {
        "fields": shown.fields,
        "seq": shown.seq,
        "by": made.author if made else "",
        "at": moment(made.at, now) if made else "",
        "withdrawn": shown.nothing,
    }
    return {
        "is": "conflict",
        **numbered(asked.get("id")),
        "mine": mine,
        "theirs": theirs,
        "row": row(shown, now),
    }


def changed(shown: ShownEntry, now: datetime) -> Message:
    """What somebody else did to an entry."""
    return {"is": "changed", "row": row(shown, now)}


def history(
    asked: Mapping[str, Any], form: EntryForm, revisions: Sequence[Revision], now: datetime
) -> Message:
    """Every revision of one entry, newest first, with what it changed."""
    told: list[Message] = []
    before: Revision | None = None
    for one in revisions:
        told.append(
            {
                "by": one.author,
                "at": moment(one.at, now),
                "did": _did(before, one),
                "changes": _changes(form, before, one),
            }
        )
        before = one
    return {"is": "history", **numbered(asked.get("id")), "told": told[::-1]}


def _did(before: Revision | None, one: Revision) -> str:
    if one.payload is None:
        return "withdrew it"
    if before is None:
        return "added it"
    return "brought it back" if before.payload is None else "changed it"


def _changes(form: EntryForm, before: Revision | None, one: Revision) -> list[Message]:
    if before is None or before.payload is None or one.payload is None:
        return []
    was, now = fields_of(form, before.payload), fields_of(form, one.payload)
    return [
        {"path": field.path, "was": was[field.path], "now": now[field.path]}
        for field in form.fields
        if was[field.path] != now[field.path]
    ]
