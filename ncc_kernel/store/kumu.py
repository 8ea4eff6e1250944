"""The map for Kumu, as its JSON blueprint and its XLSX, out and in again.

Kumu reads elements (Label, Type, Description, Tags) and connections (From, To, Type) and keeps every
other column as it is. Ours begin with `ncc `, so that they never meet one of Kumu's; they alone are
read back. Ids are `kind:country:key`, so that importing again makes no doubles there either.
"""

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from ncc_kernel.errors import Rejected, Unreadable
from ncc_kernel.model.revision import Revision
from ncc_kernel.store.candidates import LABEL, Batch, Refused
from ncc_kernel.store.catalogue import Catalogue
from ncc_kernel.store.columns import MAP_KINDS, candidate_of, columns_of
from ncc_kernel.store.sheets import decode, escape, open_xlsx, read_bytes, xlsx_rows

PREFIX = "ncc "
ELEMENTS = ("ID", "Label", "Type", "Description", "Tags")
CONNECTIONS = ("ID", "From", "To", "Type", "Direction", "Description", "Tags")
TAGS = "|"
"""Between tags in one cell, as Kumu has it."""

WORKS_ON = "works on"

Table = list[dict[str, Any]]


def to_blueprint(entries: Sequence[Revision], catalogue: Catalogue) -> str:
    """Kumu's JSON: elements and connections, with our own columns in them."""
    elements, connections = _tables(entries, catalogue)
    told = [{_lower(name): value for name, value in row.items()} for row in elements]
    tied = [{_lower(name): value for name, value in row.items()} for row in connections]
    whole = {"elements": told, "connections": tied}
    return json.dumps(whole, ensure_ascii=False, allow_nan=False) + "\n"


def to_kumu_xlsx(entries: Sequence[Revision], catalogue: Catalogue) -> bytes:
    """Kumu's XLSX: a sheet of elements and one of connections, every cell text."""
    elements, connections = _tables(entries, catalogue)
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(buffer, options)
    book.set_properties({"created": datetime(2024, 1, 1, tzinfo=UTC)})
    for name, first, rows in (
        ("Elements", ELEMENTS, elements),
        ("Connections", CONNECTIONS, connections),
    ):
        _write(book.add_worksheet(name), first, rows)
    book.close()
    return buffer.getvalue()


def _write(sheet: Any, first: Sequence[str], rows: Table) -> None:
    columns = list(dict.fromkeys((*first, *(name for row in rows for name in row))))
    for place, name in enumerate(columns):
        sheet.write_string(0, place, name)
    for number, row in enumerate(rows, start=1):
        for place, name in enumerate(columns):
            if sheet.write_string(number, place, escape(_cell(name, row.get(name)))) != 0:
                raise Rejected(
                    f"{row['ID']}: a cell of XLSX holds too little.", "use the blueprint"
                )
    sheet.freeze_panes(1, 2)


def _cell(name: str, value: object) -> str:
    if value is None:
        return ""
    if name == "Tags" and isinstance(value, list):
        return TAGS.join(str(tag).replace(TAGS, "/") for tag in value)
    return json.dumps(value, ensure_ascii=False) if name.startswith(PREFIX) else str(value)


def _lower(name: str) -> str:
    return name if name.startswith(PREFIX) else name.lower()


def _tables(entries: Sequence[Revision], catalogue: Catalogue) -> tuple[Table, Table]:
    there = {(one.kind, one.country, one.key) for one in entries}
    anywhere = {(one.kind, one.key): one.country for one in reversed(entries)}

    def id_of(kind: str, country: str, key: str) -> str | None:
        if (kind, country, key) in there:
            return f"{kind}:{country}:{key}"
        home = anywhere.get((kind, key))
        return f"{kind}:{home}:{key}" if home else None

    elements: Table = []
    connections: Table = []
    for one in entries:
        said, payload = columns_of(one, catalogue), one.payload or {}
        ours = {PREFIX + name: value for name, value in said.items()}
        mine = f"{one.kind}:{one.country}:{one.key}"
        if one.kind == "link":
            ends = (
                id_of("agent", one.country, payload["agent"]),
                id_of(payload.get("target_kind", "initiative"), one.country, payload["target"]),
            )
            if all(ends):  # Kumu takes no connection into nothing
                connections.append(
                    {
                        "ID": mine,
                        "From": ends[0],
                        "To": ends[1],
                        "Type": said.get("link_kind" + LABEL, payload["kind"]),
                        "Direction": "directed",
                        "Description": payload.get("note", ""),
                        "Tags": [one.country],
                        **ours,
                    }
                )
        elif one.kind in MAP_KINDS:
            elements.append(_element(one, said, mine) | ours)
            for key in payload.get("challenges", ()):
                if to := id_of("challenge", one.country, key):
                    connections.append(_works_on(mine, to))
    return elements, connections


