"""In which NUTS 2 region an entry lies: by the code it gives, else by its coordinates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from ncc_kernel.analysis.ecosystem import Ecosystem
from ncc_kernel.model.ecosystem import Place
from ncc_kernel.model.region import Region, Ring

NUTS_2 = 4
"""Letters of a NUTS 2 code; a longer code begins with that of its region."""

NEAR = 0.35
"""Degrees off a drawn coast at which a place still counts as on it: outlines are simplified."""

Point = tuple[float, float]


@dataclass(frozen=True)
class Regions:
    """The regions of some countries, asked for places."""

    all: Sequence[Region]
    _by_country: dict[str, list[tuple[Region, tuple[float, float, float, float]]]] = field(
        init=False, default_factory=dict
    )

    def __post_init__(self) -> None:
        """Keep the boxes: most regions are ruled out by them."""
        for one in self.all:
            self._by_country.setdefault(one.country, []).append((one, one.box))

    @property
    def names(self) -> Mapping[str, str]:
        """The name of each region, by code."""
        return {one.code: one.name for one in self.all}

    def of(self, place: Place, country: str) -> str:
        """The code of the region in which the place lies; empty where that is not known."""
        near = self._by_country.get(country, ())
        code = place.nuts[:NUTS_2]
        if any(one.code == code for one, _box in near):
            return code
        if place.lat is None or place.lon is None:
            return near[0][0].code if len(near) == 1 else ""
        return self._found(near, (place.lon, place.lat))

    def _found(
        self, near: Sequence[tuple[Region, tuple[float, float, float, float]]], point: Point
    ) -> str:
        lon, lat = point
        around = [
            one
            for one, (west, south, east, north) in near
            if west - NEAR <= lon <= east + NEAR and south - NEAR <= lat <= north + NEAR
        ]
        for one in around:
            if any(_inside(point, polygon) for polygon in one.polygons):
                return one.code
        offs = [(_off(point, one), one.code) for one in around]
        best = min(offs, default=(NEAR, ""))
        return best[1] if best[0] < NEAR else ""


def _inside(point: Point, polygon: Sequence[Ring]) -> bool:
    outline, *holes = polygon
    return _within(point, outline) and not any(_within(point, hole) for hole in holes)


def _within(point: Point, ring: Ring) -> bool:
    """Whether a line from the point to the east crosses the ring an odd number of times."""
    x, y = point
    odd = False
    for (ax, ay), (bx, by) in pairwise(ring):
        if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
            odd = not odd
    return odd


def _off(point: Point, region: Region) -> float:
    """How far the point is from the nearest corner of the region, in degrees."""
    x, y = point
    return min(
        max(abs(px - x), abs(py - y)) for polygon in region.polygons for px, py in polygon[0]
    )


@dataclass(frozen=True, slots=True)
class Placed:
    """The region of each agent and each initiative, by key; empty where it is not known."""

    agents: Mapping[str, str]
    initiatives: Mapping[str, str]


def place_all(
    eco: Ecosystem,
    regions: Regions,
    *,
    country: str,
    known: dict[tuple[str, Place], str] | None = None,
) -> Placed:
    """In which region everything lies; `country` is where entries are that do not say theirs.

    `known` are places that were looked up before; what is looked up now is put there too.
    """
    known = {} if known is None else known

    def of(place: Place, home: str) -> str:
        if (home, place) not in known:
            known[home, place] = regions.of(place, home)
        return known[home, place]

    return Placed(
        {k: of(a.place, eco.home("agent", k) or country) for k, a in eco.agents.items()},
        {
            k: of(one.place, eco.home("initiative", k) or country)
            for k, one in eco.initiatives.items()
        },
    )
