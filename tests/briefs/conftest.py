"""Pages made in this process: the notebook's own pieces, then the real template."""

import re
from collections.abc import Callable

import nbformat
import pytest
from IPython.core.formatters import DisplayFormatter

from ncc_kernel.briefs.render import render_page
from ncc_kernel.paths import CHECKOUT
from ncc_kernel.workbook import open_workbook

PageOf = Callable[[str, str], str]


@pytest.fixture(scope="session")
def make_page() -> PageOf:
    """A function from (workbook, country) to the page, of the home that NCC_HOME names."""
    return made


@pytest.fixture
def page_of(monkeypatch: pytest.MonkeyPatch) -> Callable[[object], PageOf]:
    """For a home: a function from (workbook, country) to the page, as a kernel would make it."""

    def of(home: object) -> PageOf:
        for name, value in home.environ.items():  # type: ignore[attr-defined]
            if name.startswith("NCC_"):
                monkeypatch.setenv(name, value)
        return made

    return of


def made(book: str, country: str) -> str:
    notebook = nbformat.read(CHECKOUT / "workbooks" / f"{book}.ipynb", as_version=4)
    wb = open_workbook(book, country, "2024-1", "brief")
    shows = DisplayFormatter()
    for cell in notebook.cells:
        if cell.cell_type != "code" or not (piece := re.search(r"wb\.(\w+)\(\)$", cell.source)):
            continue
        data, metadata = shows.format(getattr(wb, piece[1])())
        cell.outputs = [
            nbformat.v4.new_output(
                "execute_result", data=data, metadata=metadata, execution_count=1
            )
        ]
    return render_page(notebook, name=book)
