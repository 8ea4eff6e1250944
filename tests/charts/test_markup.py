"""Pieces of a page: what is typed is escaped once, what is missing is said."""

from collections.abc import Callable
from typing import Any

import pytest
from markupsafe import Markup

from ncc_kernel.charts.markup import (
    Cell,
    Html,
    Table,
    listing,
    paragraph,
    section,
    shown,
    typed,
)

Parse = Callable[[object], Any]
EVIL = "<script>alert(1)</script>\"'&"


@pytest.mark.parametrize(
    ("cell", "html"),
    [
        (None, '<span class="missing">no data</span>'),
        (0, "0"),
        (0.0, "0.0"),
        (2.25, "2.2"),
        (3, "3"),
        ("", ""),
        ("a < b", "a &lt; b"),
        ("&lt;", "&amp;lt;"),
        (Markup("<b>b</b>"), "<b>b</b>"),
    ],
)
def test_a_cell_shows_a_number_words_or_that_there_is_no_data(cell: Cell, html: str) -> None:
    assert shown(cell) == html


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Porto", "<bdi>Porto</bdi>"),
        ("<b>", "<bdi>&lt;b&gt;</bdi>"),
        ("one\ntwo <i>", "<bdi>one<br>two &lt;i&gt;</bdi>"),
        (
            "\N{RIGHT-TO-LEFT OVERRIDE}evil",
            "<bdi>\N{RIGHT-TO-LEFT OVERRIDE}evil</bdi>",
        ),
        ("{{7*7}} {0}", "<bdi>{{7*7}} {0}</bdi>"),
        ("", "<bdi></bdi>"),
    ],
)
def test_what_was_typed_is_text_with_its_own_direction(text: str, html: str) -> None:
    assert typed(text) == html


def test_a_table_shows_words_as_words_wherever_they_stand(parse: Parse) -> None:
    table = Table(EVIL, (EVIL, EVIL), ((EVIL, EVIL), (typed(EVIL), None)))

    page = parse(table.html())

    assert {one.tag for one in page.walk()} == set(
        "page div table caption thead tbody tr th td bdi span".split()  # noqa: SIM905
    )
    assert page.one("div").attributes["aria-label"] == EVIL
    assert page.one("caption").text == EVIL
    assert [one.text for one in page.all("th")] == [EVIL] * 4
    assert [one.text for one in page.all("td")] == [EVIL, "no data"]


def test_numeric_columns_are_marked_in_head_and_body(parse: Parse) -> None:
    page = parse(Table("T", ("What", "Number"), (("a", 1),), frozenset({1})).html())

    marked = [one.text for one in page.walk() if one.attributes.get("class") == "number"]

    assert marked == ["Number", "1"]


def test_a_table_can_be_reached_and_scrolled_with_the_keyboard(parse: Parse) -> None:
    attributes = parse(Table("T", ("A",), ()).html()).one("div").attributes

    assert attributes["tabindex"] == "0"
    assert attributes["role"] == "region"


@pytest.mark.parametrize(
    ("made", "html"),
    [
        (paragraph("a < b"), "<p>a &lt; b</p>"),
        (paragraph("a", "quiet"), '<p class="quiet">a</p>'),
        (paragraph(Markup("<b>a</b>")), "<p><b>a</b></p>"),
        (listing(["<i>", Markup("<b>b</b>")]), "<ul><li>&lt;i&gt;</li><li><b>b</b></li></ul>"),
        (listing(["a"], ordered=True, kind="lead"), '<ol class="lead"><li>a</li></ol>'),
        (section("A & B", paragraph("c")), "<h2>A &amp; B</h2><p>c</p>"),
        (section("A", level=3), "<h3>A</h3>"),
    ],
)
def test_pieces_escape_what_is_not_yet_html(made: Markup, html: str) -> None:
    assert made == html


def test_a_piece_is_html_in_a_notebook_and_words_in_a_terminal() -> None:
    piece = Html(section("Gaps", paragraph("None <yet>.")))

    assert piece._repr_html_() == "<h2>Gaps</h2><p>None &lt;yet&gt;.</p>"
    assert repr(piece) == "Gaps None &lt;yet&gt;."
