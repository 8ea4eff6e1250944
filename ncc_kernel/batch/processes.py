"""Processes that a run leaves behind, found and ended.

A kernel starts a session of its own, so killing a group is not enough. On Linux a run's process
adopts whatever its descendants leave (child subreaper), so that all of it can be found in /proc.
"""

import contextlib
import ctypes
import os
import signal
import sys
import threading
from multiprocessing import connection, parent_process
from pathlib import Path

_PR_SET_CHILD_SUBREAPER = 36


def lead_own_family() -> None:
    """Begin a session, adopt orphans, and end with all descendants when the parent is gone."""
    os.setsid()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        end_family(os.getpid())
        os._exit(1)


def end_family(pid: int, *, itself: bool = False) -> None:
    """Kill all descendants of a process, and the process itself if asked."""
    if itself:
        _kill(pid, signal.SIGSTOP)  # so that it starts nothing more meanwhile
    for child in descendants(pid):
        _kill(child, signal.SIGKILL)
    if itself:
        _kill(pid, signal.SIGKILL)


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


def _kill(pid: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, number)
