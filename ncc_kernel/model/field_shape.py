"""What a kind's model takes at a path: a text or a number, needed or not, how long, how high."""

import functools
from collections.abc import Iterator
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import TypeAdapter
from pydantic.fields import FieldInfo

from ncc_kernel.model.frozen import Frozen
from ncc_kernel.model.kinds import KINDS

Shape = Literal["text", "texts", "words", "number", "day", "truth"]


def field_of(kind: str, path: str) -> FieldInfo | None:
    """The field of the kind's model at that path, or None when it has none."""
    model: Any = KINDS[kind].model
    found: FieldInfo | None = None
    for part in path.split("."):
        inner = bare(model)
        fields = inner.model_fields if isinstance(inner, type) and issubclass(inner, Frozen) else {}
        if part not in fields:
            return None
        found = fields[part]
        model = found.annotation
    return found


def required(kind: str, path: str) -> bool:
    """Whether an entry must have it; what is nested is asked for only where all around it is."""
    parts = path.split(".")
    heads = (".".join(parts[: depth + 1]) for depth in range(len(parts)))
    found = [field_of(kind, head) for head in heads]
    return all(one is not None and one.is_required() for one in found)


def optional(kind: str, path: str) -> bool:
    """Whether nothing may be said there, which is neither no nor none."""
    found = field_of(kind, path)
    return found is not None and type(None) in get_args(_unmarked(found.annotation))


def bounds(kind: str, path: str) -> tuple[float | None, float | None]:
    """The lowest and the highest number that the model takes there."""
    found = field_of(kind, path)
    marks = list(_marks(found.annotation, found.metadata)) if found else []
    low = next((mark.ge for mark in marks if hasattr(mark, "ge")), None)
    high = next((mark.le for mark in marks if hasattr(mark, "le")), None)
    return low, high


def whole(kind: str, path: str) -> bool:
    """Whether only whole numbers stand there."""
    found = field_of(kind, path)
    return found is not None and bare(found.annotation) is int


def longest(kind: str, path: str) -> int | None:
    """The most characters that the model takes there."""
    found = field_of(kind, path)
    marks = _marks(found.annotation, found.metadata) if found else ()
    return next((mark.max_length for mark in marks if getattr(mark, "max_length", None)), None)


def shape_of(annotation: Any) -> Shape | None:
    """What shape of value the annotation stands for, or None where no control can hold it."""
    kind = bare(annotation)
    if get_origin(kind) is Literal:
        return "words"
    if get_origin(kind) is tuple and bare(get_args(kind)[0]) is str:
        return "texts"
    named: dict[str, Shape] = {
        "str": "text",
        "int": "number",
        "float": "number",
        "date": "day",
        "bool": "truth",
    }
    return named.get(getattr(kind, "__name__", ""))


def bare(annotation: Any) -> Any:
    """The annotation without its marks, and without the None that it may be."""
    kind = _unmarked(annotation)
    if get_origin(kind) in (Union, UnionType):
        kind = _unmarked(next(one for one in get_args(kind) if one is not type(None)))
    return kind


def _unmarked(annotation: Any) -> Any:
    while get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    return annotation


@functools.cache
def adapter_of(kind: str, path: str) -> TypeAdapter[Any]:
    """What checks one value, or one item, of what stands at that path."""
    found = field_of(kind, path)
    item: Any = found.annotation if found else None
    if get_origin(bare(item)) is tuple:
        item = get_args(bare(item))[0]
    elif found and found.metadata:
        item = Annotated[item, *found.metadata]
    return TypeAdapter(item)


def _marks(annotation: Any, beside: Any = ()) -> Iterator[Any]:
    for mark in beside:
        yield from getattr(mark, "metadata", None) or (mark,)
    if get_origin(annotation) is Annotated:
        inner, *marks = get_args(annotation)
        yield from _marks(inner, marks)
    elif get_origin(annotation) in (Union, UnionType):
        for one in get_args(annotation):
            yield from _marks(one)
