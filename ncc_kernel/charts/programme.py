"""The year's programme as bars: both windows where the programme's text and its grid disagree."""

from datetime import date

import altair as alt

from ncc_kernel.charts.figure import Figure
from ncc_kernel.charts.markup import Table
from ncc_kernel.charts.theme import BLUE, INK, ORANGE, PALE, WIDTH
from ncc_kernel.model.programme import Programme


def programme_figure(programme: Programme, *, today: date | None, source: str) -> Figure:
    """Steps with both their windows, events as strokes; `today` is the record's last day."""
    apart = [step for step in programme.steps if step.disagrees]
    finding = (
        f"For {len(apart)} of {len(programme.steps)} steps the programme gives two different windows."
        if apart
        else f"The programme has {len(programme.steps)} steps."
    )
    return Figure(
        finding=finding,
        measure="Bars: windows of each step, by source; diamonds: events.",
        chart=_chart(programme, today),
        table=_table(programme),
        source=source,
    )


def _chart(programme: Programme, today: date | None) -> alt.TopLevelMixin:
    windows = [
        {
            "step": f"{step.number}. {step.name}",
            "source": "programme text" if "text" in window.source else "calendar grid",
            "first": window.first.isoformat(),
            "last": window.last.isoformat(),
        }
        for step in programme.steps
        for window in step.windows
    ]
    order = [f"{step.number}. {step.name}" for step in programme.steps] + ["Events"]
    sources = ["programme text", "calendar grid"]
    y = alt.Y(
        "step:N",
        title=None,
        sort=order,
        scale=alt.Scale(domain=order),
        axis=alt.Axis(domain=False, ticks=False),
    )
    x = alt.X("first:T", title=None, axis=alt.Axis(format="%b", tickCount="month", labelAngle=0))
    bars = (
        alt.Chart(alt.InlineData(values=windows))
        .mark_bar(height=11)
        .encode(
            y=y,
            yOffset=alt.YOffset("source:N", sort=sources, scale=alt.Scale(domain=sources)),
            x=x,
            x2="last:T",
            color=alt.Color(
                "source:N",
                title=None,
                sort=sources,
                scale=alt.Scale(domain=sources, range=[BLUE, PALE]),
            ),
        )
    )
    events = [{"step": "Events", "first": event.first.isoformat()} for event in programme.events]
    layers: list[alt.Chart] = [
        bars,
        alt.Chart(alt.InlineData(values=events))
        .mark_point(shape="diamond", filled=True, size=110, color=ORANGE)
        .encode(y=y, x="first:T"),
    ]
    if today is not None and any(w["first"] <= today.isoformat() <= w["last"] for w in windows):
        now = alt.Chart(alt.InlineData(values=[{"first": today.isoformat()}]))
        layers.append(now.mark_rule(color=INK, strokeDash=[4, 3]).encode(x="first:T"))
    return alt.layer(*layers).properties(width=WIDTH - 170, height=44 * len(order))


def _table(programme: Programme) -> Table:
    rows = [
        (f"Step {step.number}: {step.name}", _span(window.first, window.last), window.source)
        for step in programme.steps
        for window in step.windows
    ]
    rows += [
        (event.name, _span(event.first, event.last), event.source) for event in programme.events
    ]
    return Table("Windows and events", ("What", "When", "Source"), tuple(rows))


def _span(first: date, last: date) -> str:
    return _day(first) if first == last else f"{_day(first)} to {_day(last)}"


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
