"""An entry as flat columns with their own values, for formats of objects rather than of cells.

The names are those of our tables (`place.name`, `needs.scaling`); beside a code stands its label,
in a column that is there to be read and is not read back.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from ncc_kernel.errors import Rejected
from ncc_kernel.model.kinds import kind_of
from ncc_kernel.model.revision import Revision
from ncc_kernel.store.candidates import LABEL, OURS, RENAMED, Candidate, nested, parse_seq
from ncc_kernel.store.catalogue import Catalogue

MAP_KINDS = ("challenge", "agent", "initiative", "link")

_TAKEN = {name: column for column, name in RENAMED.items()}


def columns_of(one: Revision, catalogue: Catalogue) -> dict[str, Any]:
    """What identifies the entry, the guide it was made with, all that it says, and its labels."""
    said = dict(_flat(one.payload or {}))
    form = catalogue.entry_forms.get(one.kind)
    words = (
        {path: catalogue.vocabularies[code] for path, code in form.labelled.items()} if form else {}
    )
    labels = {}
    for path, vocabulary in words.items():
        if path in said:
            value = said[path]
            label = (
                ", ".join(vocabulary.label(str(code)) for code in value)
                if isinstance(value, list)
                else vocabulary.label(str(value))
            )
            labels[_TAKEN.get(path, path) + LABEL] = label
    ours = {name: getattr(one, name) for name in ("kind", "country", "key", "seq")}
    ours["guide"] = catalogue.guide.version
    return ours | {_TAKEN.get(path, path): value for path, value in said.items()} | labels


def _flat(payload: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in payload.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{before}{name}.")
        else:
            yield before + name, value


def candidate_of(
    columns: Mapping[str, Any],
    *,
    file: str,
    line: int,
    kind: str | None,
    defaults: Mapping[str, str],
) -> Candidate:
    """The candidate that these columns make; what has no field of ours is noted and left."""
    named = _text(columns.get("kind")) or kind or ""
    fields = kind_of(named).model.model_fields
    flat: dict[str, Any] = {}
    strange = []
    for name, value in columns.items():
        if name in OURS or name.endswith(LABEL) or value is None:
            continue
        path = RENAMED.get(name, name)
        if path.partition(".")[0] in fields:
            flat[path] = value
        else:
            strange.append(f"{name!r} is not a field of {named}.")
    seq = _text(columns.get("seq"))
    if not flat:
        raise Rejected("It has no field of ours.")
    return Candidate(
        file=file,
        line=line,
        kind=named,
        key=_text(columns.get("key")),
        country=_text(columns.get("country")) or defaults.get("country", ""),
        cycle=defaults.get("cycle", ""),
        payload=nested(flat),
        base=parse_seq(seq),
        based=bool(seq),
        notes=tuple(sorted(strange)),
    )


def _text(value: object) -> str:
    return "" if value is None else str(value).strip()
