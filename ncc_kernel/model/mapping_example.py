"""A mapping that helped somebody: what it did, what it is good for, and where that was read."""

from typing import Annotated

from pydantic import Field

from ncc_kernel.model.frozen import Frozen
from ncc_kernel.model.text import Key, Line, Name, Prose


class MappingExample(Frozen):
    """An example on the shelf; `unverified` where its source could not be checked again."""

    code: Key
    name: Name
    where: Line
    what: Prose
    helps: Prose
    source: Line = ""
    unverified: bool = False


class Shelf(Frozen):
    """The examples, in the order in which they are shown."""

    examples: Annotated[tuple[MappingExample, ...], Field(min_length=1)]
