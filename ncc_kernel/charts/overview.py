"""The 27 countries at a glance: one tile each, roughly where the country lies."""

from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt

from ncc_kernel.analysis.profile import ENOUGH, Profile
from ncc_kernel.charts.figure import Figure
from ncc_kernel.charts.markup import Table
from ncc_kernel.charts.theme import BLUE, LAND, PALE, given, ink_or_paper

BARE, SOME, MOST = "not begun", f"under {ENOUGH:.0%}", f"{ENOUGH:.0%} and more"
_SIDE = 42


@dataclass(frozen=True, slots=True)
class Tile:
    """A country's profile, and the column and row of its tile."""

    profile: Profile
    place: tuple[int, int]

    @property
    def state(self) -> str:
        """How much of what applies is answered, in one of three classes."""
        if not self.profile.started:
            return BARE
        return MOST if self.profile.coverage >= ENOUGH else SOME

    @property
    def number(self) -> str:
        """The share that is answered; nothing begun is no zero."""
        return f"{self.profile.coverage:.0%}" if self.profile.started else "\N{EN DASH}"


def tiles_figure(tiles: Sequence[Tile], *, cycle: str, table: Table, source: str) -> Figure:
    """How far each country's self-assessment is; the table of the countries stands below, folded."""
    begun = sum(tile.state != BARE for tile in tiles)
    most = sum(tile.state == MOST for tile in tiles)
    return Figure(
        finding=f"{begun} of {len(tiles)} countries have begun; {most} have answered {MOST} of what applies to them."
        if begun
        else "No country has begun the self-assessment of this cycle yet.",
        measure=f"Share of applicable statements that are answered, cycle {cycle}. Tiles stand roughly where countries lie.",
        chart=_chart(tiles),
        table=table,
        source=source,
        table_printed=True,
    )


def _chart(tiles: Sequence[Tile]) -> alt.TopLevelMixin:
    rows = [
        {
            "code": tile.profile.country,
            "column": tile.place[0],
            "row": tile.place[1],
            "state": tile.state,
            "number": tile.number,
        }
        for tile in tiles
    ]
    across = sorted({tile.place[0] for tile in tiles})
    down = sorted({tile.place[1] for tile in tiles})
    states = [MOST, SOME, BARE]
    base = alt.Chart(given(rows)).encode(
        x=alt.X("column:O", axis=None, scale=_band(across)),
        y=alt.Y("row:O", axis=None, scale=_band(down)),
    )
    squares = base.mark_rect().encode(
        color=alt.Color(
            "state:N",
            title=None,
            sort=states,
            scale=alt.Scale(domain=states, range=[BLUE, PALE, LAND]),
        )
    )
    ink = ink_or_paper(f"datum.state === '{MOST}'")
    codes = base.mark_text(dy=-8, fontWeight="bold").encode(text=alt.Text("code:N"), color=ink)
    numbers = base.mark_text(dy=9).encode(text=alt.Text("number:N"), color=ink)
    return alt.layer(squares, codes, numbers).properties(
        width=_SIDE * len(across), height=_SIDE * len(down)
    )


def _band(ends: Sequence[int]) -> alt.Scale:
    whole = list(range(ends[0], ends[-1] + 1)) if ends else []
    return alt.Scale(domain=whole, paddingInner=0.08, paddingOuter=0)
