"""The map's pictures from our invented data, kept as SVG: open one in a browser to see it.

A picture is compared by its marks, not by its bytes: boxes within a pixel or two, colours and words
exactly. So another machine's fonts, and another Vega that writes the same marks, change nothing.

When a change is meant: delete the picture under `tests/golden/pictures`, run this test, look at it.
"""

import html
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ncc_kernel.charts.figure import Figure, svg
from ncc_kernel.workbook.pictures import Pictures
from tests.support.pictures import drawn

HERE = Path(__file__).parent / "pictures"
WITHIN = 2.0
"""Pixels by which a mark may be elsewhere: the network is laid out in floating point."""

KEPT = [
    *((name, "EU") for name in ("map", "tiles", "network", "gaps", "needs", "between")),
    *((name, "PT") for name in ("map", "network", "gaps", "needs", "coverage")),
]


def as_file(figure: Figure) -> str:
    """A picture that opens by itself, with what its figure says as title and description."""
    told = f"<title>{html.escape(figure.finding)}</title><desc>{html.escape(figure.measure)}</desc>"
    picture = str(svg(figure.chart, figure.datasets))
    alone = picture.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    return alone.replace(">", f">{told}", 1).replace("><path", ">\n<path") + "\n"


def said(file: str) -> list[str]:
    return re.findall(r"<title>(.*?)</title><desc>(.*?)</desc>", file)


@pytest.mark.parametrize(("name", "country"), KEPT)
def test_a_picture_looks_as_it_was_approved(
    home: Any, pictures_of: Callable[..., Pictures], name: str, country: str
) -> None:
    golden = HERE / f"{name}-{country}.svg"

    with home.store() as store:
        figure = getattr(pictures_of(store, country), name)()
        made = as_file(figure)

    if not golden.is_file():
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(made, encoding="utf-8")
        pytest.fail(f"{golden.name} was missing and is written now: look at it, then run again")
    kept = golden.read_text(encoding="utf-8")
    now, then = drawn(made), drawn(kept)
    assert said(made) == said(kept)
    assert (now.width, now.height) == (then.width, then.height)
    assert [(one.kind, one.colour, one.words) for one in now.marks] == [
        (one.kind, one.colour, one.words) for one in then.marks
    ]
    moved = [
        (old, new)
        for old, new in zip(then.marks, now.marks, strict=True)
        if not new.like(old, WITHIN)
    ]
    assert moved == []


@pytest.mark.parametrize(("name", "country"), KEPT)
def test_nothing_of_a_picture_is_drawn_beyond_its_edge(name: str, country: str) -> None:
    kept = drawn((HERE / f"{name}-{country}.svg").read_text(encoding="utf-8"))

    assert kept.marks
    assert kept.outside() == []


def test_a_mark_that_moved_changed_colour_or_lost_a_word_is_seen() -> None:
    kept = (HERE / "gaps-PT.svg").read_text(encoding="utf-8")
    bar = re.search(r"<path[^>]*d=\"M[\d.,]+h[\d.]+v12[^>]*fill=\"(#\w+)\"", kept)
    assert bar
    before = drawn(kept).marks

    wider = drawn(kept.replace(bar[0], bar[0].replace("v12", "v22"))).marks
    other = drawn(kept.replace(bar[0], bar[0].replace(bar[1], "#123456"))).marks
    mute = drawn(re.sub(r">[^<>]+</text>", "></text>", kept, count=1)).marks

    for changed in (wider, other, mute):
        assert len(changed) == len(before)
        (_one,) = (n for n, mark in enumerate(before) if not changed[n].like(mark, WITHIN))
