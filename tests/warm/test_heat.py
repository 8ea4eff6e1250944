"""What the template has looked up and compiled before it forks, and what a fork must not believe of it."""

import shutil
from pathlib import Path

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell, new_notebook

from ncc_kernel.briefs import render
from ncc_kernel.briefs.render import render_page
from ncc_kernel.workbook.heat import heat


def test_every_cell_of_every_workbook_can_be_made_on_a_store_of_a_moment() -> None:
    heat()


@pytest.fixture
def templates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the page's template, for a test to change."""
    copy = Path(shutil.copytree(render.TEMPLATES, tmp_path / "templates"))
    monkeypatch.setattr(render, "TEMPLATES", copy)
    return copy


def page() -> NotebookNode:
    return new_notebook(cells=[new_markdown_cell("# A page")])


def test_a_template_that_changed_is_compiled_anew(templates: Path) -> None:
    before = render_page(page(), name="x")

    file = templates / "ncc_brief" / "index.html.j2"
    file.write_text(file.read_text().replace("</body>", "<p>A new line.</p></body>"))
    after = render_page(page(), name="x")

    assert "A page" in before
    assert after == before.replace("</body>", "<p>A new line.</p></body>")
    assert after != before
