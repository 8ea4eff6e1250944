"""Pictures of the ecosystem map: where agents are, and who and what is on the map."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from ncc_kernel.analysis.ecosystem import Counts, Ecosystem, Match, located
from ncc_kernel.charts.figure import Figure
from ncc_kernel.charts.markup import Cell, Table, typed
from ncc_kernel.charts.theme import BLUE, LAND, ORANGE, QUIET, WIDTH
from ncc_kernel.model.vocabulary import Vocabulary

NOT_SAID = "not said"
_NUMBERED = alt.X("count:Q", title=None, axis=None)
"""The number stands at the end of each bar; a scale below would say it twice."""

MARGIN = 0.5
"""Degrees around the outlines in which a place is drawn; the outlines are coarse."""

BINS = 600
"""Dots above which a map shows squares of a grid instead: pages stay small."""


def counts_figure(
    counts: Counts, *, finding: str, measure: str, words: Vocabulary | None, source: str
) -> Figure:
    """Horizontal bars of counts, in the order given; what was left empty is named so."""
    rows = [{"what": _label(code, words), "count": count} for code, count in counts]
    order = [_label(code, words) for code, _count in counts]
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        y=alt.Y(
            "what:N",
            sort=order,
            title=None,
            axis=alt.Axis(domain=False, ticks=False),
        ),
        x=_NUMBERED,
    )
    bars = base.mark_bar(color=BLUE, height=14)
    numbers = base.mark_text(align="left", dx=4).encode(text="count:Q")
    return Figure(
        finding=finding,
        measure=measure,
        chart=alt.layer(bars, numbers).properties(width=WIDTH - 280, height=24 * max(len(rows), 2)),
        table=Table(
            measure,
            ("What", "Number"),
            tuple((typed(_label(code, words)), count) for code, count in counts),
            frozenset({1}),
        ),
        source=source,
    )


def matches_figure(matches: Sequence[Match], *, labels: Mapping[str, str], source: str) -> Figure:
    """Pressing needs of initiatives beside capabilities of agents, for each kind of support."""
    rows = [
        {"kind": labels[match.kind], "side": side, "count": count}
        for match in matches
        for side, count in (
            ("initiatives that need it", match.needing),
            ("agents that can give it", match.offering),
        )
    ]
    sides = ["initiatives that need it", "agents that can give it"]
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        y=alt.Y(
            "kind:N",
            title=None,
            sort=[labels[m.kind] for m in matches],
            axis=alt.Axis(domain=False, ticks=False),
        ),
        yOffset=alt.YOffset("side:N", sort=sides),
        x=_NUMBERED,
    )
    bars = base.mark_bar(height=14).encode(
        color=alt.Color(
            "side:N",
            title=None,
            sort=sides,
            scale=alt.Scale(domain=sides, range=[ORANGE, BLUE]),
        )
    )
    numbers = base.mark_text(align="left", dx=4).encode(text="count:Q")
    chart = alt.layer(bars, numbers).properties(width=WIDTH - 280, height=44 * len(matches))
    return Figure(
        finding=_matches_finding(matches, labels),
        measure=f"Needs of 2 or 3 of 3 among initiatives, capabilities of 2 or 3 of 3 among agents. {_unsaid(matches)}",
        chart=chart,
        table=Table(
            "Needs and capabilities",
            (
                "Support",
                "Initiatives that need it",
                "Agents that can give it",
                "Initiatives that did not say",
            ),
            tuple((labels[m.kind], m.needing, m.offering, m.unknown) for m in matches),
            frozenset({1, 2, 3}),
        ),
        source=source,
    )


def _unsaid(matches: Sequence[Match]) -> str:
    most = max(match.unknown for match in matches)
    return f"Initiatives that did not say: up to {most}." if most else ""


def _matches_finding(matches: Sequence[Match], labels: Mapping[str, str]) -> str:
    if not any(match.needing or match.offering for match in matches):
        return "No entry says yet what it needs much of or can give."
    short = max(matches, key=lambda match: match.needing - match.offering)
    if short.needing <= short.offering:
        return "For each kind of support there are at least as many helpers as pressing needs."
    return (
        f"{labels[short.kind]} is short: initiatives that need it {short.needing}, "
        f"agents that can give it {short.offering}."
    )


def map_figure(
    eco: Ecosystem, *, name: str, shapes: Mapping[str, Any], source: str, height: int = 380
) -> Figure:
    """Where the agents are whose place is known; how many have none is said, not hidden."""
    points = [{"lat": lat, "lon": lon} for _agent, lat, lon in located(eco)]
    west, south, east, north = _frame(shapes)
    drawn = [p for p in points if west <= p["lon"] <= east and south <= p["lat"] <= north]
    land = alt.Chart(alt.NamedData("land")).mark_geoshape(fill=LAND, stroke=QUIET, strokeWidth=0.6)
    spots = _spots(drawn)
    width, height = _fitted(_frame(shapes), WIDTH - 60, height)
    chart = alt.layer(land, spots).project(type="mercator").properties(width=width, height=height)
    known, unknown = len(points), len(eco.agents) - len(points)
    off = f", {known - len(drawn)} off the map" if len(drawn) < known else ""
    return Figure(
        finding=f"{known} of {len(eco.agents)} agents in {name} have a known place.",
        measure="Each dot is an agent at its recorded place."
        if len(drawn) <= BINS
        else "Dots are sized by the number of agents.",
        chart=chart,
        datasets={"land": list(shapes["features"])},
        table=_places_table(eco),
        source=f"{source} {unknown} without a place{off}. Boundaries: Natural Earth.",
    )


def _frame(shapes: Mapping[str, Any]) -> tuple[float, float, float, float]:
    """West, south, east and north of the shapes, with a margin.

    The picture is fitted to all that is drawn, so that one dot far away would make a country a
    speck, and one at a pole a picture without end.
    """
    outlines = [
        polygon[0] for one in shapes["features"] for polygon in one["geometry"]["coordinates"]
    ]
    lons, lats = ([point[axis] for outline in outlines for point in outline] for axis in (0, 1))
    return min(lons) - MARGIN, min(lats) - MARGIN, max(lons) + MARGIN, max(lats) + MARGIN


def _fitted(frame: tuple[float, float, float, float], width: int, height: int) -> tuple[int, int]:
    """The largest picture of the frame within this width and height, without empty sides."""
    west, south, east, north = frame
    across = math.radians(east - west)
    up = _mercator(north) - _mercator(south)
    scale = min(width / across, height / up)
    return round(across * scale), round(up * scale)


def _mercator(latitude: float) -> float:
    return math.log(math.tan(math.pi / 4 + math.radians(latitude) / 2))


def _spots(points: Sequence[Mapping[str, float]]) -> Any:
    gathered: dict[tuple[float, float], int] = {}
    step = 0.25 if len(points) > BINS else 0.01
    for point in points:
        cell = (round(point["lat"] / step) * step, round(point["lon"] / step) * step)
        gathered[cell] = gathered.get(cell, 0) + 1
    rows = [
        {"lat": round(lat, 3), "lon": round(lon, 3), "count": count}
        for (lat, lon), count in sorted(gathered.items())
    ]
    return (
        alt.Chart(alt.InlineData(values=rows))
        .mark_circle(color=BLUE, opacity=0.7)
        .encode(
            longitude="lon:Q",
            latitude="lat:Q",
            size=alt.Size(
                "count:Q", scale=alt.Scale(domain=[1, 20], range=[40, 400], clamp=True), legend=None
            ),
        )
    )


def _places_table(eco: Ecosystem, limit: int = 12) -> Table:
    counts: dict[str, int] = {}
    for agent in eco.agents.values():
        place = agent.place.name or NOT_SAID
        counts[place] = counts.get(place, 0) + 1
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    rows: list[tuple[Cell, ...]] = [(typed(place), count) for place, count in ordered[:limit]]
    if rest := sum(count for _place, count in ordered[limit:]):
        rows.append((f"other places ({len(ordered) - limit})", rest))
    return Table("Agents by place", ("Place", "Agents"), tuple(rows), frozenset({1}))


def isolated(words: Vocabulary, code: str) -> str:
    """The label within a sentence; a code that nobody knows does not turn the words around it."""
    if code in words.codes:
        return words.label(code)
    return f"\N{FIRST STRONG ISOLATE}{code}\N{POP DIRECTIONAL ISOLATE}"


def _label(code: str, words: Vocabulary | None) -> str:
    if not code:
        return NOT_SAID
    return words.label(code) if words else code
