"""Field work: a form of data/entries as XLSForm for KoboToolbox, and its answers back.

The names of the questions are the paths of the fields with `__` for a dot, and the choices are our
codes; so an export with XML values and headers comes back without anybody mapping anything. An
answer's key is made of Kobo's `_id`, which stays when it is edited: importing again changes it.
"""

import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import xlsxwriter

from ncc_kernel.errors import Rejected
from ncc_kernel.model.entry_form import EntryField, EntryForm
from ncc_kernel.model.field_shape import bounds, longest, required, whole
from ncc_kernel.model.revision import Revision
from ncc_kernel.store.candidates import Batch, from_mapped
from ncc_kernel.store.catalogue import Catalogue
from ncc_kernel.store.mapping import FileMapping
from ncc_kernel.store.mapping import Mapping as Source
from ncc_kernel.store.sheets import Sheet

FIELD_KINDS = ("agent", "initiative", "challenge")
"""Kinds that are met in the field; a link is made between what is recorded."""

KIND, GUIDE, COUNTRY, POINT = "ncc_kind", "ncc_guide", "country", "place__point"
KEY = "_id"
DEGREES = {"place.lat": f"_{POINT}_latitude", "place.lon": f"_{POINT}_longitude"}
"""Coordinates are one question, which Kobo takes apart again."""

SURVEY = (
    *("type", "name", "label", "hint", "required", "appearance"),
    *("constraint", "constraint_message", "calculation", "default"),
)

Row = dict[str, str]


def to_xlsform(
    kind: str, catalogue: Catalogue, entries: Sequence[Revision], *, country: str | None = None
) -> bytes:
    """The form of that kind; what it refers to is chosen among `entries`."""
    if kind not in FIELD_KINDS:
        raise Rejected(
            f"There is no form for {kind} in the field.", f"use {', '.join(FIELD_KINDS)}"
        )
    form = catalogue.entry_forms[kind]
    made = _Form(form, catalogue, entries, country)
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(buffer, options)
    book.set_properties({"created": datetime(2024, 1, 1, tzinfo=UTC)})
    version = catalogue.guide.version
    settings = {"form_title": form.title, "form_id": f"ncc_{kind}", "version": version}
    _write(book.add_worksheet("survey"), SURVEY, list(made.survey()))
    _write(book.add_worksheet("choices"), ("list_name", "name", "label"), list(made.choices()))
    _write(book.add_worksheet("settings"), tuple(settings), [settings])
    book.close()
    return buffer.getvalue()


def _write(sheet: Any, columns: Sequence[str], rows: Sequence[Row]) -> None:
    for place, name in enumerate(columns):
        sheet.write_string(0, place, name)
        for number, row in enumerate(rows, start=1):
            sheet.write_string(number, place, row.get(name, ""))


