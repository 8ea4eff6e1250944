"""The shape of a notebook: order, words and emphasis; everything with a branch is in the package."""

import ast
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import pytest
from jupyter_client.kernelspec import KernelSpecManager

from ncc_kernel.model.book import BOOKS, Book, book_named
from ncc_kernel.paths import CHECKOUT

PATHS = sorted((CHECKOUT / "workbooks").glob("*.ipynb"))
BRANCHES = (
    ast.If,
    ast.IfExp,
    ast.For,
    ast.While,
    ast.Try,
    ast.Match,
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.Lambda,
    ast.ListComp,
    ast.SetComp,
    ast.DictComp,
    ast.GeneratorExp,
    ast.BoolOp,
    ast.With,
)


@dataclass(frozen=True)
class Notebook:
    path: Path

    @property
    def book(self) -> Book:
        return book_named(self.path.stem)

    @property
    def node(self) -> Any:
        return nbformat.read(self.path, as_version=4)

    @property
    def cells(self) -> list[Any]:
        return list(self.node.cells)

    @property
    def code(self) -> list[Any]:
        return [cell for cell in self.cells if cell.cell_type == "code"]

    @property
    def trees(self) -> list[ast.Module]:
        return [ast.parse(cell.source) for cell in self.code]

    @property
    def parameters(self) -> Any:
        tagged = [cell for cell in self.code if "parameters" in cell.metadata.get("tags", [])]
        assert len(tagged) == 1
        return tagged[0]


@pytest.fixture(params=PATHS, ids=lambda path: path.stem)
def notebook(request: pytest.FixtureRequest) -> Notebook:
    return Notebook(request.param)


def test_every_workbook_has_its_notebook_and_no_notebook_is_unknown() -> None:
    assert [path.stem for path in PATHS] == [book.name for book in BOOKS]


def test_it_is_a_valid_notebook_of_format_4_5(notebook: Notebook) -> None:
    nbformat.validate(notebook.node)

    assert (notebook.node.nbformat, notebook.node.nbformat_minor) == (4, 5)


def test_it_is_short(notebook: Notebook) -> None:
    assert len(notebook.cells) <= 16
    assert max(len(cell.source.splitlines()) for cell in notebook.code) <= 5


def test_it_opens_with_its_title_and_what_it_gives(notebook: Notebook) -> None:
    title, words = notebook.cells[0].source.split("\n\n")

    assert notebook.cells[0].cell_type == "markdown"
    assert re.fullmatch(r"# \S.*", title)
    assert words.endswith(".")


def test_it_imports_once(notebook: Notebook) -> None:
    found = [
        ast.unparse(node)
        for tree in notebook.trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]

    assert found == ["from ncc_kernel.workbook import open_workbook"]


def test_it_has_no_branch_no_loop_and_no_definition(notebook: Notebook) -> None:
    found = [
        type(node).__name__
        for tree in notebook.trees
        for node in ast.walk(tree)
        if isinstance(node, BRANCHES)
    ]

    assert found == []


def test_it_holds_one_object(notebook: Notebook) -> None:
    set_names = {
        target.id
        for tree in notebook.trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }

    assert set_names == {*notebook.book.parameters, "wb"}


def test_its_parameters_are_its_books_and_each_is_explained(notebook: Notebook) -> None:
    lines = notebook.parameters.source.splitlines()

    assert notebook.cells[1].source == notebook.parameters.source
    assert tuple(line.split(" = ")[0] for line in lines) == notebook.book.parameters
    assert all(re.search(r'" {2}# \w.{10,}$', line) for line in lines)


def test_it_opens_its_own_workbook_and_then_says_what_happened_so_far(notebook: Notebook) -> None:
    opening, recap = notebook.code[1:3]

    names = ", ".join(notebook.book.parameters)
    assert f'open_workbook("{notebook.path.stem}", {names})' in opening.source
    assert opening.source.endswith("\nwb.opening()")
    assert recap.source == "wb.recap()"


def test_every_cell_after_the_opening_is_one_piece(notebook: Notebook) -> None:
    pieces = [cell.source for cell in notebook.code[2:]]

    assert all(
        re.fullmatch(r"wb\.[a-z_]+\((\"[a-z_]+\"(, \"[a-z_]+\")*)?\)", piece) for piece in pieces
    )
    assert len(set(pieces)) == len(pieces)


def test_no_output_and_no_count_is_kept(notebook: Notebook) -> None:
    assert [cell.outputs for cell in notebook.code] == [[]] * len(notebook.code)
    assert {cell.execution_count for cell in notebook.code} == {None}


def test_its_cells_have_ids_that_people_can_read(notebook: Notebook) -> None:
    ids = [cell.id for cell in notebook.cells]

    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", one) for one in ids)
    assert all(not re.fullmatch(r"[0-9a-f]{6,}", one) for one in ids)


def test_it_names_the_kernel_that_is_installed_with_the_package(notebook: Notebook) -> None:
    name = notebook.node.metadata.kernelspec.name

    assert name in KernelSpecManager().find_kernel_specs()
    assert set(notebook.node.metadata) <= {"kernelspec", "language_info"}
