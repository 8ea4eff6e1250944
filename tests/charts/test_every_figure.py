"""What holds for each figure there is: labelled, tabled, steady, and safe with any words."""

import json
import re
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree as ET

import altair as alt
import pytest
from altair.utils.schemapi import debug_mode

from ncc_kernel.charts import theme
from ncc_kernel.charts.figure import Figure
from ncc_kernel.charts.theme import themed

Drawn = Callable[[str], Figure]
Parse = Callable[[object], Any]

HOSTILE = (
    "<script>alert(1)</script>",
    "</script></svg><b>",
    '"><img src=x onerror=1>',
    "' onload='x {{7*7}}${1}",
    "<!-- &lt; ]]><![CDATA[",
    "=1+1 /etc/passwd",
    "\N{RIGHT-TO-LEFT OVERRIDE}gpj.exe שלום",
    "\N{WOMAN}\N{ZERO WIDTH JOINER}\N{GIRL} e\N{COMBINING ACUTE ACCENT}",
    'a id="b" ="url(#c',
)

PAGE = "page figure figcaption strong span div p details summary table caption thead tbody tr th td"
PICTURE = "bdi br svg g path rect line text tspan circle defs clippath lineargradient stop"
ELEMENTS = {*PAGE.split(), *PICTURE.split()}
"""What a figure is made of."""

COLOURS = {
    value.lower()
    for name, value in vars(theme).items()
    if name.isupper() and str(value).startswith("#")
}


def svg_of(html: str) -> str:
    (found,) = re.findall(r"<svg .*</svg>", html, re.DOTALL)
    return str(found)


@pytest.fixture(scope="session")
def plain(drawn: Drawn) -> Figure:
    return drawn("Portugal")


@pytest.fixture(scope="session")
def page(plain: Figure, parse: Parse) -> Any:
    return parse(plain.html())


@pytest.mark.parametrize("words", HOSTILE)
def test_words_are_shown_as_words(drawn: Drawn, parse: Parse, words: str) -> None:
    html = str(drawn(words).html())

    page = parse(html)

    assert {one.tag for one in page.walk()} - ELEMENTS == set()
    names = {name for one in page.walk() for name in one.attributes}
    assert [name for name in names if name.startswith("on") or name in ("src", "href")] == []
    assert page.one("figure").all("p")[0].text.startswith(words)
    assert any(words in one.text for one in (*page.all("th"), *page.all("td")))
    ET.fromstring(svg_of(html))


@pytest.mark.parametrize("words", HOSTILE)
@pytest.mark.parametrize("drawn", ["profile", "programme", "labels"], indirect=True)
def test_words_in_a_picture_are_text_as_it_was_typed(
    drawn: Drawn, parse: Parse, words: str
) -> None:
    picture = parse(svg_of(str(drawn(words).html())))

    assert any(words[:22] in one.text for one in picture.all("text"))


def test_the_chart_is_what_vega_lite_knows(plain: Figure) -> None:
    handed_over = json.loads(json.dumps(themed(plain.chart, plain.datasets)))

    with debug_mode(True):  # noqa: FBT003  # altair's signature
        alt.Chart.from_dict(handed_over, validate=True)


def test_the_picture_is_labelled_with_the_finding(plain: Figure, page: Any) -> None:
    (picture,) = (one for one in page.walk() if one.attributes.get("role") == "img")

    assert plain.finding
    assert picture.attributes["aria-label"].startswith(plain.finding)
    assert picture.one("svg").attributes["aria-hidden"] == "true"


def test_the_finding_is_the_caption_and_the_numbers_are_a_table(plain: Figure, page: Any) -> None:
    assert page.one("figcaption").one("strong").text == plain.finding
    assert page.one("details").one("table").one("caption").text == plain.table.caption
    assert len(page.one("tbody").all("tr")) == len(plain.table.rows) > 0
    assert {one.attributes["scope"] for one in page.one("table").all("th")} == {"col", "row"}


def test_every_row_of_the_table_has_a_cell_for_each_column(plain: Figure) -> None:
    assert {len(row) for row in plain.table.rows} == {len(plain.table.columns)}


def test_the_same_figure_is_the_same_bytes(drawn: Drawn, plain: Figure) -> None:
    assert drawn("Portugal").html() == plain.html()


def test_a_figure_uses_the_colours_of_the_theme_alone(plain: Figure) -> None:
    picture = svg_of(str(plain.html()))

    used = set(re.findall(r'(?:fill|stroke)="(#\w+|[a-z]+)"', picture)) - {"none", "transparent"}

    assert used
    assert used - COLOURS == set()


def test_a_figure_is_small_and_names_no_host(plain: Figure) -> None:
    html = str(plain.html())

    assert len(html) < 40_000
    assert re.findall(r"(?:https?:)?//[\w.]+", html) == []
