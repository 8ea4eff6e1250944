"""The usual tools work unaided: papermill, nbconvert and Jupyter, with no command of ours."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ncc_kernel.model.book import BOOKS
from ncc_kernel.paths import CHECKOUT

WORKBOOKS = CHECKOUT / "workbooks"


def tool(home: Any, *words: str | Path) -> subprocess.CompletedProcess[str]:
    """A tool of the ecosystem as a person calls it, in a home."""
    return subprocess.run(
        [sys.executable, "-m", *map(str, words)],
        env=home.environ,
        cwd=home.root,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )


def papermill(home: Any, book: str, *words: str) -> subprocess.CompletedProcess[str]:
    source, target = WORKBOOKS / f"{book}.ipynb", home.root / "out.ipynb"
    return tool(home, "papermill", source, target, "--no-progress-bar", *words)


@pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.name)
def test_papermill_runs_it_and_nbconvert_makes_its_page(home: Any, book: Any) -> None:
    country, name = ("EU", "European Union") if book.scope == "EU" else ("PT", "Portugal")

    ran = papermill(home, book.name, "-p", "country", country, "-p", "mode", "brief")
    words = ("jupyter", "nbconvert", "--to", "html", "--template", "ncc_brief", "out.ipynb")
    turned = tool(home, *words)

    assert (ran.returncode, turned.returncode) == (0, 0), ran.stderr + turned.stderr
    page = (home.root / "out.html").read_text(encoding="utf-8")
    assert f"<title>{name}: " in page
    assert "Illustrative data." in page
    assert "open_workbook" not in page
    assert not (home.root / "reports").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("-p", "county", "PT"), "county"),
        (("-p", "country", "XX"), "'XX' is not a country of this workbook."),
        (("-p", "country", "../../etc"), "'../../etc' is not a country of this workbook."),
        (("-p", "country", "AT\n"), r"'AT\n' is not a country of this workbook."),
    ],
    ids=("name", "unknown", "path", "line end"),
)
def test_papermill_is_told_in_words_what_is_wrong(
    home: Any, words: tuple[str, ...], said: str
) -> None:
    ran = papermill(home, "06_country_brief", *words, "-p", "mode", "brief")

    assert ran.returncode != 0
    assert said in ran.stderr
    assert "Portugal" not in (home.root / "out.ipynb").read_text(encoding="utf-8")
    assert [path.name for path in home.root.iterdir() if path.name != "data"] == ["out.ipynb"]


def test_jupyter_opens_it_as_it_is_to_edit(home: Any) -> None:
    notebook = WORKBOOKS / "01_self_assessment.ipynb"
    words = ("jupyter", "nbconvert", "--to", "notebook", "--execute", notebook)

    ran = tool(home, *words, "--output-dir", home.root, "--output", "opened.ipynb")

    assert ran.returncode == 0, ran.stderr
    cells = json.loads((home.root / "opened.ipynb").read_text(encoding="utf-8"))["cells"]
    outputs = {cell["id"]: cell["outputs"] for cell in cells if cell["cell_type"] == "code"}
    assert all(one["output_type"] == "execute_result" for many in outputs.values() for one in many)
    shown = "".join(outputs["form"][0]["data"]["text/html"])
    assert "ncc export xlsx --kind answer --country PT" in shown
