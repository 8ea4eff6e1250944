"""Where a template listens: a private folder, one socket for each environment.

Whoever can reach the socket can run code as us, so the folder is ours alone (0700) and both ends
check who the other is.
"""

import hashlib
import os
import socket
import stat
import struct
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


class NoTemplate(Exception):
    """No warm template is to be had here; the text says why. Everything works cold."""


@dataclass(frozen=True, slots=True)
class Place:
    """The files of one environment's template."""

    folder: Path
    key: str

    @property
    def socket(self) -> Path:
        """Where it listens."""
        return self.folder / f"{self.key}.sock"

    @property
    def lock(self) -> Path:
        """Held by whoever starts it."""
        return self.folder / f"{self.key}.lock"

    @property
    def log(self) -> Path:
        """What it said, and what its forks said before they had a voice of their own."""
        return self.folder / f"{self.key}.log"


def find_place(environ: Mapping[str, str]) -> Place:
    """The place of this interpreter's template, or NoTemplate with the reason."""
    if environ.get("NCC_WARM") == "0":
        raise NoTemplate("NCC_WARM=0")
    if sys.platform != "linux" or not hasattr(os, "pidfd_open"):
        raise NoTemplate(f"forking is not safe or not possible on {sys.platform}")
    return Place(_private_folder(environ), _key(environ))


def _private_folder(environ: Mapping[str, str]) -> Path:
    base = environ.get("NCC_WARM_DIR") or environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir()
    folder = Path(base) / f"ncc-warm-{os.getuid()}"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
    except OSError as fault:
        raise NoTemplate(f"{folder} cannot be made: {fault.strerror}") from None
    private = stat.S_IMODE(found.st_mode) == stat.S_IRWXU
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or not private:
        raise NoTemplate(f"{folder} is not a folder of ours alone (0700)")
    return folder


def _key(environ: Mapping[str, str]) -> str:
    """One for each interpreter, environment and way of starting Python."""
    python = {name: value for name, value in environ.items() if name.startswith("PYTHON")}
    made_of = (sys.executable, sys.version, sys.prefix, sorted(python.items()))
    return hashlib.sha256(repr(made_of).encode()).hexdigest()[:12]


def is_ours(sock: socket.socket) -> bool:
    """Whether the process at the other end belongs to the same user."""
    raw = sock.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    _pid, uid, _gid = struct.unpack("3i", raw)
    return bool(uid == os.getuid())
