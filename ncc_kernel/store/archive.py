"""Read a backup: it is checked whole before anybody gets a row of it.

What comes may be cut off, changed, made by a newer release, no backup at all, or made to do harm:
a name that leads elsewhere, or a little file that unpacks to a huge one. Nothing is ever unpacked
by the name that stands in the archive: parts are read by the names that the manifest may hold.
"""

import hashlib
import json
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from ncc_kernel.errors import StoreVersion, Unreadable
from ncc_kernel.model.account import folded
from ncc_kernel.model.backup import (
    ACCOUNTS,
    EVIDENCE,
    FORMAT,
    REVISIONS,
    VERSION,
    KeptAccount,
    Manifest,
    Part,
    Recorded,
)
from ncc_kernel.model.evidence import LARGEST
from ncc_kernel.store.schema import HEAD

MANIFEST = "manifest.json"

LONGEST = 16 * 1024 * 1024
"""Bytes of one line, and of the manifest."""

SPARSE = 100 * 1024 * 1024
DENSEST = 200
"""A file may unpack to so many bytes, or to so many times itself; rows come to about a tenth."""

K = TypeVar("K", Recorded, KeptAccount)


@dataclass(frozen=True, slots=True)
class Archive:
    """A backup that is open and has been checked."""

    name: str
    manifest: Manifest
    _packed: zipfile.ZipFile

    def revisions(self) -> Iterator[Recorded]:
        """The rows of the record, in its order."""
        return self._rows(REVISIONS, Recorded)

    def accounts(self) -> Iterator[KeptAccount]:
        """Who may sign in."""
        return self._rows(ACCOUNTS, KeptAccount)

    def files(self) -> Iterator[tuple[str, bytes]]:
        """The files of evidence: where each belongs below their folder, and its content."""
        for part in self.manifest.files:
            with _plainly(self.name):
                content = self._packed.read(part.name)
            yield part.name.removeprefix(EVIDENCE), content

    def __len__(self) -> int:
        return self.manifest.rows(REVISIONS)

    def check(self, tell: Callable[[str, int, int], None]) -> None:
        """Raise unless every part is what the manifest says, and they fit each other."""
        held = {part.name: part for part in self.manifest.parts}
        names = [entry.filename for entry in self._packed.infolist()]
        if sorted(names) != sorted([MANIFEST, *(part.name for part in self.manifest.parts)]):
            raise _damaged(self.name, "its parts are not those that it names")
        if not {REVISIONS, ACCOUNTS} <= set(held):
            raise _damaged(self.name, "a part of it is missing")
        for part in self.manifest.parts:
            self._check_part(part)
        named = self._check_record(tell)
        if named != {part.name for part in self.manifest.files} | set(self.manifest.missing):
            raise _damaged(self.name, "its files are not those that its record names")
        self._check_accounts()

    def _check_part(self, part: Part) -> None:
        size = self._packed.getinfo(part.name).file_size
        digest = hashlib.sha256()
        is_file = part.name.startswith(EVIDENCE)
        if size != part.size or (is_file and size > LARGEST):
            raise _damaged(self.name, f"{part.name} is not as long as it says")
        with _plainly(self.name), self._packed.open(part.name) as content:
            while some := content.read(1024 * 1024):
                digest.update(some)
        if digest.hexdigest() != part.sha256 or (is_file and Path(part.name).name != part.sha256):
            raise _damaged(self.name, f"{part.name} is not what it was")

    def _check_record(self, tell: Callable[[str, int, int], None]) -> set[str]:
        """The files that the record names, when its rows are in order and all there."""
        last, count, store, total = 0, 0, "", self.manifest.rows(REVISIONS)
        named: set[str] = set()
        for one in self.revisions():
            if one.seq <= last or (one.base or 0) >= one.seq:
                raise _damaged(self.name, f"its revisions are out of order at {one.seq}")
            if one.kind in ("evidence", "origin") and one.payload is not None:
                told = json.loads(one.payload)
                if one.kind == "origin":
                    store = str(told.get("store", ""))
                else:
                    named.add(f"{EVIDENCE}{one.country}/{told.get('sha256')}")
            last, count = one.seq, count + 1
            if count % 5_000 == 0:
                tell("Checking", count, total)
        said = self.manifest.last_seq, total, self.manifest.store
        if (last, count, store) != said:
            raise _damaged(self.name, "its revisions are not those that it names")
        return named

    def _check_accounts(self) -> None:
        found = [one.folded for one in self.accounts() if one.folded == folded(one.name)]
        if not len(set(found)) == len(found) == self.manifest.rows(ACCOUNTS):
            raise _damaged(self.name, "its accounts are not those that it names")

    def _rows(self, name: str, of: type[K]) -> Iterator[K]:
        with _plainly(self.name), self._packed.open(name) as part:
            number = 0
            while line := part.readline(LONGEST + 1):
                number += 1
                if not line.endswith(b"\n"):
                    raise _damaged(self.name, f"{name}, line {number}, has no end")
                yield _row(self.name, of, line, f"{name}, line {number}")


