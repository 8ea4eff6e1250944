"""Writers killed, disks full, stores locked: what was acknowledged is there, and words say what is."""

import multiprocessing
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from ncc_kernel.errors import NccError, NoStore, StoreFault, StoreVersion
from ncc_kernel.model.revision import Draft
from ncc_kernel.paths import CHECKOUT
from ncc_kernel.store.log import Store
from ncc_kernel.store.migrate import migrate

NOW = datetime(2024, 5, 6, 12, 0, tzinfo=UTC)
NOBODY = 65534


def trio(name: str) -> list[Draft]:
    """Three entries that stand or fall together."""
    payload = {"state": "answered", "level": 3, "comment": "x" * 2000}
    return [Draft("PT", "2024-1", "answer", f"{name}-{n}", None, payload) for n in range(3)]


def write_for_ever(url: str, life: int, acknowledge: Connection) -> None:
    with Store(url) as store:
        for number in range(1_000_000):
            done = store.append(trio(f"{life}-{number}"), author="writer", at=NOW)
            acknowledge.send([one.seq for one in done.written])


def killed_writer(url: str, life: int, seconds: float) -> list[int]:
    """The seqs that a writer was told of before it was killed with no warning."""
    fork = multiprocessing.get_context("fork")
    heard, acknowledge = fork.Pipe(duplex=False)
    writer = fork.Process(target=write_for_ever, args=(url, life, acknowledge))
    writer.start()
    acknowledge.close()
    told: list[int] = list(heard.recv())  # it is at work before the clock starts
    time.sleep(seconds)
    os.kill(writer.pid or 0, signal.SIGKILL)
    writer.join()
    assert writer.exitcode == -signal.SIGKILL
    try:
        while heard.poll(0):
            told += heard.recv()
    except EOFError:
        return told
    return told


def test_killed_writers_lose_nothing_that_was_acknowledged(
    store_url: str,
    long_run: bool,  # noqa: FBT001
) -> None:
    times = 1000 if long_run else 15
    chance = random.Random(7)
    acknowledged: list[int] = []

    for life in range(times):
        acknowledged += killed_writer(store_url, life, chance.uniform(0, 0.08))

    if store_url.startswith("sqlite"):
        assert integrity(Path(sa.make_url(store_url).database or "")) == "ok"
    with Store(store_url) as store:
        there = [one.seq for one in every_change(store) if one.kind == "answer"]
        last = store.append(trio("after"), author="t", at=NOW).written[-1].seq
    assert len(acknowledged) >= 3 * times
    assert set(acknowledged) <= set(there)
    assert len(there) % 3 == 0, "half a transaction is there"
    assert last > max(there)


def every_change(store: Store) -> Iterator[object]:
    since = 0
    while found := store.changes(since):
        yield from found
        since = found[-1].seq


def integrity(file: Path) -> str:
    with sqlite3.connect(file) as raw:
        return str(raw.execute("PRAGMA integrity_check").fetchone()[0])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The file of a SQLite store with three entries."""
    migrate(f"sqlite:///{tmp_path / 'ncc.sqlite'}")
    with Store(f"sqlite:///{tmp_path / 'ncc.sqlite'}") as store:
        store.append(trio("first"), author="t", at=NOW)
    return tmp_path / "ncc.sqlite"


def with_pragma(store: Store, pragma: str) -> Store:
    """The same store, with a setting on each connection from now on."""
    store._engine.dispose()
    event.listen(
        store._engine, "connect", lambda raw, _: raw.execute(f"PRAGMA {pragma}").fetchall()
    )
    return store


def fill(store: Store) -> None:
    for number in range(100):
        store.append(trio(f"more-{number}"), author="t", at=NOW)


def test_a_full_disk_is_told_in_words_and_tears_nothing(file: Path) -> None:
    with Store(f"sqlite:///{file}") as store:
        pages = sqlite3.connect(file).execute("PRAGMA page_count").fetchone()[0]
        with_pragma(store, f"max_page_count={pages + 3}")

        with pytest.raises(StoreFault, match="the disk is full") as fault:
            fill(store)

        assert fault.value.hint == "see: ncc status"
        assert len(store.current("answer")) % 3 == 0
    assert integrity(file) == "ok"


FILL = """
import sys
from datetime import datetime, timezone
from ncc_kernel.errors import StoreFault
from ncc_kernel.model.revision import Draft
from ncc_kernel.store.log import Store
from ncc_kernel.store.migrate import migrate

url = "sqlite:///" + sys.argv[1] + "/ncc.sqlite"
migrate(url)
store = Store(url)
written = 0
payload = {"state": "answered", "level": 3, "comment": "x" * 9000}
try:
    while True:
        draft = Draft("PT", "2024-1", "answer", f"k{written}", None, payload)
        written += len(store.append([draft], author="t", at=datetime.now(timezone.utc)).written)
except StoreFault as fault:
    print(fault.what)
