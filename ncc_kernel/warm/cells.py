"""The cells of a notebook, run in this very process, with the outputs a kernel would give.

It is ipykernel's own in-process kernel, and nbclient's own reading of its messages; only the
sockets between them are left out. What subprocesses write to the descriptors is captured as well.
"""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from queue import Empty
from threading import Lock
from types import SimpleNamespace
from typing import Any, Protocol

import nbformat
from ipykernel import ipkernel
from ipykernel.inprocess.blocking import BlockingInProcessKernelClient
from ipykernel.inprocess.ipkernel import InProcessKernel
from ipykernel.iostream import PIPE_BUFFER_SIZE, OutStream
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionComplete
from nbformat import NotebookNode
from nbformat.v4 import new_notebook
from traitlets.config import Config

from ncc_kernel.warm.journal import Journal
from ncc_kernel.warm.kernel import no_list_of_modules
from ncc_kernel.warm.wire import Channel, ready


class Watch(Protocol):
    """Who is told of each cell."""

    def opened(self, nb: NotebookNode) -> None:
        """The cells are about to be run."""

    def began(self, index: int, cell: NotebookNode) -> None:
        """A cell begins."""

    def ended(self, index: int, cell: NotebookNode) -> None:
        """A cell ended, well or not; its outputs are in it."""


def run_cells(nb: NotebookNode, watch: Watch) -> bool:
    """Run the cells in order until one fails; whether all went well."""
    shell = _Shell()
    reader = NotebookClient(nb, record_timing=False)
    reader.reset_execution_trackers()
    watch.opened(nb)
    well = True
    for index, cell in enumerate(nb.cells):
        watch.began(index, cell)
        reader.clear_before_next_output = False
        if cell.cell_type == "code" and cell.source.strip():
            for message in shell.run(cell.source):
                with suppress(CellExecutionComplete):  # subprocesses' text may come after it
                    reader.process_message(message, cell, index)
            well = _went_well(cell)
        watch.ended(index, cell)
        if not well:
            break
    nb.metadata["language_info"] = shell.language
    reader.set_widgets_metadata()
    return well


def _went_well(cell: NotebookNode) -> bool:
    expected = "raises-exception" in cell.metadata.get("tags", [])
    return expected or not any(one.output_type == "error" for one in cell.outputs)


class _Kernel(InProcessKernel):
    """ipykernel's in-process kernel, mended so that a cell may await.

    A cell that awaits asks a thread, which is not there, whose child it is; and by that thread
    the kernel would tell whether it has subshells, which it has not.
    """

    shell_channel_thread = SimpleNamespace(parent_thread=None)
    _supports_kernel_subshells = False

    def __init__(self, **kwargs: Any) -> None:
        with no_list_of_modules(ipkernel):  # it is for debuggers, and there is none
            super().__init__(**kwargs)


class _Stream(OutStream):
    """ipykernel's stream, which knows when all that subprocesses wrote has come through its pipe."""

    _fid: int | None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._carrying = Lock()  # before the thread that takes it is started
        super().__init__(*args, **kwargs)

    def _watch_pipe_fd(self) -> None:
        while self._fid is not None and ready(self._fid, None):
            with self._carrying:  # between pipe and buffer, text is in neither
                piece = os.read(self._fid, PIPE_BUFFER_SIZE)
                if not piece or not self._should_watch:
                    return
                self.write(piece.decode(errors="replace"))
                os.write(self._original_stdstream_copy, piece)

    def flush_all(self) -> None:
        while self._on_its_way():
            self.watch_fd_thread.join(0.002)
        self.flush()

    def _on_its_way(self) -> bool:
        with self._carrying:
            waits = self._fid is not None and ready(self._fid, 0.0)
            return waits and self.watch_fd_thread.is_alive()


class _Shell:
    def __init__(self) -> None:
        config = Config()
        config.HistoryManager.hist_file = ":memory:"  # a run is nobody's history
        kernel = _Kernel(config=config)
        streams = [
            _Stream(kernel.session, kernel.iopub_thread, name, watchfd="force")
            for name in ("stdout", "stderr")
        ]
        kernel.stdout, kernel.stderr = self._streams = streams
        self._client = BlockingInProcessKernelClient(kernel=kernel, session=kernel.session)
        self._client.start_channels()
        self.language = kernel.language_info

    def run(self, code: str) -> Iterator[dict[str, Any]]:
        """The messages that come of the code, in order."""
        self._client.execute(code, allow_stdin=False)
        for stream in self._streams:
            stream.flush_all()
        while True:
            try:
                yield self._client.get_iopub_msg(block=False)
            except Empty:
                return


def run_file(*, channel: Channel, notebook: str, journal: str) -> bool:
    """Run the notebook of a file; its cells go into the journal as they end."""
    nb = nbformat.read(notebook, as_version=4)
    return run_cells(nb, Journal(Path(journal), channel))


def heat() -> None:
    """Write and read a notebook of nothing: compiles the schema of notebooks before a fork."""
    nbformat.reads(nbformat.writes(new_notebook()), as_version=4)
