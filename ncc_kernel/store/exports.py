"""The record out: JSON lines, CSV and XLSX, with code and label and the guide's version."""

import csv
import io
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import xlsxwriter
from pydantic import BaseModel

from ncc_kernel.errors import Rejected
from ncc_kernel.model.kinds import kind_of
from ncc_kernel.model.revision import Revision
from ncc_kernel.model.vocabulary import Vocabulary
from ncc_kernel.store.candidates import LABEL, OURS, RENAMED, join_list
from ncc_kernel.store.catalogue import Catalogue
from ncc_kernel.store.log import Store
from ncc_kernel.store.sheets import escape

_TAKEN = {name: column for column, name in RENAMED.items()}


def read_entries(
    store: Store, kinds: Sequence[str], *, country: str | None = None, cycle: str | None = None
) -> tuple[Revision, ...]:
    """The current entries of these kinds."""
    return tuple(
        one
        for kind in kinds
        for one in store.current(
            kind, country=country, cycle=cycle if kind_of(kind).per_cycle else None
        )
    )


def to_jsonl(entries: Sequence[Revision]) -> str:
    """One JSON object a line, with the seq that a change goes back with."""
    return "".join(json.dumps(_object(one), ensure_ascii=False) + "\n" for one in entries)


def _object(one: Revision) -> dict[str, Any]:
    names = ("kind", "country", "cycle", "key", "seq", "author", "payload")
    return {name: getattr(one, name) for name in names} | {"at": one.at.isoformat()}


def to_csv(entries: Sequence[Revision], catalogue: Catalogue) -> str:
    """A table with a column for each field; formulas are escaped and come back as they were."""
    columns, rows = _table(entries, catalogue)
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(columns)
    writer.writerows([escape(cell) for cell in row] for row in rows)
    return buffer.getvalue()


def to_xlsx(entries: Sequence[Revision], catalogue: Catalogue) -> bytes:
    """The same table as XLSX, every cell text, so that nothing is taken for a formula."""
    columns, rows = _table(entries, catalogue)
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(buffer, options)
    book.set_properties({"created": datetime(2024, 1, 1, tzinfo=UTC)})
    sheet = book.add_worksheet("Entries")
    for column, name in enumerate(columns):
        sheet.write_string(0, column, name)
    for number, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            if sheet.write_string(number, column, escape(cell)) != 0:
                raise Rejected(
                    f"{entries[number - 1].key}: a cell of XLSX holds too little.", "use CSV"
                )
    sheet.freeze_panes(1, 1)
    book.close()
    return buffer.getvalue()


def _table(entries: Sequence[Revision], catalogue: Catalogue) -> tuple[list[str], list[list[str]]]:
    kinds = list(dict.fromkeys(one.kind for one in entries))
    fields = list(dict.fromkeys(name for kind in kinds for name in _fields(kind_of(kind).model)))
    labelled = {name for kind in kinds for name in _labelled(kind, catalogue)}
    columns = list(OURS[:5])
    for name in ("key", *fields):
        columns += [name] if name != "key" else []
        if name in labelled or (name in ("key", "level") and "answer" in kinds):
            columns.append(name + LABEL)
    return columns, [[_cell(one, column, catalogue) for column in columns] for one in entries]


def _labelled(kind: str, catalogue: Catalogue) -> dict[str, Vocabulary]:
    """Columns with a code, and the vocabulary that has its label: as the kind's form says."""
    form = catalogue.entry_forms.get(kind)
    if form is None:
        return {}
    return {
        _TAKEN.get(path, path): catalogue.vocabularies[code] for path, code in form.labelled.items()
    }


def _fields(model: type[BaseModel], prefix: str = "") -> Iterator[str]:
    for name, field in model.model_fields.items():
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            yield from _fields(inner, f"{prefix}{name}.")
        else:
            yield prefix + _TAKEN.get(name, name)


def _cell(one: Revision, column: str, catalogue: Catalogue) -> str:
    if column in OURS[:5]:
        return str(getattr(one, column))
    name = column.removesuffix(LABEL)
    if name in ("key", "level") and column.endswith(LABEL):
        return _question_label(one, name, catalogue)
    value: Any = one.payload
    for part in RENAMED.get(name, name).split("."):
        value = value.get(part) if isinstance(value, dict) else None
    if value is None or isinstance(value, dict):  # an object has columns of its own
        return ""
    if not column.endswith(LABEL):
        return join_list(value) if isinstance(value, list) else str(value)
    words = _labelled(one.kind, catalogue)
    if name not in words:  # another kind of the same table has codes there
        return ""
    label = words[name].label
    return ", ".join(map(label, value)) if isinstance(value, list) else label(str(value))


def _question_label(one: Revision, name: str, catalogue: Catalogue) -> str:
    """The statement of an answer's question, or the words of its level, in today's guide."""
    asked = [q for q in catalogue.guide.questions if one.kind == "answer" and q.code == one.key]
    level = (one.payload or {}).get("level")
    for question in asked:
        if name == "key":
            return question.statement
        return question.levels[level] if level is not None else ""
    return ""