def _element(one: Revision, said: Mapping[str, Any], mine: str) -> dict[str, Any]:
    payload = one.payload or {}
    about = payload.get("summary") or payload.get("description") or payload.get("services") or ""
    labels = (said.get(name + LABEL) for name in ("type", "stage"))
    tags = [one.country, *(label for label in labels if label), *payload.get("objectives", ())]
    return {
        "ID": mine,
        "Label": payload.get("name") or payload.get("title"),
        "Type": one.kind.capitalize(),
        "Description": about,
        "Tags": tags,
    }


def _works_on(mine: str, to: str) -> dict[str, Any]:
    return {
        "ID": f"{mine} {to}",
        "From": mine,
        "To": to,
        "Type": WORKS_ON,
        "Direction": "directed",
    }


def is_kumu_xlsx(path: Path) -> bool:
    """Whether the file is one of ours for Kumu, or came back from it as such."""
    try:
        return {"Elements", "Connections"} <= set(open_xlsx(path, read_bytes(path)).sheetnames)
    except Unreadable:
        return False


def from_blueprint(path: Path, file: str, batch: Batch, *, defaults: Mapping[str, str]) -> None:
    """Candidates from a blueprint; a line is the number of the element or connection."""
    try:
        whole = json.loads(decode(path, read_bytes(path))[0])
    except (ValueError, RecursionError):
        raise Unreadable(f"{file} is not JSON.", "save it as a blueprint of Kumu") from None
    if not isinstance(whole, dict) or not isinstance(whole.get("elements"), list):
        raise Unreadable(f"{file} is no blueprint of Kumu.", "it needs elements and connections")
    found = [*whole["elements"], *(whole.get("connections") or [])]
    rows = [(number, row if isinstance(row, dict) else {}) for number, row in enumerate(found, 1)]
    _read(rows, file, batch, defaults)


def from_kumu_xlsx(path: Path, file: str, batch: Batch, *, defaults: Mapping[str, str]) -> None:
    """Candidates from both sheets; a line is that of its sheet."""
    book = open_xlsx(path, read_bytes(path))
    rows: list[tuple[int, dict[str, Any]]] = []
    for sheet in ("Elements", "Connections"):
        lines = xlsx_rows(path, book, sheet)
        columns = next(lines, (0, []))[1]
        for line, cells in lines:
            rows.append((line, dict(zip(columns, cells, strict=False))))
    _read([(line, dict(_values(row))) for line, row in rows], file, batch, defaults)


def _values(row: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
    for name, cell in row.items():
        if not name.startswith(PREFIX):
            yield name, cell
        elif cell:
            try:
                yield name, json.loads(cell)
            except ValueError:
                yield name, cell  # somebody typed it


def _read(
    rows: Sequence[tuple[int, Mapping[str, Any]]],
    file: str,
    batch: Batch,
    defaults: Mapping[str, str],
) -> None:
    batch.rows[file] = 0
    for line, row in rows:
        ours = {n.removeprefix(PREFIX): v for n, v in row.items() if n.startswith(PREFIX)}
        named = str(row.get("label") or row.get("Label") or row.get("id") or row.get("ID") or "")
        kind = str(row.get("type") or row.get("Type") or "")
        if not ours and kind == WORKS_ON:
            continue  # told by the initiative itself
        batch.rows[file] += 1
        if not ours.get("key"):
            said = "It was made in Kumu and has no key of ours: give it one in 'ncc key'."
            batch.refused.append(Refused(file, line, named, said))
            continue
        try:
            batch.candidates.append(
                candidate_of(ours, file=file, line=line, kind=None, defaults=defaults)
            )
        except Rejected as fault:
            batch.refused.append(Refused(file, line, named, fault.what))
