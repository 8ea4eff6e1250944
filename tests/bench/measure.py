"""What a command costs: wall time, CPU and peak memory, with everything it starts counted.

The measuring process adopts whatever the command leaves behind (a child subreaper), so a process
that goes on in the background, such as a warm template, is counted too. When the command has
ended, what is left is killed and reaped, so that the next measurement begins from nothing; or it is
kept, and then the next one begins with it.

* wall: from the start of the command to its own end.
* CPU: user and system time of all of it, from the kernel's own books (`getrusage`, and /proc for
  what lives on), not sampled.
* memory: the highest of samples, taken four times a second, of the sum of PSS of all processes.
  PSS counts a page that n processes share as 1/n in each, so forks are neither favoured nor
  punished. A peak between two samples is missed.

Linux only. The sampling itself is not in the CPU figure, but it takes a little of the same cores.
"""

import ctypes
import resource
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import psutil

_PR_SET_CHILD_SUBREAPER = 36
SAMPLE_SECONDS = 0.25


class CommandFailed(Exception):
    """A measured command did not do its work, so its figures would mean nothing."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Seconds of wall and CPU time, and bytes of memory at the peak."""

    wall: float
    cpu: float
    memory: int

    def __add__(self, after: "Figures") -> "Figures":
        """One command, then another."""
        return Figures(self.wall + after.wall, self.cpu + after.cpu, max(self.memory, after.memory))


def measure(
    command: Sequence[str | Path],
    *,
    env: Mapping[str, str],
    cwd: Path,
    log: Path,
    given: str = "",
    keep: bool = False,
) -> Figures:
    """Run the command, with `given` on its standard input, and return what it cost.

    What it says goes to `log`; an exit code other than 0 is a CommandFailed with its end.
    """
    _adopt_orphans()
    before, began = _cpu_of_children(), time.monotonic()
    with (
        log.open("wb") as said,
        subprocess.Popen(
            [str(word) for word in command],
            env=dict(env),
            cwd=cwd,
            stdin=subprocess.PIPE,
            stdout=said,
            stderr=said,
        ) as process,
        _Memory() as memory,
    ):
        process.communicate(given.encode())
        wall = time.monotonic() - began
    cpu = _cpu_of_children() - before
    if not keep:
        _end_the_rest()
    if process.returncode != 0:
        said = log.read_text(errors="replace")[-2000:]
        raise CommandFailed(f"{command[0]} ended with {process.returncode}:\n{said}")
    return Figures(wall, cpu, memory.peak)


class _Memory:
    """A thread that keeps the highest sum of PSS of all our descendants."""

    def __init__(self) -> None:
        self.peak = 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_fault: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(SAMPLE_SECONDS):
            self.peak = max(self.peak, sum(_pss(one) for one in _descendants()))


def _pss(process: psutil.Process) -> int:
    try:
        return int(process.memory_full_info().pss)
    except psutil.Error:  # it ended meanwhile
        return 0


def _descendants() -> list[psutil.Process]:
    return psutil.Process().children(recursive=True)


def _adopt_orphans() -> None:
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _end_the_rest() -> None:
    """Kill and reap what is left."""
    while left := _descendants():
        for process in left:
            process.kill()
        psutil.wait_procs(left, timeout=5)


def _cpu_of_children() -> float:
    """Of those that were reaped, and of those that live and what they reaped."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime + sum(_cpu(one) for one in _descendants())


def _cpu(process: psutil.Process) -> float:
    try:
        return float(sum(process.cpu_times()[:4]))  # its own and its reaped children's
    except psutil.Error:  # it ended meanwhile
        return 0.0
