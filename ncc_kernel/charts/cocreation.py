"""Pictures of co-creation: how far prototypes came on the way from before to what was hoped for."""

from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt

from ncc_kernel.analysis.cocreation import reached
from ncc_kernel.charts.figure import Figure
from ncc_kernel.charts.markup import Cell, Table, typed
from ncc_kernel.charts.theme import BLUE, INK, LAND, ORANGE, QUIET, WIDTH, given
from ncc_kernel.model.cocreation import Indicator

SHOWN = 16
"""Indicators in a picture; the table has all of them."""

MET, SHORT, OPEN = "as hoped for", "short of it", "not measured yet"


@dataclass(frozen=True, slots=True)
class Measured:
    """An indicator with the prototype it measures, and the word for what was decided."""

    prototype: str
    verdict: str
    indicator: Indicator

    @property
    def way(self) -> float | None:
        """How much of the way from before to hoped for was gone; 1 is all of it.

        None where one of the three is not known: nobody says that all began at zero.
        """
        one = self.indicator
        if one.result is None or one.target is None or one.baseline is None:
            return None
        way = one.target - one.baseline
        return (one.result - one.baseline) / way if way else None

    @property
    def state(self) -> str:
        """As hoped for, short of it, or not known."""
        met = reached(self.indicator)
        return OPEN if met is None else MET if met else SHORT


def progress_figure(measured: Sequence[Measured], *, source: str) -> Figure:
    """One bar for each indicator, from before to what was found; the line is what was hoped for."""
    rows = [
        {
            "what": f"{number}. {one.prototype[:34]}",
            "way": max(-0.5, min(1.6, one.way)),
            "said": f"{one.way:.0%}",
            "state": one.state,
        }
        for number, one in enumerate(measured[:SHOWN], start=1)
        if one.way is not None
    ]
    return Figure(
        finding=_finding(measured),
        measure="How much of the way from before to what was hoped for each prototype went.",
        chart=_bars(rows),
        table=Table(
            "Indicators of prototypes",
            (
                "Indicator",
                "Prototype",
                "Unit",
                "Before",
                "Hoped for",
                "Found",
                "Result",
                "Decision",
            ),
            tuple(_row(one) for one in measured),
            frozenset({3, 4, 5}),
        ),
        source=source,
    )


def _row(one: Measured) -> tuple[Cell, ...]:
    of = one.indicator
    return (
        typed(of.name),
        typed(one.prototype),
        typed(of.unit),
        of.baseline,
        of.target,
        of.result,
        one.state,
        one.verdict or None,
    )


def _finding(measured: Sequence[Measured]) -> str:
    met = sum(one.state == MET for one in measured)
    known = sum(one.state != OPEN for one in measured)
    if not known:
        return "No prototype has been measured against what was hoped for yet."
    waiting = len(measured) - known
    rest = f"; {waiting} not measured yet" if waiting else ""
    return f"{met} of {known} measured indicators are as hoped for{rest}."


def _bars(rows: Sequence[dict[str, object]]) -> alt.TopLevelMixin:
    states = [MET, SHORT]
    base = alt.Chart(given(rows)).encode(
        y=alt.Y(
            "what:N",
            title=None,
            sort=[str(row["what"]) for row in rows],
            axis=alt.Axis(domain=False, ticks=False),
        )
    )
    bars = base.mark_bar(height=14).encode(
        x=alt.X(
            "way:Q",
            title=None,
            scale=alt.Scale(domainMin=0),
            axis=alt.Axis(format="%", tickCount=5),
        ),
        color=alt.Color(
            "state:N",
            title=None,
            sort=states,
            scale=alt.Scale(domain=states, range=[BLUE, ORANGE]),
        ),
    )
    numbers = base.mark_text(align="left", dx=4).encode(
        x=alt.X("way:Q"), text=alt.Text("said:N"), color=alt.ColorValue(INK)
    )
    hoped = (
        alt.Chart(given([{"way": 1}]))
        .mark_rule(color=QUIET, strokeDash=[4, 3])
        .encode(x=alt.X("way:Q"))
    )
    ground = alt.Chart(given([{"way": 0}])).mark_rule(color=LAND).encode(x=alt.X("way:Q"))
    return alt.layer(ground, bars, numbers, hoped).properties(
        width=WIDTH - 280, height=24 * max(len(rows), 2)
    )