def _row(name: str, of: type[K], line: bytes, where: str) -> K:
    try:
        return of.model_validate_json(line)
    except ValidationError as fault:
        first = fault.errors()[0]
        said = f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
        raise _damaged(name, f"{where}, {said}") from None


@contextmanager
def open_archive(
    path: Path, tell: Callable[[str, int, int], None] = lambda _what, _done, _all: None
) -> Iterator[Archive]:
    """The backup at `path`, checked whole; Unreadable or StoreVersion in a sentence."""
    with _plainly(path.name):
        packed = zipfile.ZipFile(path)
    with packed:
        unpacked = sum(entry.file_size for entry in packed.infolist())
        if unpacked > max(SPARSE, DENSEST * path.stat().st_size):
            raise Unreadable(f"{path.name} unpacks to more than a backup does.", _FROM_US)
        found = Archive(path.name, _manifest(path.name, packed), packed)
        found.check(tell)
        yield found


def _manifest(name: str, packed: zipfile.ZipFile) -> Manifest:
    with _plainly(name):
        try:
            entry = packed.getinfo(MANIFEST)
            raw = packed.read(entry) if entry.file_size <= LONGEST else b""
            told: Any = json.loads(raw)
        except (KeyError, ValueError, RecursionError):
            told = None
    if not isinstance(told, dict) or told.get("format") != FORMAT:
        raise Unreadable(f"{name} is no backup of ours.", _FROM_US)
    version, tables = told.get("version"), told.get("tables")
    if not isinstance(version, int) or not isinstance(tables, str):
        raise _damaged(name, "its manifest does not say of which version it is")
    if version > VERSION or tables > HEAD:
        newer = f"{told.get('release')}"[:20]
        raise StoreVersion(
            f"{name} was made by a newer release ({newer}).", "install that release, then restore"
        )
    try:
        return Manifest.model_validate_json(raw)
    except ValidationError as fault:
        first = fault.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise _damaged(name, f"its manifest, {where}: {first['msg']}") from None


_FROM_US = "name a file that ncc backup has made"


def _damaged(name: str, why: str) -> Unreadable:
    return Unreadable(f"{name} is damaged: {why}.", "use another backup")


@contextmanager
def _plainly(name: str) -> Iterator[None]:
    """What reading an archive may meet becomes a sentence."""
    try:
        yield
    except zipfile.BadZipFile:
        raise Unreadable(
            f"{name} is no backup, or not a whole one.", "use another, or copy it again"
        ) from None
    except OSError as fault:  # a place in it that cannot be, too
        why = f"{name} cannot be read: {fault.strerror or fault}."
        raise Unreadable(why, "check your rights and the disk, or use another backup") from None
    except (zlib.error, struct.error, EOFError, ValueError, OverflowError, RuntimeError):
        raise _damaged(name, "it cannot be unpacked") from None
