"""The words of a page, whole, so that a change of one is seen in review.

When a change is meant: delete the file under `tests/golden`, run this test, read what it wrote.
"""

import html
import re
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent


def normalised(page: str) -> str:
    """A line for each piece of text; without pictures, and without what each commit changes."""
    body = page[page.index("<main") :]
    bare = re.sub(r"<svg\b.*?</svg>", "", body, flags=re.DOTALL)
    lines = (" ".join(line.split()) for line in re.sub(r"<[^>]+>", "\n", bare).splitlines())
    text = "\n".join(line for line in lines if line and line != "\N{PILCROW SIGN}")
    text = html.unescape(text)
    text = re.sub(r"(sha256) [0-9a-f]+", r"\1 …", text)
    text = re.sub(r"(revision|record) \d+", r"\1 …", text)
    return re.sub(r"(version|workbooks) \d+\.\d+\.\d+", r"\1 …", text) + "\n"


@pytest.mark.parametrize(
    ("country", "book"),
    [("PT", "06_country_brief"), ("MT", "06_country_brief"), ("EU", "07_eu_overview")],
)
def test_a_page_reads_as_it_was_approved(home: Any, country: str, book: str) -> None:
    done = home.ncc("run", "--country", country, "--workbook", book)
    assert done.code == 0, done.err

    (page,) = (home.reports() / country).glob("*.html")
    text = normalised(page.read_text(encoding="utf-8"))

    golden = HERE / f"{book}-{country}.txt"
    if not golden.is_file():
        golden.write_text(text, encoding="utf-8")
        pytest.fail(f"{golden.name} was missing and is written now: read it, then run again")
    assert text == golden.read_text(encoding="utf-8")
