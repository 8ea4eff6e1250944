"""How far the map reaches: challenges with too few initiatives, blank spots, and growth."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
from markupsafe import Markup

from ncc_kernel.analysis.coverage import FEW, HIGH, WEIGHTS, Coverage, Growth, Standing
from ncc_kernel.analysis.ecosystem import NOT_SAID
from ncc_kernel.analysis.summary import counted
from ncc_kernel.charts.figure import Figure
from ncc_kernel.charts.markup import Cell, Table, typed
from ncc_kernel.charts.network import clipped, isolated
from ncc_kernel.charts.region_map import NONE, SHADES, classes, level
from ncc_kernel.charts.theme import BLUE, LAND, NARROW, ORANGE, QUIET, given, ink_or_paper, pixels

SHOWN = 100
DRAWN = 20
NAMED = 284
"""Pixels that the name of a challenge may take before its bar begins."""

FIELD = 54
"""Pixels of a field of the grid: the short names of its columns have room side by side."""


def gaps_figure(
    rows: Sequence[Standing],
    *,
    name: str,
    source: str,
    countries: Mapping[str, str] | None = None,
) -> Figure:
    """Challenges by priority, with the initiatives that name each; gaps stand first.

    `countries` names the country of each, where the challenges are those of several.
    """
    gaps = [row for row in rows if row.gap]
    if not rows:
        finding = f"No challenge of {name} is recorded yet."
    elif gaps:
        finding = (
            f"{counted(len(gaps), 'challenge')} of high priority in {name} "
            f"{'has' if len(gaps) == 1 else 'have'} fewer than {FEW} initiatives."
        )
    elif any(row.priority is not None for row in rows):
        finding = f"No challenge of high priority in {name} lacks initiatives."
    else:
        finding = f"No challenge of {name} has a priority yet."
    weights = ", ".join(f"{one} counts {weight}" for one, weight in WEIGHTS.items())
    return Figure(
        finding=finding,
        measure=(
            f"Initiatives that name each challenge. Priority is the mean of the scores 1 to 5 "
            f"({weights}); high from {HIGH} on."
        ),
        chart=_gaps_chart(rows[:DRAWN], countries or {}),
        table=Table(
            "Challenges, gaps first" + _first(len(rows)),
            ("Challenge", "Priority", "Urgency", "Severity", "Feasibility", "Initiatives", "Gap"),
            tuple(_standing(row, countries or {}) for row in rows[:SHOWN]),
            frozenset({1, 2, 3, 4, 5}),
        ),
        source=source,
    )


def _first(count: int) -> str:
    return f" (the first {SHOWN} of {count})" if count > SHOWN else ""


def _title(row: Standing, countries: Mapping[str, str], room: int) -> str:
    """The title, with its country where that is not that of the page."""
    country = countries.get(row.country, "")
    said = clipped(row.challenge.title, room - len(country) - 2 if country else room)
    return f"{isolated(said)}, {country}" if country else isolated(said)


def _standing(row: Standing, countries: Mapping[str, str]) -> tuple[Cell, ...]:
    one = row.challenge
    scores = one.urgency, one.severity, one.feasibility
    gap = "gap" if row.gap else "no"
    title = typed(one.title)
    if country := countries.get(row.country):
        title = Markup("{}, {}").format(title, country)
    return title, row.priority, *scores, row.initiatives, gap


def _gaps_chart(rows: Sequence[Standing], countries: Mapping[str, str]) -> alt.TopLevelMixin:
    values = [
        {
            "n": n,
            "name": _title(row, countries, 46),
            "count": row.initiatives,
            "state": "gap" if row.gap else "other",
            "said": f"{row.initiatives}, priority {row.priority}"
            if row.priority is not None
            else f"{row.initiatives}, no priority yet",
        }
        for n, row in enumerate(rows)
    ]
    most = max((row.initiatives for row in rows), default=0)
    bars = alt.Scale(domain=[0, max(most, 1)], range=[NAMED, NAMED + 36])
    base = alt.Chart(given(values)).encode(
        y=alt.Y("n:O", axis=None),
        x=alt.X("count:Q", title=None, axis=None, scale=bars),
    )
    color = alt.Color(
        "state:N",
        legend=None,
        scale=alt.Scale(domain=["gap", "other"], range=[ORANGE, BLUE]),
    )
    layers = [
        base.mark_bar(height=12).encode(color=color),
        base.mark_text(align="left", dx=4, fontSize=12).encode(text=alt.Text("said:N")),
        base.mark_text(align="left", fontSize=12).encode(text=alt.Text("name:N"), x=pixels(0)),
    ]
    return alt.layer(*layers).properties(width=NARROW, height=24 * max(len(rows), 1))


def coverage_figure(
    found: Coverage,
    *,
    name: str,
    what: str,
    plural: str,
    rows: Mapping[str, str],
    columns: Mapping[str, str],
    short: Mapping[str, str],
    source: str,
) -> Figure:
    """Agents by place and part of society, as a grid; `what` is one row in words."""
    known = [row for row in found.rows if row != NOT_SAID]
    blank = found.blank_rows
    if not found.counts:
        finding = f"No agent is on the map of {name} yet."
    elif blank:
        finding = f"{len(blank)} of {len(known)} {plural} of {name} {_have(blank)} no agent."
    elif found.blanks:
        finding = (
            f"Every {what} of {name} has an agent, but {found.blanks} combinations with a part of "
            "society are blank."
        )
    else:
        finding = f"Every {what} of {name} has agents from every part of society."
    heads = [columns.get(one, "not said") for one in found.columns]
    table: list[tuple[Cell, ...]] = [
        (
            typed(rows.get(row, "not known")),
            *(found.counts.get((row, column)) or None for column in found.columns),
        )
        for row in found.rows
    ]
    return Figure(
        finding=finding,
        measure=f"Agents by {what} and part of society; empty fields are blank spots.",
        chart=_grid(found, rows, {c: short.get(c, "not said") for c in found.columns}),
        table=Table(
            f"Agents by {what} and part of society",
            (what[0].upper() + what[1:], *heads),
            tuple(table),
            frozenset(range(1, len(heads) + 1)),
        ),
        source=source,
    )


def _have(some: Sequence[str]) -> str:
    return "has" if len(some) == 1 else "have"


def _grid(
    found: Coverage, rows: Mapping[str, str], columns: Mapping[str, str]
) -> alt.TopLevelMixin:
    steps = classes(found.counts.values())
    values = [
        {
            "row": n,
            "column": columns[column],
            "name": isolated(clipped(rows.get(row, "not known"), 24)),
            "count": found.counts.get((row, column), 0),
        }
        for n, row in enumerate(found.rows)
        for column in found.columns
    ]
    levels = [NONE, *(said for _start, said in steps)]
    for one in values:
        count = int(one["count"])  # type: ignore[call-overload]
        one["level"] = level(count, steps)
        one["said"] = str(count) if count else ""
    names = [isolated(clipped(rows.get(row, "not known"), 24)) for row in found.rows]
    named = {"expr": f"{_list(names)}[datum.value]"}
    base = alt.Chart(given(values)).encode(
        x=alt.X(
            "column:N",
            sort=list(columns.values()),
            title=None,
            axis=alt.Axis(
                orient="top",
                labelAngle=0,
                domain=False,
                ticks=False,
                labelLimit=FIELD,
                labelFontSize=11,
            ),
            scale=alt.Scale(paddingInner=0.06),
        ),
        y=alt.Y(
            "row:O",
            title=None,
            axis=alt.Axis(domain=False, ticks=False, labelExpr=named["expr"], labelLimit=140),
            scale=alt.Scale(paddingInner=0.1),
        ),
    )
    fields = base.mark_rect().encode(
        color=alt.Color(
            "level:N",
            legend=None,
            scale=alt.Scale(domain=levels, range=[LAND, *SHADES[len(SHADES) - len(steps) :]]),
        )
    )
    dark = steps[-1][1] if steps else ""
    ink = ink_or_paper(f"datum.level === '{dark}'")
    numbers = base.mark_text(fontSize=12).encode(text=alt.Text("said:N"), color=ink)
    return alt.layer(fields, numbers).properties(
        width=max(60, FIELD * len(columns)), height=20 * max(len(found.rows), 1)
    )


def _list(words: Sequence[str]) -> str:
    """Words as a list in Vega's expression language."""
    return json.dumps(list(words), ensure_ascii=True)


