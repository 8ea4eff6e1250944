"""The map of the real input in numbers, and its pictures in a real browser.

The input may not be copied, so nothing of it is kept here but counts: no name, no word, no place.
Without `../shared` these tests are skipped by name.
"""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ncc_kernel.store.log import Store
from ncc_kernel.workbook.pictures import Pictures

KEPT = Path(__file__).with_name("real_input.json")
PLACES = ("EU", "FR", "ES")
"""All, and two of the countries with the most entries: one far overseas, one with islands."""

ABOUT = (
    "Counts of the map made from ../shared/data/dsi4eu, for which no licence is stated: "
    "no name, word or place of it stands here, and none may."
)
BOXES = """svg => {
  const edge = svg.getBoundingClientRect();
  return [...svg.querySelectorAll("text")].filter(one => one.textContent.trim()).map(one => {
    const at = one.getBoundingClientRect();
    return [at.left - edge.left, at.top - edge.top, at.right - edge.left, at.bottom - edge.top]
  }).concat([[edge.width, edge.height, 0, 0]])
}"""

PicturesOf = Callable[[Store, str], Pictures]


@pytest.fixture(scope="module")
def imported(
    tmp_path_factory: pytest.TempPathFactory, dsi4eu: Path, empty_file: Path
) -> Iterator[Store]:
    """A store of our own with the real input, taken in once for all tests of this file."""
    root = tmp_path_factory.mktemp("real")
    (root / "data" / "store").mkdir(parents=True)
    shutil.copy(empty_file, root / "data" / "store" / "ncc.sqlite")
