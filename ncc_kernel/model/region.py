"""A region or a country as it is drawn: a code, a name and outlines in degrees."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Ring = tuple[tuple[float, float], ...]
"""Longitude and latitude, point after point; the first point is the last."""


@dataclass(frozen=True, slots=True)
class Region:
    """A NUTS 2 region, or a whole country; each polygon is its outline and then its holes."""

    code: str
    country: str
    name: str
    polygons: tuple[tuple[Ring, ...], ...]

    @property
    def box(self) -> tuple[float, float, float, float]:
        """West, south, east and north."""
        points = [point for polygon in self.polygons for point in polygon[0]]
        lons, lats = [point[0] for point in points], [point[1] for point in points]
        return min(lons), min(lats), max(lons), max(lats)


def parse_regions(raw: Mapping[str, Any]) -> tuple[Region, ...]:
    """The regions of a GeoJSON collection, by code."""
    return tuple(sorted((_region(one) for one in raw["features"]), key=lambda one: one.code))


def _region(raw: Mapping[str, Any]) -> Region:
    said = raw["properties"]
    polygons = tuple(
        tuple(tuple((x, y) for x, y in ring) for ring in polygon)
        for polygon in raw["geometry"]["coordinates"]
    )
    return Region(said["code"], said["country"], said.get("name", ""), polygons)
