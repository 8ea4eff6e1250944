"""The record's unit: one revision, and the draft of one.

Nothing in the record is updated or deleted. A change is a new revision whose `base` is the
revision it was made on; a withdrawal is a revision with no payload.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

EVERY_CYCLE = "-"
"""The cycle of kinds that live across cycles, such as agents."""

EU = "EU"
"""The country of what belongs to all."""

NAME_OF_ALL = "European Union"
"""How that country is called on pages."""

Payload = dict[str, Any]


def is_private(payload: Payload | None) -> bool:
    """Whether only the country's own team may know of an entry that says this."""
    return payload is not None and payload.get("visibility") == "private"


@dataclass(frozen=True, slots=True)
class Draft:
    """What someone wants to record; `base` is the seq it was made on, or None for the first."""

    country: str
    cycle: str
    kind: str
    key: str
    base: int | None
    payload: Payload | None

    @property
    def address(self) -> tuple[str, str, str, str]:
        """Which entry of the record this is about."""
        return self.kind, self.country, self.cycle, self.key


@dataclass(frozen=True, slots=True)
class Revision:
    """What was recorded, by whom and when; `seq` orders the whole record."""

    seq: int
    at: datetime
    author: str
    country: str
    cycle: str
    kind: str
    key: str
    base: int | None
    payload: Payload | None

    @property
    def address(self) -> tuple[str, str, str, str]:
        """Which entry of the record this is about."""
        return self.kind, self.country, self.cycle, self.key


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two people changed the same entry: both are kept for a person to decide."""

    mine: Draft
    theirs: Revision | None


@dataclass(frozen=True, slots=True)
class Appended:
    """What came of an append: written, in conflict, or the same as before."""

    written: tuple[Revision, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    unchanged: int = 0
