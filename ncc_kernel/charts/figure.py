"""A picture as people get it: the finding as its title, the measure, SVG inline, and its table.

vl-convert turns altair's specification into SVG with no browser and no network. It names its
clip paths in a count that runs on, and drops the description; both are mended here.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import altair as alt
from markupsafe import Markup

from ncc_kernel.charts.draw import draw
from ncc_kernel.charts.markup import Piece, Table
from ncc_kernel.charts.theme import Specification, themed

_TAG = re.compile(r"<[A-Za-z][^<>]*>")
_IDS = re.compile(r'(\sid="|="url\(#|[\s:]href="#)([A-Za-z][\w-]*)')
_ROOT = re.compile(r"<svg [^>]*?viewBox=\"(\S+ \S+ (\S+) (\S+))\"[^>]*>")


@dataclass(frozen=True, repr=False)
class Figure(Piece):
    """A chart with its finding, its measure, its source line, and the same numbers as a table.

    `datasets` are data that the chart names and does not carry: altair copies what a chart
    carries over and over, which for outlines takes longer than drawing them. A chart that carries
    none can be made once, and be here as its specification. The table is printed where it carries
    what the picture does not, and seen at once where it is what people come for.
    """

    finding: str
    measure: str
    chart: alt.TopLevelMixin | Specification
    table: Table
    source: str
    table_open: bool = False
    table_printed: bool = False
    datasets: Mapping[str, object] = field(default_factory=dict)

    def __repr__(self) -> str:
        """The finding; the picture is not drawn for it."""
        return f"{self.finding} {self.measure}"

    def html(self) -> Markup:
        """A figure whose picture has the finding as its label, and its table folded below."""
        return Markup(
            '<figure><figcaption><strong class="finding">{finding}</strong> '
            '<span class="measure">{measure}</span></figcaption>'
            '<div class="picture" role="img" aria-label="{finding} {measure}">{picture}</div>'
            '<p class="source">{source}</p>'
            "<details{open}><summary>The numbers of this picture</summary>{table}</details></figure>"
        ).format(
            finding=self.finding,
            measure=self.measure,
            picture=svg(self.chart, self.datasets),
            source=self.source,
            open=Markup(
                " open" if self.table_open else ' class="printed"' if self.table_printed else ""
            ),
            table=self.table.html(),
        )


def svg(chart: alt.TopLevelMixin | Specification, datasets: Mapping[str, object]) -> Markup:
    """The chart as inline SVG that shrinks with its column; the same chart gives the same bytes."""
    drawn = draw(json.dumps(themed(chart, datasets)))
    drawn = drawn[drawn.index("<svg") :]
    own = hashlib.sha256(_renamed(drawn, "").encode()).hexdigest()[:8]
    unique = _renamed(drawn, f"c{own}-")
    # Text and marks stand in a figure that is labelled as a whole; screen readers get its table.
    root = r'<svg viewBox="\1" width="\2" height="\3" aria-hidden="true" focusable="false">'
    return Markup(_ROOT.sub(root, unique, count=1))


def _renamed(drawn: str, prefix: str) -> str:
    """The picture with ids of its own: vl-convert counts on from one picture to the next.

    Only inside tags; what looks like an id in a person's words stays as it was typed.
    """
    names: dict[str, str] = {}

    def own(found: re.Match[str]) -> str:
        return found[1] + names.setdefault(found[2], f"{prefix}{len(names)}")

    return _TAG.sub(lambda tag: _IDS.sub(own, tag[0]), drawn)
