"""The form of a kind of entry, as a file of data/entries says it: fields, words, choices.

Nothing of a field stands in code. What may be left out, and how long or how high a value may be,
is asked of the kind's own model; so a form can never promise what the record refuses.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, ValidationError

from ncc_kernel.errors import DataFault
from ncc_kernel.model.door import parse_file
from ncc_kernel.model.field_shape import Shape, adapter_of, field_of, required, shape_of
from ncc_kernel.model.frozen import Frozen
from ncc_kernel.model.kinds import KINDS
from ncc_kernel.model.revision import Payload
from ncc_kernel.model.text import Name, Prose
from ncc_kernel.model.vocabulary import Vocabulary

Control = Literal[
    "line", "prose", "choice", "choices", "number", "day", "yes_no", "entry", "entries", "lines"
]

FITS: dict[Control, tuple[Shape, ...]] = {
    "line": ("text",),
    "prose": ("text",),
    "choice": ("text", "words", "number"),
    "choices": ("texts",),
    "number": ("number",),
    "day": ("day",),
    "yes_no": ("truth",),
    "entry": ("text",),
    "entries": ("texts",),
    "lines": ("texts",),
}
"""Which shapes of a value each control can hold."""


def _several(raw: object) -> object:
    return (raw,) if isinstance(raw, str) else raw


Paths = Annotated[tuple[str, ...], BeforeValidator(_several)]
"""One path, or several, of the payload; dots lead into what is nested."""


class EntryField(Frozen):
    """One field of a form; `of` are the kinds whose entries it chooses among.

    Where it chooses among several kinds, `kind_path` is where the kind of what is chosen goes.
    """

    path: Name
    label: Name
    control: Control
    help: Prose = ""
    vocabulary: str = ""
    of: Paths = ()
    any_country: bool = False
    kind_path: str = ""
    group: str = ""
    first: bool = False


class EntryForm(Frozen):
    """How entries of one kind are listed, searched and filled in."""

    kind: Name
    title: Name
    one: Name
    intro: Prose = ""
    named_by: Paths
    listed: Paths = ()
    searched: Paths = ()
    alike_by: Paths = ()
    """What two entries have in common that may be the same; the name, if nothing is said."""
    fields: Annotated[tuple[EntryField, ...], Field(min_length=1)]

    def field(self, path: str) -> EntryField:
        """The field at that path."""
        return next(one for one in self.fields if one.path == path)

    @property
    def labelled(self) -> dict[str, str]:
        """The paths that hold codes, each with the vocabulary that has their labels."""
        return {one.path: one.vocabulary for one in self.fields if one.vocabulary}

    @property
    def references(self) -> tuple[EntryField, ...]:
        """The fields that hold keys of other entries."""
        return tuple(one for one in self.fields if one.of)

    @property
    def refers_to(self) -> frozenset[str]:
        """The kinds whose entries these refer to."""
        return frozenset(kind for one in self.references for kind in one.of)


def value_at(payload: Payload | None, path: str) -> Any:
    """What stands at that path, or None."""
    if "." not in path:  # as most are
        return payload.get(path) if payload else None
    found: Any = payload
    for part in path.split("."):
        found = found.get(part) if isinstance(found, dict) else None
    return found


def parse_entry_form(
    raw: object, *, where: str, vocabularies: Mapping[str, Vocabulary]
) -> EntryForm:
    """The form that a file holds, or a DataFault that names the file, the key and a remedy."""
    form = parse_file(EntryForm, raw, where=where)
    if form.kind not in KINDS:
        raise DataFault(
            f"{where}, kind: {form.kind!r} is no kind of entry.",
            "register it in ncc_kernel/model/kinds.py, or correct the name",
        )
    _Checking(form, where, vocabularies).run()
    return form


class _Checking:
    """Whether the form fits its kind's model and the vocabularies."""

    def __init__(self, form: EntryForm, where: str, vocabularies: Mapping[str, Vocabulary]) -> None:
        self._form = form
        self._where = where
        self._vocabularies = vocabularies

    def run(self) -> None:
        paths = [one.path for one in self._form.fields]
        for path in paths:
            if paths.count(path) > 1:
                self._fault(f"fields ({path})", "the path is used twice", "keep one of them")
        for one in self._form.fields:
            self._field(one)
        for name in ("named_by", "listed", "searched", "alike_by"):
            for path in getattr(self._form, name):
                if path not in paths:
                    self._fault(name, f"{path!r} is no path of a field", "name one of the fields")
        self._all_required(paths)

    def _all_required(self, paths: list[str]) -> None:
        given = {*paths, *(one.kind_path for one in self._form.fields)}
        for name in KINDS[self._form.kind].model.model_fields:
            if required(self._form.kind, name) and not any(
                path.partition(".")[0] == name for path in given
            ):
                self._fault(
                    "fields",
                    f"an entry needs {name!r}, which has no field",
                    f'add one with path = "{name}"',
                )

    def _field(self, one: EntryField) -> None:
        key = f"fields ({one.path})"
        found = field_of(self._form.kind, one.path)
        if found is None:
            model = KINDS[self._form.kind].model.__name__
            self._fault(
                key, f"{model} has no {one.path!r}", "correct the path, or add it to the model"
            )
        assert found is not None  # noqa: S101  # for the type checker; _fault raises
        shape = shape_of(found.annotation)
        if shape not in FITS[one.control]:
            fitting = [name for name, shapes in FITS.items() if shape in shapes]
            hint = f"use {' or '.join(fitting)}" if fitting else "give it no field"
            self._fault(key, f"the control {one.control!r} does not fit its values", hint)
        self._choices(one, key)
        self._references(one, key)

    def _choices(self, one: EntryField, key: str) -> None:
        if (one.control in ("choice", "choices")) != bool(one.vocabulary):
            self._fault(
                key,
                "a choice has a vocabulary, and nothing else has one",
                'add vocabulary = "…", or use another control',
            )
        if not one.vocabulary:
            return
        if one.vocabulary not in self._vocabularies:
            self._fault(
                key,
                f"there is no vocabulary {one.vocabulary!r}",
                "add it to data/vocabularies.toml, or correct its code",
            )
        takes = adapter_of(self._form.kind, one.path)
        for code in self._vocabularies[one.vocabulary].codes:
            try:
                takes.validate_python(code)
            except ValidationError:
                self._fault(
                    key,
                    f"the model does not take {code!r} of the vocabulary {one.vocabulary!r}",
                    "make the two agree",
                )

    def _references(self, one: EntryField, key: str) -> None:
        if (one.control in ("entry", "entries")) != bool(one.of):
            self._fault(
                key,
                "a field that chooses entries says of which kind, and no other field does",
                'add of = "…", or use another control',
            )
        for kind in one.of:
            if kind not in KINDS:
                self._fault(key, f"of: {kind!r} is no kind of entry", "correct the name")
        if len(one.of) > 1 and not one.kind_path:
            self._fault(key, "it chooses among several kinds", "say where the kind goes: kind_path")
        if one.kind_path and field_of(self._form.kind, one.kind_path) is None:
            self._fault(key, f"the model has no {one.kind_path!r}", "correct kind_path")

    def _fault(self, key: str, said: str, hint: str) -> None:
        raise DataFault(f"{self._where}, {key}: {said}.", hint)
