"""The map as GeoJSON (RFC 7946), out and in again.

Each entry is a feature with all that it says in its properties. Its point is only as precise as the
place is known: where there are no coordinates it is the middle of the region or country that was
named, marked `approximate`; where no place was named there is no geometry.
"""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ncc_kernel.errors import Rejected, Unreadable
from ncc_kernel.model.revision import Revision
from ncc_kernel.store.candidates import Batch, Candidate, Refused
from ncc_kernel.store.catalogue import Catalogue
from ncc_kernel.store.columns import MAP_KINDS, candidate_of, columns_of
from ncc_kernel.store.sheets import decode, read_bytes

Point = tuple[float, float]

APPROXIMATE = "approximate"
"""The property that says of a point that it is the middle of something larger."""

ID = "id"


def to_geojson(entries: Sequence[Revision], catalogue: Catalogue) -> str:
    """One feature for each entry, with longitude before latitude, in degrees of WGS 84."""
    middles = _Middles(catalogue)
    features = [_feature(one, catalogue, middles) for one in entries if one.kind in MAP_KINDS]
    whole = {"type": "FeatureCollection", "features": features}
    return json.dumps(whole, ensure_ascii=False, allow_nan=False) + "\n"


def _feature(one: Revision, catalogue: Catalogue, middles: "_Middles") -> dict[str, Any]:
    point, approximate = _where(one, middles)
    properties = columns_of(one, catalogue)
    if point is not None:
        properties[APPROXIMATE] = approximate
    return {
        "type": "Feature",
        "id": f"{one.country}/{one.kind}/{one.key}",
        "geometry": None if point is None else {"type": "Point", "coordinates": list(point)},
        "properties": properties,
    }


def _where(one: Revision, middles: "_Middles") -> tuple[Point | None, bool]:
    """Longitude and latitude as precise as they are known, and whether they are approximate."""
    place = (one.payload or {}).get("place") or {}
    if place.get("lat") is not None and place.get("lon") is not None:
        return (place["lon"], place["lat"]), place.get("precision", "nuts0") != "point"
    if place.get("nuts") or place.get("name"):
        return middles.of(one.country, str(place.get("nuts", ""))), True
    return None, False


class _Middles:
    """A point for each region and country: the middle of its largest part as drawn."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._found = {one.code: _middle(one.polygons) for one in catalogue.outlines()}
        self._found |= {one.code: _middle(one.polygons) for one in catalogue.regions()}

    def of(self, country: str, nuts: str) -> Point | None:
        """The middle of the smallest region that is drawn and holds the code, or the country's."""
        for length in range(len(nuts), 2, -1):
            if nuts[:length] in self._found:
                return self._found[nuts[:length]]
        return self._found.get(country)


def _middle(parts: Sequence[Sequence[Sequence[Sequence[float]]]]) -> Point:
    ring = max((part[0] for part in parts), key=_size)
    lons, lats = [point[0] for point in ring], [point[1] for point in ring]
    return round(sum(lons) / len(lons), 2), round(sum(lats) / len(lats), 2)


def _size(ring: Sequence[Sequence[float]]) -> float:
    lons, lats = [point[0] for point in ring], [point[1] for point in ring]
    return (max(lons) - min(lons)) * (max(lats) - min(lats))


def from_geojson(
    path: Path, file: str, batch: Batch, *, kind: str | None, defaults: Mapping[str, str]
) -> None:
    """Candidates from the features of a file; a line is the number of the feature."""
    try:
        whole = json.loads(decode(path, read_bytes(path))[0])
    except (ValueError, RecursionError):
        raise Unreadable(f"{file} is not JSON.", "save it as GeoJSON") from None
    features = whole.get("features") if isinstance(whole, dict) else None
    if not isinstance(features, list) or whole.get("type") != "FeatureCollection":
        raise Unreadable(f"{file} holds no collection of features.", "save it as GeoJSON")
    batch.rows[file] = len(features)
    for number, feature in enumerate(features, start=1):
        try:
            batch.candidates.append(_read(feature, file, number, kind, defaults))
        except Rejected as fault:
            batch.refused.append(Refused(file, number, "", fault.what))


def _read(
    feature: object, file: str, number: int, kind: str | None, defaults: Mapping[str, str]
) -> Candidate:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(feature, dict) or not isinstance(properties, dict):
        raise Rejected("It is no feature with properties.")
    columns = {name: value for name, value in properties.items() if name != APPROXIMATE}
    if not columns.get("key"):
        columns["key"] = feature.get(ID, "")
    if not properties.get(APPROXIMATE):
        columns |= dict(_moved(feature.get("geometry"), columns))
    return candidate_of(columns, file=file, line=number, kind=kind, defaults=defaults)


def _moved(geometry: object, columns: Mapping[str, Any]) -> Iterator[tuple[str, float]]:
    """The coordinates of a point that somebody set or moved on a map."""
    if not isinstance(geometry, dict) or geometry.get("type") != "Point":
        return
    point = geometry.get("coordinates")
    if not isinstance(point, list) or len(point) < 2:  # noqa: PLR2004  # longitude and latitude
        return
    for name, value in (("place.lon", point[0]), ("place.lat", point[1])):
        known = columns.get(name)
        if isinstance(value, int | float) and math.isfinite(value) and value != known:
            yield name, value
