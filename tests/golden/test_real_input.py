"""The map of the real input in numbers, and its pictures in a real browser.

The input may not be copied, so nothing of it is kept but counts: no name, no word, no place.
Without `../shared` these tests are skipped by name.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ncc_kernel.charts.figure import Figure, svg
from ncc_kernel.paths import CHECKOUT
from ncc_kernel.store.catalogue import Catalogue
from ncc_kernel.store.imports import import_files
from ncc_kernel.store.log import Store
from ncc_kernel.store.mapping import read_mapping
from ncc_kernel.store.migrate import migrate
from ncc_kernel.workbook.pictures import Pictures
from tests.support.pictures import drawn

if TYPE_CHECKING:
    from playwright.sync_api import Browser

KEPT = Path(__file__).with_name("real_input.json")
PLACES = ("EU", "FR", "ES", "PT")
"""All; two countries of many entries, one far overseas; and one so small that each entry is drawn."""

ABOUT = (
    "Counts of the map made from ../shared/data/dsi4eu, for whose tables no licence is stated. "
    "No name, word or place of them stands here, and none may."
)
WORDS = """() => [...document.querySelectorAll("svg")].map(svg => {
  const edge = svg.getBoundingClientRect();
  const boxes = [...svg.querySelectorAll("text")].filter(one => one.textContent.trim());
  return [edge.width, edge.height, boxes.map(one => {
    const at = one.getBoundingClientRect();
    return [at.left - edge.left, at.top - edge.top, at.right - edge.left, at.bottom - edge.top];
  })];
})"""
"""Size of each picture, and the box of each of its words as the browser has set it."""


@pytest.fixture(scope="module")
def imported(
    tmp_path_factory: pytest.TempPathFactory, dsi4eu: Path, catalogue: Catalogue
) -> Iterator[Store]:
    """A store of this file's own with the real input."""
    url = f"sqlite:///{tmp_path_factory.mktemp('real') / 'ncc.sqlite'}"
    migrate(url)
    with Store(url) as store:
        import_files(
            [dsi4eu / name for name in ("organisations.csv", "projects.csv", "links.csv")],
            store=store,
            catalogue=catalogue,
            mapping=read_mapping(CHECKOUT / "data" / "mappings" / "dsi4eu.toml"),
            author="t",
            at=datetime(2024, 5, 6, tzinfo=UTC),
        )
        yield store


Figures = Callable[[str], dict[str, Figure]]


@pytest.fixture
def figures(imported: Store, pictures_of: Callable[..., Pictures]) -> Figures:
    """For a place: those of its pictures that have something to show, by name."""

    def made(place: str) -> dict[str, Figure]:
        pieces = {one.name: one.make() for one in pictures_of(imported, place)}
        return {name: one for name, one in pieces.items() if isinstance(one, Figure)}

    return made


def counts(pictures: Pictures, figures: dict[str, Figure]) -> dict[str, Any]:
    """What is on the map, and of each picture how many marks, classes and rows of its table."""
    atlas = pictures.atlas
    assert atlas.network
    told: dict[str, Any] = {
        "agents": atlas.agents,
        "initiatives": atlas.initiatives,
        "links": atlas.links,
        "challenges": atlas.challenges,
        "regions with agents": sum(1 for code, n in atlas.by_region.items() if code and n),
        "agents without a region": atlas.by_region.get("", 0),
        "dots": len(atlas.dots),
        "linked": len(atlas.network.linked),
        "alone": atlas.network.alone,
        "groups": len(atlas.network.groups),
        "bridges": len(atlas.bridges),
    }
    for name, figure in figures.items():
        kinds = Counter(one.kind for one in drawn(as_svg(figure)).marks)
        if name == "network":
            del kinds["text"]  # how many names have room depends on the last digits of a layout
        told[name] = {**dict(sorted(kinds.items())), "rows": len(figure.table.rows)}
    return told


def as_svg(figure: Figure) -> str:
    return str(svg(figure.chart, figure.datasets))


def test_the_numbers_of_the_map_are_as_they_were_approved(
    imported: Store, pictures_of: Callable[..., Pictures], figures: Figures
) -> None:
    found = {place: counts(pictures_of(imported, place), figures(place)) for place in PLACES}

    if not KEPT.is_file():
        KEPT.write_text(json.dumps({"about": ABOUT, **found}, indent=1) + "\n", encoding="utf-8")
        pytest.fail(f"{KEPT.name} was missing and is written now: read it, then run again")
    assert {"about": ABOUT, **found} == json.loads(KEPT.read_text(encoding="utf-8"))


def test_what_is_kept_of_it_are_numbers_alone() -> None:
    kept = json.loads(KEPT.read_text(encoding="utf-8"))

    assert kept.pop("about") == ABOUT
    assert set(kept) == set(PLACES)
    flat = [one for place in kept.values() for one in place.values()]
    numbers = [n for one in flat for n in (one.values() if isinstance(one, dict) else (one,))]
    assert {type(n) for n in numbers} == {int}


@pytest.mark.parametrize("place", PLACES)
def test_every_mark_lies_in_its_picture(figures: Figures, place: str) -> None:
    beyond = {name: drawn(as_svg(one)).outside() for name, one in figures(place).items()}

    assert {"map", "network", "coverage"} <= set(beyond)
    assert {name: marks for name, marks in beyond.items() if marks} == {}


@pytest.mark.parametrize("place", PLACES)
def test_in_a_real_browser_no_word_lies_on_another_or_beyond_the_edge(
    browser: "Browser", figures: Figures, place: str
) -> None:
    made = figures(place)
    page = browser.new_page()
    page.set_content("".join(as_svg(one) for one in made.values()))

    seen = dict(zip(made, page.evaluate(WORDS), strict=True))
    page.close()

    assert all(boxes for _width, _height, boxes in seen.values())
    cut = [
        (name, box)
        for name, (width, height, boxes) in seen.items()
        for box in boxes
        if box[0] < -1 or box[1] < -1 or box[2] > width + 1 or box[3] > height + 1
    ]
    assert cut == []
    for name, (_width, _height, boxes) in seen.items():
        lying = [(a, b) for a, b in combinations(boxes, 2) if _overlap(a, b)]
        assert lying == [], name


def _overlap(a: list[float], b: list[float], much: float = 2.0) -> bool:
    """Whether two words touch by more than their letters' own air."""
    across = min(a[2], b[2]) - max(a[0], b[0])
    return across > much and min(a[3], b[3]) - max(a[1], b[1]) > 2 * much
