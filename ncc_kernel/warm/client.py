"""Ask the template for a fork; start the template when there is none.

Whoever asks gets a Process: of the template's making, or, where no template is to be had, a cold
one that does the same. Why it is cold is said once.
"""

import contextlib
import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from ncc_kernel.warm import family
from ncc_kernel.warm.place import NoTemplate, Place, find_place, is_ours
from ncc_kernel.warm.wire import Channel, Message, ready

IDLE_SECONDS = "1800"
START_SECONDS = 90.0
"""How long a template may take to import before everything is started cold."""

GONE = -signal.SIGKILL
"""The exit code of a fork that ended after its template: nobody was left to reap it."""


class Process(Protocol):
    """A process that answers on a channel."""

    pid: int

    def fileno(self) -> int:
        """For select: readable when there is a message, or the end."""

    def receive(self, timeout: float | None = None) -> Message | None:
        """The next message, None when none came in time, EOFError at the end."""

    def poll(self) -> int | None:
        """The exit code, or None while it runs."""

    def end(self, *, mark: str = "", grace: float = 0.0) -> None:
        """Let go of it; kill it with all it started unless it ends well in `grace` seconds."""


class Fork:
    """A fork of the template, in the shape of subprocess.Popen as far as Jupyter needs it."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int, channel: Channel, early: Sequence[Message] = ()) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._channel = channel
        self._pidfd: int | None = None
        self._waiting = list(early)
        self._over = False
        # A fork that is gone already was reaped, and its exit code is on the way.
        with contextlib.suppress(ProcessLookupError):
            self._pidfd = os.pidfd_open(pid)

    def fileno(self) -> int:
        """The channel's descriptor."""
        return self._channel.fileno()

    def receive(self, timeout: float | None = None) -> Message | None:
        """The next message that is not the exit code."""
        if self._waiting:
            return self._waiting.pop(0)
        if self._over:
            raise EOFError
        message = self._channel.receive(timeout)
        if message is not None and "exit" in message:
            self.returncode, self._over = message["exit"], True
            raise EOFError
        return message

    def poll(self) -> int | None:
        """The exit code, or None while it runs."""
        while self.returncode is None:
            try:
                message = self._channel.receive(0)
            except (EOFError, OSError):
                return self._poll_without_template()
            if message is None:
                return None
            if "exit" in message:
                self.returncode, self._over = message["exit"], True
            else:
                self._waiting.append(message)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """The exit code, when it has ended; subprocess.TimeoutExpired when it has not in time."""
        until = None if timeout is None else time.monotonic() + timeout
        while (code := self.poll()) is None:
            if until is not None and time.monotonic() > until:
                raise subprocess.TimeoutExpired(f"fork {self.pid}", timeout or 0.0)
            time.sleep(0.01)
        self.close()
        return code

    def send_signal(self, number: int) -> None:
        """Send a signal to the fork alone."""
        if self.poll() is None and self._pidfd is not None:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._pidfd, number)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def end(self, *, mark: str = "", grace: float = 0.0) -> None:
        """Let go of it; kill it with all it started unless it ends well in `grace` seconds.

        One that ended well has seen to its own family.
        """
        if grace:
            with contextlib.suppress(EOFError, OSError):
                self.receive(grace)
        code = self.poll()
        if code is None:
            family.end_family(self.pid, mark=mark, itself=True)
        elif code != 0:
            _end_marked(mark)
        self.close()

    def close(self) -> None:
        """Hang up."""
        self._channel.close()
        if self._pidfd is not None:
            os.close(self._pidfd)
            self._pidfd = None

    def _poll_without_template(self) -> int | None:
        if self._pidfd is not None and not ready(self._pidfd, 0):
            return None
        self.returncode = GONE
        return GONE


