"""What a form is about and what it may reach: given to it, so that it knows no store and no chart."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from ncc_kernel.analysis.profile import Answers
from ncc_kernel.model.guide import Guide
from ncc_kernel.model.revision import Appended, Draft, Revision
from ncc_kernel.model.submission import Submission


@dataclass(frozen=True, slots=True)
class Allowed:
    """What the person may do with this country's form."""

    read: bool = True
    write: bool = False
    submit: bool = False
    review: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """The profile as it is drawn: SVG, the same numbers as a table, and the finding."""

    svg: str
    table: str
    finding: str


@dataclass(frozen=True, slots=True)
class Scene:
    """Whose form it is, who fills it in, and what stands beside the questions."""

    guide: Guide
    country: str
    country_name: str
    cycle: str
    name: str
    role: str
    previous: Mapping[str, int | None] = field(default_factory=dict)
    medians: Mapping[str, float] = field(default_factory=dict)
    illustrative: bool = False
    place: str | None = None
    urls: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What is handed out for a submission."""

    submission: Submission
    at: str
    by: str


def _nobody() -> tuple[tuple[str, str], ...]:
    return ()


def _nowhere(_place: str | None) -> None:
    """Nobody is told where one is."""


@dataclass(frozen=True, slots=True)
class Reach:
    """The functions through which a form reads, writes, draws, and sees who else is here.

    `since` gives what was recorded for this country and cycle after a seq, oldest first;
    `history` every revision of a kind and key. `append` takes all of the drafts or, where one is
    in conflict, none. `here` is told a place, or None for a mere sign of life.
    """

    since: Callable[[int], Sequence[Revision]]
    history: Callable[[str, str], Sequence[Revision]]
    append: Callable[[Sequence[Draft]], Appended]
    now: Callable[[], datetime]
    allowed: Callable[[], Allowed]
    draw: Callable[[Answers], Picture]
    copy: Callable[[Receipt, Answers], str]
    others: Callable[[], Sequence[tuple[str, str]]] = _nobody
    here: Callable[[str | None], None] = _nowhere
