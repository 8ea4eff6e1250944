"""The year as a grid, a month a row and a day a column: events, seminars, and the SI CoP's events."""

from collections.abc import Sequence
from datetime import date, timedelta

import altair as alt
from markupsafe import Markup

from ncc_kernel.charts.figure import Figure
from ncc_kernel.charts.markup import Table, typed
from ncc_kernel.charts.theme import BLUE, INK, LAND, LINE, ORANGE, PAPER, QUIET, WIDTH, given
from ncc_kernel.model.calendar import Happening, What
from ncc_kernel.model.text import day_words

SHOWN: dict[What, str] = {
    "event": "Event of the working group",
    "seminar": "Seminar",
    "cop_event": "SI CoP event",
}
"""What has a mark on its days; steps last for months and are the bars of another picture."""

COLOURS = [ORANGE, BLUE, QUIET]
SHAPES = ["diamond", "square", "triangle-up"]
DAY = timedelta(days=1)
SATURDAY = 5


def calendar_figure(
    happenings: Sequence[Happening], *, first: date, last: date, source: str
) -> Figure:
    """The months from `first` to `last` with what is on each day."""
    shown = [one for one in happenings if one.what in SHOWN]
    counts = [
        f"{count} {words[0].lower() + words[1:] if words[:2] != 'SI' else words}{'' if count == 1 else 's'}"
        for what, words in SHOWN.items()
        if (count := sum(one.what == what for one in shown))
    ]
    held = ", ".join(counts).replace("event of the working groups", "events of the working group")
    return Figure(
        finding=f"The calendar holds {held}." if counts else "The calendar holds no day yet.",
        measure="A row a month, a column a day; weekends are shaded.",
        chart=_chart(shown, first, last),
        table=calendar_table(shown),
        source=source,
    )


def calendar_table(happenings: Sequence[Happening]) -> Table:
    """The same as words, in the order of days."""
    rows = tuple(
        (when(one), Markup("{}").format(typed(one.title)), SHOWN[one.what], typed(one.place))
        for one in happenings
        if one.what in SHOWN
    )
    return Table("The calendar by day", ("When", "What", "Kind", "Where"), rows)


def when(one: Happening) -> str:
    """Its day or days, with the times in Brussels where they are known."""
    if one.first != one.last:
        return f"{day_words(one.first)} to {day_words(one.last)}"
    times = one.begins + (f" to {one.ends}" if one.ends else "")
    return f"{day_words(one.first)}{', ' + times if times else ''}"


def _chart(shown: Sequence[Happening], first: date, last: date) -> alt.TopLevelMixin:
    days = [first + n * DAY for n in range((last - first).days + 1)]
    months = list(dict.fromkeys(f"{day:%b %Y}" for day in days))
    grid = [
        {"month": f"{day:%b %Y}", "day": day.day, "free": day.weekday() >= SATURDAY} for day in days
    ]
    marks = [
        {"month": f"{day:%b %Y}", "day": day.day, "kind": SHOWN[one.what]}
        for one in shown
        for day in days
        if one.holds(day)
    ]
    x = alt.X(
        "day:O",
        title=None,
        scale=alt.Scale(domain=list(range(1, 32)), padding=0.08),
        axis=alt.Axis(labelAngle=0, orient="top", domain=False, ticks=False, labelFontSize=11),
    )
    y = alt.Y(
        "month:N",
        title=None,
        scale=alt.Scale(domain=months, padding=0.08),
        axis=alt.Axis(domain=False, ticks=False),
    )
    # No colour is encoded here: it would split the legend of the marks in two.
    boxes = [
        alt.Chart(given([one for one in grid if one["free"] == free]))
        .mark_rect(fill=fill, stroke=LINE, strokeWidth=0.6)
        .encode(x=x, y=y)
        for free, fill in ((False, PAPER), (True, LAND))
    ]
    kinds = list(SHOWN.values())
    points = (
        alt.Chart(given(marks))
        .mark_point(filled=True, size=95, opacity=1, stroke=INK, strokeWidth=0.5)
        .encode(
            x=x,
            y=y,
            color=alt.Color("kind:N", title=None, scale=alt.Scale(domain=kinds, range=COLOURS)),
            shape=alt.Shape("kind:N", title=None, scale=alt.Scale(domain=kinds, range=SHAPES)),
        )
    )
    return alt.layer(*boxes, points).properties(width=WIDTH - 90, height=22 * len(months))
