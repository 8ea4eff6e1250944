"""Who could meet whom: the proposals as a list, and between which countries there would be some."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import altair as alt

from ncc_kernel.analysis.meetings import Meeting, Meetings, Side
from ncc_kernel.analysis.summary import counted
from ncc_kernel.charts.figure import Figure
from ncc_kernel.charts.markup import Cell, Table, typed
from ncc_kernel.charts.network import clipped, isolated
from ncc_kernel.charts.region_map import NONE, SHADES, classes, level
from ncc_kernel.charts.theme import BLUE, INK, LAND, LINE, NARROW, ORANGE, PAPER, given

HIGH = 40
"""Pixels from one pair to the next."""
LISTED = 60
FIELD = 18
"""Pixels of a field of the matrix: a country's code has room above it."""


def meetings_figure(
    found: Meetings,
    *,
    name: str,
    support: Mapping[str, str],
    countries: Mapping[str, str],
    regions: Mapping[str, str],
    abroad: bool,
    source: str,
    several: bool = False,
) -> Figure:
    """Those who need much of a kind of support beside those who can give it, not linked yet.

    `several` says that meetings are within each of several countries, which are named then.
    """
    within = "across borders" if abroad else f"within {name}"
    meetings = found.best
    if meetings:
        finding = (
            f"{counted(found.possible, 'pair')} {within} could meet: one needs what the other can "
            "give, and they are not linked yet."
        )
    else:
        finding = f"No need meets a capability {within} that is not linked yet."
    where = _Where(countries if abroad or several else {}, {} if abroad else regions)
    return Figure(
        finding=finding,
        measure=(
            "One that needs much of a kind of support, and one that can give it (2 or 3 of 3), "
            f"the best {len(meetings)} by need, capability and what else they share."
        ),
        chart=_pairs(meetings, support, where),
        table=Table(
            "Who could meet whom",
            ("Needs it", "Where", "Can give it", "Where", "Support", "Both work on"),
            tuple(_row(one, support, where) for one in meetings),
        ),
        source=source,
    )


@dataclass(frozen=True, slots=True)
class _Where:
    """The names of countries and of regions, as far as they are told with each entry."""

    countries: Mapping[str, str]
    regions: Mapping[str, str]

    def words(self, one: Side) -> Cell:
        """Region and country; a country that is one region is named once."""
        said = (self.regions.get(one.region, ""), self.countries.get(one.country, ""))
        return typed(", ".join(name for name in dict.fromkeys(said) if name)) if any(said) else None

    def name(self, one: Side) -> str:
        """The entry's name as it stands in the picture, with its country."""
        said = isolated(clipped(one.name, 26))
        return f"{said} ({one.country})" if one.country in self.countries else said


def _row(one: Meeting, support: Mapping[str, str], where: _Where) -> tuple[Cell, ...]:
    shared = [*one.objectives, *(("the same challenge",) if one.challenges else ())]
    return (
        typed(one.needs.name),
        where.words(one.needs),
        typed(one.gives.name),
        where.words(one.gives),
        support[one.support],
        ", ".join(shared) or None,
    )


def _pairs(
    meetings: Sequence[Meeting], support: Mapping[str, str], where: _Where
) -> alt.TopLevelMixin:
    """Two columns of names with a line between each pair."""
    height = HIGH * max(len(meetings), 1)
    ends = [
        {
            "y": HIGH * n + 19,
            "left": where.name(one.needs),
            "right": where.name(one.gives),
            "what": support[one.support],
        }
        for n, one in enumerate(meetings)
    ]
    base = alt.Chart(given(ends)).encode(
        y=alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[height, 0], nice=False))
    )
    at = alt.Scale(domain=[0, NARROW], nice=False)
    left, right = alt.XDatum(6, axis=None, scale=at), alt.XDatum(NARROW - 6, axis=None, scale=at)
    middle = alt.XDatum(NARROW / 2, axis=None, scale=at)
    layers = [
        base.mark_rule(color=LINE, strokeWidth=1.5).encode(x=left, x2=alt.X2Datum(NARROW - 6)),
        base.mark_point(filled=True, opacity=1, shape="square", size=60, color=ORANGE).encode(
            x=left
        ),
        base.mark_point(filled=True, opacity=1, size=60, color=BLUE).encode(x=right),
        base.mark_text(align="left", dx=-6, dy=-12, fontSize=12).encode(
            x=left, text=alt.Text("left:N")
        ),
        base.mark_text(align="right", dx=6, dy=-12, fontSize=12).encode(
            x=right, text=alt.Text("right:N")
        ),
        base.mark_text(dy=11, fontSize=11).encode(x=middle, text=alt.Text("what:N")),
    ]
    return alt.layer(*layers).properties(width=NARROW, height=height)


def between_figure(
    pairs: Mapping[tuple[str, str], int], *, countries: Mapping[str, str], source: str
) -> Figure | None:
    """Which countries need what others can give; None where nothing would match."""
    if not pairs:
        return None
    rows = sorted({need for need, _give in pairs})
    columns = sorted({give for _need, give in pairs})
    steps = classes(pairs.values())
    values = [
        {"need": need, "give": give, "level": level(pairs.get((need, give), 0), steps)}
        for need in rows
        for give in columns
    ]
    giving: Counter[str] = Counter()
    for (_need, give), count in pairs.items():
        giving[give] += count
    best = min(giving, key=lambda code: (-giving[code], code))
    ordered = sorted(pairs.items(), key=lambda item: (-item[1], item[0]))
    more = f" (the first {LISTED} of {len(pairs)} pairs)" if len(pairs) > LISTED else ""
    levels = [NONE, *(said for _start, said in steps)]
    base = alt.Chart(given(values)).encode(
        x=alt.X("give:N", title="can give", axis=_axis("top")),
        y=alt.Y("need:N", title="needs", axis=_axis("left")),
    )
    fields = base.mark_rect(stroke=PAPER).encode(
        color=alt.Color(
            "level:N",
            title="Possible meetings",
            sort=levels,
            scale=alt.Scale(domain=levels, range=[LAND, *SHADES[len(SHADES) - len(steps) :]]),
        )
    )
    return Figure(
        finding=f"{countries[best]} can give the most of what entries of other countries need.",
        measure="How many entries of two countries could meet one to one: what one needs, the other can give.",
        chart=fields.properties(width=FIELD * len(columns), height=FIELD * len(rows)),
        table=Table(
            "Possible meetings between two countries, the most first" + more,
            ("Needs", "Can give", "Possible meetings"),
            tuple((countries[a], countries[b], count) for (a, b), count in ordered[:LISTED]),
            frozenset({2}),
        ),
        source=source,
    )


def _axis(orient: str) -> alt.Axis:
    return alt.Axis(
        orient=orient,  # type: ignore[arg-type]
        domain=False,
        ticks=False,
        labelAngle=0,
        labelFontSize=11,
        labelColor=INK,
        labelOverlap=False,
    )
