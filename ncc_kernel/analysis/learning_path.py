"""A country's learning path: what is proposed for its gaps, dated, and what it takes over.

Statements come by priority times the levels still to go. For each there is the guide's advice,
the visit to its mentor, and once for each topic the seminar. Dates lie in the window that all
sources give the step; where they have none in common, between the first and the last of them.
An item that people recorded, of the same kind and about the same statement, takes the place of
what is proposed.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from ncc_kernel.analysis.gaps import WEAK
from ncc_kernel.analysis.mentors import Mentorship
from ncc_kernel.analysis.profile import Answers
from ncc_kernel.analysis.standing import weight
from ncc_kernel.model.community import PathItem, PathKind, PathState
from ncc_kernel.model.guide import Dimension, Guide, Question
from ncc_kernel.model.programme import Programme, Window

STATEMENTS = 6
"""Statements that a path begins with; the others follow in the next cycle. Ours."""

TEAM = "the centre's team"


@dataclass(frozen=True, slots=True)
class Stage:
    """One line of the path: recorded with a state, or proposed with none."""

    title: str
    type: PathKind
    statements: tuple[str, ...]
    lead: str
    partner: str | None
    begins: date | None
    due: date | None
    state: PathState | None = None
    windows: tuple[Window, ...] = ()
    why: str = ""
    note: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """What became of a cycle's items, and how the levels of their statements moved since."""

    states: Mapping[PathState, int]
    levels: tuple[tuple[str, int, int], ...]

    @property
    def total(self) -> int:
        """All items, the dropped ones too."""
        return sum(self.states.values())


def learning_path(
    guide: Guide,
    programme: Programme,
    answers: Answers,
    *,
    mentorships: Sequence[Mentorship],
    names: Mapping[str, str],
    seminars: Mapping[str, date],
    items: Iterable[PathItem],
) -> tuple[Stage, ...]:
    """The path in the order of its dates: what is recorded, and what is proposed beside it.

    `seminars` are the days that are set for the seminars' topics.
    """
    recorded = [_recorded(item) for item in items]
    taken = {(one.type, code) for one in recorded for code in one.statements}
    proposed = [
        stage
        for stage in propose(
            guide, programme, answers, mentorships=mentorships, names=names, seminars=seminars
        )
        if not any((stage.type, code) in taken for code in stage.statements)
    ]
    return tuple(sorted([*recorded, *proposed], key=_by_date))


def _by_date(one: Stage) -> tuple[date, date, str]:
    return one.begins or one.due or date.max, one.due or date.max, one.title.casefold()


def _recorded(item: PathItem) -> Stage:
    return Stage(
        title=item.title,
        type=item.type,
        statements=(item.question,) if item.question else (),
        lead=item.lead,
        partner=item.partner,
        begins=item.begins,
        due=item.due,
        state=item.state,
        note=item.note,
        link=item.link,
    )


def propose(
    guide: Guide,
    programme: Programme,
    answers: Answers,
    *,
    mentorships: Sequence[Mentorship],
    names: Mapping[str, str],
    seminars: Mapping[str, date],
) -> tuple[Stage, ...]:
    """What is proposed, dated, in the order of need."""
    found: list[Stage] = []
    topics = {seminar.code: seminar.name for seminar in programme.seminars}
    chosen = _most_needed(guide, answers)
    for question in chosen:
        dimension = guide.dimension(question.dimension)
        windows = windows_of(programme, dimension)
        why = _why(question, answers)
        found += [
            _visit(one, dimension, windows, names)
            for one in mentorships
            if question.code in one.statements
        ]
        advice = question.next_step(answers[question.code].level)
        found.append(
            Stage(
                advice,
                _kind(dimension),
                (question.code,),
                TEAM,
                None,
                None,
                None,
                None,
                windows,
                why,
            )
        )
        if dimension.seminar in topics:
            theirs = tuple(
                one.code
                for one in chosen
                if guide.dimension(one.dimension).seminar == dimension.seminar
            )
            found.append(_seminar(topics, dimension.seminar, theirs, windows, seminars))
    return _dated(list(dict.fromkeys(found)))


