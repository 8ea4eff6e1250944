"""What a person has typed so far of one entry: the fields of its form, complete or not.

It is kept beside the entry, private to the country's team, and takes its place once it is saved.
"""

from typing import Annotated

from pydantic import Field

from ncc_kernel.model.frozen import Frozen
from ncc_kernel.model.text import Key, Lines, Name, Prose

Value = Prose | Lines
"""A text, or several codes or keys; "" and no items are nothing typed or chosen."""


class TypedEntry(Frozen):
    """The fields of the entry `key` of that kind, as they stand in the form, by their paths."""

    kind: Key
    key: Key
    fields: Annotated[dict[Name, Value], Field(max_length=200)]
