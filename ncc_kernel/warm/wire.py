"""How client, template and forks talk: one JSON object a line over a Unix socket.

The first message may carry file descriptors. A message is read whole or not at all.
"""

import json
import select
import socket
import time
from collections.abc import Sequence
from typing import Any

Message = dict[str, Any]

_CHUNK = 65_536
_MOST_FDS = 3


class Channel:
    """One end of a conversation."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._read = b""
        self.fds: tuple[int, ...] = ()

    def fileno(self) -> int:
        """For select and selectors."""
        return self._sock.fileno()

    def close(self) -> None:
        """Hang up."""
        self._sock.close()

    def send(self, message: Message, *, fds: Sequence[int] = ()) -> None:
        """Send a message; OSError when nobody is there to read it."""
        raw = json.dumps(message).encode() + b"\n"
        sent = socket.send_fds(self._sock, [raw[:_CHUNK]], fds) if fds else 0
        self._sock.sendall(raw[sent:])

    def receive(self, timeout: float | None = None) -> Message | None:
        """The next message, None when none came in `timeout` seconds, EOFError at the end.

        Descriptors that came with it are in `fds`.
        """
        until = None if timeout is None else time.monotonic() + timeout
        while b"\n" not in self._read:
            left = None if until is None else max(0.0, until - time.monotonic())
            if not ready(self._sock, left):
                return None
            self._fill()
        line, _, self._read = self._read.partition(b"\n")
        message: Message = json.loads(line)
        return message

    def _fill(self) -> None:
        try:
            raw, fds, _flags, _address = socket.recv_fds(self._sock, _CHUNK, _MOST_FDS)
        except ConnectionError:
            raw, fds = b"", []
        self.fds += tuple(fds)
        if not raw:
            raise EOFError
        self._read += raw


def ready(one: socket.socket | int, timeout: float | None) -> bool:
    """Whether there is something to read; waits for it at most `timeout` seconds."""
    waiting = select.poll()  # select() cannot do descriptors above 1023, which servers reach
    waiting.register(one, select.POLLIN)
    return bool(waiting.poll(None if timeout is None else timeout * 1000))
