"""Rows of files handed in, as candidates for the record: nothing is judged here but the form."""

import functools
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from ncc_kernel.errors import Rejected, Unreadable
from ncc_kernel.model.frozen import Frozen
from ncc_kernel.model.kinds import KINDS, kind_of
from ncc_kernel.model.text import showable
from ncc_kernel.store.log import LAST
from ncc_kernel.store.mapping import FileMapping, Mapping
from ncc_kernel.store.sheets import Row, Sheet, decode, read_bytes

LIST = "|"
"""Between the items of a list in one cell; with a backslash before it, it is part of an item."""

LABEL = " (label)"
"""Ends the name of a column that is there for people to read; it is not read back."""

OURS = ("kind", "country", "cycle", "key", "seq", "guide", "at", "author")

RENAMED = {"link_kind": "kind"}
"""Columns of fields whose own name is taken by one of ours."""


class Candidate(NamedTuple):
    """A row that may become a revision; `payload` None withdraws the entry.

    A tuple, as an import may make half a million of them, and each of those several times.
    """

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
    where: str = ""
    """Sheet and row, in a file of several sheets."""

    @property
    def name(self) -> str:
        """What people call it."""
        payload = self.payload or {}
        return str(showable(str(payload.get("name") or payload.get("title") or self.key)))

    @property
    def address(self) -> tuple[str, str, str, str]:
        """Which entry of the record this is about, once it is settled."""
        return self.kind, self.country, self.cycle, self.key

    def told(self, reason: str) -> "Refused":
        """The reason, with the place it is about."""
        said = f"{self.where}: {reason}" if self.where else reason
        return Refused(self.file, self.line, self.name, said)


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


def from_mapped(sheet: Sheet, mapping: Mapping, batch: Batch) -> None:
    """Candidates from a foreign table, by its mapping."""
    found = mapping.of(sheet)
    if found is None:
        raise Unreadable(f"{sheet.file} fits no table of the mapping {mapping.title!r}.", "")
    batch.rows[sheet.file] = len(sheet.rows)
    for row in sheet.rows:
        _guarded(
            batch,
            sheet.file,
            row.line,
            lambda r=row: _mapped(sheet.file, r, found, mapping),  # type: ignore[misc]
        )


def _mapped(file: str, row: Row, how: FileMapping, mapping: Mapping) -> Candidate:
    _within(row)
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
    if "key" not in sheet.columns or ("kind" not in sheet.columns and kind is None):
        raise Unreadable(
            f"{sheet.file} has columns that we do not know: {', '.join(sheet.columns[:6])}…",
            "name a mapping with --mapping (see data/mappings), or the kind with --kind",
        )
    batch.rows[sheet.file] = len(sheet.rows)
    for row in sheet.rows:
        named = row.cells.get("kind", "").strip() or kind or ""
        try:
            batch.candidates.append(_own(sheet, row, named, defaults))
        except Rejected as fault:
            batch.refused.append(Refused(sheet.file, row.line, "", fault.what))


def _own(sheet: Sheet, row: Row, kind: str, defaults: dict[str, str]) -> Candidate:
    _within(row)
    model = kind_of(kind).model
    flat: dict[str, Any] = {}
    strange: list[str] = []
    cells = row.cells
    for name, path, known, several in _columns(model, sheet.columns):
        said = cells.get(name)
        if said and not said.isspace():
            if known:
                flat[path] = split_list(said) if several else said
            else:
                strange.append(path)
    seq = cells.get("seq", "").strip()
    if not flat and not seq:
        raise Rejected("The row has a key and nothing else.", "fill it in, or leave it out")
    if flat and "guide" in cells and "guide" in model.model_fields:
        flat["guide"] = cells["guide"]
    notes = [f"The column {name!r} is not a field of {kind}." for name in strange]
    return Candidate(
        file=sheet.file,
        line=row.line,
        kind=kind,
        key=cells.get("key", "").strip(),
        country=cells.get("country", "").strip() or defaults.get("country", ""),
        cycle=cells.get("cycle", "").strip() or defaults.get("cycle", ""),
        payload=nested(flat) if flat else None,
        base=parse_seq(seq),
        based=bool(seq),
        notes=tuple(sorted(notes)),
    )


def _within(row: Row) -> None:
    if row.beyond:
        raise Rejected(
            f"The row has more cells than there are columns: {row.beyond[0][:40]!r} has no column.",
            "put quotes around a cell with a comma in it",
        )


def parse_seq(said: str) -> int | None:
    """The seq in a cell, or None when there is none that could be one."""
    plain = said.isascii() and said.isdigit() and len(said) <= len(str(LAST))
    return int(said) or None if plain else None


@functools.cache
def _columns(
    model: type[Frozen], columns: tuple[str, ...]
) -> tuple[tuple[str, str, bool, bool], ...]:
    """Of the columns to be read: name, path in the payload, whether it is there, and as a list."""
    found = []
    for name in columns:
        if name not in OURS and not name.endswith(LABEL):
            path = RENAMED.get(name, name)
            head = path.partition(".")[0]
            known = head in model.model_fields
            found.append((name, path, known, known and _holds_list(model, head)))
    return tuple(found)


def _holds_list(model: type[Frozen], name: str) -> bool:
    """Whether several items can stand in that field."""
    return "tuple" in str(model.model_fields[name].annotation)


def join_list(items: Iterable[object]) -> str:
    """The items in one cell, so that `split_list` finds them again."""
    return LIST.join(re.sub(r"([\\|])", r"\\\1", str(item)) for item in items)


def split_list(said: str) -> list[str]:
    """The items of a list that stands in one cell."""
    parts = re.findall(r"((?:\\.|[^|])*)(?:\||$)", said, flags=re.DOTALL)
    return [re.sub(r"\\([\\|])", r"\1", part).strip() for part in parts if part.strip()]


def from_jsonl(path: Path, file: str, batch: Batch) -> None:
    """Candidates from our JSON lines."""
    # Not splitlines: a line separator that stands in somebody's text is no end of a line.
    lines = decode(path, read_bytes(path))[0].split("\n")
    batch.rows[file] = sum(bool(line.strip()) for line in lines)
    for number, line in enumerate(lines, start=1):
        if line.strip():
            _guarded(batch, file, number, lambda n=number, t=line: _json(file, n, t))  # type: ignore[misc]


def _json(file: str, number: int, text: str) -> Candidate:
    try:
        raw = json.loads(text)
    except (ValueError, RecursionError):
        raise Rejected("The line is not JSON.") from None
    if not isinstance(raw, dict) or str(raw.get("kind")) not in KINDS or "payload" not in raw:
        raise Rejected("The line is no entry: it needs kind, country, key and payload.")
    payload, seq = raw["payload"], raw.get("seq")
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
        base=parse_seq(str(seq)),
        based=seq is not None,
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
        if not rest and head not in deep:
            deep[head] = value
        elif rest and isinstance(inner := deep.setdefault(head, {}), dict):
            inner[rest] = value
        else:
            raise Rejected(f"The columns {head!r} and {head + '.…'!r} contradict each other.")
    return deep
