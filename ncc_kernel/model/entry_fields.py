"""Between an entry's payload and the fields of its form, both ways; and what it still lacks.

Only what a person changed is set: what the form has no field for, and what it cannot show
exactly, stays as it was recorded.
"""

import copy
import functools
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from ncc_kernel.model.entry_form import EntryField, EntryForm, value_at
from ncc_kernel.model.field_shape import bare, bounds, field_of, optional, required, shape_of, whole
from ncc_kernel.model.frozen import Frozen
from ncc_kernel.model.kinds import KINDS
from ncc_kernel.model.revision import Payload
from ncc_kernel.model.typed_entry import Value
from ncc_kernel.model.vocabulary import Vocabulary

Fields = dict[str, Value]
Vocabularies = Mapping[str, Vocabulary]
Known = Callable[[str, str], bool]
"""Whether there is an entry of that kind with that key."""

SEVERAL = ("choices", "entries")
TRUTH = {"yes": True, "no": False}


def paths_of(form: EntryForm) -> tuple[str, ...]:
    """Every path that the form fills: its fields, and where the kind of what is chosen goes."""
    kinds = (one.kind_path for one in form.fields if one.kind_path)
    return tuple(dict.fromkeys((*(one.path for one in form.fields), *kinds)))


def fields_of(form: EntryForm, payload: Payload | None) -> Fields:
    """What the form shows of an entry; what it does not say shows as the model's own default."""
    shown: Fields = {}
    for path in paths_of(form):
        said = value_at(payload, path)
        shown[path] = _shown(
            _control(form, path), _default(form.kind, path) if said is None else said
        )
    return shown


def payload_of(form: EntryForm, fields: Mapping[str, Value], before: Payload | None) -> Payload:
    """The entry that these fields make out of what it was before."""
    made: Payload = copy.deepcopy(before or {})
    was = fields_of(form, before)
    for path in paths_of(form):
        given = fields.get(path, was[path])
        if given != was[path]:
            put(made, path, _read(_control(form, path), given))
    return made


def faults(
    form: EntryForm,
    payload: Payload,
    *,
    before: Payload | None,
    vocabularies: Vocabularies,
    known: Known,
) -> dict[str, str]:
    """What keeps this from being an entry, a sentence for each path; none when it can be one."""
    found = _missing(form, payload)
    try:
        KINDS[form.kind].model.model_validate(payload)
    except ValidationError as fault:
        for error in fault.errors(include_url=False):
            path, said = _in_words(form, dict(error))
            found.setdefault(path, said)
    for one, code in strange(form, payload, vocabularies, before=before):
        found.setdefault(
            one.path,
            f"\N{LEFT DOUBLE QUOTATION MARK}{code}\N{RIGHT DOUBLE QUOTATION MARK} is none of the choices.",
        )
    for one, kind, _key in dangling(form, payload, known, before=before):
        found.setdefault(one.path, f"What was chosen is no {kind} on record: choose another.")
    return found


def strange(
    form: EntryForm, payload: Payload, vocabularies: Vocabularies, *, before: Payload | None
) -> Iterator[tuple[EntryField, str]]:
    """The codes that are not in their vocabulary, and were not there before."""
    for one in form.fields:
        if one.vocabulary:
            was = items_at(before, one.path)
            codes = vocabularies[one.vocabulary].codes
            for code in items_at(payload, one.path):
                if code not in codes and code not in was:
                    yield one, code


def dangling(
    form: EntryForm, payload: Payload, known: Known, *, before: Payload | None
) -> Iterator[tuple[EntryField, str, str]]:
    """The keys that name no entry, each with the kind of what it should name."""
    for one in form.references:
        was = items_at(before, one.path)
        kind = kind_meant(form.kind, one, payload)
        for key in items_at(payload, one.path):
            if key not in was and not known(kind, key):
                yield one, kind, key


