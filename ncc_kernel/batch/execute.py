"""One run, in a process of its own: papermill, then the page, whole or not at all."""

import contextlib
import hashlib
import json
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ncc_kernel.paths import write_atomically
from ncc_kernel.warm.family import end_own_family
from ncc_kernel.warm.journal import Journal, read_journal

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from ncc_kernel.warm.wire import Channel

CELLS, KERNEL = "cells", "kernel"
ENGINES = (CELLS, KERNEL)
"""How cells are run: in the run's own process, or in a kernel beside it."""


@dataclass(frozen=True, slots=True)
class Job:
    """What a run's process is told; `render` names the function that makes a page of a notebook."""

    notebook: Path
    page: Path
    partial: Path
    parameters: dict[str, str]
    render: str
    engine: str = CELLS

    def arguments(self, scratch: Path, cell_seconds: int) -> dict[str, Any]:
        """For `run_job`, as JSON can carry them."""
        return {
            "notebook": str(self.notebook),
            "page": str(self.page),
            "parameters": self.parameters,
            "render": self.render,
            "engine": self.engine,
            "scratch": str(scratch),
            "cell_seconds": cell_seconds,
        }


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended: the page's sha256, or the cell and the cause."""

    sha256: str = ""
    cell: str = ""
    cause: str = ""

    @property
    def ok(self) -> bool:
        """Whether there is a page."""
        return not self.cause


def run_job(
    *,
    channel: "Channel",
    notebook: str,
    page: str,
    parameters: dict[str, str],
    render: str,
    engine: str,
    scratch: str,
    cell_seconds: int,
) -> dict[str, str]:
    """Run the workbook and write its page; the outcome. What it had is in `scratch` if it fails."""
    journal = Journal(Path(scratch) / JOURNAL, channel)
    try:
        if engine == KERNEL:
            nb = _by_kernel(notebook, parameters, Path(scratch), cell_seconds)
        else:
            nb = _by_cells(notebook, parameters, journal)
        html = _page(nb, render, Path(notebook).stem).encode()
        write_atomically(Path(page), html)
    except Exception as fault:  # noqa: BLE001  # whatever a notebook raises is this run's own end
        return asdict(Outcome(cell=_where(fault, Path(scratch)), cause=_cause(fault, cell_seconds)))
    return asdict(Outcome(sha256=hashlib.sha256(html).hexdigest()))


JOURNAL, EXECUTED = "journal.jsonl", "executed.ipynb"


def _by_cells(notebook: str, parameters: dict[str, str], journal: Journal) -> "NotebookNode":
    import papermill  # noqa: PLC0415  # the template has it; who only asks for runs need not

    return papermill.execute_notebook(
        notebook, None, parameters=parameters, engine_name="ncc", progress_bar=False, watch=journal
    )


def _by_kernel(
    notebook: str, parameters: dict[str, str], scratch: Path, cell_seconds: int
) -> "NotebookNode":
    import papermill  # noqa: PLC0415

    try:
        return papermill.execute_notebook(
            notebook,
            str(scratch / EXECUTED),
            parameters=parameters,
            kernel_name="ncc",
            progress_bar=False,
            execution_timeout=cell_seconds,
            cwd=str(scratch),
        )
    finally:
        # A kernel is the template's child: what one leaves that was killed is nobody's, and only
        # the run's mark finds it.
        end_own_family()


def _page(nb: "NotebookNode", render: str, name: str) -> str:
    module, _, function = render.partition(":")
    page: str = getattr(import_module(module), function)(nb, name=name)
    return page


def keep_partial(scratch: Path, partial: Path) -> None:
    """Put what a failed run had where people find it; nothing when it had not begun."""
    executed = scratch / EXECUTED
    if executed.is_file():
        write_atomically(partial, executed.read_bytes())
    elif (nb := read_journal(scratch / JOURNAL)) is not None:
        write_atomically(partial, json.dumps(nb, ensure_ascii=False, indent=1) + "\n")


def previous(page: Path) -> Path:
    """Where the last good page lies after a run failed: no old page passes for a new one."""
    return page.with_suffix(".previous.html")


def set_aside(page: Path) -> None:
    """Take the old page out of the place where the new one failed to come."""
    if page.is_file():
        page.replace(previous(page))


def cell_name(index: int, first_line: str) -> str:
    """A cell as people find it: its number from 1, and how it begins."""
    return f"cell {index + 1}: {first_line}"


def _where(fault: Exception, scratch: Path) -> str:
    """The cell that raised, as papermill says; or the one that a kernel was at when it went."""
    index, source = getattr(fault, "cell_index", None), getattr(fault, "source", "")
    if index is not None:
        return cell_name(index, _first_line(source))
    with contextlib.suppress(OSError, ValueError, KeyError):
        cells = json.loads((scratch / EXECUTED).read_text(encoding="utf-8"))["cells"]
        # papermill calls every cell completed in the end, but times only those that began.
        begun = [n for n, cell in enumerate(cells) if cell["metadata"]["papermill"]["start_time"]]
        if begun:
            return cell_name(begun[-1], _first_line("".join(cells[begun[-1]]["source"])))
    return ""


def _first_line(source: str) -> str:
    said = source.strip().splitlines()
    return said[0][:80] if said else ""


def _cause(fault: Exception, cell_seconds: int) -> str:
    name = type(fault).__name__
    if name == "PapermillExecutionError":
        return f"{getattr(fault, 'ename', '')}: {getattr(fault, 'evalue', '')}".strip()
    if name == "CellTimeoutError":
        return f"The cell ran longer than {cell_seconds} s."
    if name == "DeadKernelError":
        return "The kernel died; something killed it, or memory ran out."
    if isinstance(fault, OSError):
        return f"{name}: {fault.strerror or fault} ({fault.filename or Path.cwd()})"
    return f"{name}: {fault}"
