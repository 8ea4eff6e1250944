"""The country's learning path: what is recorded and what is proposed, dated, and what became of it."""

from datetime import date

from markupsafe import Markup

from ncc_kernel.analysis.learning_path import Progress, Stage, progress
from ncc_kernel.analysis.learning_path import learning_path as make_path
from ncc_kernel.charts.markup import Cell, Html, Table, listing, paragraph, section, typed
from ncc_kernel.model.community import PathItem, PathState
from ncc_kernel.model.programme import Window
from ncc_kernel.model.revision import EU, Payload
from ncc_kernel.model.seminar import FollowUp, Seminar
from ncc_kernel.workbook.groups import taken
from ncc_kernel.workbook.opening import day
from ncc_kernel.workbook.reading import Reading

PROPOSED = "proposed"


def learning_path(read: Reading) -> Html:
    """The path in the order of its dates, and how the last cycle's ended."""
    stages = _stages(read)
    if not stages:
        text = (
            "Once there are gaps, or statements on which support is asked for, a path is proposed."
        )
        return Html(section("Learning path", paragraph(text), *_before(read)))
    labels = read.catalogue.vocabularies["path_type"]
    rows = tuple(_row(read, one, labels.label(one.type)) for one in stages)
    columns = ("When", "What", "Kind", "Statements", "Who leads", "State")
    table = Table("What to do, in the order of its dates", columns, rows)
    return Html(
        section(
            "Learning path",
            paragraph(_said(stages)),
            table.html(),
            *_notes(read, stages),
            *_before(read),
        )
    )


def offers(read: Reading) -> dict[str, list[Payload]]:
    """What is proposed and not taken over yet, as items to begin with."""
    return {"path_item": [_offer(one) for one in _stages(read) if one.state is None]}


def _offer(one: Stage) -> Payload:
    item = PathItem(
        title=one.title,
        type=one.type,
        question=one.statements[0] if one.statements else "",
        partner=one.partner,
        lead=one.lead,
        begins=one.begins,
        due=one.due,
        note=one.why,
    )
    return item.model_dump(mode="json")


def _stages(read: Reading) -> tuple[Stage, ...]:
    return make_path(
        read.guide,
        read.programme,
        read.answers,
        mentorships=read.community.mentoring.of(read.parameters.country),
        names=read.community.names,
        seminars=_seminar_days(read),
        items=_items(read),
    )


def _items(read: Reading) -> list[PathItem]:
    """The recorded items, and what the country does after seminars that is no item yet."""
    items = [PathItem.model_validate(one.payload) for one in read.path_items]
    follow_ups = (FollowUp.model_validate(one.payload) for one in read.of_cycle("follow_up"))
    return items + [_as_item(read, one) for one in follow_ups if not one.path_item]


def _as_item(read: Reading, one: FollowUp) -> PathItem:
    state: PathState = "planned" if one.state == "open" else one.state
    known = {question.code for question in read.guide.questions}
    return PathItem(
        title=one.title,
        type="seminar",
        question=one.question if one.question in known else "",
        lead=one.lead,
        due=one.due,
        state=state,
        note="Follow-up of a seminar.",
    )


def _seminar_days(read: Reading) -> dict[str, date]:
    """The first day that is set for each topic's seminar."""
    found = (Seminar.model_validate(one.payload) for one in read.of_cycle("seminar", country=EU))
    days = sorted((one.first, one.topic) for one in found if one.state != "cancelled")
    return {topic: first for first, topic in reversed(days)}


def _said(stages: tuple[Stage, ...]) -> str:
    own = [one for one in stages if one.state is not None]
    done = sum(one.state == "done" for one in own)
    proposed = len(stages) - len(own)
    said = f"{len(own)} recorded, {done} of them done" if own else "Nothing is recorded yet"
    said = f"{said}; {proposed} proposed." if proposed else f"{said}."
    if not proposed:
        return said
    return f"{said} A proposal becomes yours when you take it over, or record an item of the same kind for its statement."


def _row(read: Reading, one: Stage, kind: str) -> tuple[Cell, ...]:
    states = read.catalogue.vocabularies["path_state"]
    state = states.label(one.state) if one.state else PROPOSED
    return (_when(one), _what(one), kind, ", ".join(one.statements), _lead(read, one), state)


def _when(one: Stage) -> str | None:
    if one.begins and one.due and one.begins != one.due:
        return f"{day(one.begins)} to {day(one.due)}"
    found = one.due or one.begins
    return day(found) if found else None


def _what(one: Stage) -> Markup:
    said = typed(one.title)
    for more in (one.why, one.note, one.link):
        if more:
            said += Markup('<br><span class="quiet small">{}</span>').format(typed(more))
    return said


def _lead(read: Reading, one: Stage) -> Cell:
    partner = read.community.names.get(one.partner, one.partner) if one.partner else ""
    if one.lead:
        with_whom = f", with {partner}" if partner and partner not in one.lead else ""
        return typed(f"{one.lead}{with_whom}")
    return typed(f"with {partner}") if partner else None


def _notes(read: Reading, stages: tuple[Stage, ...]) -> list[Markup]:
    """Where sources disagree on a step's window, both; and from where mentors are taken."""
    spans = dict.fromkeys(
        one.windows for one in stages if len({(w.first, w.last) for w in one.windows}) > 1
    )
    lines = [f"Sources give different windows: {_both(windows)}." for windows in spans]
    lines.append(
        f"Priority times the levels still to go decides the order; mentors are taken from "
        f"{taken(read)}. {read.guide.status}"
    )
    return [paragraph(" ".join(lines), "quiet small")]


def _both(windows: tuple[Window, ...]) -> str:
    return "; ".join(f"{_span(one.first, one.last)} ({one.source})" for one in windows)


def _span(first: date, last: date) -> str:
    return f"{day(first)} to {day(last)}"


def _before(read: Reading) -> list[Markup]:
    """How the items of the last cycle ended, and the levels of their statements then and now."""
    items = [PathItem.model_validate(one.payload) for one in read.path_items_before]
    if not items:
        return []
    found = progress(items, read.answers_before, read.answers)
    parts = [paragraph(_ended(read, found))]
    if found.levels:
        parts.append(
            listing(f"{code}: level {was} then, {now} now" for code, was, now in found.levels)
        )
    return [section(f"The path of cycle {read.previous}", *parts, level=3)]


def _ended(read: Reading, found: Progress) -> str:
    labels = read.catalogue.vocabularies["path_state"]
    states = [
        f"{found.states[state]} {labels.label(state).lower()}"
        for state in ("done", "under_way", "planned", "dropped")
        if state in found.states
    ]
    rose = sum(now > was for _code, was, now in found.levels)
    compared = (
        f" The level rose on {rose} of {len(found.levels)} statements." if found.levels else ""
    )
    return f"{found.total} items: {', '.join(states)}.{compared}"
