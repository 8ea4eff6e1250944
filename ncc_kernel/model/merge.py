"""Two entries that are one: which is kept, which is withdrawn, and how all stood before."""

from typing import Annotated, Literal

from pydantic import Field

from ncc_kernel.model.frozen import Frozen
from ncc_kernel.model.text import Key, Prose

Mergeable = Literal["agent", "initiative", "challenge"]


class Stood(Frozen):
    """An entry that a merge changed: its revision before, from which it can be restored."""

    kind: Key
    country: Key
    key: Key
    seq: Annotated[int, Field(ge=1)]


class Merge(Frozen):
    """`drop` is withdrawn and all that named it names `keep`; undoing it restores `before`."""

    kind: Mergeable
    keep: Key
    drop: Key
    reason: Prose = ""
    before: Annotated[tuple[Stood, ...], Field(max_length=100_000)]
