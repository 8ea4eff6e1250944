"""Runs in parallel, each in a process of its own, forked from the warm template when there is one.

A run that ends, dies or takes too long frees its place and stops nobody else. When we are told to
stop, every process of every run ends with us.
"""

import contextlib
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from multiprocessing import connection
from pathlib import Path

from ncc_kernel.batch.execute import Job, Outcome, cell_name, keep_partial, previous
from ncc_kernel.warm import client
from ncc_kernel.warm.family import MARK

GRACE = 5.0
"""Seconds in which a process that gave its page should be gone."""

RUN = "ncc_kernel.batch.execute:run_job"


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds that a cell, and a whole run, may take."""

    cell: int
    run: int


@dataclass(frozen=True, slots=True)
class Ended:
    """A job that ended, how, and after how many seconds."""

    number: int
    outcome: Outcome
    seconds: float


@dataclass
class _Running:
    number: int
    job: Job
    process: client.Process
    mark: str
    scratch: tempfile.TemporaryDirectory[str]
    began: float
    cell: str = ""
    cell_began: float = field(default_factory=time.monotonic)


def run_all(
    jobs: Sequence[Job],
    *,
    places: int,
    limits: Limits,
    environ: Mapping[str, str],
    started: Callable[[int], None],
    cold: Callable[[str], None],
) -> Iterator[Ended]:
    """Every job's end, as it comes; `started` is told the number of each job that begins.

    `cold` is told why, each time a run could not be forked from a warm template.
    """
    waiting = list(enumerate(jobs))[::-1]
    running: list[_Running] = []
    try:
        while waiting or running:
            ended = [(one, out) for one in running if (out := _look(one, limits)) is not None]
            for one, _outcome in ended:
                running.remove(one)
            while waiting and len(running) < places:
                number, job = waiting.pop()
                running.append(_start(number, job, limits, environ, cold))
                started(number)
            # The next ones are at work while what ended is written down.
            yield from [_end(one, outcome) for one, outcome in ended]
            if running and not ended:
                _wait(running, limits)
    finally:
        for one in running:
            _let_go(one)


def _start(
    number: int,
    job: Job,
    limits: Limits,
    environ: Mapping[str, str],
    cold: Callable[[str], None],
) -> _Running:
    scratch = tempfile.TemporaryDirectory(prefix="ncc-run-")
    mark = uuid.uuid4().hex
    process = client.call(
        RUN,
        job.arguments(Path(scratch.name), limits.cell),
        environ={**environ, MARK: mark},
        cwd=Path(scratch.name),
        cold=cold,
    )
    return _Running(number, job, process, mark, scratch, time.monotonic())


def _wait(running: Sequence[_Running], limits: Limits) -> None:
    soonest = min(_until(one, limits) for one in running) - time.monotonic()
    connection.wait([one.process.fileno() for one in running], timeout=max(0.0, soonest))


def _until(one: _Running, limits: Limits) -> float:
    """When the run's time is up. A cell begun is told; before the first, only the run's limit."""
    run = one.began + limits.run
    return min(run, one.cell_began + limits.cell) if one.cell else run


def _look(one: _Running, limits: Limits) -> Outcome | None:
    """How the run ended, or None while it is at work."""
    with contextlib.suppress(EOFError, OSError):
        while (message := one.process.receive(0)) is not None:
            if "value" in message:
                return Outcome(**message["value"])
            if "raised" in message:
                return Outcome(cell=one.cell, cause=message["raised"])
            if "began" in message:
                one.cell = cell_name(message["began"], message["what"])
                one.cell_began = time.monotonic()
            elif "ended" in message:
                one.cell = ""
        return _too_long(one, limits)
    code = one.process.poll()
    said = "killed" if code is not None and code < 0 else f"exit code {code}"
    return Outcome(cell=one.cell, cause=f"The run's process died ({said}).")


def _too_long(one: _Running, limits: Limits) -> Outcome | None:
    now = time.monotonic()
    if now > one.began + limits.run:
        return Outcome(cell=one.cell, cause=f"The run took longer than {limits.run} s.")
    if one.cell and now > one.cell_began + limits.cell:
        return Outcome(cell=one.cell, cause=f"The cell ran longer than {limits.cell} s.")
    return None


def _end(one: _Running, outcome: Outcome) -> Ended:
    seconds = time.monotonic() - one.began
    if outcome.ok:
        one.job.partial.unlink(missing_ok=True)
        previous(one.job.page).unlink(missing_ok=True)
    else:
        with contextlib.suppress(OSError):  # where nothing can be written, the others go on
            keep_partial(Path(one.scratch.name), one.job.partial)
    _let_go(one, grace=GRACE if outcome.ok else 0.0)
    return Ended(one.number, outcome, seconds)


def _let_go(one: _Running, grace: float = 0.0) -> None:
    one.process.end(mark=one.mark, grace=grace)
    one.scratch.cleanup()