class _Form:
    """The rows of the form's sheets."""

    def __init__(
        self,
        form: EntryForm,
        catalogue: Catalogue,
        entries: Sequence[Revision],
        country: str | None,
    ) -> None:
        self._form = form
        self._catalogue = catalogue
        self._country = country
        self._named = {
            of: {one.key: _name(one) for one in entries if one.kind == of} for of in form.refers_to
        }

    def survey(self) -> Iterator[Row]:
        """The questions: what an entry needs in a minute first, the rest after a word on it."""
        version = self._catalogue.guide.version
        yield {"type": "calculate", "name": KIND, "calculation": f"'{self._form.kind}'"}
        yield {"type": "calculate", "name": GUIDE, "calculation": f"'{version}'"}
        yield {
            "type": "select_one country",
            "name": COUNTRY,
            "label": "Country",
            "required": "yes",
            "default": self._country or "",
        }
        first = [one for one in self._form.fields if one.first]
        yield from (row for one in first for row in self._question(one))
        yield {"type": "note", "name": "rest", "label": "All that follows can be left empty."}
        rest = [one for one in self._form.fields if not one.first]
        yield from (row for one in rest for row in self._question(one))

    def _question(self, field: EntryField) -> Iterator[Row]:
        row = {"name": named(field.path), "label": _text(field.label), "hint": _text(field.help)}
        if required(self._form.kind, field.path):
            row["required"] = "yes"
        if field.path == "place.lat":
            yield row | {"type": "geopoint", "name": POINT, "label": "Place on the map", "hint": ""}
        elif field.path == "place.lon":
            return
        elif field.control in ("choice", "choices", "entry", "entries"):
            yield from self._select(field, row)
        else:
            yield row | self._plain(field)

    def _select(self, field: EntryField, row: Row) -> Iterator[Row]:
        if not field.vocabulary and not any(self._named.get(of) for of in field.of):
            return  # XLSForm has no choice without choices
        several = field.control in ("choices", "entries")
        listed = field.vocabulary or "entries_" + "_".join(field.of)
        yield row | {"type": f"select_{'multiple' if several else 'one'} {listed}"}

    def _plain(self, field: EntryField) -> Row:
        kind = self._form.kind
        if field.control == "number":
            low, high = bounds(kind, field.path)
            limits = [f". >= {low}"] * (low is not None) + [f". <= {high}"] * (high is not None)
            row = {"type": "integer" if whole(kind, field.path) else "decimal"}
            return row | ({"constraint": " and ".join(limits)} if limits else {})
        if field.control == "day":
            return {"type": "date"}
        if field.control == "yes_no":
            return {"type": "select_one yes_no"}
        row = {"type": "text"} | ({"appearance": "multiline"} if field.control != "line" else {})
        if field.control != "lines" and (most := longest(kind, field.path)):
            row["constraint"] = f"string-length(.) <= {most}"
            row["constraint_message"] = f"Use up to {most} characters."
        return row

    def choices(self) -> Iterator[Row]:
        """The countries, the codes of every vocabulary that is asked, and what is referred to."""
        for one in self._catalogue.countries:
            yield {"list_name": "country", "name": one.code, "label": one.name("en")}
        for code in sorted(set(self._form.labelled.values())):
            for term in self._catalogue.vocabularies[code].terms:
                yield {"list_name": code, "name": term.code, "label": term.label}
        if any(one.control == "yes_no" for one in self._form.fields):
            for code in ("yes", "no"):
                yield {"list_name": "yes_no", "name": code, "label": code.capitalize()}
        for field in self._form.references:
            listed = "entries_" + "_".join(field.of)
            for of in field.of:
                for key, name in self._named.get(of, {}).items():
                    yield {"list_name": listed, "name": key, "label": _text(name)}


def named(path: str) -> str:
    """The name of the question for a path: dots may stand in no name of a question."""
    return path.replace(".", "__")


def _name(one: Revision) -> str:
    payload = one.payload or {}
    return str(payload.get("name") or payload.get("title") or one.key)


def _text(said: str) -> str:
    """Words to be shown as they are: `${…}` would name a question."""
    return said.replace("${", "$ {")


def is_kobo(sheet: Sheet) -> bool:
    """Whether the table is an export of answers to one of our forms."""
    return {KEY, KIND} <= set(sheet.columns)


def read_kobo(sheet: Sheet, catalogue: Catalogue, batch: Batch) -> None:
    """Candidates from the answers."""
    kind = next((said for row in sheet.rows if (said := row.cells.get(KIND, "").strip())), "")
    if kind not in FIELD_KINDS:
        raise Rejected(f"{sheet.file} says it holds {kind[:40]!r}.", "export the form again")
    source = Source(
        title="KoboToolbox",
        prefix="kobo",
        files=(kobo_mapping(catalogue.entry_forms[kind], set(sheet.columns)),),
    )
    from_mapped(sheet, source, batch)


def kobo_mapping(form: EntryForm, columns: set[str]) -> FileMapping:
    """How the answers become entries, as far as the table has the questions."""
    found: Mapping[str, str] = {
        one.path: DEGREES.get(one.path, named(one.path)) for one in form.fields
    }
    apart = {"choices": " ", "entries": " ", "lines": "\n"}
    return FileMapping(
        kind=form.kind,  # type: ignore[arg-type]  # one of FIELD_KINDS
        key=KEY,
        country=COUNTRY,
        columns={path: column for path, column in found.items() if column in columns},
        split={one.path: apart[one.control] for one in form.fields if one.control in apart},
    )
