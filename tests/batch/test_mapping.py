"""The real input, whole, through the command line and onto a page."""

import csv
import html
from pathlib import Path

from ncc_kernel.paths import CHECKOUT
from tests.conftest import TestHome

MAPPING = CHECKOUT / "data" / "mappings" / "dsi4eu.toml"
LARGEST = 400_000


def test_a_real_map_is_imported_whole_and_its_page_shows_the_names(
    empty_home: TestHome, dsi4eu: Path
) -> None:
    files = sorted(dsi4eu.glob("*.csv"))
    with (dsi4eu / "organisations.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    finnish = [row["Name"].strip() for row in rows if row["Country"].strip() == "Finland"]

    taken = empty_home.ncc("import", *files, "--mapping", MAPPING)
    again = empty_home.ncc("import", *files, "--mapping", MAPPING)
    made = empty_home.ncc("run", "--country", "FI", "--workbook", "02_ecosystem_mapping")

    assert (taken.code, again.code, made.code) == (0, 0, 0), taken.err + again.err + made.err
    refused = [line for line in taken.out.splitlines() if line.startswith("Not taken: ")]
    counted = [line for line in taken.out.splitlines() if line.endswith(" not taken.")]
    assert len(counted) == 3
    assert len(refused) == sum(int(line.split()[-3]) for line in counted)
    assert all("0 new, 0 changed" in line for line in again.out.splitlines()[-3:])
    page = empty_home.reports() / "FI" / "02_ecosystem_mapping.html"
    text = page.read_text("utf-8")
    assert len(finnish) > 3
    assert [name for name in finnish if html.escape(name) not in text] == []
    assert page.stat().st_size <= LARGEST
    assert "Illustrative data" not in text
