"""One run, in a process of its own: papermill, then the page, whole or not at all."""

import hashlib
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ncc_kernel.paths import write_atomically


@dataclass(frozen=True, slots=True)
class Job:
    """What a run's process is told; `render` turns an executed notebook into a page."""

    notebook: Path
    page: Path
    partial: Path
    parameters: dict[str, str]
    cell_seconds: int
    render: Callable[[Path], str]


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


def execute(job: Job) -> Outcome:
    """Run the workbook and write its page. On failure the partial notebook is kept beside it."""
    with tempfile.TemporaryDirectory(prefix="ncc-run-") as scratch:
        out = Path(scratch) / job.notebook.name
        try:
            _papermill(job, out)
            page = job.render(out).encode()
        except Exception as fault:  # noqa: BLE001  # whatever a notebook raises is this run's own end
            return _failed(job, out, fault)
        write_atomically(job.page, page)
        job.partial.unlink(missing_ok=True)
        previous(job.page).unlink(missing_ok=True)
        return Outcome(sha256=hashlib.sha256(page).hexdigest())


def previous(page: Path) -> Path:
    """Where the last good page lies after a run failed: no old page passes for a new one."""
    return page.with_suffix(".previous.html")


def set_aside(page: Path) -> None:
    """Take the old page out of the place where the new one failed to come."""
    if page.is_file():
        page.replace(previous(page))


def _papermill(job: Job, out: Path) -> None:
    import papermill  # noqa: PLC0415  # a batch with nothing stale must not pay for it

    papermill.execute_notebook(
        str(job.notebook),
        str(out),
        parameters=job.parameters,
        kernel_name="python3",
        progress_bar=False,
        execution_timeout=job.cell_seconds,
        request_save_on_cell_execute=False,
        cwd=str(out.parent),
    )


def _failed(job: Job, out: Path, fault: Exception) -> Outcome:
    cells = _cells(out)
    if cells is not None:
        write_atomically(job.partial, out.read_bytes())
    return Outcome(cell=_where(cells or [], fault), cause=_cause(fault, job.cell_seconds))


def _cells(out: Path) -> list[Any] | None:
    import nbformat  # noqa: PLC0415

    if not out.is_file():
        return None
    return list(nbformat.read(out, as_version=4).cells)


def _where(cells: list[Any], fault: Exception) -> str:
    """The cell that failed, or that was running when the kernel went; by its first line."""
    marked = {"failed", "running"}
    for number, cell in enumerate(cells, start=1):
        status = cell.metadata.get("papermill", {}).get("status")
        if status in marked or cell.get("id") == getattr(fault, "cell_id", None):
            return f"cell {number}: {cell.source.strip().splitlines()[0][:80]}"
    return "before the first cell" if not cells else ""


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
