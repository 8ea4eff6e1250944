"""The year's programme as bars: both windows where the programme's text and its grid disagree."""

from collections.abc import Sequence
from datetime import date, timedelta

import altair as alt

from ncc_kernel.charts.figure import Figure
from ncc_kernel.charts.markup import Cell, Table, typed
from ncc_kernel.charts.theme import BLUE, INK, LINE, ORANGE, PALE, QUIET, WIDTH, given
from ncc_kernel.model.calendar import Happening, What
from ncc_kernel.model.programme import Programme, Window
from ncc_kernel.model.text import day_words

ROWS: dict[What, str] = {"seminar": "Seminars", "cop_event": "SI CoP events"}
"""The rows of what the record adds to the programme."""

DAY = timedelta(days=1)
"""A window's last day is in it, so its bar ends where the next day begins."""

_MONTHS = alt.Axis(
    tickCount="month",
    labelAngle=0,
    labelFlush=False,
    labelExpr="[utcFormat(datum.value, '%b'), utcmonth(datum.value) ? '' : utcFormat(datum.value, '%Y')]",
)


def programme_figure(
    programme: Programme,
    *,
    today: date | None,
    source: str,
    happenings: Sequence[Happening] = (),
) -> Figure:
    """Steps with both their windows, events as diamonds; `today` is the record's last day.

    `happenings` are what the record adds: seminars, and events of the SI CoP.
    """
    apart = [step for step in programme.steps if step.disagrees]
    finding = (
        f"For {len(apart)} of {len(programme.steps)} steps the programme gives different windows."
        if apart
        else f"The programme has {len(programme.steps)} steps."
    )
    return Figure(
        finding=finding,
        measure=f"Bars: windows, by source; diamonds: {_pointed(happenings)}."
        + (" Dashed line: the day of the last entry." if today else ""),
        chart=_chart(programme, today, happenings),
        table=_table(programme, happenings),
        source=source,
    )


def _pointed(happenings: Sequence[Happening]) -> str:
    kinds = [
        words.lower() for what, words in ROWS.items() if any(h.what == what for h in happenings)
    ]
    return ", ".join(["events", *(words.replace("si cop", "SI CoP") for words in kinds)])


def _chart(
    programme: Programme, today: date | None, happenings: Sequence[Happening]
) -> alt.TopLevelMixin:
    windows = [
        {
            "step": what,
            "source": _short(window.source),
            "first": window.first.isoformat(),
            "last": (window.last + DAY).isoformat(),
        }
        for what, spans in _lines(programme)
        for window in spans
    ]
    more = [words for what, words in ROWS.items() if any(one.what == what for one in happenings)]
    order = [what for what, _spans in _lines(programme)] + ["Events", *more]
    sources = list(dict.fromkeys(window["source"] for window in windows))
    y = alt.Y(
        "step:N",
        title=None,
        sort=order,
        scale=alt.Scale(domain=order),
        axis=alt.Axis(domain=False, ticks=False),
    )
    x = alt.X("first:T", title=None, axis=_MONTHS, scale=alt.Scale(type="utc"))
    bars = (
        alt.Chart(given(windows))
        .mark_bar(height=11)
        .encode(
            y=y,
            yOffset=alt.YOffset("source:N", sort=sources, scale=alt.Scale(domain=sources)),
            x=x,
            x2=alt.X2("last:T"),
            color=alt.Color(
                "source:N",
                title=None,
                sort=sources,
                scale=alt.Scale(domain=sources, range=[BLUE, PALE, QUIET, LINE]),
            ),
        )
    )
    events = [{"step": "Events", "first": event.first.isoformat()} for event in programme.events]
    events += [
        {"step": ROWS[one.what], "first": one.first.isoformat()}
        for one in happenings
        if one.what in ROWS
    ]
    layers: list[alt.Chart] = [
        bars,
        alt.Chart(given(events))
        .mark_point(shape="diamond", filled=True, size=110, color=ORANGE, opacity=1)
        .encode(y=y, x=x),
    ]
    if today is not None and any(w["first"] <= today.isoformat() <= w["last"] for w in windows):
        now = alt.Chart(given([{"first": today.isoformat()}]))
        layers.append(now.mark_rule(color=INK, strokeDash=[4, 3]).encode(x=x))
    return alt.layer(*layers).properties(width=WIDTH - 210, height=44 * len(order))


def _lines(programme: Programme) -> list[tuple[str, tuple[Window, ...]]]:
    """Steps, then the other rows of the calendar, each with its windows."""
    steps = [(f"{step.number}. {step.name}", step.windows) for step in programme.steps]
    return steps + [(row.name, row.windows) for row in programme.rows]


def _short(source: str) -> str:
    """The source without the place in it: "programme text" of "programme text, step 2"."""
    return source.partition(",")[0]


def _table(programme: Programme, happenings: Sequence[Happening]) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (what, _span(window.first, window.last), window.source)
        for what, spans in _lines(programme)
        for window in spans
    ]
    rows += [
        (event.name, _span(event.first, event.last), event.source) for event in programme.events
    ]
    rows += [
        (typed(one.title), _span(one.first, one.last), f"record, revision {one.seq}")
        for one in happenings
        if one.what in ROWS
    ]
    return Table("Windows and events", ("What", "When", "Source"), tuple(rows))


def _span(first: date, last: date) -> str:
    return day_words(first) if first == last else f"{day_words(first)} to {day_words(last)}"
