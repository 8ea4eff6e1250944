"""Runs in parallel, each in a process of its own, forked from one that has imported the tools.

The standard library's forkserver is that one. A run that ends, dies or takes too long frees its
place and stops nobody else. When we are told to stop, every process of every run ends with us.
"""

import contextlib
import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing import connection, get_context
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess

from ncc_kernel.batch.execute import Job, Outcome, execute
from ncc_kernel.batch.processes import end_family, lead_own_family


@dataclass(frozen=True, slots=True)
class Ended:
    """A job that ended, how, and after how many seconds."""

    number: int
    outcome: Outcome
    seconds: float


@dataclass(frozen=True, slots=True)
class _Running:
    number: int
    process: ForkServerProcess
    answer: Connection
    began: float


def run_all(
    jobs: Sequence[Job],
    *,
    places: int,
    run_seconds: float,
    preload: Sequence[str],
    started: Callable[[int], None],
) -> Iterator[Ended]:
    """Every job's end, as it comes; `started` is told the number of each job that begins."""
    context = get_context("forkserver")
    context.set_forkserver_preload(list(preload))
    waiting = list(enumerate(jobs))[::-1]
    running: list[_Running] = []
    try:
        while waiting or running:
            while waiting and len(running) < places:
                number, job = waiting.pop()
                running.append(_start(number, job))
                started(number)
            _wait(running, run_seconds)
            for one in list(running):
                outcome = _look(one, run_seconds)
                if outcome is not None:
                    running.remove(one)
                    _finish(one)
                    yield Ended(one.number, outcome, time.monotonic() - one.began)
    finally:
        for one in running:
            _finish(one)


def _start(number: int, job: Job) -> _Running:
    context = get_context("forkserver")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_in_child, args=(job, theirs))
    process.start()
    theirs.close()
    return _Running(number, process, ours, time.monotonic())


def _in_child(job: Job, answer: Connection) -> None:
    lead_own_family()
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)
    os.dup2(quiet, 2)
    outcome = execute(job)
    end_family(os.getpid())
    answer.send(outcome)
    answer.close()


def _wait(running: Sequence[_Running], run_seconds: float) -> None:
    soonest = min(one.began for one in running) + run_seconds - time.monotonic()
    ends = [end for one in running for end in (one.answer, one.process.sentinel)]
    connection.wait(ends, timeout=max(0.0, soonest))


def _look(one: _Running, run_seconds: float) -> Outcome | None:
    """How the run ended, or None while it is at work."""
    with contextlib.suppress(EOFError, OSError):
        if one.answer.poll():
            outcome: Outcome = one.answer.recv()
            return outcome
    if not one.process.is_alive():
        return Outcome(cause=f"The run's process died (exit code {one.process.exitcode}).")
    if time.monotonic() - one.began > run_seconds:
        return Outcome(cause=f"The run took longer than {run_seconds:g} s.")
    return None


def _finish(one: _Running) -> None:
    if one.process.pid is not None and one.process.is_alive():
        one.process.join(timeout=0.2)
        if one.process.is_alive():
            end_family(one.process.pid, itself=True)
    one.process.join(timeout=5)
    one.answer.close()