class Cold:
    """A process started from nothing that answers one call as a fork would."""

    def __init__(self, request: Message) -> None:
        ours, theirs = socket.socketpair()
        command = [sys.executable, "-m", "ncc_kernel.warm.cold", str(theirs.fileno())]
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603  # our own interpreter and module
                command,
                env=request["env"],
                cwd=request["cwd"],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        self.pid = self._process.pid
        self._channel = Channel(ours)
        self._channel.send(request)

    def fileno(self) -> int:
        """The channel's descriptor."""
        return self._channel.fileno()

    def receive(self, timeout: float | None = None) -> Message | None:
        """The next message."""
        return self._channel.receive(timeout)

    def poll(self) -> int | None:
        """The exit code, or None while it runs."""
        return self._process.poll()

    def end(self, *, mark: str = "", grace: float = 0.0) -> None:
        """Let go of it; kill it with all it started unless it ends well in `grace` seconds."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(grace)
        if self.poll() is None:
            family.end_family(self.pid, mark=mark, itself=True)
        if self._process.wait() != 0:
            _end_marked(mark)
        self._channel.close()


def call(
    function: str,
    arguments: Mapping[str, Any],
    *,
    environ: Mapping[str, str],
    cwd: Path,
    cold: Callable[[str], None],
) -> Process:
    """A process of its own that calls `module:function`; its value comes as {"value": …}.

    Warm when it can be; `cold` is told why when it cannot.
    """
    request = {
        "do": "call",
        "call": function,
        "arguments": dict(arguments),
        "env": dict(environ),
        "cwd": str(cwd),
    }
    try:
        return fork(request, environ=environ)
    except NoTemplate as reason:
        cold(str(reason))
        return Cold(request)


def fork(request: Message, *, environ: Mapping[str, str], fds: Sequence[int] = ()) -> Fork:
    """A fork that does what is asked, or NoTemplate with the reason."""
    place = find_place(environ)
    for _attempt in range(3):
        channel = _connect(place) or _start(place, environ)
        try:
            channel.send(request, fds=fds)
            reply, early = _reply(channel)
        except (EOFError, OSError):
            reply, early = {"retired": "the template went away"}, []
        if reply is not None and "pid" in reply:
            return Fork(reply["pid"], channel, early)
        channel.close()
        if reply is None or "refused" in reply:
            raise NoTemplate(str((reply or {}).get("refused", "the template does not answer")))
    raise NoTemplate(f"templates do not stay; see {place.log}")


def tell(what: str, environ: Mapping[str, str]) -> Message | None:
    """The status of the running template ("status", or "stop" to end it too); None without one."""
    channel = _connect(find_place(environ))
    if channel is None:
        return None
    try:
        channel.send({"do": what})
        return channel.receive(START_SECONDS)
    except (EOFError, OSError):
        return None
    finally:
        channel.close()


def _connect(place: Place) -> Channel | None:
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        sock.connect(str(place.socket))
    except OSError:
        sock.close()
        return None
    if not is_ours(sock):
        sock.close()
        raise NoTemplate(f"{place.socket} is somebody else's")
    return Channel(sock)


def _start(place: Place, environ: Mapping[str, str]) -> Channel:
    """Start a template and connect to it; only one of many who try at once does."""
    with place.lock.open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if channel := _connect(place):
            return channel
        with place.log.open("ab") as log:
            started = subprocess.run(  # noqa: S603  # our own interpreter and module
                [
                    *(sys.executable, "-m", "ncc_kernel.warm.template"),
                    *(str(place.folder), place.key, environ.get("NCC_WARM_IDLE") or IDLE_SECONDS),
                ],
                env=_lasting(environ),
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                check=False,
            )
        channel = _connect(place) if started.returncode == 0 else None
    if channel is None:
        raise NoTemplate(f"the template did not start; see {place.log}")
    return channel


def _reply(channel: Channel) -> tuple[Message | None, list[Message]]:
    """What the template answers, and what a fork that was quicker has said before."""
    early: list[Message] = []
    while (message := channel.receive(START_SECONDS)) is not None:
        if not {"pid", "retired", "refused"}.isdisjoint(message):
            break
        early.append(message)
    return message, early


_LASTING = ("PYTHON", "LC_", "XDG_", "JUPYTER", "IPYTHON", "OPENBLAS")
_LASTING_NAMES = ("PATH", "HOME", "USER", "LANG", "TMPDIR", "LD_LIBRARY_PATH")


def _lasting(environ: Mapping[str, str]) -> dict[str, str]:
    """What a template keeps: nothing that belongs to one client, such as a run's mark or a secret."""
    return {
        name: value
        for name, value in environ.items()
        if name in _LASTING_NAMES or name.startswith(_LASTING)
    }


def _end_marked(mark: str) -> None:
    for pid in family.marked(mark):
        family.kill(pid, signal.SIGKILL)
