"""A chart's specification becomes SVG: by vl-convert, here or in a process that is warm already.

vl-convert takes half a second to start in each process that uses it, and must not be started in
one that forks. A fork of the warm tower therefore finds the address of a drawing service in its
environment; where there is none, or it does not answer, the picture is drawn here, the same.

The service keeps what it has drawn, by the digest of the whole specification, data included: a brief
shows the pictures of the workbooks again, and a run after one change mostly what the last one did.
"""

import contextlib
import hashlib
import os
import socket
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path

import vl_convert

ADDRESS = "NCC_WARM_DRAW"

MOST = 1500
"""Drawings that are kept: those of a run of all pages and more, some 50 MB."""


_blank = False


@contextlib.contextmanager
def blank() -> Iterator[None]:
    """While this is held every picture is blank: vl-convert must not start in one that forks."""
    global _blank  # noqa: PLW0603  # it is about the process, as vl-convert is
    _blank = True
    try:
        yield
    finally:
        _blank = False


def draw(specification: str) -> str:
    """The SVG of a Vega-Lite specification (JSON); the same specification gives the same bytes."""
    if _blank:
        return '<svg viewBox="0 0 1 1"></svg>'
    address = os.environ.get(ADDRESS)
    if address:
        with contextlib.suppress(OSError, EOFError):
            return _ask(address, specification)
    return _draw(specification)


def _draw(specification: str) -> str:
    drawn: str = vl_convert.vegalite_to_svg(specification)
    return drawn


def _ask(address: str, specification: str) -> str:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as sock:
        sock.connect(address)
        with Connection(sock.detach()) as line:
            line.send_bytes(specification.encode())
            status, _, text = line.recv_bytes().decode().partition(" ")
    if status != "ok":
        raise ValueError(text)
    return text


def serve(listener: socket.socket, folder: Path) -> None:
    """Draw for whoever connects, one after another; never returns. Drawings are kept in the folder."""
    drawings = Drawings(folder)
    while True:
        caller, _address = listener.accept()
        with contextlib.suppress(OSError, EOFError), Connection(caller.detach()) as line:
            line.send_bytes(_answer(line.recv_bytes(), drawings))


def _answer(specification: bytes, drawings: "Drawings") -> bytes:
    kept = drawings.find(specification)
    if kept is None:
        try:
            kept = _draw(specification.decode()).encode()
        except ValueError as fault:
            return f"failed {fault}".encode()
        drawings.keep(specification, kept)
    return b"ok " + kept


class Drawings:
    """What was drawn, in a folder that several processes share; the oldest go when there are many."""

    def __init__(self, folder: Path, *, most: int = MOST) -> None:
        self._folder = folder
        self._most = most
        self._room = most // 8

    def find(self, specification: bytes) -> bytes | None:
        """The drawing of just this specification, if it is kept."""
        try:
            return self._place(specification).read_bytes()
        except OSError:
            return None

    def keep(self, specification: bytes, drawing: bytes) -> None:
        """Keep it; where that cannot be done it is drawn again the next time."""
        place = self._place(specification)
        aside = place.with_suffix(f".{os.getpid()}")
        with contextlib.suppress(OSError):
            aside.write_bytes(drawing)
            aside.rename(place)
            self._room -= 1
            if self._room <= 0:
                self._make_room()

    def _make_room(self) -> None:
        self._room = self._most // 8
        kept = sorted(self._folder.glob("*.svg"), key=lambda one: one.stat().st_mtime_ns)
        for one in kept[: max(0, len(kept) - self._most + self._room)]:
            one.unlink(missing_ok=True)

    def _place(self, specification: bytes) -> Path:
        return self._folder / f"{hashlib.sha256(specification).hexdigest()}.svg"
