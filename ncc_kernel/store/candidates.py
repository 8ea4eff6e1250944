"""Rows of files handed in, as candidates for the record: nothing is judged here but the form."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ncc_kernel.errors import Rejected, Unreadable
from ncc_kernel.model.frozen import Frozen
from ncc_kernel.model.kinds import KINDS, kind_of
from ncc_kernel.store.mapping import FileMapping, Mapping
from ncc_kernel.store.sheets import Row, Sheet, decode, read_bytes

LIST = "|"
"""Between the items of a list in one cell."""

LABEL = " (label)"
"""Ends the name of a column that is there for people to read; it is not read back."""

OURS = ("kind", "country", "cycle", "key", "seq", "guide", "at", "author")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A row that may become a revision; `payload` None withdraws the entry."""

    file: str
    line: int
    kind: str
    key: str
    country: str
    cycle: str
    payload: dict[str, Any] | None
    base: int | None = None
    based: bool = False
    notes: tuple[str, ...] = ()
    by_links: bool = False

    @property
    def name(self) -> str:
        """What people call it."""
        payload = self.payload or {}
        return str(payload.get("name") or payload.get("title") or self.key)


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that was not taken, and why."""

    file: str
    line: int
    name: str
    reason: str


@dataclass
class Batch:
    """The candidates of all files, what could not even become one, and how many rows there were."""

    candidates: list[Candidate] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    notes: list[Refused] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)
    leads: tuple[str, ...] = ()


def from_mapped(sheet: Sheet, mapping: Mapping, batch: Batch) -> None:
    """Candidates from a foreign table, by its mapping."""
    found = mapping.of(sheet)
    if found is None:
        raise Unreadable(f"{sheet.file} fits no table of the mapping {mapping.title!r}.", "")
    batch.rows[sheet.file] = len(sheet.rows)
    for row in sheet.rows:
        batch.candidates.append(_mapped(sheet.file, row, found, mapping))


def _mapped(file: str, row: Row, how: FileMapping, mapping: Mapping) -> Candidate:
    notes: list[str] = []
    flat: dict[str, Any] = dict(how.fixed)
    for target, column in how.columns.items():
        said = row.cells.get(column, "").strip()
        if not said:
            continue
        if target in how.values:
            code = how.values[target].get(said)
            if code is None:
                notes.append(f"{column} {said[:60]!r} is not in the mapping; left empty.")
                continue
            said = code
        if target in how.split:
            flat[target] = [part.strip() for part in said.split(how.split[target]) if part.strip()]
        else:
            flat[target] = f"{mapping.prefix}:{said}" if target in how.prefixed else said
    key = row.cells.get(how.key, "").strip()
    return Candidate(
        file=file,
        line=row.line,
        kind=how.kind,
        key=f"{mapping.prefix}:{key}" if key else "",
        country=row.cells.get(how.country, "") if how.country else "",
        cycle="",
        payload=nested(flat),
        notes=tuple(notes),
        by_links=how.country_from == "links",
    )


def from_own(sheet: Sheet, kind: str | None, defaults: dict[str, str], batch: Batch) -> None:
    """Candidates from a table with our own columns: key, country, and fields with dots."""
    batch.rows[sheet.file] = len(sheet.rows)
    if "key" not in sheet.columns or ("kind" not in sheet.columns and kind is None):
        raise Unreadable(
            f"{sheet.file} has columns that we do not know: {', '.join(sheet.columns[:6])}…",
            "name a mapping with --mapping (see data/mappings), or the kind with --kind",
        )
    for row in sheet.rows:
        named = row.cells.get("kind", "").strip() or kind or ""
        _guarded(batch, sheet.file, row.line, lambda r=row, n=named: _own(sheet, r, n, defaults))  # type: ignore[misc]


def _own(sheet: Sheet, row: Row, kind: str, defaults: dict[str, str]) -> Candidate:
    model = kind_of(kind).model
    fields = [c for c in sheet.columns if c not in OURS and not c.endswith(LABEL)]
    known = [c for c in fields if c.partition(".")[0] in model.model_fields]
    flat = {c: _cell(model, c, row.cells[c]) for c in known if row.cells.get(c, "").strip()}
    if kind == "answer" and row.cells.get("guide"):
        flat["guide"] = row.cells["guide"]
    notes = [f"The column {c!r} is not a field of {kind}." for c in fields if c not in known]
    seq = row.cells.get("seq", "").strip()
    return Candidate(
        file=sheet.file,
        line=row.line,
        kind=kind,
        key=row.cells.get("key", "").strip(),
        country=row.cells.get("country", "").strip() or defaults.get("country", ""),
        cycle=row.cells.get("cycle", "").strip() or defaults.get("cycle", ""),
        payload=nested(flat) if flat else None,
        base=int(seq) if seq.isascii() and seq.isdigit() else None,
        based=bool(seq),
        notes=tuple(notes),
    )


def _cell(model: type[Frozen], column: str, said: str) -> object:
    if "tuple" in str(model.model_fields[column.partition(".")[0]].annotation):
        return [part.strip() for part in said.split(LIST) if part.strip()]
    return said


def from_jsonl(path: Path, batch: Batch) -> None:
    """Candidates from our JSON lines."""
    lines = decode(path, read_bytes(path)).splitlines()
    batch.rows[path.name] = sum(bool(line.strip()) for line in lines)
    for number, line in enumerate(lines, start=1):
        if line.strip():
            _guarded(batch, path.name, number, lambda n=number, t=line: _json(path.name, n, t))  # type: ignore[misc]


def _json(file: str, number: int, text: str) -> Candidate:
    try:
        raw = json.loads(text)
    except ValueError:
        raise Rejected("The line is not JSON.") from None
    if not isinstance(raw, dict) or raw.get("kind") not in KINDS:
        raise Rejected("The line is no entry: it needs kind, country, key and payload.")
    payload, base = raw.get("payload"), raw.get("seq")
    if payload is not None and not isinstance(payload, dict):
        raise Rejected("payload is not an object.")
    return Candidate(
        file=file,
        line=number,
        kind=raw["kind"],
        key=str(raw.get("key", "")),
        country=str(raw.get("country", "")),
        cycle=str(raw.get("cycle", "")),
        payload=payload,
        base=base if isinstance(base, int) else None,
        based=isinstance(base, int),
    )


def _guarded(batch: Batch, file: str, line: int, read: Callable[[], Candidate]) -> None:
    try:
        batch.candidates.append(read())
    except Rejected as fault:
        batch.refused.append(Refused(file, line, "", fault.what))


def nested(flat: dict[str, Any]) -> dict[str, Any]:
    """Fields with dots as objects in objects."""
    deep: dict[str, Any] = {}
    for name, value in flat.items():
        head, _, rest = name.partition(".")
        if rest:
            deep.setdefault(head, {})[rest] = value
        else:
            deep[head] = value
    return deep
