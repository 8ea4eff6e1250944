"""Make a backup: revisions, accounts and files of evidence in one archive.

Everything is read in one transaction, so it is one moment of the store however long it takes and
whoever writes meanwhile. It is written aside, read again from the disk and checked whole, and
renamed at last: a file of that name is a good backup or it is not there. It holds hashes of
passwords, so only its owner may read it. Sessions and links are left out: they end with a store.
"""

import hashlib
import json
import os
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine, RowMapping

from ncc_kernel import __version__
from ncc_kernel.errors import NccError, StoreFault
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
from ncc_kernel.store.archive import MANIFEST, open_archive
from ncc_kernel.store.engine import in_words
from ncc_kernel.store.log import Store
from ncc_kernel.store.schema import HEAD, account, revision

Tell = Callable[[str, int, int], None]
"""Is told what goes on, how much of it is done, and of how much."""

_AT_ONCE = 5_000


def make_backup(
    store: Store, evidence: Path, target: Path, *, at: datetime, tell: Tell
) -> Manifest:
    """Write the store and its files of evidence to `target`; what it holds."""
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    aside = Path(name)  # 0600, as mkstemp makes it
    try:
        with os.fdopen(descriptor, "wb") as raw:
            with _moment(store.engine) as connection, zipfile.ZipFile(raw, "w") as archive:
                made = _Making(connection, archive, tell).whole(evidence, at)
            raw.flush()
            os.fsync(raw.fileno())
        with open_archive(aside, tell) as again:
            if again.manifest != made:
                raise StoreFault(f"{target} did not come out as it was written.", "try again")
        _may_take_the_place(target, made)
        aside.replace(target)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise
    return made


@contextmanager
def _moment(engine: Engine) -> Iterator[Connection]:
    """A connection for which the store stands still; nobody else waits for it."""
    if engine.dialect.name == "postgresql":
        engine = engine.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )
    with in_words("see: ncc status"), engine.connect() as connection, connection.begin():
        yield connection


def _may_take_the_place(target: Path, made: Manifest) -> None:
    """An older backup of the same store gives way, and nothing else does."""
    if not os.path.lexists(target):
        return
    try:
        with open_archive(target) as old:
            same = old.manifest.store == made.store
    except (NccError, OSError):
        same = False
    if not same:
        raise StoreFault(
            f"There is a file {target} already, and it is no backup of this store.",
            "give another name, or move it away",
        )


class _Making:
    def __init__(self, connection: Connection, archive: zipfile.ZipFile, tell: Tell) -> None:
        self._connection = connection
        self._archive = archive
        self._tell = tell
        self._parts: list[Part] = []
        self._named: dict[str, None] = {}
        self._missing: list[str] = []
        self._store = ""
        self._last = 0

    def whole(self, evidence: Path, at: datetime) -> Manifest:
        """All parts, and last the manifest, which says what they are."""
        self._rows(REVISIONS, revision, revision.c.seq, self._recorded)
        self._rows(ACCOUNTS, account, account.c.folded, KeptAccount)
        for done, name in enumerate(self._named):
            self._tell("Files of evidence", done, len(self._named))
            self._file(name, evidence / name.removeprefix(EVIDENCE))
        manifest = Manifest(
            format=FORMAT,
            version=VERSION,
            release=__version__,
            tables=HEAD,
            made=at,
            store=self._store,
            last_seq=self._last,
            parts=tuple(self._parts),
            missing=tuple(self._missing),
        )
        self._archive.writestr(_entry(MANIFEST), manifest.model_dump_json(indent=1))
        return manifest

    def _recorded(self, **row: Any) -> Recorded:
        """A revision, of which is noted what else must be in the backup for its sake."""
        one = Recorded(**row)
        if one.kind in ("evidence", "origin") and one.payload is not None:
            told = json.loads(one.payload)
            if one.kind == "evidence":
                self._named[f"{EVIDENCE}{one.country}/{told.get('sha256')}"] = None
            else:
                self._store = str(told.get("store", ""))
        self._last = one.seq
        return one

    def _rows(
        self,
        name: str,
        table: sa.Table,
        order: sa.Column[Any],
        kept: Callable[..., Recorded | KeptAccount],
    ) -> None:
        query = sa.select(table).order_by(order)
        total = self._connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
        found = self._connection.execute(query, execution_options={"yield_per": _AT_ONCE})
        self._parts.append(self._written(name, _lines(found.mappings(), kept), total))

    def _written(self, name: str, lines: Iterable[bytes], total: int) -> Part:
        digest, size, rows = hashlib.sha256(), 0, 0
        with self._archive.open(_entry(name), "w", force_zip64=True) as part:
            for line in lines:
                part.write(line)
                digest.update(line)
                size, rows = size + len(line), rows + 1
                if rows % _AT_ONCE == 0:
                    self._tell(f"Writing {name}", rows, total)
        return Part(name=name, size=size, sha256=digest.hexdigest(), rows=rows)

    def _file(self, name: str, path: Path) -> None:
        """The content of a file; one that is not there, or is another by now, is said to miss."""
        content = path.read_bytes() if path.is_file() else b""
        sha256 = hashlib.sha256(content).hexdigest()
        if sha256 != path.name:
            self._missing.append(name)
            return
        # Pictures and documents are packed already.
        self._archive.writestr(_entry(name, zipfile.ZIP_STORED), content)
        self._parts.append(Part(name=name, size=len(content), sha256=sha256))


def _lines(
    rows: Iterable[RowMapping], kept: Callable[..., Recorded | KeptAccount]
) -> Iterator[bytes]:
    for row in rows:
        yield kept(**row).model_dump_json().encode() + b"\n"


def _entry(name: str, packed: int = zipfile.ZIP_DEFLATED) -> zipfile.ZipInfo:
    """An entry without a time of its own."""
    entry = zipfile.ZipInfo(name)
    entry.compress_type = packed
    entry.external_attr = 0o600 << 16
    return entry
