"""Pieces of the programme: the year's bars, the days, what comes next, and how the group works."""

from datetime import date, timedelta

from markupsafe import Markup

from ncc_kernel.analysis.calendar import of_programme
from ncc_kernel.charts.calendar import calendar_figure, when
from ncc_kernel.charts.figure import Figure
from ncc_kernel.charts.markup import Html, listing, paragraph, section, typed
from ncc_kernel.charts.programme import programme_figure
from ncc_kernel.model.calendar import Happening
from ncc_kernel.model.programme import Named
from ncc_kernel.workbook.dated import doubled, recorded
from ncc_kernel.workbook.opening import day
from ncc_kernel.workbook.reading import Reading
from ncc_kernel.workbook.recap_story import refs

WARNED = ("00_programme", "07_eu_overview")
"""The workbooks in which doubled topics are told: where the year is planned."""

AHEAD = 18
"""What is coming, at most: a year has four steps with two windows each, and some events."""


def programme_picture(read: Reading) -> Figure:
    """The steps with every window that a source gives, and what the record adds."""
    source = f"{read.programme.source}. {read.programme.status}."
    return programme_figure(
        read.programme, today=read.recap.last, source=source, happenings=recorded(read)
    )


def calendar_picture(read: Reading) -> Figure:
    """The year by day: events, seminars, and the SI CoP's events."""
    first, last = year_of(read)
    events = [one for one in of_programme(read.programme) if one.what == "event"]
    both = sorted((*events, *recorded(read)), key=lambda one: (one.first, one.last, one.title))
    within = [one for one in both if one.first <= last and one.last >= first]
    source = f"{read.programme.source}; seminars and SI CoP events from record {read.seq}."
    return calendar_figure(within, first=first, last=last, source=source)


def year_of(read: Reading) -> tuple[date, date]:
    """The first day of the programme's first month and the last day of its last."""
    windows = [window for step in read.programme.steps for window in step.windows]
    first, last = min(one.first for one in windows), max(one.last for one in windows)
    beyond = last.replace(day=28) + timedelta(days=4)
    return first.replace(day=1), beyond - timedelta(days=beyond.day)


def steps(read: Reading) -> Html:
    """What each step is about, and what this country has done for it."""
    done = {
        "self_assessment": f"{read.profile.answered} of {read.profile.applicable} statements answered",
        "ecosystem_mapping": f"{len(read.ecosystem.agents)} agents and {len(read.ecosystem.initiatives)} initiatives",
    }
    items = (
        Markup("<strong>{}. {}.</strong> {}{}").format(
            step.number,
            step.name,
            step.about,
            f" {read.name}: {done[step.code]}." if step.code in done else "",
        )
        for step in read.programme.steps
    )
    return Html(section("The steps", listing(items)))


def coming(read: Reading) -> Html:
    """What begins after the last entry of the record: a page asks no clock."""
    last = read.recap.last
    planned = [
        (begins, Markup("{}").format(what))
        for begins, what in read.programme.coming(last or date.min, limit=AHEAD)
    ]
    added = [
        (one.first, _added(one))
        for one in recorded(read)
        if one.first > (last or date.min) and not one.done
    ]
    ahead = sorted([*planned, *added], key=lambda one: one[0])[:AHEAD]
    warned = warnings(read) if read.book.name in WARNED else Markup()
    if not ahead:
        text = f"The programme of {read.programme.year} has nothing after {day(last)}."
        return Html(section("Coming up", paragraph(text), warned))
    items = (Markup("<strong>{}</strong> {}").format(day(begins), what) for begins, what in ahead)
    since = f"After {day(last)}, the day of the last entry" if last else "The whole year"
    note = f"{since}. {read.programme.status}."
    return Html(section("Coming up", listing(items), warned, paragraph(note, "quiet small")))


def _added(one: Happening) -> Markup:
    kind = {"seminar": "Seminar: ", "cop_event": "SI CoP: "}.get(one.what, "")
    times = when(one).partition(", ")[2] if one.begins and one.first == one.last else ""
    return Markup("{}{}{}").format(kind, typed(one.title), f", {times}" if times else "")


def warnings(read: Reading, topic: str = "") -> Markup:
    """Seminars that double a topic of the SI CoP; nothing when none does."""
    found = doubled(read, topic)
    if not found:
        return Markup()
    names = {one.code: one.name for one in read.programme.cop_topics}
    items = (
        Markup("{} on {} and the SI CoP's {} on {} are both about {}, {}. {}").format(
            typed(one.seminar.title),
            day(one.seminar.first),
            typed(one.event.title),
            day(one.event.first),
            names.get(one.topic, one.topic).lower(),
            "on the same days" if one.days == 0 else f"{one.days} days apart",
            refs((one.seminar.seq, one.event.seq)),
        )
        for one in found
    )
    advice = "Join them, or choose another day or other contents."
    return section("Doubled topics", listing(items), paragraph(advice), level=3)


def _named(one: Named) -> Markup:
    if not one.about:
        return Markup("{}").format(one.name)
    return Markup("<strong>{}.</strong> {}").format(one.name, one.about)


def how_we_work(read: Reading) -> Html:
    """Principles, seminars, and what is shared with the SI CoP."""
    programme = read.programme
    parts = [
        (title, [_named(one) for one in named])
        for title, named in (
            ("Principles", programme.principles),
            ("Seminars", programme.seminars),
            ("Topics of the SI CoP this year", programme.cop_topics),
            ("Information points", programme.information_points),
        )
        if named
    ]
    inner = (section(title, listing(items), level=3) for title, items in parts)
    return Html(section("How the group works", *inner))
