"""Processes that a run leaves behind, found and ended.

A process that begins a session of its own is out of reach of a kill of the group. On Linux a run
adopts whatever its descendants leave (child subreaper), so that all of it can be found in /proc;
and all of it carries the run's mark in its environment, which finds it when the run itself is gone.
"""

import contextlib
import ctypes
import os
import signal
import sys
from pathlib import Path

MARK = "NCC_RUN"
"""The environment variable whose value is a run's own."""

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36


def adopt_orphans() -> None:
    """Let what our descendants leave behind become our children, so that we can find it."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def die_with_parent() -> None:
    """Be killed when the parent ends."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def has_children() -> bool:
    """Whether we have any: if not, and orphans are ours, then nothing we started is left."""
    try:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return False
    return True


def end_family(pid: int, *, mark: str = "", itself: bool = False) -> None:
    """Kill all descendants of a process and all that carry the mark; itself too if asked."""
    if itself:
        kill(pid, signal.SIGSTOP)  # so that it starts nothing more meanwhile
    for other in {*descendants(pid), *marked(mark)} - {pid, os.getpid()}:
        kill(other, signal.SIGKILL)
    if itself:
        kill(pid, signal.SIGKILL)


def end_own_family() -> None:
    """Kill all that we have started, and all that carries the mark of the run we are in."""
    end_family(os.getpid(), mark=os.environ.get(MARK, ""))


def descendants(pid: int) -> list[int]:
    """Children, their children, and so on, from /proc; none where there is no /proc."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, IndexError, ValueError):
            parent = int(entry.read_text().rpartition(")")[2].split()[1])
            children.setdefault(parent, []).append(int(entry.parent.name))
    found: list[int] = []
    ahead = [pid]
    while ahead:
        ahead = [child for one in ahead for child in children.get(one, [])]
        found += ahead
    return found


def marked(mark: str) -> list[int]:
    """The processes whose environment holds this run's mark."""
    if not mark:
        return []
    wanted = f"{MARK}={mark}".encode()
    found = []
    for entry in Path("/proc").glob("[0-9]*/environ"):
        with contextlib.suppress(OSError, ValueError):
            if wanted in entry.read_bytes().split(b"\0"):
                found.append(int(entry.parent.name))
    return found


def kill(pid: int, number: int) -> None:
    """Send a signal; nothing happens when the process is gone."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, number)
