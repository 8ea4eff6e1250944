"""How a batch goes: a bar with what runs now and what is left, or one JSON object a line."""

import json
import sys
from pathlib import Path

from ncc_kernel.batch.plan import Run
from ncc_kernel.batch.pool import Ended


class Progress:
    """Tells of each run as it begins and ends, to a person or to a program."""

    def __init__(self, total: int, *, as_json: bool) -> None:
        self._json = as_json
        self._ok = 0
        self._failed: list[tuple[Run, Ended]] = []
        self._now: dict[str, None] = {}
        self._bar = _bar(total) if total and not as_json and sys.stderr.isatty() else None
        self._total = total
        self._cold = False

    def cold(self, why: str) -> None:
        """Runs start cold: slower, the same pages. Said once."""
        if not self._cold:
            self._cold = True
            print(f"Every run starts from nothing, which is slow: {why}.", file=sys.stderr)

    def stands(self, run: Run, page: Path) -> None:
        """A page is fresh: nothing was run."""
        self._say(run, "fresh", 0.0, page)

    def begins(self, run: Run) -> None:
        """A run begins."""
        self._now[run.name] = None
        self._show()

    def ended(self, run: Run, end: Ended, page: Path) -> None:
        """A run ended, well or not."""
        self._now.pop(run.name, None)
        if end.outcome.ok:
            self._ok += 1
        else:
            self._failed.append((run, end))
        self._say(run, "ok" if end.outcome.ok else "failed", end.seconds, page, end)
        self._show(advance=1)

    def close(self, *, fresh: int, seconds: float, index: Path) -> int:
        """Say how it went; how many failed."""
        if self._bar is not None:
            self._bar.stop()
        counts = {"ok": self._ok, "failed": len(self._failed), "fresh": fresh}
        if self._json:
            _line({"event": "summary", **counts, "seconds": round(seconds, 2)})
            return len(self._failed)
        for run, end in self._failed:
            where = f", {end.outcome.cell}" if end.outcome.cell else ""
            print(f"Failed: {run.name.replace('/', ' ')}{where}\n  {end.outcome.cause}")
        if self._failed:
            print("Hint: mend the cause, then: ncc run --only-failed")
        print(
            f"{self._ok} made, {len(self._failed)} failed, {fresh} up to date, in {seconds:.1f} s."
        )
        print(f"Look at {index}")
        return len(self._failed)

    def _say(
        self, run: Run, status: str, seconds: float, page: Path, end: Ended | None = None
    ) -> None:
        if self._json:
            told: dict[str, object] = {
                "event": "run",
                "workbook": run.book.name,
                "country": run.parameters.country,
                **({"topic": run.parameters.topic} if run.parameters.topic else {}),
                "status": status,
                "seconds": round(seconds, 2),
                "html": str(page) if status != "failed" else None,
            }
            if end is not None and not end.outcome.ok:
                told |= {"cell": end.outcome.cell, "cause": end.outcome.cause}
            _line(told)
        elif self._bar is None and status != "fresh":
            done = self._ok + len(self._failed)
            print(f"[{done}/{self._total}] {status}: {run.name} ({seconds:.1f} s)")

    def _show(self, advance: int = 0) -> None:
        if self._bar is not None:
            task = self._bar.task_ids[0]
            self._bar.update(task, advance=advance, now=", ".join(self._now))


def _line(told: dict[str, object]) -> None:
    print(json.dumps(told, ensure_ascii=False), flush=True)


def _bar(total: int):  # type: ignore[no-untyped-def]  # noqa: ANN202  # rich is imported only for a terminal
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[now]}"),
    )
    bar = Bar(*columns, console=Console(stderr=True))
    bar.add_task("pages", total=total, now="")
    bar.start()
    return bar
