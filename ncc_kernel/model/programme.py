"""A year's programme: steps with every window a source gives them, events, seminars, rows."""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from ncc_kernel.model.frozen import Frozen
from ncc_kernel.model.text import Key, Name, Prose


class Window(Frozen):
    """A span of days, both ends included, and who says so."""

    first: date
    last: date
    source: Name

    def holds(self, day: date) -> bool:
        """Whether the day lies in this window."""
        return self.first <= day <= self.last

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.last < self.first:
            raise ValueError(f"the window ends ({self.last}) before it begins ({self.first})")
        return self


class Step(Frozen):
    """A step of the programme; where sources disagree, all their windows stand."""

    number: Annotated[int, Field(ge=1)]
    code: Key
    name: Name
    about: Prose
    windows: Annotated[tuple[Window, ...], Field(min_length=1)]
    workbook: Key | None = None

    @property
    def disagrees(self) -> bool:
        """Whether the sources give different windows."""
        return len({(window.first, window.last) for window in self.windows}) > 1


class Cycle(Frozen):
    """A round in which every country answers once."""

    code: Annotated[str, Field(pattern=r"^[0-9]{4}-[1-9]$")]
    label: Name
    note: Prose = ""


class Event(Window):
    """A dated event."""

    code: Key
    name: Name
    mode: Literal["online", "onsite"]
    partner: Prose = ""


class Named(Frozen):
    """Something with a name and a few words: a seminar's topic, a CoP topic, a principle."""

    code: Key
    name: Name
    about: Prose = ""


class CopTopic(Named):
    """A topic of the SI CoP, with what of ours it touches: dimensions, and seminars on the same.

    By its `words` an event is known to be about it when its calendar does not say so.
    """

    dimensions: tuple[Key, ...] = ()
    seminars: tuple[Key, ...] = ()
    words: tuple[Name, ...] = ()


class Row(Frozen):
    """A row of the calendar grid that is no step, such as the webinars."""

    code: Key
    name: Name
    windows: Annotated[tuple[Window, ...], Field(min_length=1)]


class Programme(Frozen):
    """The programme of one year."""

    year: Annotated[int, Field(ge=2024, le=2100)]
    title: Name
    status: Prose
    source: Prose
    cycles: Annotated[tuple[Cycle, ...], Field(min_length=1)]
    steps: Annotated[tuple[Step, ...], Field(min_length=1)]
    seminars: tuple[Named, ...] = ()
    rows: tuple[Row, ...] = ()
    events: tuple[Event, ...] = ()
    cop_topics: tuple[CopTopic, ...] = ()
    information_points: tuple[Named, ...] = ()
    principles: tuple[Named, ...] = ()

    def steps_at(self, day: date) -> tuple[Step, ...]:
        """The steps whose window, by any source, holds the day."""
        return tuple(s for s in self.steps if any(window.holds(day) for window in s.windows))

    def coming(self, after: date, limit: int = 5) -> tuple[tuple[date, str], ...]:
        """What begins after that day, soonest first: events, and steps by each source's window.

        A source is named only where another one has the step begin on another day.
        """
        starts = [(event.first, event.name) for event in self.events]
        for step in self.steps:
            agreed = len({window.first for window in step.windows}) == 1
            for window in step.windows:
                said = "" if agreed else f" ({window.source})"
                starts.append((window.first, f"Step {step.number}, {step.name}, begins{said}"))
        return tuple(sorted({start for start in starts if start[0] > after})[:limit])
