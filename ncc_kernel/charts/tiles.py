"""A tile for each country, roughly where it lies, shaded by how much is there."""

from collections.abc import Mapping

import altair as alt

from ncc_kernel.analysis.summary import counted
from ncc_kernel.charts.figure import Figure
from ncc_kernel.charts.markup import Table
from ncc_kernel.charts.region_map import NONE, SHADES, classes, level
from ncc_kernel.charts.theme import LAND, given, ink_or_paper

SIDE = 42


def country_tiles_figure(
    counts: Mapping[str, int],
    *,
    places: Mapping[str, tuple[int, int]],
    names: Mapping[str, str],
    source: str,
) -> Figure:
    """Agents by country; every country is seen alike, however small it is."""
    bare = sum(not counts.get(code) for code in places)
    total = sum(counts.get(code, 0) for code in places)
    if not total:
        finding = "No country has an agent on the map yet."
    elif bare:
        finding = f"{len(places) - bare} of {len(places)} countries have agents on the map; {bare} {'is' if bare == 1 else 'are'} blank."
    else:
        finding = f"Every one of the {len(places)} countries has agents on the map."
    by_name = sorted(places, key=lambda code: names[code])
    return Figure(
        finding=finding,
        measure=f"{counted(total, 'agent')} by country. Tiles stand roughly where countries lie.",
        chart=_chart(counts, places),
        table=Table(
            "Agents by country",
            ("Country", "Agents"),
            tuple((names[code], counts.get(code) or None) for code in by_name),
            frozenset({1}),
        ),
        source=source,
    )


def _chart(counts: Mapping[str, int], places: Mapping[str, tuple[int, int]]) -> alt.TopLevelMixin:
    steps = classes(counts.get(code, 0) for code in places)
    rows = [
        {
            "code": code,
            "column": column,
            "row": row,
            "number": str(counts.get(code, 0) or "\N{EN DASH}"),
            "level": level(counts.get(code, 0), steps),
        }
        for code, (column, row) in sorted(places.items())
    ]
    across, down = ({place[axis] for place in places.values()} for axis in (0, 1))
    levels = [NONE, *(said for _start, said in steps)]
    dark = steps[-1][1] if steps else ""
    ink = ink_or_paper(f"datum.level === '{dark}'")
    base = alt.Chart(given(rows)).encode(
        x=alt.X("column:O", axis=None, scale=_band(across)),
        y=alt.Y("row:O", axis=None, scale=_band(down)),
    )
    squares = base.mark_rect().encode(
        color=alt.Color(
            "level:N",
            legend=None,
            scale=alt.Scale(domain=levels, range=[LAND, *SHADES[len(SHADES) - len(steps) :]]),
        )
    )
    codes = base.mark_text(dy=-8, fontWeight="bold").encode(text=alt.Text("code:N"), color=ink)
    numbers = base.mark_text(dy=9, fontSize=12).encode(text=alt.Text("number:N"), color=ink)
    return alt.layer(squares, codes, numbers).properties(
        width=SIDE * len(across), height=SIDE * len(down)
    )


def _band(ends: set[int]) -> alt.Scale:
    whole = list(range(min(ends), max(ends) + 1)) if ends else []
    return alt.Scale(domain=whole, paddingInner=0.08, paddingOuter=0)
