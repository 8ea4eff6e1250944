"""The network: every node while there are few, groups above; who is most connected, who bridges."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import altair as alt

from ncc_kernel.analysis.network import FEW, Bridge, Network, Node, group_spots, node_spots
from ncc_kernel.analysis.summary import counted
from ncc_kernel.charts.figure import Figure
from ncc_kernel.charts.markup import Cell, Table, typed
from ncc_kernel.charts.theme import BLUE, INK, LINE, NARROW, ORANGE, PALE, PAPER, given, pixels

GROUPS = 16
"""The largest groups, which are drawn; how many more there are is said."""

LISTED = 40
HEIGHT = 420
BELOW = 280
"""Where the letters of groups are told, in two columns below their balls."""

LETTER = 6.9
"""Pixels that a letter of a label takes, about: labels that would lie on each other are left out."""

Words = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Ball:
    """Something round in the picture: where it is, how large, what is in and under it."""

    x: float
    y: float
    radius: float
    label: str
    inside: str = ""
    kind: str = ""


Word = tuple[float, float, str]
"""Where a name stands, and how it is written there."""

Ties = Sequence[tuple[Ball, Ball, float]]


def network_figure(network: Network, *, name: str, labels: Words, source: str) -> Figure:
    """Who is linked with whom; `labels` says each type of agent and stage in words."""
    if len(network.linked) <= FEW:
        chart, measure = _nodes_chart(network)
    else:
        chart, measure = _groups_chart(network)
    return Figure(
        finding=_finding(network, name),
        measure=measure,
        chart=chart,
        table=_groups_table(network, labels),
        source=source,
    )


def _finding(network: Network, name: str) -> str:
    if not network.edges:
        return f"No link between agents and initiatives of {name} is recorded yet."
    largest = len(network.groups[0].members)
    alone = f"; {counted(network.alone, 'entry')} stands alone" if network.alone == 1 else ""
    alone = f"; {network.alone} entries stand alone" if network.alone > 1 else alone
    groups = counted(len(network.groups), "group")
    form = "form" if len(network.linked) > 1 else "forms"
    return (
        f"{len(network.linked)} linked entries of {name} {form} {groups}, "
        f"the largest of {largest}{alone}."
    )


def _nodes_chart(network: Network) -> tuple[alt.TopLevelMixin, str]:
    spots = node_spots(network)
    degrees = network.graph.degree
    balls = [
        Ball(
            round(20 + spot.x * (NARROW - 40), 1),
            round(20 + spot.y * (HEIGHT - 40), 1),
            4 + min(degrees[n], 16) * 0.6,
            network.nodes[n].name,
            kind=network.nodes[n].kind,
        )
        for n, spot in spots.items()
    ]
    at = dict(zip(spots, balls, strict=True))
    ties = [(at[a], at[b], 1.0) for a, b in network.edges]
    names = _placed(balls)
    measure = "Circles are agents, squares initiatives; the larger, the more links."
    if len(names) < len(balls):
        measure += f" {len(names)} of {len(balls)} have room for their name."
    return _drawn(balls, ties, names, HEIGHT), measure


def _groups_chart(network: Network) -> tuple[alt.TopLevelMixin, str]:
    spots = group_spots(network, GROUPS)
    sizes = [len(network.groups[n].members) for n in spots]
    radii = [9 + 19 * (size / max(sizes)) ** 0.5 for size in sizes]
    places = apart(
        [(20 + s.x * (NARROW - 40), 20 + s.y * (BELOW - 60)) for s in spots.values()], radii
    )
    balls = [
        Ball(x, y, radius, _called(network, n, size), chr(ord("A") + place), "group")
        for place, (n, (x, y), radius, size) in enumerate(
            zip(spots, places, radii, sizes, strict=True)
        )
    ]
    at = dict(zip(spots, balls, strict=True))
    most = max(network.between.values(), default=1)
    ties = [
        (at[a], at[b], 1 + 5 * links / most)
        for (a, b), links in network.between.items()
        if a in at and b in at
    ]
    more = len(network.groups) - len(balls)
    others = f" {counted(more, 'smaller group')} not drawn." if more else ""
    names, height = _key(balls)
    return _drawn(balls, ties, names, height), (
        "Each ball is a group of entries linked with each other, named below after its best linked "
        f"entry, with the number of its entries; lines are links between groups.{others}"
    )


def _called(network: Network, group: int, size: int) -> str:
    """The entry after which a group is named, its country if there are several, and its size."""
    lead = network.nodes[network.groups[group].lead]
    several = len({one.country for one in network.nodes}) > 1 and lead.country
    return f"{isolated(clipped(lead.name))}{f' ({lead.country})' if several else ''}: {size}"


def _key(balls: Sequence[Ball]) -> tuple[list[Word], int]:
    """What the letters stand for, in two columns, and how high the picture becomes."""
    rows = (len(balls) + 1) // 2
    words = [
        (4.0 + n // rows * NARROW / 2, BELOW + 12.0 + n % rows * 18, f"{one.inside}  {one.label}")
        for n, one in enumerate(balls)
    ]
    return words, BELOW + 18 * rows + 4


def apart(
    places: Sequence[tuple[float, float]], radii: Sequence[float], rounds: int = 300
) -> list[tuple[float, float]]:
    """The places pushed apart until no two balls lie on each other, within the picture."""
    xs, ys = [x for x, _y in places], [y for _x, y in places]
    room = 8.0
    for _ in range(rounds):
        still = True
        for a in range(len(xs)):
            for b in range(a + 1, len(xs)):
                dx, dy = xs[b] - xs[a], ys[b] - ys[a]
                far = (dx * dx + dy * dy) ** 0.5
                lack = radii[a] + radii[b] + room - far
                if lack > 0:
                    still = False
                    ux, uy = (dx / far, dy / far) if far > 1e-6 else (1.0, 0.0)  # noqa: PLR2004
                    xs[a], ys[a] = xs[a] - ux * lack / 2, ys[a] - uy * lack / 2
                    xs[b], ys[b] = xs[b] + ux * lack / 2, ys[b] + uy * lack / 2
        for n, radius in enumerate(radii):
            xs[n] = min(max(xs[n], radius + 4), NARROW - radius - 4)
            ys[n] = min(max(ys[n], radius + 4), BELOW - radius - 4)
        if still:
            break
    return [(round(x, 1), round(y, 1)) for x, y in zip(xs, ys, strict=True)]


def _drawn(
    balls: Sequence[Ball], ties: Ties, names: Sequence[Word], height: int
) -> alt.TopLevelMixin:
    lines = [
        {"x": a.x, "y": a.y, "x2": b.x, "y2": b.y, "wide": round(wide, 1)} for a, b, wide in ties
    ]
    rounds = [
        {"x": one.x, "y": one.y, "area": round(3.14 * one.radius**2), "kind": one.kind}
        for one in balls
    ]
    across = alt.Scale(domain=[0, NARROW], nice=False, zero=False)
    down = alt.Scale(domain=[height, 0], nice=False, zero=False)
    x, y = alt.X("x:Q", axis=None, scale=across), alt.Y("y:Q", axis=None, scale=down)
    size = alt.Size("area:Q", scale=None, legend=None)
    tied = alt.Chart(given(lines)).mark_rule(color=LINE)
    width = alt.StrokeWidth("wide:Q", scale=None, legend=None)
    marks = alt.Chart(given(rounds)).mark_point(filled=True, opacity=1, stroke=PAPER, strokeWidth=1)
    kinds = ["agent", "initiative", "group"]
    fill = alt.Color(
        "kind:N", legend=None, scale=alt.Scale(domain=kinds, range=[BLUE, ORANGE, PALE])
    )
    shape = alt.Shape(
        "kind:N", legend=None, scale=alt.Scale(domain=kinds, range=["circle", "square", "circle"])
    )
    layers = [
        tied.encode(x=x, y=y, x2=alt.X2("x2:Q"), y2=alt.Y2("y2:Q"), strokeWidth=width),
        marks.encode(x=x, y=y, size=size, color=fill, shape=shape),
    ]
    inside = [(one.x, one.y, one.inside) for one in balls if one.inside]
    for words, points, align in (
        (names, 12, "left" if inside else "center"),
        (inside, 13, "center"),
    ):
        if words:
            rows = [{"x": a, "y": b, "text": said} for a, b, said in words]
            texts = alt.Chart(given(rows))
            layers.append(
                texts.mark_text(fontSize=points, color=INK, align=align).encode(  # type: ignore[arg-type]
                    x=x, y=y, text=alt.Text("text:N")
                )
            )
    return alt.layer(*layers).properties(width=NARROW, height=height)


def _placed(balls: Sequence[Ball]) -> list[Word]:
    """Labels below, above or beside their balls, the largest first; without room one is left out."""
    taken = [
        (one.x - one.radius, one.y - one.radius, one.x + one.radius, one.y + one.radius)
        for one in balls
    ]
    found = []
    for one in sorted(balls, key=lambda ball: (-ball.radius, ball.x, ball.y)):
        said = clipped(one.label)
        half = len(said) * LETTER / 2
        middle = min(max(one.x, half + 2), NARROW - half - 2)
        away, aside = one.radius + 9, one.radius + half + 2
        for x, y in (
            (middle, one.y + away),
            (middle, one.y - away),
            (one.x + aside, one.y),
            (one.x - aside, one.y),
        ):
            box = x - half, y - 8, x + half, y + 8
            inside = box[0] >= 0 and box[2] <= NARROW and box[1] >= 0 and box[3] <= HEIGHT
            if inside and not any(_overlap(box, other) for other in taken):
                taken.append(box)
                found.append((round(x, 1), round(y, 1), isolated(said)))
                break
    return found


def _overlap(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def clipped(name: str, most: int = 22) -> str:
    """A name short enough to stand in a picture; the table has it whole."""
    line = " ".join(name.split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "\N{HORIZONTAL ELLIPSIS}"


def isolated(said: str) -> str:
    """A name that does not turn the words around it."""
    return f"\N{FIRST STRONG ISOLATE}{said}\N{POP DIRECTIONAL ISOLATE}"


def _groups_table(network: Network, labels: Words) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for group in network.groups[:LISTED]:
        members = [network.nodes[n] for n in group.members]
        agents = sum(one.kind == "agent" for one in members)
        lead = network.nodes[group.lead]
        rows.append((typed(lead.name), typed(kind_of(lead, labels)), agents, len(members) - agents))
    more = len(network.groups) - len(rows)
    if more > 0:
        rest = [network.nodes[n] for g in network.groups[LISTED:] for n in g.members]
        agents = sum(one.kind == "agent" for one in rest)
        rows.append((f"{more} smaller groups", None, agents, len(rest) - agents))
    return Table(
        "Groups, named after their best linked entry",
        ("Group around", "Which is", "Agents", "Initiatives"),
        tuple(rows),
        frozenset({2, 3}),
    )


def kind_of(node: Node, labels: Words) -> str:
    """What a node is: the type of an agent, or that it is an initiative and its stage."""
    said = labels.get(node.sort, node.sort)
    if node.kind == "agent":
        return said or "Agent"
    return f"Initiative ({said.lower()})" if said else "Initiative"


def connected_figure(
    found: Sequence[tuple[str, str, int]], *, name: str, source: str
) -> Figure | None:
    """The entries with the most links, as bars: name, what it is, number; None without any."""
    if not found:
        return None
    first, most = found[0][0], found[0][2]
    rows = [
        {"n": n, "name": isolated(clipped(one, 46)), "count": count}
        for n, (one, _what, count) in enumerate(found)
    ]
    base = alt.Chart(given(rows)).encode(
        y=alt.Y("n:O", axis=None),
        x=alt.X("count:Q", title=None, axis=None, scale=alt.Scale(domain=[0, most * 1.1])),
    )
    layers = [
        base.mark_bar(color=BLUE, height=12, yOffset=9),
        base.mark_text(align="left", dx=4, dy=9).encode(text=alt.Text("count:Q")),
        base.mark_text(align="left", dy=-8).encode(text=alt.Text("name:N"), x=pixels(0)),
    ]
    ties = [one for one in found if one[2] == most]
    said = f"\N{LEFT DOUBLE QUOTATION MARK}{isolated(first)}\N{RIGHT DOUBLE QUOTATION MARK}"
    finding = (
        f"The most connected entry of {name} is {said}: {counted(most, 'link')}."
        if len(ties) == 1
        else f"{len(ties)} entries of {name} are the most connected: {counted(most, 'link')} each."
    )
    return Figure(
        finding=finding,
        measure="Entries by the number of others they are linked with.",
        chart=alt.layer(*layers).properties(width=NARROW - 80, height=38 * len(rows)),
        table=Table(
            "Most connected entries",
            ("Entry", "Which is", "Links"),
            tuple((typed(one), typed(what), count) for one, what, count in found),
            frozenset({2}),
        ),
        source=source,
    )


def bridges_table(
    bridges: Sequence[Bridge], labels: Words, countries: Words | None = None
) -> Table:
    """Agents without whom entries would be cut off; with their countries where they are named."""
    rows = tuple(
        (
            typed(
                ", ".join(n for n in (one.node.name, (countries or {}).get(one.node.country)) if n)
            ),
            typed(kind_of(one.node, labels)),
            one.cut_off,
            one.groups,
        )
        for one in bridges
    )
    columns = ("Agent", "Which is", "Entries cut off without it", "Groups it reaches")
    return Table("Agents that hold parts of the network together", columns, rows, frozenset({2, 3}))


def bridges_finding(bridges: Sequence[Bridge], name: str) -> str:
    """What the bridges say, in a sentence."""
    if not bridges:
        return f"No single agent of {name} holds a part of the network together."
    most = bridges[0]
    said = (
        f"\N{LEFT DOUBLE QUOTATION MARK}{isolated(most.node.name)}\N{RIGHT DOUBLE QUOTATION MARK}"
    )
    return (
        f"Without {said} {counted(most.cut_off, 'entry')} would be cut off from the rest."
        if most.cut_off == 1
        else f"Without {said} {most.cut_off} entries would be cut off from the rest."
    )