def kind_meant(of: str, one: EntryField, payload: Payload) -> str:
    """Of what kind the entries are that an entry of kind `of` names in that field."""
    if not one.kind_path:
        return one.of[0]
    return str(value_at(payload, one.kind_path) or _default(of, one.kind_path))


def items_at(payload: Payload | None, path: str) -> tuple[str, ...]:
    """What stands at the path as texts: none, one or several."""
    said = value_at(payload, path)
    if said is None or said == "":
        return ()
    return tuple(map(str, said)) if isinstance(said, list | tuple) else (str(said),)


def open_words(form: EntryForm, one: EntryField) -> bool:
    """Whether the model takes any text there, so that the vocabulary alone knows the codes."""
    found = field_of(form.kind, one.path)
    return found is not None and shape_of(found.annotation) in ("text", "texts")


def _control(form: EntryForm, path: str) -> str:
    return next((one.control for one in form.fields if one.path == path), "choice")


@functools.cache
def _default(kind: str, path: str) -> Any:
    """What the model takes where nothing is said."""
    made: Any = KINDS[kind].model
    for part in path.split("."):
        if isinstance(made, type) and issubclass(made, Frozen):
            field = made.model_fields[part]
            if field.is_required():
                return None
            made = field.get_default(call_default_factory=True)
        else:
            made = getattr(made, part, None)
    return made


def _shown(control: str, said: Any) -> Value:
    if control in SEVERAL:
        return tuple(map(str, said or ()))
    if control == "lines":
        return "\n".join(map(str, said or ()))
    if isinstance(said, bool):
        return "yes" if said else "no"
    return "" if said is None else str(said)


def _read(control: str, given: Value) -> Any:
    if not isinstance(given, str):
        return list(given) or None
    if control == "lines":
        return [line.strip() for line in given.split("\n") if line.strip()] or None
    if control == "yes_no":
        return TRUTH.get(given)
    return given or None


def put(made: Payload, path: str, value: Any) -> None:
    """Set what stands at the path; None takes it away."""
    head, _, rest = path.partition(".")
    if not rest:
        if value is None:
            made.pop(head, None)
        else:
            made[head] = value
        return
    inner = made.setdefault(head, {})
    put(inner, rest, value)
    if not inner:
        del made[head]


def _missing(form: EntryForm, payload: Payload) -> dict[str, str]:
    return {
        one.path: f"{one.label}: this is needed."
        for one in form.fields
        if required(form.kind, one.path) and not items_at(payload, one.path)
    }


def _in_words(form: EntryForm, error: Mapping[str, Any]) -> tuple[str, str]:
    """Where the fault is in the form, and what it is."""
    place = ".".join(str(part) for part in error["loc"])
    path = next((one for one in paths_of(form) if place == one or place.startswith(f"{one}.")), "")
    found = field_of(form.kind, path) if path else None
    shape = shape_of(found.annotation) if found else None
    if error["type"] == "string_too_long":
        return path, f"Write at most {error['ctx']['max_length']} characters here."
    if shape == "number":
        return path, _number_words(form.kind, path)
    if shape == "day":
        return path, "Write a day like 2024-05-31."
    said = str(error["msg"]).removeprefix("Value error, ").rstrip(".")
    return path, f"{said[:1].upper()}{said[1:]}."


def _number_words(kind: str, path: str) -> str:
    low, high = bounds(kind, path)
    what = "a whole number" if whole(kind, path) else "a number with a point, such as 38.72"
    if low is not None and high is not None:
        return f"Write {what}, from {low:g} to {high:g}."
    return f"Write {what}." if low is None else f"Write {what}, at least {low:g}."


def may_be_empty(form: EntryForm, one: EntryField) -> bool:
    """Whether nothing need be chosen there."""
    found = field_of(form.kind, one.path)
    assert found is not None  # noqa: S101  # the form was checked when it was read
    if required(form.kind, one.path):
        return True  # so that nothing stands there until somebody chooses
    return optional(form.kind, one.path) or bare(found.annotation) is str or one.control in SEVERAL
