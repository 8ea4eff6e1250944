"""A chart's specification becomes SVG: by vl-convert, here or in a process that is warm already.

vl-convert takes half a second to start in each process that uses it, and must not be started in
one that forks. A fork of the warm tower therefore finds the address of a drawing service in its
environment; where there is none, or it does not answer, the picture is drawn here, the same.
"""

import contextlib
import os
import socket
from collections.abc import Iterator
from multiprocessing.connection import Connection

import vl_convert

ADDRESS = "NCC_WARM_DRAW"


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


def serve(listener: socket.socket) -> None:
    """Draw for whoever connects, one after another; never returns."""
    while True:
        caller, _address = listener.accept()
        with contextlib.suppress(OSError, EOFError), Connection(caller.detach()) as line:
            line.send_bytes(_answer(line.recv_bytes().decode()))


def _answer(specification: str) -> bytes:
    try:
        return b"ok " + _draw(specification).encode()
    except ValueError as fault:
        return f"failed {fault}".encode()
