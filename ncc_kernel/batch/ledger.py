"""What was run and what came of it: `reports/<cycle>/ledger.json`, always whole."""

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from ncc_kernel.errors import NccError
from ncc_kernel.paths import write_atomically


class Busy(NccError):
    """Another batch is at work on the same cycle."""


@dataclass(frozen=True, slots=True)
class Line:
    """One run as it ended: `page` is below the cycle's folder, `sha256` that of its bytes."""

    workbook: str
    country: str
    status: Literal["ok", "failed"]
    digest: str
    seq: int
    seconds: float
    finished: str
    page: str
    sha256: str = ""
    cell: str = ""
    cause: str = ""
    topic: str = ""

    @property
    def run(self) -> str:
        """The name of the run, as the plan has it."""
        book = f"{self.workbook}-{self.topic}" if self.topic else self.workbook
        return f"{book}/{self.country}"


@dataclass
class Ledger:
    """The lines of a cycle by run; each `enter` is on disk when it returns."""

    path: Path
    lines: dict[str, Line] = field(default_factory=dict)

    def enter(self, line: Line) -> None:
        """Keep a line, in place of the run's earlier one."""
        self.lines[line.run] = line
        kept = {name: asdict(self.lines[name]) for name in sorted(self.lines)}
        write_atomically(self.path, json.dumps({"version": 1, "runs": kept}, indent=1) + "\n")

    def stands(self, name: str, digest: str) -> bool:
        """Whether the run's page was made from just this, and is there unharmed."""
        line = self.lines.get(name)
        if line is None or line.status != "ok" or line.digest != digest:
            return False
        page = self.path.parent / line.page
        return page.is_file() and hashlib.sha256(page.read_bytes()).hexdigest() == line.sha256

    def failed(self, name: str) -> bool:
        """Whether the run failed last time."""
        line = self.lines.get(name)
        return line is not None and line.status == "failed"


def read_ledger(folder: Path) -> Ledger:
    """The ledger of a cycle; one that cannot be read is put aside, and then everything is stale."""
    path = folder / "ledger.json"
    if not path.is_file():
        return Ledger(path)
    try:
        raw: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return Ledger(path, {name: Line(**line) for name, line in raw["runs"].items()})
    except (ValueError, KeyError, TypeError, AttributeError):
        path.replace(path.with_suffix(".damaged.json"))
        return Ledger(path)


@contextmanager
def only_batch(folder: Path) -> Iterator[None]:
    """Hold the cycle's lock: two batches never mix their pages."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            who = lock.read().strip() or "unknown"
            raise Busy(
                f"Another ncc run (process {who}) is at work in {folder}.", "wait until it ends"
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield
