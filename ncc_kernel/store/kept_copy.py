"""A SQLite store that was kept aside, by `ncc migrate` or by `ncc restore`, read like a backup.

It may be of an older release: only what every release has is read, so it comes back at this one.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from pydantic import ValidationError

from ncc_kernel.errors import StoreVersion, Unreadable
from ncc_kernel.model.backup import KeptAccount, Recorded
from ncc_kernel.store.schema import HEAD

_BEGINS = b"SQLite format 3\x00"


def is_kept_copy(path: Path) -> bool:
    """Whether it is a file of SQLite."""
    with path.open("rb") as file:
        return file.read(len(_BEGINS)) == _BEGINS


class KeptCopy:
    """A store in a file that nobody has open; it has been checked."""

    def __init__(self, raw: sqlite3.Connection, name: str) -> None:
        self._raw = raw
        self._name = name
        self._raw.row_factory = sqlite3.Row

    def revisions(self) -> Iterator[Recorded]:
        """The rows of the record, in its order."""
        columns = "seq, at, author, country, cycle, kind, key, base, payload"
        for row in self._rows(f"SELECT {columns} FROM revision ORDER BY seq"):  # noqa: S608  # ours
            yield Recorded(**dict(row))

    def accounts(self) -> Iterator[KeptAccount]:
        """Who may sign in; the first release knew nobody."""
        tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'account'"
        if list(self._rows(tables)):
            for row in self._rows("SELECT name, folded, role, country, password FROM account"):
                yield KeptAccount(**dict(row))

    def files(self) -> Iterator[tuple[str, bytes]]:
        """None: files of evidence lie beside a store, where they still are."""
        return iter(())

    def __len__(self) -> int:
        return int(next(self._rows("SELECT count(*) FROM revision"))[0])

    def check(self) -> None:
        """Raise unless it is a whole store of this release or an older one."""
        if [row[0] for row in self._rows("PRAGMA integrity_check")] != ["ok"]:
            raise Unreadable(f"{self._name} is damaged.", "use another backup")
        found = [row[0] for row in self._rows("SELECT version_num FROM alembic_version")]
        if found and found[0] > HEAD:
            raise StoreVersion(
                f"{self._name} was made by a newer release.", "install that release, then restore"
            )
        try:
            last = max((one.seq for one in self.revisions()), default=0)
            list(self.accounts())
        except ValidationError as fault:
            first = fault.errors()[0]
            said = f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
            raise Unreadable(f"{self._name} is damaged: {said}.", "use another backup") from None
        if not last:
            raise Unreadable(f"{self._name} holds no record.", "use another backup")

    def _rows(self, sql: str) -> Iterator[sqlite3.Row]:
        try:
            yield from self._raw.execute(sql)
        except sqlite3.DatabaseError as fault:
            raise Unreadable(
                f"{self._name} is no store of ours: {fault}.", "name a backup, or a kept copy"
            ) from None


@contextmanager
def open_kept_copy(path: Path) -> Iterator[KeptCopy]:
    """The kept store at `path`, checked; Unreadable or StoreVersion in a sentence."""
    if path.with_name(f"{path.name}-wal").exists():
        raise Unreadable(f"{path.name} is a store in use, no copy.", "name a copy, or a backup")
    # It is not written, and nothing is made beside it.
    where = f"file:{quote(str(path.resolve()))}?mode=ro&immutable=1"
    with closing(sqlite3.connect(where, uri=True)) as raw:
        found = KeptCopy(raw, path.name)
        found.check()
        yield found