print(written == len(store.current("answer")) > 0)
"""


def test_a_disk_that_is_really_full_keeps_all_that_was_acknowledged(tmp_path: Path) -> None:
    mount = f"mount -t tmpfs -o size=1m none {tmp_path}"
    apart = ["unshare", "--mount", "sh", "-c"]
    if shutil.which("unshare") is None or subprocess.run([*apart, mount], check=False).returncode:
        pytest.skip("a small file system cannot be mounted here: that takes a privileged user")
    script = tmp_path.parent / f"{tmp_path.name}.py"
    script.write_text(FILL)

    done = subprocess.run(
        [*apart, f"{mount} && exec {sys.executable} {script} {tmp_path}"],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        cwd=CHECKOUT,
    )

    assert done.stderr == ""
    assert done.stdout.splitlines() == ["The store cannot be written: the disk is full.", "True"]


def test_a_locked_store_says_that_another_program_writes(file: Path) -> None:
    with sqlite3.connect(file, isolation_level=None) as other, Store(f"sqlite:///{file}") as store:
        with_pragma(store, "busy_timeout=100")
        other.execute("BEGIN IMMEDIATE")

        assert len(store.current("answer")) == 3
        with pytest.raises(StoreFault, match="another program is writing"):
            store.append(trio("more"), author="t", at=NOW)

        other.execute("ROLLBACK")
        assert len(store.append(trio("more"), author="t", at=NOW).written) == 3


def write_as_nobody(file: Path, tell: Connection) -> None:
    if os.geteuid() == 0:
        os.setuid(NOBODY)  # rights on files mean nothing to root
    try:
        with Store(f"sqlite:///{file}") as store:
            store.append(trio("more"), author="t", at=NOW)
        tell.send("written")
    except StoreFault as fault:
        tell.send(fault.what)


@pytest.mark.parametrize("folder_rights", [0o555, 0o777], ids=["folder", "file alone"])
def test_a_read_only_store_is_told_in_words(file: Path, folder_rights: int) -> None:
    fork = multiprocessing.get_context("fork")
    heard, tell = fork.Pipe(duplex=False)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        copy = Path(shutil.copy(file, folder))
        copy.chmod(0o444)
        folder.chmod(folder_rights)
        writer = fork.Process(target=write_as_nobody, args=(copy, tell))
        writer.start()
        writer.join(60)
        folder.chmod(0o755)

        said = "The store cannot be written: its file or folder is read-only."
        assert heard.recv() == said
        assert integrity(copy) == "ok"


def of_version(file: Path, version: str) -> str:
    with sqlite3.connect(file) as raw:
        raw.execute("UPDATE alembic_version SET version_num = ?", [version])
    return f"sqlite:///{file}"


def filled(file: Path, content: bytes) -> str:
    for part in file.parent.glob("ncc.sqlite-*"):
        part.unlink()
    file.write_bytes(content)
    return f"sqlite:///{file}"


def damaged(file: Path) -> str:
    with sqlite3.connect(file) as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    whole = file.read_bytes()
    return filled(file, whole[:100] + b"\xff" * (len(whole) - 100))


BROKEN = {
    "none": (lambda file: f"sqlite:///{file}.elsewhere", NoStore, "no store at", "ncc init"),
    "a folder": (lambda file: f"sqlite:///{file.parent}", NoStore, "no store at", "ncc init"),
    "0 bytes": (lambda file: filled(file, b""), NoStore, "holds no store", "ncc init"),
    "text": (lambda file: filled(file, b"hello " * 999), StoreFault, "not a database", "NCC_STORE"),
    "damaged": (damaged, StoreFault, "damaged", "NCC_STORE"),
    "older": (lambda file: of_version(file, "0000"), StoreVersion, "0000", "ncc migrate"),
    "newer": (lambda file: of_version(file, "9999"), StoreVersion, "9999", "newer release"),
    "no url": (lambda _: "my store", StoreFault, "not a SQLAlchemy URL", "sqlite:///FILE"),
    "mysql": (lambda _: "mysql://u:secret@h/d", StoreFault, "mysql", "SQLite or PostgreSQL"),
    "no server": (
        lambda _: "postgresql://u:secret@127.0.0.1:1/d",
        StoreFault,
        "cannot be used",
        "NCC_STORE",
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_store_that_is_none_is_refused_in_words(file: Path, case: str) -> None:
    make, kind, said, hint = BROKEN[case]

    with pytest.raises(NccError) as fault:
        Store(make(file))

    assert type(fault.value) is kind
    assert said in fault.value.what
    assert hint in fault.value.hint
    assert "\n" not in fault.value.what
    assert "secret" not in str(fault.value)


def test_a_newer_or_older_postgresql_store_is_refused_alike(store_url: str) -> None:
    engine = sa.create_engine(store_url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.begin() as raw:
        raw.exec_driver_sql("UPDATE alembic_version SET version_num = '0000'")
    engine.dispose()

    with pytest.raises(StoreVersion) as fault:
        Store(store_url)

    assert fault.value.hint == "run: ncc migrate"


def test_an_empty_database_holds_no_store(store_url: str) -> None:
    engine = sa.create_engine(store_url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.begin() as raw:
        raw.exec_driver_sql("DROP TABLE alembic_version")
    engine.dispose()

    with pytest.raises(NoStore):
        Store(store_url)
