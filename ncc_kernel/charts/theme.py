"""Colours, sizes and fonts of every chart: plain, Europa-like, safe for the colour-blind.

The page's style sheet turns exactly these colours over in dark mode (see `briefs/templates`), so
a chart uses no colour that is not named here.
"""

from typing import Any

import altair as alt

INK = "#00002e"
QUIET = "#505070"
LINE = "#cfcfe3"
PAPER = "#ffffff"
BLUE = "#003399"
PALE = "#c2d0f5"
ORANGE = "#b85c00"
LAND = "#e8ebf7"

WIDTH = 640
FONT = "Inter, Arial, sans-serif"


def themed(chart: alt.TopLevelMixin) -> Any:
    """The chart with our look; titles are the figure's caption, not inside the picture."""
    return (
        chart.configure(font=FONT, background=PAPER, padding=4)
        .configure_view(stroke=None)
        .configure_axis(
            labelColor=INK,
            titleColor=QUIET,
            gridColor=LINE,
            domainColor=LINE,
            tickColor=LINE,
            labelFontSize=13,
            titleFontSize=13,
            titleFontWeight="normal",
            labelLimit=240,
        )
        .configure_legend(labelColor=INK, titleColor=QUIET, labelFontSize=13, orient="top")
        .configure_text(color=INK, fontSize=13)
    )
