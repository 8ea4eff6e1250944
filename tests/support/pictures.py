"""A drawn picture as its marks: what kind each is, its box in the plot, its colour, its words.

Everything is measured from the corner of the plot, not of the SVG: how far the plot is moved in
depends on how wide a machine's fonts make the labels beside it, and no mark inside does.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree as ET

Box = tuple[float, float, float, float]
NOWHERE: Box = (0.0, 0.0, 0.0, 0.0)
"""Of what stands in a legend: its place follows from the width of words."""

_NUMBER = re.compile(r"-?\d*\.?\d+(?:e-?\d+)?")
_STEP = re.compile(r"([A-Za-z])([^A-Za-z]*)")
_KIND = re.compile(r"mark-(\w+) role-(mark|axis-label|legend-label|legend-symbol)\b")


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing that is drawn; `box` is left, top, right, bottom, in pixels of the plot."""

    kind: str
    box: Box
    colour: str
    words: str = ""

    def like(self, other: "Mark", within: float) -> bool:
        """Whether both are the same but for so many pixels."""
        near = all(abs(a - b) <= within for a, b in zip(self.box, other.box, strict=True))
        told = (self.kind, self.colour, self.words) == (other.kind, other.colour, other.words)
        return told and near


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture's marks in the order in which they are drawn, and the plot they lie in."""

    width: float
    height: float
    marks: tuple[Mark, ...]

    def outside(self, margin: float = 1.0) -> list[Mark]:
        """Marks that lie beyond the plot's edge; words beside an axis may."""
        return [
            one
            for one in self.marks
            if one.kind != "text"
            and not (
                -margin <= one.box[0] <= one.box[2] <= self.width + margin
                and -margin <= one.box[1] <= one.box[3] <= self.height + margin
            )
        ]


def drawn(svg: str) -> Drawn:
    """The marks of an SVG as vl-convert writes it."""
    root = ET.fromstring(svg)
    for one in root.iter():
        one.tag = one.tag.rpartition("}")[2]
    (frame,) = (one for one in root.iter("g") if "role-frame" in one.get("class", ""))
    plot = next(one for one in frame.iter("path") if one.get("class") == "background")
    left, top, right, bottom = _around(plot)
    return Drawn(right - left, bottom - top, tuple(_marks(frame, 0.0, 0.0, "")))


def _marks(at: ET.Element, x: float, y: float, kind: str) -> Iterator[Mark]:
    """What is drawn under this element; `kind` is empty where it is no mark of a picture."""
    for one in at:
        name = one.get("class", "")
        if name in ("background", "foreground"):
            continue
        dx, dy = _moved(one)
        if one.tag == "g":
            found = _KIND.match(name)
            legend = bool(found) and found[2].startswith("legend")
            inner = f"legend {found[1]}" if found and legend else found[1] if found else kind
            yield from _marks(one, x + dx, y + dy, inner if "mark-group" not in name else "")
        elif kind and not (one.tag == "path" and not one.get("d")):
            left, top, right, bottom = _around(one)
            box = left + x + dx, top + y + dy, right + x + dx, bottom + y + dy
            colour = one.get("fill") if one.get("fill", "none") != "none" else one.get("stroke")
            words = "".join(one.itertext()).strip("\u2068\u2069") if one.tag == "text" else ""
            yield Mark(kind, NOWHERE if "legend" in kind else box, colour or "", words)


def _moved(one: ET.Element) -> tuple[float, float]:
    found = re.search(r"translate\(([^)]*)\)", one.get("transform", ""))
    x, y = map(float, _NUMBER.findall(found[1])) if found else (0.0, 0.0)
    return x, y


def _around(one: ET.Element) -> Box:
    """The box of a line, of a path, or of the point at which words stand."""
    if one.tag == "line":
        x, y = float(one.get("x2", 0)), float(one.get("y2", 0))
        return min(x, 0.0), min(y, 0.0), max(x, 0.0), max(y, 0.0)
    points = list(_points(one.get("d", ""))) or [(0.0, 0.0)]
    xs, ys = [x for x, _y in points], [y for _x, y in points]
    return min(xs), min(ys), max(xs), max(ys)


def _points(path: str) -> Iterator[tuple[float, float]]:
    """Where a path goes; of a half circle its middle's four sides too."""
    x = y = 0.0
    for step, given in _STEP.findall(path):
        told = [float(number) for number in _NUMBER.findall(given)]
        if step == "h":
            x += told[0]
        elif step == "v":
            y += told[0]
        elif step == "A":
            middle, radius = ((x + told[5]) / 2, (y + told[6]) / 2), told[0]
            yield middle[0] - radius, middle[1] - radius
            yield middle[0] + radius, middle[1] + radius
            x, y = told[5], told[6]
        elif step in "MLC":
            x, y = told[-2], told[-1]
        elif step != "Z":
            raise ValueError(f"a path with the step {step!r}")
        yield x, y
