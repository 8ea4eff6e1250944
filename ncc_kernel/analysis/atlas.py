"""All that the map's pictures show, as numbers: made from entries while they are few, else counted."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ncc_kernel.analysis.coverage import Growth, Standing, standings
from ncc_kernel.analysis.ecosystem import (
    NOT_SAID,
    Counts,
    Ecosystem,
    Match,
    by_stage,
    by_type,
    needs_and_capabilities,
)
from ncc_kernel.analysis.meetings import (
    NO_MEETINGS,
    Meetings,
    between_countries,
    possible_meetings,
)
from ncc_kernel.analysis.network import Bridge, Network, network_of
from ncc_kernel.analysis.regions import Placed

Grid = Mapping[tuple[str, str], int]


@dataclass(frozen=True)
class Atlas:
    """A part of the map in numbers.

    `grid` counts agents by region and type, and `states` by country and type. A map of very many
    entries has no network and no meetings: nobody could read them.
    """

    agents: int
    initiatives: int
    links: int
    challenges: int
    grid: Grid
    states: Grid
    types: Counts
    stages: Counts
    matches: tuple[Match, ...]
    standings: tuple[Standing, ...]
    growth: Growth
    connected: tuple[tuple[str, str, int], ...]
    dots: tuple[tuple[float, float], ...] = ()
    network: Network | None = None
    bridges: tuple[Bridge, ...] = ()
    meetings: Meetings = NO_MEETINGS
    abroad: Meetings = NO_MEETINGS
    between: Mapping[tuple[str, str], int] = field(default_factory=dict)

    @property
    def empty(self) -> bool:
        """Whether there is nothing on this part of the map."""
        return not (self.agents or self.initiatives)

    @property
    def by_region(self) -> Mapping[str, int]:
        """Agents by region; what is not known under an empty code."""
        return _summed(self.grid)

    @property
    def by_country(self) -> Mapping[str, int]:
        """Agents by country."""
        return _summed(self.states)


def _dots(eco: Ecosystem, placed: Placed) -> tuple[tuple[float, float], ...]:
    """Where agents are; coordinates that lie in no region of their country are not shown as a place."""
    return tuple(
        (one.place.lon, one.place.lat)
        for key, one in eco.agents.items()
        if one.place.lat is not None and one.place.lon is not None and placed.agents.get(key)
    )


def _summed(grid: Grid) -> Mapping[str, int]:
    total: Counter[str] = Counter()
    for (row, _column), count in grid.items():
        total[row] += count
    return dict(total)


def atlas_of(
    eco: Ecosystem, placed: Placed, *, stages: Sequence[str], growth: Growth, everywhere: bool
) -> Atlas:
    """The numbers of these entries; `everywhere` if they are of many countries."""
    network = network_of(eco)
    return Atlas(
        agents=len(eco.agents),
        initiatives=len(eco.initiatives),
        links=len(eco.links),
        challenges=len(eco.challenges),
        grid=Counter((placed.agents.get(k, NOT_SAID), a.type) for k, a in eco.agents.items()),
        states=Counter((eco.home("agent", k), a.type) for k, a in eco.agents.items()),
        types=by_type(eco),
        stages=by_stage(eco, stages) if eco.initiatives else (),
        matches=needs_and_capabilities(eco),
        standings=standings(eco),
        growth=growth,
        connected=tuple(
            (
                f"{node.name} ({node.country})" if everywhere else node.name,
                node.kind if node.kind != "agent" else node.sort,
                count,
            )
            for node, count in network.most_connected()
        ),
        dots=_dots(eco, placed),
        network=network,
        bridges=network.bridges(),
        meetings=possible_meetings(eco, placed, abroad=False),
        abroad=possible_meetings(eco, placed, abroad=True) if everywhere else NO_MEETINGS,
        between=between_countries(eco) if everywhere else {},
    )
