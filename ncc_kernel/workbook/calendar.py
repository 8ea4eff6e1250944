"""Pieces of the programme: the year's bars, what comes next, and how the group works."""

from datetime import date

from markupsafe import Markup

from ncc_kernel.charts.figure import Figure
from ncc_kernel.charts.markup import Html, listing, paragraph, section
from ncc_kernel.charts.programme import programme_figure
from ncc_kernel.model.programme import Named
from ncc_kernel.workbook.opening import day
from ncc_kernel.workbook.reading import Reading

AHEAD = 12
"""What is coming, at most: a year has four steps with two windows each, and some events."""


def programme_picture(read: Reading) -> Figure:
    """The steps with every window that a source gives."""
    source = f"{read.programme.source}. {read.programme.status}."
    return programme_figure(read.programme, today=read.recap.last, source=source)


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
    ahead = read.programme.coming(last or date.min, limit=AHEAD)
    if not ahead:
        text = f"The programme of {read.programme.year} has nothing after {day(last)}."
        return Html(section("Coming up", paragraph(text)))
    items = (Markup("<strong>{}</strong> {}").format(day(when), what) for when, what in ahead)
    since = f"After {day(last)}, the day of the last entry" if last else "The whole year"
    note = f"{since}. {read.programme.status}."
    return Html(section("Coming up", listing(items), paragraph(note, "quiet small")))


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
