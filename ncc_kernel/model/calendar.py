"""The calendar's unit: one thing that happens, wherever it was written down."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from ncc_kernel.model.revision import Revision

What = Literal["step", "event", "seminar", "cop_event", "follow_up", "path_item"]

BRUSSELS = "Europe/Brussels"
"""The time zone in which times of day are given."""


@dataclass(frozen=True, slots=True)
class Happening:
    """A day or several, both ends included; `seq` is the revision it was last changed by.

    `uid` names it for good and `version` rises with each change, so that a calendar that is read
    again moves it and never doubles it. What the programme's file says is of no revision.
    """

    what: What
    title: str
    first: date
    last: date
    uid: str
    version: int = 0
    begins: str = ""
    ends: str = ""
    about: str = ""
    place: str = ""
    link: str = ""
    topic: str = ""
    country: str = ""
    cancelled: bool = False
    done: bool = False
    at: datetime | None = None
    seq: int = 0

    @property
    def all_day(self) -> bool:
        """Whether no time of day is known."""
        return not self.begins

    def holds(self, day: date) -> bool:
        """Whether it is on that day."""
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Versions:
    """All revisions of one entry, oldest first: what it says now and how often it changed."""

    revisions: tuple[Revision, ...]

    @property
    def last(self) -> Revision:
        """The newest one, a withdrawal too."""
        return self.revisions[-1]

    @property
    def said(self) -> Revision:
        """The newest one that says something; a withdrawal says nothing."""
        return next(one for one in reversed(self.revisions) if one.payload is not None)

    @property
    def withdrawn(self) -> bool:
        """Whether the entry is there no more."""
        return self.last.payload is None
