"""Seminars and what comes of them: registrations, evaluations, follow-ups, decisions, CoP events."""

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from ncc_kernel.model.frozen import Frozen
from ncc_kernel.model.number import Day, Whole
from ncc_kernel.model.text import Key, Line, Lines, Name, Prose

Clock = Annotated[str, StringConstraints(pattern=r"^(([01][0-9]|2[0-3]):[0-5][0-9])?$")]
"""A time of day in Brussels, such as 09:30; empty where only the day is known."""

EventState = Literal["planned", "announced", "held", "cancelled"]
Mode = Literal["online", "onsite"]
FollowUpState = Literal["open", "under_way", "done", "dropped"]
Readers = Literal["private", "working_group", "public"]
Mark = Annotated[Whole, Field(ge=1, le=5)]
Count = Annotated[Whole, Field(ge=0, le=500)]


class Timed(Frozen):
    """Something on one day or several, with its times in Brussels where they are known."""

    first: Day
    last: Day | None = None
    begins: Clock = ""
    ends: Clock = ""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.last is not None and self.last < self.first:
            raise ValueError(f"it ends ({self.last}) before it begins ({self.first})")
        if self.ends and not self.begins:
            raise ValueError("it has a time at which it ends and none at which it begins")
        one_day = self.last is None or self.last == self.first
        if one_day and self.ends and self.ends <= self.begins:
            raise ValueError(f"it ends at {self.ends} and begins at {self.begins}")
        return self


class Seminar(Timed):
    """A training seminar of the working group on one of the programme's topics."""

    title: Name
    topic: Name
    mode: Mode = "online"
    place: Line = ""
    state: EventState = "planned"
    about: Prose = ""
    cop_event: Key | Literal[""] = ""
    agenda: Lines = ()
    materials: Lines = ()


class CopEvent(Timed):
    """An event of the SI CoP; `uid` and `sequence` are those of the calendar it came from."""

    title: Name
    topic: Line = ""
    about: Prose = ""
    place: Line = ""
    link: Line = ""
    state: EventState = "planned"
    uid: Line = ""
    sequence: Annotated[Whole, Field(ge=0, le=2**31 - 1)] = 0
    source: Line = ""


class Registration(Frozen):
    """A country's seats at a seminar: how many, what it wants and can show. Nobody is named."""

    seminar: Key
    people: Count
    wishes: Prose = ""
    shares: Prose = ""
    access: Prose = ""
    attended: Count | None = None


class Evaluation(Frozen):
    """What a country's people say of a seminar afterwards, from 1 (not at all) to 5 (very much)."""

    seminar: Key
    useful: Mark
    clear: Mark | None = None
    applicable: Mark | None = None
    learned: Prose = ""
    missing: Prose = ""
    visibility: Readers = "working_group"


class FollowUp(Frozen):
    """What a country does after a seminar; `path_item` is where it stands in its learning path."""

    title: Name
    seminar: Key
    question: Line = ""
    path_item: Key | Literal[""] = ""
    lead: Line = ""
    due: Day | None = None
    state: FollowUpState = "open"


class Decision(Frozen):
    """What was decided, on which day, and why: for the story that newcomers read first."""

    title: Name
    on: Day
    why: Prose = ""
    activity: Line = ""
    seminar: Key | Literal[""] = ""
    visibility: Readers = "working_group"
