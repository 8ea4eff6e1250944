"""Pictures of the learning community: the groups on tiles, and who needs and offers what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import altair as alt

from ncc_kernel.analysis.standing import Standing
from ncc_kernel.charts.figure import Figure
from ncc_kernel.charts.markup import Cell, Table
from ncc_kernel.charts.theme import (
    BLUE,
    LAND,
    MIDDLE,
    ORANGE,
    PALE,
    PAPER,
    QUIET,
    WIDTH,
    given,
    ink_or_paper,
)
from ncc_kernel.model.guide import Guide

_SIDE = 42
_FILLS = (BLUE, PALE, ORANGE, MIDDLE)
_DARK = (BLUE, ORANGE)
"""Fills on which text is light."""

NEEDS, OFFERS, BOTH, NEITHER, UNKNOWN = "needs", "offers", "both", "neither", "too few answers"
_KINDS = (NEEDS, OFFERS, BOTH, NEITHER, UNKNOWN)


@dataclass(frozen=True, slots=True)
class GroupTile:
    """A country's tile: where it stands, the letter of its group, and whether it was compared."""

    code: str
    place: tuple[int, int]
    letter: str
    compared: bool


def groups_figure(
    tiles: Sequence[GroupTile], *, finding: str, measure: str, table: Table, source: str
) -> Figure:
    """The groups by letter and colour, roughly where the countries lie."""
    return Figure(
        finding=finding,
        measure=measure,
        chart=_tiles_chart(tiles),
        table=table,
        source=source,
    )


def _tiles_chart(tiles: Sequence[GroupTile]) -> alt.TopLevelMixin:
    letters = sorted({tile.letter for tile in tiles})
    fill = dict(zip(letters, _FILLS, strict=False))
    rows = [
        {
            "code": tile.code,
            "column": tile.place[0],
            "row": tile.place[1],
            "group": f"Group {tile.letter}",
            "letter": tile.letter if tile.compared else f"{tile.letter} *",
            "light": fill[tile.letter] in _DARK,
        }
        for tile in tiles
    ]
    names = [f"Group {letter}" for letter in letters]
    across = [tile.place[0] for tile in tiles]
    down = [tile.place[1] for tile in tiles]
    base = alt.Chart(given(rows)).encode(
        x=alt.X("column:O", axis=None, scale=_band(across)),
        y=alt.Y("row:O", axis=None, scale=_band(down)),
    )
    squares = base.mark_rect().encode(
        color=alt.Color(
            "group:N",
            title=None,
            sort=names,
            scale=alt.Scale(domain=names, range=list(_FILLS[: len(names)])),
        )
    )
    ink = ink_or_paper("datum.light")
    codes = base.mark_text(dy=-8, fontWeight="bold").encode(text=alt.Text("code:N"), color=ink)
    letter = base.mark_text(dy=9).encode(text=alt.Text("letter:N"), color=ink)
    return alt.layer(squares, codes, letter).properties(
        width=_SIDE * len(range(min(across), max(across) + 1)),
        height=_SIDE * len(range(min(down), max(down) + 1)),
    )


def _band(places: Sequence[int]) -> alt.Scale:
    whole = list(range(min(places), max(places) + 1))
    return alt.Scale(domain=whole, paddingInner=0.08, paddingOuter=0)


def need_offer_figure(
    guide: Guide,
    standings: Sequence[Standing],
    *,
    names: Mapping[str, str],
    finding: str,
    source: str,
) -> Figure:
    """For each country and dimension, on how many statements it needs support and can help."""
    ordered = sorted(standings, key=lambda one: names[one.country])
    return Figure(
        finding=finding,
        measure=(
            "N: statements on which the country needs support (asked for, or level 2 or below "
            "with priority 4 or 5). O: statements at level 4 or 5 on which it offers support."
        ),
        chart=_matrix(guide, ordered, names),
        table=_matrix_table(guide, ordered, names),
        source=source,
    )


def _matrix(
    guide: Guide, ordered: Sequence[Standing], names: Mapping[str, str]
) -> alt.TopLevelMixin:
    shorts = [dimension.short for dimension in guide.dimensions]
    rows = [
        {
            "country": names[one.country],
            "dimension": dimension.short,
            "kind": _kind(one, dimension.code),
            "said": _marks(one, dimension.code),
        }
        for one in ordered
        for dimension in guide.dimensions
    ]
    base = alt.Chart(given(rows)).encode(
        x=alt.X(
            "dimension:N",
            sort=shorts,
            title=None,
            axis=alt.Axis(orient="top", labelAngle=-35, domain=False, ticks=False),
        ),
        y=alt.Y(
            "country:N",
            sort=[names[one.country] for one in ordered],
            title=None,
            axis=alt.Axis(domain=False, ticks=False),
        ),
    )
    # 216 cells would each say what the table says; the picture is hidden from screen readers anyway.
    cells = base.mark_rect(stroke=PAPER, strokeWidth=2).encode(
        color=alt.Color(
            "kind:N",
            title=None,
            sort=list(_KINDS),
            scale=alt.Scale(domain=list(_KINDS), range=[ORANGE, BLUE, MIDDLE, LAND, PAPER]),
            legend=alt.Legend(symbolStrokeColor=QUIET, symbolStrokeWidth=1),
        )
    )
    light = f"datum.kind === '{NEEDS}' || datum.kind === '{OFFERS}'"
    ink = ink_or_paper(light)
    said = base.mark_text(fontSize=11).encode(text=alt.Text("said:N"), color=ink)
    return alt.layer(cells, said).properties(width=WIDTH - 160, height=20 * len(ordered))


def _kind(one: Standing, dimension: str) -> str:
    needs, offers = one.needs_in(dimension), one.offers_in(dimension)
    if needs and offers:
        return BOTH
    if needs or offers:
        return NEEDS if needs else OFFERS
    return NEITHER if dimension in one.levels else UNKNOWN


def _marks(one: Standing, dimension: str) -> str:
    needs, offers = one.needs_in(dimension), one.offers_in(dimension)
    said = [f"N{needs}"] if needs else []
    said += [f"O{offers}"] if offers else []
    return " ".join(said)


def _matrix_table(guide: Guide, ordered: Sequence[Standing], names: Mapping[str, str]) -> Table:
    return Table(
        caption="Statements on which a country needs (N) and offers (O) support, by dimension",
        columns=("Country", *(dimension.short for dimension in guide.dimensions)),
        rows=tuple(
            (names[one.country], *(_cell(one, dimension.code) for dimension in guide.dimensions))
            for one in ordered
        ),
    )


def _cell(one: Standing, dimension: str) -> Cell:
    marks = _marks(one, dimension)
    return marks or ("neither" if dimension in one.levels else None)
