"""A seminar from the assessments: who needs it, what it should treat, who can show what."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median_low
from typing import Literal

from ncc_kernel.analysis.gaps import STRONG, URGENT, WEAK
from ncc_kernel.analysis.profile import Answers, Profile
from ncc_kernel.model.answer import Answer
from ncc_kernel.model.guide import Dimension, Guide, Question
from ncc_kernel.model.seminar import Evaluation, Registration

Standing = Literal["needs", "shares", "both", "neither", "unknown"]

FEWEST_MARKS = 3
"""Evaluations from which their mean is shown: below that it would be one person's word."""

RECAP_MINUTES, COP_MINUTES, CLOSING_MINUTES, ITEM_MINUTES = 10, 10, 15, 25
"""How long the parts of an agenda take; ours, to be changed by who leads the seminar."""


@dataclass(frozen=True, slots=True)
class Wish:
    """Where one country stands on a topic: what it needs, what it can show, by statement codes."""

    country: str
    standing: Standing
    needs: tuple[str, ...]
    shares: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Content:
    """A statement that the seminar should treat: for how many, and who can show how."""

    question: Question
    weak: int
    pressing: int
    level: int
    showing: tuple[str, ...]

    @property
    def next_step(self) -> str:
        """What the guide advises at the level in the middle of those who are weak."""
        return self.question.next_step(self.level)


@dataclass(frozen=True, slots=True)
class Point:
    """One point of an agenda, with its minutes and, where the beginning is known, its time."""

    words: str
    minutes: int
    at: str = ""


@dataclass(frozen=True, slots=True)
class Marks:
    """The evaluations of one seminar: how many, and their means where enough of them are there."""

    count: int
    useful: float | None
    clear: float | None
    applicable: float | None


def dimensions_of(guide: Guide, topic: str) -> tuple[Dimension, ...]:
    """The dimensions that lead to the seminar on that topic."""
    return tuple(one for one in guide.dimensions if one.seminar == topic)


def questions_of(guide: Guide, topic: str) -> tuple[Question, ...]:
    """Their statements, in the guide's order."""
    return tuple(q for one in dimensions_of(guide, topic) for q in guide.questions_of(one.code))


def presses(answer: Answer) -> bool:
    """Whether the country finds itself weak there and says that it matters or that it needs help."""
    weak = answer.level is not None and answer.level <= WEAK
    return weak and (answer.needs or (answer.priority or 0) >= URGENT)


def can_show(answer: Answer) -> bool:
    """Whether it is strong there and offers to share it."""
    return answer.level is not None and answer.level >= STRONG and answer.offers


def wishes(
    guide: Guide, topic: str, profiles: Iterable[Profile], answers: Mapping[str, Answers]
) -> tuple[Wish, ...]:
    """Where every country stands on the topic, in the order of the profiles.

    A country of which no dimension of the topic can be shown is unknown, unless it says a need.
    """
    questions, dimensions = questions_of(guide, topic), dimensions_of(guide, topic)
    return tuple(
        _wish(profile, dimensions, questions, answers.get(profile.country, {}))
        for profile in profiles
    )


def _wish(
    profile: Profile,
    dimensions: Sequence[Dimension],
    questions: Sequence[Question],
    given: Answers,
) -> Wish:
    needs = tuple(q.code for q in questions if q.code in given and presses(given[q.code]))
    shares = tuple(q.code for q in questions if q.code in given and can_show(given[q.code]))
    known = any(profile.score(one.code).shown is not None for one in dimensions)
    standing: Standing = (
        "both"
        if needs and shares
        else "needs"
        if needs
        else "shares"
        if shares
        else "neither"
        if known
        else "unknown"
    )
    return Wish(profile.country, standing, needs, shares)


def contents(guide: Guide, topic: str, answers: Mapping[str, Answers]) -> tuple[Content, ...]:
    """What the seminar should treat: what presses in most countries first, then what is weak."""
    found = []
    for question in questions_of(guide, topic):
        given = {c: a[question.code] for c, a in answers.items() if question.code in a}
        weak = [a.level for a in given.values() if a.level is not None and a.level <= WEAK]
        if weak:
            found.append(
                Content(
                    question=question,
                    weak=len(weak),
                    pressing=sum(presses(answer) for answer in given.values()),
                    level=median_low(weak),
                    showing=tuple(sorted(c for c, answer in given.items() if can_show(answer))),
                )
            )
    return tuple(sorted(found, key=lambda one: (-one.pressing, -one.weak)))


def agenda(
    chosen: Sequence[str], *, begins: str = "", cop: str = "", items: Sequence[str] = ()
) -> tuple[Point, ...]:
    """The summary of the process and the SI CoP's information point, then the contents.

    `items` are what who leads the seminar wrote; without them `chosen` statements stand there.
    """
    said = f": {cop}" if cop else ""
    parts = [
        ("The process so far: the story, for who has just joined", RECAP_MINUTES),
        (f"Information point of the SI CoP{said}", COP_MINUTES),
        *((words, ITEM_MINUTES) for words in (items or chosen)),
        ("What each country does next, into its learning path; evaluation", CLOSING_MINUTES),
    ]
    points, passed = [], 0
    for words, minutes in parts:
        points.append(Point(words, minutes, _later(begins, passed)))
        passed += minutes
    return tuple(points)


def _later(begins: str, minutes: int) -> str:
    if not begins:
        return ""
    hour, minute = (int(part) for part in begins.split(":"))
    total = hour * 60 + minute + minutes
    return f"{total // 60 % 24:02}:{total % 60:02}"


def marks(evaluations: Sequence[Evaluation]) -> Marks:
    """The means of the evaluations; missing where there are too few."""
    return Marks(
        len(evaluations),
        *(
            _mean([one for e in evaluations if (one := getattr(e, name)) is not None])
            for name in ("useful", "clear", "applicable")
        ),
    )


def _mean(given: Sequence[int]) -> float | None:
    return sum(given) / len(given) if len(given) >= FEWEST_MARKS else None


@dataclass(frozen=True, slots=True)
class Seats:
    """Who is registered for a seminar and who came: sums, and the countries that said nothing."""

    countries: int
    people: int
    attended: int | None
    told: int


def seats(registrations: Sequence[Registration]) -> Seats:
    """The sums; those who came are missing until the first country says so."""
    came = [one.attended for one in registrations if one.attended is not None]
    return Seats(
        countries=len(registrations),
        people=sum(one.people for one in registrations),
        attended=sum(came) if came else None,
        told=len(came),
    )
