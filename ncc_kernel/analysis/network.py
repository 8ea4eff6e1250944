"""The map as a network: who stands together in a group, who is most connected, who bridges groups.

Everything is in a fixed order and by a fixed seed, so the same entries always give the same
network. Names become numbers before networkx sees them: its sets of names would have an order
that changes from one process to the next.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import networkx as nx

from ncc_kernel.analysis.ecosystem import Ecosystem

SEED = 7
FEW = 70
"""Nodes up to which each is drawn; above, groups are."""

CANDIDATES = 60
"""The most connected entries, of which each is asked what hangs on it alone."""


@dataclass(frozen=True, slots=True)
class Node:
    """An agent or an initiative of the network."""

    kind: str
    key: str
    name: str
    sort: str
    country: str


@dataclass(frozen=True, slots=True)
class Group:
    """Nodes that are linked more with each other than with the rest; the best linked leads."""

    members: tuple[int, ...]
    lead: int


@dataclass(frozen=True, slots=True)
class Bridge:
    """An entry without which others would be cut off, and how many groups its links reach."""

    node: Node
    cut_off: int
    groups: int


@dataclass(frozen=True)
class Network:
    """Nodes in a fixed order and the pairs of their places that are linked."""

    nodes: tuple[Node, ...]
    edges: tuple[tuple[int, int], ...]

    @cached_property
    def graph(self) -> "nx.Graph[int]":
        """As networkx has it."""
        made: nx.Graph[int] = nx.Graph()
        made.add_nodes_from(range(len(self.nodes)))
        made.add_edges_from(self.edges)
        return made

    @cached_property
    def linked(self) -> tuple[int, ...]:
        """The places of nodes that have a link."""
        return tuple(sorted({end for edge in self.edges for end in edge}))

    @property
    def alone(self) -> int:
        """How many have none."""
        return len(self.nodes) - len(self.linked)

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """The groups among the linked, largest first."""
        if not self.edges:
            return ()
        tied = self.graph.subgraph(self.linked)
        found = nx.community.louvain_communities(tied, seed=SEED)
        made = [self._group(members) for members in found]
        return tuple(sorted(made, key=lambda one: (-len(one.members), one.members)))

    def _group(self, members: set[int]) -> Group:
        lead = min(members, key=lambda one: (-self.graph.degree[one], one))
        return Group(tuple(sorted(members)), lead)

    @cached_property
    def group_of(self) -> Mapping[int, int]:
        """The number of each linked node's group."""
        return {node: n for n, group in enumerate(self.groups) for node in group.members}

    @cached_property
    def between(self) -> Mapping[tuple[int, int], int]:
        """How many links run between two groups, by their numbers."""
        pairs = Counter(
            (min(a, b), max(a, b))
            for a, b in ((self.group_of[x], self.group_of[y]) for x, y in self.edges)
            if a != b
        )
        return dict(sorted(pairs.items()))

    def most_connected(self, limit: int = 8) -> tuple[tuple[Node, int], ...]:
        """The nodes with the most neighbours, then by name."""
        return tuple((self.nodes[n], self.graph.degree[n]) for n in self._by_degree[:limit])

    @cached_property
    def _by_degree(self) -> tuple[int, ...]:
        def rank(n: int) -> tuple[int, str, int]:
            return -self.graph.degree[n], self.nodes[n].name, n

        return tuple(sorted(self.linked, key=rank))

    def bridges(self, limit: int = 8) -> tuple[Bridge, ...]:
        """Agents without whom others would be cut off from the rest, most first."""
        cuts = set(nx.articulation_points(self.graph))
        asked = [n for n in self._by_degree if n in cuts and self.nodes[n].kind == "agent"]
        found = [self._bridge(n) for n in asked[:CANDIDATES]]
        ordered = sorted(
            (one for one in found if one.cut_off),
            key=lambda one: (-one.cut_off, -one.groups, one.node.name, one.node.key),
        )
        return tuple(ordered[:limit])

    def _bridge(self, n: int) -> Bridge:
        own = self.graph.subgraph(nx.node_connected_component(self.graph, n) - {n})
        parts = sorted((len(part) for part in nx.connected_components(own)), reverse=True)
        reached = {self.group_of[one] for one in self.graph.neighbors(n)}
        return Bridge(self.nodes[n], sum(parts[1:]), len(reached))


