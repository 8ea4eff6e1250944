"""The map: regions shaded by how much is there, dots where agents are, boxes for what is far or tiny.

Everything is laid out here in pixels and drawn as it is: what lies overseas is moved into boxes
below the map, and no place far away can make a country a speck. The projection is the equal-area
one that maps of Europe use, so that a large region does not look larger than it is.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from ncc_kernel.charts.figure import Figure
from ncc_kernel.charts.markup import Cell, Table, typed
from ncc_kernel.charts.theme import (
    BLUE,
    INK,
    LAND,
    MIDDLE,
    NARROW,
    ORANGE,
    PALE,
    PAPER,
    QUIET,
    given,
)
from ncc_kernel.model.region import Region, Ring

ATTRIBUTION = "\N{COPYRIGHT SIGN} EuroGeographics for the administrative boundaries (NUTS 2021)"
FAR = ("PT20", "PT30", "ES70", "FRY1", "FRY2", "FRY3", "FRY4", "FRY5")
"""Regions far from their country, each in a box below the map."""

SHORT = {"PT20": "A\N{LATIN SMALL LETTER C WITH CEDILLA}ores", "PT30": "Madeira"}
"""Names that fit above a box."""

TINY = ("LU00", "MT00")
"""On the map of the EU these stand in a box too, much enlarged."""

EU_MIDDLE = (10.0, 52.0)
BOX = 68
GAP, CAPTION = 8, 16
MARGIN = 6

Point = tuple[float, float]
Frame = tuple[float, float, float, float]
Place = Callable[[float, float], Point]
"""From longitude and latitude to pixels."""


@dataclass(frozen=True)
class Panel:
    """A part of the picture: what is drawn in it, and how places get there."""

    regions: tuple[Region, ...]
    place: Place
    frame: Frame
    label: str = ""

    def holds(self, lon: float, lat: float, margin: float = 0.5) -> bool:
        """Whether the place lies in what this panel shows."""
        west, south, east, north = _around(self.regions)
        return west - margin <= lon <= east + margin and south - margin <= lat <= north + margin


@dataclass(frozen=True)
class Layout:
    """The panels of a map and the size of the whole."""

    panels: tuple[Panel, ...]
    width: int
    height: int

    def spot(self, lon: float, lat: float) -> Point | None:
        """Where a place is drawn; None if it lies outside of all that is shown."""
        for panel in reversed(self.panels):
            if panel.holds(lon, lat):
                return panel.place(lon, lat)
        return None


def layout(regions: Sequence[Region], *, enlarged: Sequence[str] = (), height: int = 400) -> Layout:
    """The main panel as large as it can be, then a box for each far or enlarged region."""
    main = [one for one in regions if one.code not in FAR] or list(regions)
    boxed = [one for one in regions if one.code in (*FAR, *enlarged) and len(regions) > 1]
    boxed.sort(key=lambda one: (one.code not in enlarged, one.code))
    place, (across, up) = _fitted(main, (MARGIN, MARGIN, NARROW - 2 * MARGIN, height))
    width = NARROW if boxed else round(across) + 2 * MARGIN
    panels = [Panel(tuple(main), place, (0, 0, NARROW, up + 2 * MARGIN))]
    top = up + 3 * MARGIN
    for n, one in enumerate(boxed):
        left = MARGIN + (n % 5) * (BOX + GAP + 8)
        above = top + (n // 5) * (BOX + CAPTION + GAP)
        inner = left + 4, above + CAPTION + 4, BOX - 8, BOX - 8
        shown = _together(one)
        inside, _size = _fitted([shown], inner)
        frame = left, above + CAPTION, BOX, BOX
        panels.append(Panel((shown,), inside, frame, SHORT.get(one.code, one.name)))
    rows = math.ceil(len(boxed) / 5)
    return Layout(tuple(panels), width, round(top + rows * (BOX + CAPTION + GAP)))


def _together(region: Region, speck: float = 0.04, near: float = 0.5) -> Region:
    """The region without specks far from the rest: for one of them all would be small in its box."""
    parts = [(Region("", "", "", (polygon,)).box, polygon) for polygon in region.polygons]
    sizes = [(east - west) * (north - south) for (west, south, east, north), _polygon in parts]
    large = [
        box for (box, _p), size in zip(parts, sizes, strict=True) if size >= speck * max(sizes)
    ]
    west, south = (min(box[side] for box in large) - near for side in (0, 1))
    east, north = (max(box[side] for box in large) + near for side in (2, 3))
    kept = tuple(
        polygon
        for box, polygon in parts
        if west <= box[0] and south <= box[1] and box[2] <= east and box[3] <= north
    )
    return Region(region.code, region.country, region.name, kept)


def _around(regions: Iterable[Region]) -> Frame:
    boxes = [one.box for one in regions]
    return (
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
    )


def _fitted(regions: Sequence[Region], into: Frame) -> tuple[Place, Point]:
    """How places come into that rectangle, and how much of it is taken; centred if in a box."""
    west, south, east, north = _around(regions)
    many = len({one.country for one in regions}) > 1
    middle = EU_MIDDLE if many else ((west + east) / 2, (south + north) / 2)
    points = [
        _equal_area(x, y, middle)
        for one in regions
        for polygon in one.polygons
        for x, y in polygon[0]
    ]
    left, right = min(p[0] for p in points), max(p[0] for p in points)
    bottom, top = min(p[1] for p in points), max(p[1] for p in points)
    scale = min(into[2] / (right - left), into[3] / (top - bottom))
    taken = (right - left) * scale, (top - bottom) * scale
    boxed = into[2] < BOX
    shift = ((into[2] - taken[0]) / 2, (into[3] - taken[1]) / 2) if boxed else (0.0, 0.0)

    def place(lon: float, lat: float) -> Point:
        x, y = _equal_area(lon, lat, middle)
        across = into[0] + shift[0] + (x - left) * scale
        return round(across, 1), round(into[1] + shift[1] + (top - y) * scale, 1)

    return place, taken


def _equal_area(lon: float, lat: float, middle: Point) -> Point:
    """Lambert's azimuthal equal-area projection on a sphere of radius 1."""
    over, phi, phi0 = math.radians(lon - middle[0]), math.radians(lat), math.radians(middle[1])
    along = math.cos(phi) * math.cos(over)
    k = math.sqrt(2 / max(1e-9, 1 + math.sin(phi0) * math.sin(phi) + math.cos(phi0) * along))
    up = math.cos(phi0) * math.sin(phi) - math.sin(phi0) * along
    return k * math.cos(phi) * math.sin(over), k * up


