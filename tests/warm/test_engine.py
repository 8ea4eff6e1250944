"""The engine without a kernel gives what a kernel gives."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import papermill
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from papermill.exceptions import PapermillExecutionError
from tower import Tower

from ncc_kernel.model.book import book_named
from ncc_kernel.paths import CHECKOUT

BOOKS = sorted(path.stem for path in (CHECKOUT / "workbooks").glob("*.ipynb"))

KINDS = {
    "print": "print('one'); print('two')",
    "stderr": "import sys; print('no', file=sys.stderr)",
    "value": "{'a': [1, 2]}",
    "none": "None",
    "semicolon": "7;",
    "html": "from IPython.display import HTML, display\ndisplay(HTML('<b>x</b>'))\n'end'",
    "frame": "import pandas\npandas.DataFrame({'a': [1, None]})",
    "update": (
        "from IPython.display import display\n"
        "shown = display('before', display_id='it')\nshown.update('after')"
    ),
    "clear": "from IPython.display import clear_output\nprint('gone')\nclear_output()\nprint('kept')",
    "await": "import asyncio\nawait asyncio.sleep(0)\n'awaited'",
    "magic": "%precision 3\n3.14159",
    "raises": "def f():\n    return 1 / 0\nf()",
    "syntax": "for",
    "exit": "raise SystemExit(3)",
    "unicode": "print('\\N{GREEK SMALL LETTER ALPHA} \\u202e \\N{GRINNING FACE}')",
    "history": "len(In)",
    "main": "__name__",
}


def run(tower: Tower, nb: Any, folder: Path, engine: str, *, seconds: int = 60) -> tuple[Any, str]:
    """The executed notebook, as plain papermill gives it, and what papermill said."""
    source, out = folder / "in.ipynb", folder / f"{engine}.ipynb"
    nbformat.write(nb, source)
    done = subprocess.run(
        [
            *(sys.executable, "-m", "papermill", str(source), str(out), "--no-progress-bar"),
            *(("--engine", "ncc") if engine == "ncc" else ("-k", "ncc")),
            *("--execution-timeout", str(seconds)),
        ],
        env=tower.environ,
        capture_output=True,
        text=True,
        check=False,
    )
    return nbformat.read(out, as_version=4), done.stderr


def outputs(nb: Any) -> list[Any]:
    """Outputs and counts of every code cell, without addresses in memory and paths of cells."""
    cells = [cell for cell in nb.cells if cell.cell_type == "code"]
    text = json.dumps([(cell.outputs, cell.execution_count) for cell in cells], sort_keys=True)
    return json.loads(text)  # type: ignore[no-any-return]


def notebook(*codes: str) -> Any:
    cells = [new_code_cell(code) for code in codes]
    kernelspec = {"name": "ncc", "display_name": "NCC", "language": "python"}
    return new_notebook(cells=cells, metadata={"kernelspec": kernelspec})


@pytest.mark.parametrize("kind", KINDS)
def test_outputs_are_those_of_a_kernel(tower: Tower, tmp_path: Path, kind: str) -> None:
    nb = notebook("before = 1", KINDS[kind], "'after'")

    ours, _ = run(tower, nb, tmp_path, "ncc")
    theirs, _ = run(tower, nb, tmp_path, "kernel")

    assert outputs(ours) == outputs(theirs)


@pytest.mark.parametrize("book", BOOKS)
def test_every_workbook_gives_the_same_outputs(
    tower: Tower, sample_file: Path, tmp_path: Path, book: str
) -> None:
    environ = tower.environ | {"NCC_STORE": f"sqlite:///{sample_file}"}
    executed = {}
    for engine in ("ncc", "kernel"):
        country = "EU" if book_named(book).scope == "EU" else "PT"
        subprocess.run(
            [
                *(sys.executable, "-m", "papermill", "--no-progress-bar"),
                *(str(CHECKOUT / "workbooks" / f"{book}.ipynb"), str(tmp_path / f"{engine}.ipynb")),
                *("-p", "country", country, "-p", "mode", "brief"),
                *(("--engine", "ncc") if engine == "ncc" else ()),
            ],
            env=environ,
            check=True,
            capture_output=True,
        )
        executed[engine] = nbformat.read(tmp_path / f"{engine}.ipynb", as_version=4)

    assert outputs(executed["ncc"]) == outputs(executed["kernel"])
    assert any("<h2>" in json.dumps(cell) for cell in outputs(executed["ncc"]))


def test_output_of_subprocesses_is_captured(tower: Tower, tmp_path: Path) -> None:
    nb, _ = run(tower, notebook("import os; code = os.system('echo below')"), tmp_path, "ncc")

    assert nb.cells[0].outputs[0].text == "below\n"


def test_output_of_subprocesses_stands_in_its_own_cell(tower: Tower, tmp_path: Path) -> None:
    slow = (
        "import os, sys, threading\nsys.setswitchinterval(0.02)\n"
        "threading.Thread(target=lambda: [None for _ in iter(int, 1)], daemon=True).start()"
    )
    echoes = [f"code = os.system('echo {number}')" for number in range(20)]

    nb, _ = run(tower, notebook(slow, *echoes), tmp_path, "ncc")

    assert [[one.text for one in cell.outputs] for cell in nb.cells[1:]] == [
        [f"{number}\n"] for number in range(20)
    ]


def test_the_failed_cell_is_marked_and_the_rest_is_not_run(tower: Tower, tmp_path: Path) -> None:
    nb, said = run(tower, notebook("print(1)", "1 / 0", "print(3)"), tmp_path, "ncc")

    statuses = [one.metadata.papermill.status for one in nb.cells if one.cell_type == "code"]
    assert "ZeroDivisionError" in said
    assert statuses == ["completed", "failed", "pending"]
    assert any("papermill-error-cell" in cell.source for cell in nb.cells)


def test_a_cell_that_takes_too_long_is_ended(tower: Tower, tmp_path: Path) -> None:
    stubborn = "while True:\n    try:\n        import time; time.sleep(9)\n    except BaseException:\n        pass"

    nb, said = run(tower, notebook("print(1)", stubborn), tmp_path, "ncc", seconds=2)

    assert "Cell 2 took longer than 2" in said
    assert nb.cells[0].outputs[0].text == "1\n"


def test_a_cell_that_kills_its_process_is_named(tower: Tower, tmp_path: Path) -> None:
    nb, said = run(
        tower, notebook("print(1)", "import os; os.kill(os.getpid(), 9)"), tmp_path, "ncc"
    )

    assert "process that ran cell 2 died" in said
    assert nb.cells[0].outputs[0].text == "1\n"


def test_input_cannot_be_asked_for(tower: Tower, tmp_path: Path) -> None:
    _, said = run(tower, notebook("input()"), tmp_path, "ncc")

    assert "StdinNotImplementedError" in said


def test_without_a_template_the_cells_run_cold(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NCC_WARM", "0")
    source = tmp_path / "in.ipynb"
    nbformat.write(notebook("40 + 2"), source)

    nb = papermill.execute_notebook(str(source), None, engine_name="ncc", progress_bar=False)

    assert nb.cells[0].outputs[0].data["text/plain"] == "42"


def test_papermill_knows_the_error_of_a_cell(
    tower: Tower, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NCC_WARM_DIR", tower.environ["NCC_WARM_DIR"])
    source = tmp_path / "in.ipynb"
    nbformat.write(notebook("1 / 0"), source)

    with pytest.raises(PapermillExecutionError) as caught:
        papermill.execute_notebook(str(source), None, engine_name="ncc", progress_bar=False)

    assert caught.value.ename == "ZeroDivisionError"
