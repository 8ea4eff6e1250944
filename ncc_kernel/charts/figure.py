"""A picture as people get it: the finding as its title, the measure, SVG inline, and its table.

vl-convert turns altair's specification into SVG with no browser and no network. It names its
clip paths the same in each picture, and drops the description; both are mended here.
"""

import hashlib
import re
from dataclasses import dataclass

import altair as alt
import vl_convert
from markupsafe import Markup

from ncc_kernel.charts.markup import Piece, Table
from ncc_kernel.charts.theme import themed

_IDS = re.compile(r'(id="|url\(#|href="#)([A-Za-z][\w-]*)')
_ROOT = re.compile(r"<svg [^>]*?viewBox=\"([^\"]+)\"[^>]*>")


@dataclass(frozen=True, repr=False)
class Figure(Piece):
    """A chart with its finding, its measure, its source line, and the same numbers as a table."""

    finding: str
    measure: str
    chart: alt.TopLevelMixin
    table: Table
    source: str
    wide: bool = True

    def html(self) -> Markup:
        """A figure whose picture has the finding as its label, and its table folded below."""
        return Markup(
            '<figure{kind}><figcaption><strong class="finding">{finding}</strong> '
            '<span class="measure">{measure}</span></figcaption>'
            '<div class="picture" role="img" aria-label="{finding} {measure}">{picture}</div>'
            '<p class="source">{source}</p>'
            "<details><summary>The numbers of this picture</summary>{table}</details></figure>"
        ).format(
            kind=Markup("") if self.wide else Markup(' class="narrow"'),
            finding=self.finding,
            measure=self.measure,
            picture=svg(self.chart),
            source=self.source,
            table=self.table.html(),
        )


def svg(chart: alt.TopLevelMixin) -> Markup:
    """The chart as inline SVG that scales to its column; the same chart gives the same bytes."""
    drawn: str = vl_convert.vegalite_to_svg(themed(chart).to_json(indent=None))
    drawn = drawn[drawn.index("<svg") :]
    own = hashlib.sha256(drawn.encode()).hexdigest()[:8]
    unique = _IDS.sub(rf"\g<1>c{own}-\g<2>", drawn)
    # Text and marks stand in a figure that is labelled as a whole; screen readers get its table.
    return Markup(
        _ROOT.sub(r'<svg viewBox="\1" aria-hidden="true" focusable="false">', unique, count=1)
    )
