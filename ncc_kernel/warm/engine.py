"""The papermill engine `ncc`: a notebook's cells in a forked process of their own, with no kernel.

papermill imports every engine it knows when it is imported itself, so this module imports nothing
heavy; the cells are run by `cells`, in the fork.
"""

import os
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from papermill.engines import Engine
from papermill.log import logger

from ncc_kernel.warm import client
from ncc_kernel.warm.wire import Message

if TYPE_CHECKING:
    from ncc_kernel.warm.cells import Watch


class NccEngine(Engine):
    """`papermill --engine ncc`: outputs as from a kernel, without one."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: Any,
        kernel_name: str,  # noqa: ARG003  # papermill's signature; there is no kernel
        *,
        execution_timeout: float | None = None,
        watch: "Watch | None" = None,
        **_others: object,
    ) -> None:
        """Called by papermill when its notebook is ready.

        With `watch` the cells run here, in the caller's process; else in one of their own, which
        is killed when a cell takes longer than `execution_timeout` seconds.
        """
        if watch is not None:
            from ncc_kernel.warm.cells import run_cells  # noqa: PLC0415  # see above

            run_cells(nb_man.nb, _Told(nb_man, watch))
            return
        with tempfile.TemporaryDirectory(prefix="ncc-engine-") as scratch:
            _Away(nb_man, Path(scratch), execution_timeout).run()


class _Told:
    """Tells papermill and the watch of each cell."""

    def __init__(self, nb_man: Any, watch: "Watch") -> None:
        self._nb_man = nb_man
        self._watch = watch

    def opened(self, nb: Any) -> None:
        self._watch.opened(nb)

    def began(self, index: int, cell: Any) -> None:
        self._nb_man.cell_start(cell, index)
        self._watch.began(index, cell)

    def ended(self, index: int, cell: Any) -> None:
        _complete(self._nb_man, index, cell)
        self._watch.ended(index, cell)


def _complete(nb_man: Any, index: int, cell: Any) -> None:
    failed = any(one.output_type == "error" for one in cell.get("outputs", ()))
    if failed and "raises-exception" not in cell.metadata.get("tags", []):
        nb_man.cell_exception(cell, cell_index=index)
    nb_man.cell_complete(cell, cell_index=index)


class _Away:
    """The cells run in a process of their own; what it tells is carried into the notebook."""

    def __init__(self, nb_man: Any, scratch: Path, limit: float | None) -> None:
        self._nb_man = nb_man
        self._source = scratch / "notebook.ipynb"
        self._journal = scratch / "journal.jsonl"
        self._limit = limit
        self._index = 0

    def run(self) -> None:
        import nbformat  # noqa: PLC0415  # papermill has it by now

        self._source.write_text(nbformat.writes(self._nb_man.nb), encoding="utf-8")
        process = client.call(
            "ncc_kernel.warm.cells:run_file",
            {"notebook": str(self._source), "journal": str(self._journal)},
            environ=os.environ,
            cwd=Path.cwd(),
            cold=lambda why: logger.warning("Cells run in a cold process: %s.", why),
        )
        try:
            self._follow(process)
        finally:
            process.end()

    def _follow(self, process: client.Process) -> None:
        began = time.monotonic()
        while True:
            left = None if self._limit is None else began + self._limit - time.monotonic()
            try:
                message = process.receive(None if left is None else max(0.0, left))
            except EOFError:
                raise RuntimeError(f"The process that ran cell {self._index + 1} died.") from None
            if message is None:
                raise TimeoutError(f"Cell {self._index + 1} took longer than {self._limit} s.")
            if "value" in message:
                return
            if "raised" in message:
                raise RuntimeError(message["raised"])
            began = time.monotonic()
            self._take(message)

    def _take(self, message: Message) -> None:
        from nbformat import from_dict  # noqa: PLC0415

        cells = self._nb_man.nb.cells
        if "began" in message:
            self._index = message["began"]
            self._nb_man.cell_start(cells[self._index], self._index)
            return
        line = self._journal.read_text(encoding="utf-8").split("\n")[message["ended"] + 1]
        done = from_dict(_only_results(line))
        cells[self._index].update(done)
        _complete(self._nb_man, self._index, cells[self._index])


def _only_results(line: str) -> dict[str, Any]:
    import json  # noqa: PLC0415

    cell = json.loads(line)["cell"]
    return {name: cell[name] for name in ("outputs", "execution_count") if name in cell}