def _most_needed(guide: Guide, answers: Answers) -> tuple[Question, ...]:
    """The weak statements and those that support is asked for, the weightiest first."""
    found = [
        question
        for question in guide.questions
        if (given := answers.get(question.code)) is not None
        and given.level is not None
        and (given.level <= WEAK or given.needs)
    ]
    return tuple(sorted(found, key=lambda one: -weight(answers[one.code]))[:STATEMENTS])


def _kind(dimension: Dimension) -> PathKind:
    if dimension.seminar == "financing":
        return "funding"
    return "method" if dimension.core else "resource"


def _why(question: Question, answers: Answers) -> str:
    given = answers[question.code]
    said = [f"level {given.level}"]
    said += [f"target {given.target}"] if given.target is not None else []
    said += [f"priority {given.priority} of 5"] if given.priority is not None else []
    said += ["support asked for"] if given.needs else []
    return ", ".join(said)


def _visit(
    one: Mentorship, dimension: Dimension, windows: tuple[Window, ...], names: Mapping[str, str]
) -> Stage:
    title = f"Learn from {names[one.mentor]}: {dimension.short.lower()}"
    lead = f"the centre of {names[one.mentor]}"
    return Stage(title, "peer_visit", one.statements, lead, one.mentor, None, None, None, windows)


def _seminar(
    topics: Mapping[str, str],
    topic: str,
    statements: tuple[str, ...],
    windows: tuple[Window, ...],
    seminars: Mapping[str, date],
) -> Stage:
    day = seminars.get(topic)
    return Stage(
        title=f"Seminar: {topics[topic].lower()}",
        type="seminar",
        statements=statements,
        lead="the working group",
        partner=None,
        begins=day,
        due=day,
        windows=windows,
        why="" if day else "the day is not set yet",
    )


def windows_of(programme: Programme, dimension: Dimension) -> tuple[Window, ...]:
    """When the programme deals with a dimension, by each source: its step, else the webinars."""
    for step in programme.steps:
        if step.number == dimension.step:
            return step.windows
    return programme.rows[0].windows if programme.rows else ()


def shared_span(windows: Sequence[Window]) -> tuple[date, date] | None:
    """The days that all sources agree on; if none, from the first to the last of any."""
    if not windows:
        return None
    first, last = max(one.first for one in windows), min(one.last for one in windows)
    if first <= last:
        return first, last
    return min(one.first for one in windows), max(one.last for one in windows)


def _dated(stages: Sequence[Stage]) -> tuple[Stage, ...]:
    """Each stage with its days: those of one span one after another, a seminar all along it."""
    spans = {one: shared_span(one.windows) for one in stages}
    in_turn = [one for one in stages if one.type != "seminar"]
    counts = Counter(spans[one] for one in in_turn)
    turn: Counter[tuple[date, date] | None] = Counter()
    dated: list[Stage] = []
    for one in stages:
        span = spans[one]
        if span is None or one.begins is not None:
            dated.append(one)
        elif one.type == "seminar":
            dated.append(replace(one, begins=span[0], due=span[1]))
        else:
            begins, due = _turn(span, turn[span], counts[span])
            turn[span] += 1
            dated.append(replace(one, begins=begins, due=due))
    return tuple(dated)


def _turn(span: tuple[date, date], index: int, count: int) -> tuple[date, date]:
    first, last = span
    days = (last - first).days + 1
    begins = first + timedelta(days=days * index // count)
    ends = first + timedelta(days=max(days * (index + 1) // count - 1, days * index // count))
    return begins, ends


def progress(items: Sequence[PathItem], before: Answers, now: Answers) -> Progress:
    """How the items of a cycle ended, and the levels of their statements then and now."""
    states = Counter(item.state for item in items)
    codes = dict.fromkeys(item.question for item in items if item.question)
    levels = tuple(
        (code, was, present)
        for code in codes
        if (was := _level(before, code)) is not None and (present := _level(now, code)) is not None
    )
    return Progress(dict(states), levels)


def _level(answers: Answers, code: str) -> int | None:
    return answers[code].level if code in answers else None