def region_map_figure(
    counts: Mapping[str, int],
    *,
    regions: Sequence[Region],
    name: str,
    source: str,
    unplaced: int,
    dots: Sequence[Point] = (),
    borders: Sequence[Region] = (),
) -> Figure:
    """Agents by NUTS 2 region; `dots` are longitudes and latitudes of agents, drawn on top.

    `borders` are countries whose outlines are drawn over the regions, on the map of the EU.
    """
    laid = layout(regions, enlarged=TINY if borders else ())
    steps = classes(counts.values())
    places = [laid.spot(lon, lat) for lon, lat in dots]
    seen = [place for place in places if place is not None]
    off = len(places) - len(seen)
    found = sum(counts.get(one.code, 0) for one in regions)
    total = found + unplaced
    gone = f" {off} of them lie off the map." if off else ""
    return Figure(
        finding=_finding(counts, regions, name, found=found, total=total),
        measure="Agents by NUTS 2 region" + ("; each dot is a place with agents." if seen else "."),
        chart=_chart(laid, counts, steps, seen, borders),
        table=_table(counts, regions, unplaced),
        source=f"{source} Agents whose region is not known: {unplaced}.{gone} {ATTRIBUTION}.",
        datasets=_outlines(laid, counts, steps, borders),
    )


def _finding(
    counts: Mapping[str, int], regions: Sequence[Region], name: str, *, found: int, total: int
) -> str:
    if not found:
        said = f"None of the {total} agents says where" if total else "No agent is on the map of"
        return f"{said} in {name} it is." if total else f"{said} {name} yet."
    bare = sum(not counts.get(one.code) for one in regions)
    if len(regions) == 1:
        return f"{found} of {total} agents in {name} have a known place."
    if not bare:
        return f"Every NUTS 2 region of {name} has an agent."
    return f"{bare} of the {len(regions)} NUTS 2 regions of {name} have no agent yet."


Steps = tuple[tuple[int, str], ...]
"""From which number on, and how that is said."""

SHADES = (PALE, MIDDLE, BLUE)