def network_of(eco: Ecosystem) -> Network:
    """Agents and initiatives as nodes; two that are linked more than once are linked once."""
    agents = [
        Node("agent", key, one.name, one.type, eco.home("agent", key))
        for key, one in sorted(eco.agents.items())
    ]
    initiatives = [
        Node("initiative", key, one.title, one.stage, eco.home("initiative", key))
        for key, one in sorted(eco.initiatives.items())
    ]
    nodes = (*agents, *initiatives)
    places = {(node.kind, node.key): n for n, node in enumerate(nodes)}
    pairs = (
        (places["agent", link.agent], places[link.target_kind, link.target])
        for link in eco.links.values()
    )
    return Network(nodes, tuple(sorted({(min(p), max(p)) for p in pairs if p[0] != p[1]})))


@dataclass(frozen=True, slots=True)
class Spot:
    """Where something is drawn, both ways from 0 to 1."""

    x: float
    y: float


def node_spots(network: Network) -> Mapping[int, Spot]:
    """A fixed place for each linked node, neighbours near each other."""
    return _spread(network.graph.subgraph(network.linked), None)


def group_spots(network: Network, most: int) -> Mapping[int, Spot]:
    """A fixed place for each of the largest groups, those with many links between them near."""
    drawn: nx.Graph[int] = nx.Graph()
    drawn.add_nodes_from(range(min(most, len(network.groups))))
    for (a, b), links in network.between.items():
        if a < most and b < most:
            drawn.add_edge(a, b, weight=links)
    return _spread(drawn, "weight")


def _spread(graph: "nx.Graph[int]", weight: str | None) -> Mapping[int, Spot]:
    """Each connected part by itself, then the parts side by side in rows, large ones first."""
    parts = sorted(nx.connected_components(graph), key=lambda part: (-len(part), min(part)))
    spots: dict[int, Spot] = {}
    for part, (left, top, side) in zip(parts, _squares([len(p) for p in parts]), strict=True):
        ordered: nx.Graph[int] = nx.Graph()
        ordered.add_nodes_from(sorted(part))
        ordered.add_edges_from(
            (min(a, b), max(a, b), data) for a, b, data in sorted(graph.edges(part, data=True))
        )
        for n, (x, y) in _laid(ordered, weight).items():
            spots[n] = Spot(round(left + x * side, 4), round(top + y * side, 4))
    return dict(sorted(spots.items()))


def _laid(graph: "nx.Graph[int]", weight: str | None) -> dict[int, tuple[float, float]]:
    if len(graph) == 1:
        return {next(iter(graph)): (0.5, 0.5)}
    raw = nx.spring_layout(graph, seed=SEED, weight=weight, iterations=200)
    xs, ys = [float(p[0]) for p in raw.values()], [float(p[1]) for p in raw.values()]
    wide = max(max(xs) - min(xs), max(ys) - min(ys)) or 1.0
    return {
        n: (
            0.08 + 0.84 * (float(p[0]) - min(xs)) / wide,
            0.08 + 0.84 * (float(p[1]) - min(ys)) / wide,
        )
        for n, p in raw.items()
    }


def _squares(sizes: Sequence[int]) -> list[tuple[float, float, float]]:
    """Left, top and side of a square for each part, within a square of one: rows as they fit."""
    sides = [size**0.5 for size in sizes]
    row = max(max(sides, default=1.0), sum(side * side for side in sides) ** 0.5 * 1.1)
    made: list[tuple[float, float, float]] = []
    left = top = height = 0.0
    for side in sides:
        if left + side > row + 1e-9:
            left, top, height = 0.0, top + height, 0.0
        made.append((left, top, side))
        left, height = left + side, max(height, side)
    whole = max(row, top + height)
    return [(x / whole, y / whole, side / whole) for x, y, side in made]