def growth_figure(found: Growth, *, name: str, labels: Mapping[str, str], source: str) -> Figure:
    """How many entries stood on the map at the end of each month."""
    kinds = tuple(labels)
    if not found:
        finding = f"Nothing is on the map of {name} yet."
    else:
        first, last = (sum(one[1].values()) for one in (found[0], found[-1]))
        finding = f"The map of {name} grew from {first} to {last} entries in {len(found)} months."
    values = [
        {"month": f"{month}-01", "kind": labels[kind], "count": counts.get(kind, 0)}
        for month, counts in found
        for kind in kinds
    ]
    return Figure(
        finding=finding,
        measure="Entries on the map at the end of each month, by when each was first recorded.",
        chart=_growth_chart(values, [labels[kind] for kind in kinds]),
        table=Table(
            "Entries at the end of each month",
            ("Month", *(labels[kind] for kind in kinds)),
            tuple((month, *(counts.get(kind, 0) for kind in kinds)) for month, counts in found),
            frozenset(range(1, len(kinds) + 1)),
        ),
        source=source,
    )


def _growth_chart(values: Sequence[Mapping[str, Any]], kinds: Sequence[str]) -> alt.TopLevelMixin:
    base = alt.Chart(given(values)).encode(
        x=_months(),
        y=alt.Y("count:Q", title=None, axis=alt.Axis(tickCount=4, domain=False, ticks=False)),
        color=alt.Color(
            "kind:N",
            title=None,
            sort=list(kinds),
            scale=alt.Scale(domain=list(kinds), range=[BLUE, ORANGE, QUIET]),
        ),
        strokeDash=alt.StrokeDash(
            "kind:N",
            title=None,
            sort=list(kinds),
            scale=alt.Scale(domain=list(kinds), range=[[1, 0], [6, 3], [2, 3]]),
        ),
    )
    line = base.mark_line(strokeWidth=2.5)
    dots = base.mark_circle(size=40)
    return alt.layer(line, dots).properties(width=NARROW - 70, height=200)


def _months() -> alt.X:
    axis = alt.Axis(format="%b %Y", grid=False, labelOverlap=True, tickCount=4)
    return alt.X("month:T", title=None, axis=axis, scale=alt.Scale(type="utc"))