def classes(counts: Iterable[int]) -> Steps:
    """At most three classes of what is there, by thirds of the distinct numbers."""
    known = sorted({count for count in counts if count})
    if not known:
        return ()
    at = sorted({known[0], known[len(known) // 3], known[2 * len(known) // 3]})
    ends = [*(start - 1 for start in at[1:]), known[-1]]
    return tuple(
        (start, str(start) if start == end else f"{start} to {end}")
        for start, end in zip(at, ends, strict=True)
    )


NONE = "none"


def level(count: int, steps: Steps) -> str:
    """The class in which a number lies, in words."""
    return next((said for start, said in reversed(steps) if count >= start), NONE)


def _outlines(
    laid: Layout, counts: Mapping[str, int], steps: Steps, borders: Sequence[Region]
) -> dict[str, object]:
    """The shapes, by the names that the chart uses."""
    shapes = [
        _feature(one, panel.place, level=level(counts.get(one.code, 0), steps))
        for panel in laid.panels
        for one in panel.regions
    ]
    main = laid.panels[0]
    home = {one.country for one in main.regions}
    lines = [
        _feature(_without_far(one), main.place, level="") for one in borders if one.code in home
    ]
    return {"regions": shapes, "borders": lines}


def _without_far(country: Region) -> Region:
    """The country's parts in Europe: what is overseas stands in its box."""
    near = tuple(
        polygon
        for polygon in country.polygons
        if -11.5 < polygon[0][0][0] < 36 and polygon[0][0][1] > 33.5  # noqa: PLR2004  # Europe
    )
    return Region(country.code, country.country, country.name, near)


def _feature(one: Region, place: Place, *, level: str) -> dict[str, Any]:
    drawn = [[_ring(ring, place) for ring in polygon] for polygon in one.polygons]
    polygons = [[ring for ring in rings if len(ring) > TRIANGLE] for rings in drawn]
    geometry = {"type": "MultiPolygon", "coordinates": [rings for rings in polygons if rings]}
    return {"type": "Feature", "level": level, "geometry": geometry}


TRIANGLE = 3
"""A ring with no more points than this has no surface."""


def _ring(ring: Ring, place: Place) -> list[list[float]]:
    """In whole pixels, each point once: neighbours still share theirs, and the page stays small."""
    found: list[list[float]] = []
    for lon, lat in ring:
        x, y = place(lon, lat)
        point = [float(round(x)), float(round(y))]
        if not found or found[-1] != point:
            found.append(point)
    return found


def _chart(
    laid: Layout,
    counts: Mapping[str, int],
    steps: Steps,
    seen: Sequence[Point],
    borders: Sequence[Region],
) -> alt.TopLevelMixin:
    levels = [NONE, *(said for _start, said in steps)]
    shades = [LAND, *SHADES[len(SHADES) - len(steps) :]]
    some = any(counts.values())
    fill = (
        alt.Color(
            "level:N",
            title="Agents",
            sort=levels,
            scale=alt.Scale(domain=levels, range=shades),
        )
        if some
        else alt.ColorValue(LAND)
    )
    land = (
        alt.Chart(alt.NamedData("regions"))
        .mark_geoshape(stroke=PAPER, strokeWidth=0.7)
        .encode(color=fill)
    )
    layers: list[Any] = [land]
    if borders:
        lines = alt.Chart(alt.NamedData("borders"))
        layers.append(lines.mark_geoshape(filled=False, stroke=QUIET, strokeWidth=0.7))
    if len(laid.panels) > 1:
        layers += _boxes(laid.panels[1:])
    if seen:
        layers.append(_dots(seen))
    return (
        alt.layer(*layers)
        .project(type="identity", scale=1, translate=[0, 0])
        .properties(width=laid.width, height=laid.height)
    )


def _boxes(panels: Sequence[Panel]) -> list[Any]:
    frames = [
        _outline(x, y, across, down) for x, y, across, down in (panel.frame for panel in panels)
    ]
    names = [{"x": p.frame[0], "y": p.frame[1] - 5, "name": p.label} for p in panels]
    lines = alt.Chart(given(frames))
    words = alt.Chart(given(names))
    return [
        lines.mark_geoshape(filled=False, stroke=QUIET, strokeWidth=0.5),
        words.mark_text(align="left", fontSize=11, color=INK, limit=BOX + GAP).encode(
            longitude=alt.Longitude("x:Q"), latitude=alt.Latitude("y:Q"), text=alt.Text("name:N")
        ),
    ]


def _outline(x: float, y: float, across: float, down: float) -> dict[str, Any]:
    ring = [[x, y], [x + across, y], [x + across, y + down], [x, y + down], [x, y]]
    return {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [ring]}}


def _dots(seen: Sequence[Point], step: float = 5.0) -> Any:
    """Agents that would lie on each other share a dot."""
    gathered: dict[Point, int] = {}
    for x, y in seen:
        cell = round(x / step) * step, round(y / step) * step
        gathered[cell] = gathered.get(cell, 0) + 1
    rows = [{"x": x, "y": y, "count": count} for (x, y), count in sorted(gathered.items())]
    size = alt.Size(
        "count:Q", scale=alt.Scale(domain=[1, 20], range=[26, 200], clamp=True), legend=None
    )
    return (
        alt.Chart(given(rows))
        .mark_circle(color=ORANGE, opacity=0.85, stroke=PAPER, strokeWidth=0.5)
        .encode(longitude=alt.Longitude("x:Q"), latitude=alt.Latitude("y:Q"), size=size)
    )


def _table(counts: Mapping[str, int], regions: Sequence[Region], unplaced: int) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (typed(one.name), one.code, counts.get(one.code) or None) for one in regions
    ]
    if unplaced:
        rows.append(("region not known", None, unplaced))
    return Table("Agents by region", ("Region", "NUTS 2", "Agents"), tuple(rows), frozenset({2}))
