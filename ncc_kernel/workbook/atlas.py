"""The map's numbers for a page: from its entries while they are few, counted in the database above."""

from dataclasses import dataclass, field
from functools import cached_property

from ncc_kernel.analysis.atlas import Atlas, atlas_of
from ncc_kernel.analysis.coverage import Growth, Standing, grown, growth, priority
from ncc_kernel.analysis.ecosystem import NOT_SAID, Ecosystem, Match, read_ecosystem
from ncc_kernel.analysis.map_filter import select
from ncc_kernel.analysis.regions import Placed, Regions, place_all
from ncc_kernel.model.ecosystem import NEED_KINDS, Challenge, Entry, Place
from ncc_kernel.model.map_filter import MapFilter
from ncc_kernel.model.region import Region
from ncc_kernel.model.revision import EU, EVERY_CYCLE
from ncc_kernel.store.log import Store
from ncc_kernel.store.totals import Cell, Totals, count_map, sum_cells
from ncc_kernel.workbook.reading import Reading

MANY = 8_000
"""Entries above which a map is counted in the database and not read."""


@dataclass(frozen=True)
class Ground:
    """What does not change while a page is open: the regions, and entries read before."""

    read: Reading
    known: dict[int, Entry] = field(default_factory=dict)
    placed: dict[tuple[str, Place], str] = field(default_factory=dict)

    @property
    def everywhere(self) -> bool:
        """Whether the page is about all countries."""
        return self.read.parameters.country == EU

    @property
    def where(self) -> str | None:
        """The page's country; None for the EU."""
        return None if self.everywhere else self.read.parameters.country

    @cached_property
    def regions(self) -> tuple[Region, ...]:
        """The NUTS 2 regions that the page shows."""
        return self.read.catalogue.regions(self.where)

    @cached_property
    def borders(self) -> tuple[Region, ...]:
        """The countries' outlines, on the page of the EU."""
        return self.read.catalogue.outlines() if self.everywhere else ()

    @cached_property
    def finder(self) -> Regions:
        """Finds the region of a place."""
        return Regions(self.regions)

    @cached_property
    def many(self) -> bool:
        """Whether the whole map is too large to be read; one part of it would be read with all."""
        with count_map(self.read.store, MapFilter(country=self.where or "")) as totals:
            return sum(one.count for one in totals.cells()) > MANY

    def atlas(self, part: MapFilter, *, until: int) -> Atlas:
        """The numbers of that part of the map, from the record up to a seq."""
        if not self.many:
            return self._read_atlas(part, until=until)
        stages = self.read.catalogue.vocabularies["life_cycle"].codes
        at = part.model_copy(update={"country": self.where or ""})
        with count_map(self.read.store, at) as totals:
            return counted_atlas(totals, totals.cells(), stages)

    def _read_atlas(self, part: MapFilter, *, until: int) -> Atlas:
        store, where = self.read.store, self.where
        found = store.current(country=where, cycle=EVERY_CYCLE, as_of=until)
        whole = read_ecosystem(found, known=self.known)
        placed = self._place(whole)
        eco = select(whole, part, placed)
        return atlas_of(
            eco,
            placed,
            stages=self.read.catalogue.vocabularies["life_cycle"].codes,
            growth=_growth(store, where, eco, until=until),
            everywhere=self.everywhere,
        )

    def _place(self, eco: Ecosystem) -> Placed:
        return place_all(eco, self.finder, country=self.where or "", known=self.placed)


def _growth(store: Store, where: str | None, eco: Ecosystem, *, until: int) -> Growth:
    changes = store.changes(0, country=where, cycles=(EVERY_CYCLE,), until=until, limit=1_000_000)
    standing = {
        (kind, eco.home(kind, key), key.removeprefix(f"{eco.home(kind, key)}:"))
        for kind, entries in (
            ("agent", eco.agents),
            ("initiative", eco.initiatives),
            ("link", eco.links),
        )
        for key in entries
    }
    return growth(changes, standing)


def counted_atlas(totals: Totals, cells: tuple[Cell, ...], stages: tuple[str, ...]) -> Atlas:
    """The numbers of a map of very many entries, of which none is read."""
    entries: dict[str, int] = dict(sum_cells(cells, "kind"))
    types = [(sort, count) for sort, count in sum_cells(cells, "sort", kind="agent")]
    return Atlas(
        agents=entries.get("agent", 0),
        initiatives=entries.get("initiative", 0),
        links=sum(count for *_, count in totals.links()),
        challenges=entries.get("challenge", 0),
        grid=_grid(cells, "region"),
        states=_grid(cells, "country"),
        types=tuple(sorted(types, key=lambda t: (t[0] == NOT_SAID, -t[1], t[0]))),
        stages=_stages(dict(sum_cells(cells, "sort", kind="initiative")), stages),
        matches=_matches(totals),
        standings=_standings(totals),
        growth=grown({(month, kind): count for kind, month, count in totals.growth()}),
        connected=tuple((one.name, "", one.links) for one in totals.most_connected(8)),
    )


def _grid(cells: tuple[Cell, ...], row: str) -> dict[tuple[str, str], int]:
    return {(at, sort): count for at, sort, count in sum_cells(cells, row, "sort", kind="agent")}


def _stages(life: dict[str, int], stages: tuple[str, ...]) -> tuple[tuple[str, int], ...]:
    known = tuple((stage, life.get(stage, 0)) for stage in stages)
    unknown = sum(count for stage, count in life.items() if stage not in stages)
    return (*known, (NOT_SAID, unknown)) if unknown else known


def _matches(totals: Totals) -> tuple[Match, ...]:
    sums = {kind: [0, 0, 0] for kind in NEED_KINDS}
    for one in totals.support():
        for n, count in enumerate((one.needing, one.offering, one.unknown)):
            sums[one.kind][n] += count or 0
    return tuple(Match(kind, *found) for kind, found in sums.items())


def _standings(totals: Totals) -> tuple[Standing, ...]:
    found = []
    for one in totals.challenges():
        challenge = Challenge(
            title=one.title or one.key,
            urgency=one.urgency,
            severity=one.severity,
            feasibility=one.feasibility,
        )
        found.append(
            Standing(one.key, challenge, priority(challenge), one.initiatives, one.country)
        )
    return tuple(sorted(found, key=Standing.order))
