"""Colours, sizes and fonts of every chart: plain, Europa-like, safe for the colour-blind.

The page's style sheet turns exactly these colours over in dark mode (see `briefs/templates`), so
a chart uses no colour that is not named here.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import altair as alt
from altair.utils.schemapi import disable_debug_mode

# Each part of a chart would be checked against the schema when it is made, and again when it is put
# into another: a third of what a chart costs before it is drawn. Tests check each figure, once.
disable_debug_mode()

INK = "#00002e"
QUIET = "#505070"
LINE = "#cfcfe3"
PAPER = "#ffffff"
BLUE = "#003399"
PALE = "#c2d0f5"
MIDDLE = "#7d97dd"
ORANGE = "#b85c00"
LAND = "#e8ebf7"

WIDTH = 640
NARROW = 430
"""The width of pictures that are read on a phone too: what shrinks less stays readable."""

FONT = "Inter, Arial, sans-serif"


CONFIG: dict[str, Any] = {
    "font": FONT,
    # The picture is labelled as a whole and hidden from screen readers: names of its marks are read by nobody.
    "aria": False,
    "background": PAPER,
    "padding": 4,
    "view": {"stroke": None},
    "axis": {
        "labelColor": INK,
        "titleColor": QUIET,
        "gridColor": LINE,
        "domainColor": LINE,
        "tickColor": LINE,
        "labelFontSize": 13,
        "titleFontSize": 13,
        "titleFontWeight": "normal",
        "labelLimit": 240,
    },
    "legend": {
        "labelColor": INK,
        "titleColor": QUIET,
        "labelFontSize": 13,
        "labelLimit": 240,
        "orient": "top",
    },
    "text": {"color": INK, "fontSize": 13},
}


# Each channel is an object of altair's: a plain text, value or condition would be wrapped in one, and
# altair reads its whole schema for each of them, a twentieth of what a page costs.


def ink_or_paper(dark: str) -> alt.ColorValue:
    """The colour of words: light where the test holds, which says that they stand on a dark field."""
    return alt.ColorValue(INK, condition={"test": dark, "value": PAPER})


def pixels(across: float) -> alt.XValue:
    """So many pixels from the left edge of the plot."""
    return alt.XValue(across)  # type: ignore[no-untyped-call]


Specification = Mapping[str, Any]
"""A chart as Vega-Lite reads it, made once for all figures that differ in their data alone."""


def specification(chart: alt.TopLevelMixin | Specification) -> Specification:
    """The chart's own specification, without our look; not checked against the schema."""
    if isinstance(chart, Mapping):
        return chart
    made: dict[str, Any] = chart.to_dict(validate=False)
    return made


def given(rows: Iterable[Mapping[str, object]]) -> alt.InlineData:
    """Rows that a chart carries; a tuple, as altair copies a list anew for each part of the chart."""
    return alt.InlineData(values=tuple(rows))


def themed(
    chart: alt.TopLevelMixin | Specification, datasets: Mapping[str, object]
) -> dict[str, Any]:
    """The chart's specification with our look; titles are the figure's caption, not in the picture.

    The look is laid over the finished specification: altair would copy all data for each part of
    it. It is not checked against Vega-Lite's schema here, which takes as long as drawing; tests do
    (`tests/charts/test_every_figure.py`).
    """
    plain = specification(chart)
    named = {**plain.get("datasets", {}), **datasets}
    return {**plain, "config": CONFIG, "datasets": named}
