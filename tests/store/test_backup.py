"""A backup holds all that the teams gave; restored, it is the same store on either database."""

import hashlib
import json
import shutil
import sqlite3
import threading
import uuid
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from ncc_kernel.errors import NccError, StoreFault, StoreVersion, Unreadable
from ncc_kernel.model.account import Account
from ncc_kernel.model.backup import Manifest
from ncc_kernel.model.revision import Draft
from ncc_kernel.store.accounts import Accounts
from ncc_kernel.store.archive import open_archive
from ncc_kernel.store.backup import make_backup
from ncc_kernel.store.engine import make_engine, parse_url
from ncc_kernel.store.evidence import Evidence
from ncc_kernel.store.kept_copy import open_kept_copy
from ncc_kernel.store.log import Store
from ncc_kernel.store.restore import restore
from ncc_kernel.store.schema import MAP_ROWS, account, current, revision

NOW = datetime(2024, 5, 6, 12, 0, tzinfo=UTC)
TABLES = (revision, current, account, *MAP_ROWS)
PDF = b"%PDF-1.4 Illustrative data"


def silent(_what: str, _done: int, _of: int) -> None:
    """Nobody looks."""


def fill(url: str, evidence: Path) -> None:
    """Entries changed and withdrawn, links before their ends, an account with a password, a file."""

    def agent(key: str, base: int | None = None, **said: Any) -> Draft:
        payload = {"name": f"Agent {key}", "source": "Illustrative data"} | said
        return Draft("PT", "-", "agent", key, base, payload)

    with Store(url) as store:
        link = {"agent": "a:1", "target": "a:2", "target_kind": "agent", "kind": "partners"}
        drafts = [agent("a:1"), agent("a:2"), Draft("PT", "-", "link", "l:1", None, link)]
        first = store.append(drafts, author="José", at=NOW).written
        store.append([agent("a:1", first[0].seq, type="university")], author="ana", at=NOW)
        store.append([Draft("PT", "-", "agent", "a:2", first[1].seq, None)], author="ana", at=NOW)
        files = Evidence(evidence, store, "PT", "2024-1")
        files.add("D1.1", "law \N{PILE OF POO}.pdf", PDF, author="ana", at=NOW)
    with Accounts(url) as accounts:
        accounts.add(Account("ana", "editor", "PT"), password="a long pass phrase")
        accounts.add(Account("rui", "coordinator", None), password=None)
        ana = accounts.check_password("ana", "a long pass phrase", at=NOW)
        accounts.open_session(ana, at=NOW, token="t" * 32)


def rows(url: str, schema: str | None = None) -> list[list[tuple[Any, ...]]]:
    engine = make_engine(parse_url(url)).execution_options(schema_translate_map={None: schema})
    with engine.connect() as connection:
        found = [sorted(map(repr, connection.execute(sa.select(one)))) for one in TABLES]
    engine.dispose()
    return found  # type: ignore[return-value]


def back_up(url: str, evidence: Path, target: Path) -> Manifest:
    with Store(url) as store:
        return make_backup(store, evidence, target, at=NOW, tell=silent)


def put(file: Path, url: str, evidence: Path, *, force: bool = False) -> str:
    with open_archive(file) as source:
        return restore(source, url, evidence, force=force, tell=silent)


@pytest.fixture
def evidence(tmp_path: Path) -> Path:
    return tmp_path / "evidence"


@pytest.fixture
def filled(store_url: str, evidence: Path) -> str:
    """A store with something of everything, once on each database."""
    fill(store_url, evidence)
    return store_url


@pytest.fixture(scope="module")
def made_once(tmp_path_factory: pytest.TempPathFactory, empty_file: Path) -> Path:
    """A backup of a SQLite store with something of everything, to be copied."""
    folder = tmp_path_factory.mktemp("backup")
    url = f"sqlite:///{shutil.copy(empty_file, folder / 'source.sqlite')}"
    fill(url, folder / "evidence")
    back_up(url, folder / "evidence", folder / "kept.zip")
    return folder / "kept.zip"


@pytest.fixture
def kept(tmp_path: Path, made_once: Path) -> Path:
    """A backup of a SQLite store with something of everything."""
    return Path(shutil.copy(made_once, tmp_path / "kept.zip"))


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A place where no store is yet, once on each database."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'new' / 'ncc.sqlite'}"
        return
    server = sa.make_url(request.getfixturevalue("postgresql")).set(drivername="postgresql+psycopg")
    name = f"r{uuid.uuid4().hex[:12]}"
    admin = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    yield server.set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    admin.dispose()


def test_a_restored_store_is_the_same_from_either_database_to_either(
    filled: str, empty_url: str, evidence: Path, tmp_path: Path
) -> None:
    made = back_up(filled, evidence, tmp_path / "kept.zip")

    aside = put(tmp_path / "kept.zip", empty_url, tmp_path / "new evidence")

    assert aside == ""
    assert rows(empty_url) == rows(filled)
    assert (made.rows("accounts.jsonl"), len(made.files), made.missing) == (2, 1, ())
    name = hashlib.sha256(PDF).hexdigest()
    assert (tmp_path / "new evidence" / "PT" / name).read_bytes() == PDF
    with Accounts(empty_url) as accounts:
        known = accounts.check_password("ana", "a long pass phrase", at=NOW)
        assert known == Account("ana", "editor", "PT")
        assert accounts.session("t" * 32, at=NOW) is None
    with Store(empty_url) as store, Store(filled) as before:
        assert store.changes(0) == before.changes(0)
        last = store.last_seq()
        some = Draft("PT", "-", "agent", "a:3", None, {"name": "C", "source": "Ours"})
        assert [one.seq for one in store.append([some], author="t", at=NOW).written] == [last + 1]
        with pytest.raises(sa.exc.DBAPIError, match="append-only"), store.engine.begin() as raw:
            raw.exec_driver_sql("DELETE FROM revision")


def test_only_its_owner_may_read_a_backup(made_once: Path) -> None:
    assert made_once.stat().st_mode & 0o777 == 0o600


def test_a_backup_while_others_write_is_one_moment(
    filled: str, evidence: Path, tmp_path: Path
) -> None:
    begun, stop = threading.Event(), threading.Event()

    def write() -> None:
        with Store(filled) as store:
            number = 0
            while not stop.is_set():
                some = {"name": "P", "source": "Ours"}
                pair = [f"p:{number}:{half}" for half in range(2)]
                drafts = [Draft("PT", "-", "agent", key, None, some) for key in pair]
                store.append(drafts, author="t", at=NOW)
                number += 1
                begun.set()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        assert begun.wait(30)
        for number in range(3):
            back_up(filled, evidence, tmp_path / f"{number}.zip")
    finally:
        stop.set()
        writer.join()

    for number in range(3):
        with open_archive(tmp_path / f"{number}.zip") as archive:
            keys = [one.key for one in archive.revisions() if one.key.startswith("p:")]
            assert len(keys) > 0
            assert len(keys) % 2 == 0


def test_a_file_of_evidence_that_is_gone_or_another_is_said_to_miss(
    filled: str, evidence: Path, tmp_path: Path
) -> None:
    name = hashlib.sha256(PDF).hexdigest()
    (evidence / "PT" / name).write_bytes(b"something else")

    made = back_up(filled, evidence, tmp_path / "kept.zip")

    assert made.missing == (f"evidence/PT/{name}",)
    with open_archive(tmp_path / "kept.zip") as archive:
        assert list(archive.files()) == []


def test_a_store_that_stands_is_replaced_only_when_asked_and_kept(
    kept: Path, filled: str, evidence: Path, tmp_path: Path
) -> None:
    before = rows(filled)
    with pytest.raises(StoreFault, match="There is a store already"):
        put(kept, filled, evidence)
    assert rows(filled) == before

    aside = put(kept, filled, evidence, force=True)
    again = put(kept, filled, evidence, force=True)

    assert aside != again
    if filled.startswith("sqlite"):
        assert aside == f"{tmp_path / 'ncc.sqlite'}.before-restore"
        assert rows(f"sqlite:///{aside}") == before
    else:
        assert aside == "the schema before_restore_1 of the same database"
        assert rows(filled, "before_restore_1") == before
    with open_archive(kept) as archive:
        assert [one.seq for one in archive.revisions()] == _seqs(filled)


def _seqs(url: str) -> list[int]:
    with Store(url) as store:
        return [one.seq for one in store.changes(0)]


def test_a_store_in_use_is_not_replaced(kept: Path, lite: Store, tmp_path: Path) -> None:
    assert lite.last_seq() == 1  # its connection stays open, as the server's does

    with pytest.raises(StoreFault, match="is in use"):
        put(kept, f"sqlite:///{tmp_path / 'lite.sqlite'}", tmp_path / "evidence", force=True)

    assert lite.last_seq() == 1
    assert [path.name for path in tmp_path.iterdir() if "restore" in path.name] == []


def test_a_damaged_store_gives_way_and_is_kept_as_it_is(kept: Path, tmp_path: Path) -> None:
    (tmp_path / "ncc.sqlite").write_bytes(b"no database any more")

    aside = put(kept, f"sqlite:///{tmp_path / 'ncc.sqlite'}", tmp_path / "e", force=True)

    assert Path(aside).read_bytes() == b"no database any more"
    assert len(_seqs(f"sqlite:///{tmp_path / 'ncc.sqlite'}")) == 7


def test_what_a_restore_left_aside_can_be_restored_itself(
    kept: Path, lite: Store, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path / 'lite.sqlite'}"
    lite.close()
    before = rows(url)
    aside = put(kept, url, tmp_path / "evidence", force=True)

    with open_kept_copy(Path(aside)) as source:
        restore(source, url, tmp_path / "evidence", force=True, tell=silent)

    assert rows(url) == before


def test_a_copy_of_the_first_release_is_restored_at_this_one(tmp_path: Path, kept: Path) -> None:
    put(kept, f"sqlite:///{tmp_path / 'old.sqlite'}", tmp_path / "e")
    with sqlite3.connect(tmp_path / "old.sqlite") as raw:
        for table in ("account", "session", "sign_in_link", "sign_in_failure"):
            raw.execute(f"DROP TABLE {table}")
        for table in ("map_key", "map_entry", "map_tag", "map_link"):
            raw.execute(f"DROP TABLE {table}")
        raw.execute("UPDATE alembic_version SET version_num = '0001'")
    raw.close()

    with open_kept_copy(tmp_path / "old.sqlite") as source:
        restore(source, f"sqlite:///{tmp_path / 'a.sqlite'}", tmp_path, force=False, tell=silent)

    found = rows(f"sqlite:///{tmp_path / 'a.sqlite'}")
    assert [len(table) for table in found] == [7, 5, 0, 2, 1, 0, 1]


def test_a_backup_takes_the_place_of_an_older_one_of_the_same_store_and_of_nothing_else(
    lite: Store, kept: Path, tmp_path: Path
) -> None:
    target = tmp_path / "lite.zip"
    for _ in range(2):
        make_backup(lite, tmp_path, target, at=NOW, tell=silent)
    payload = {"store": "another", "illustrative": False}
    lite.append([Draft("EU", "-", "origin", "store", 1, payload)], author="t", at=NOW)

    for other in (kept, target):
        before = other.read_bytes()
        with pytest.raises(StoreFault, match="no backup of this store"):
            make_backup(lite, tmp_path, other, at=NOW, tell=silent)
        assert other.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def repacked(kept: Path, change: Callable[[dict[str, bytes]], None], *, honest: bool) -> Path:
    """The backup with its parts changed; an honest one has the digests of what it holds."""
    with zipfile.ZipFile(kept) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    change(parts)
    if honest:
        told = json.loads(parts["manifest.json"])
        for part in told["parts"]:
            content = parts[part["name"]]
            part |= {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        parts["manifest.json"] = json.dumps(told).encode()
    target = kept.with_name("changed.zip")
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return target


def told(**said: Any) -> Callable[[dict[str, bytes]], None]:
    def change(parts: dict[str, bytes]) -> None:
        parts["manifest.json"] = json.dumps(json.loads(parts["manifest.json"]) | said).encode()

    return change


def swapped(part: str, old: bytes, new: bytes) -> Callable[[dict[str, bytes]], None]:
    def change(parts: dict[str, bytes]) -> None:
        assert old in parts[part]
        parts[part] = parts[part].replace(old, new, 1)

    return change


def outside(parts: dict[str, bytes]) -> None:
    parts["../../../escaped"] = b"x"


def led_outside(parts: dict[str, bytes]) -> None:
    parts["evidence/../../escaped"] = b"x"
    manifest = json.loads(parts["manifest.json"])
    manifest["parts"].append({"name": "evidence/../../escaped", "size": 1, "sha256": "0" * 64})
    parts["manifest.json"] = json.dumps(manifest).encode()


def without(part: str) -> Callable[[dict[str, bytes]], None]:
    def change(parts: dict[str, bytes]) -> None:
        del parts[part]

    return change


R = "revisions.jsonl"
BAD: dict[str, tuple[Callable[[dict[str, bytes]], None], bool, type[NccError], str]] = {
    "a newer format": (told(version=2), False, StoreVersion, "newer release"),
    "newer tables": (told(tables="9999"), False, StoreVersion, "newer release"),
    "another program's": (told(format="other"), False, Unreadable, "no backup of ours"),
    "no manifest": (without("manifest.json"), False, Unreadable, "no backup of ours"),
    "no accounts": (without("accounts.jsonl"), False, Unreadable, "its parts are not those"),
    "a letter changed": (swapped(R, b"Agent a:1", b"Agent a:9"), False, Unreadable, "what it was"),
    "a seq twice": (swapped(R, b'"seq":3,', b'"seq":2,'), True, Unreadable, "out of order at 2"),
    "a kind unknown": (swapped(R, b'"link"', b'"lonk"'), True, Unreadable, "knows no entries"),
    "a row that is none": (swapped(R, b'{"seq":2', b'["seq":2'), True, Unreadable, "line 2"),
    "a role unknown": (swapped("accounts.jsonl", b'"editor"', b'"king"'), True, Unreadable, "role"),
    "another origin": (told(store="x"), False, Unreadable, "its revisions are not those"),
    "a path outside": (outside, False, Unreadable, "its parts are not those"),
    "a path outside that it names": (led_outside, False, Unreadable, "manifest, parts"),
}  # fmt: skip


@pytest.mark.parametrize(("change", "honest", "fault", "said"), BAD.values(), ids=BAD)
def test_a_bad_backup_is_a_sentence_and_changes_nothing(
    kept: Path,
    tmp_path: Path,
    change: Callable[[dict[str, bytes]], None],
    honest: bool,  # noqa: FBT001  # a column of the table
    fault: type[NccError],
    said: str,
) -> None:
    bad = repacked(kept, change, honest=honest)
    before = sorted(tmp_path.rglob("*"))

    with pytest.raises(fault, match=said):
        put(bad, f"sqlite:///{tmp_path / 'new' / 'ncc.sqlite'}", tmp_path / "e", force=True)

    assert sorted(tmp_path.rglob("*")) == before


def test_a_backup_cut_off_anywhere_is_a_sentence(kept: Path, tmp_path: Path) -> None:
    whole = kept.read_bytes()

    for length in range(0, len(whole), max(1, len(whole) // 20)):
        (tmp_path / "cut.zip").write_bytes(whole[:length])
        with pytest.raises(Unreadable, match=r"cut\.zip is no backup, or not a whole one"):
            put(tmp_path / "cut.zip", f"sqlite:///{tmp_path / 'n.sqlite'}", tmp_path / "e")
    assert not (tmp_path / "n.sqlite").exists()


def test_a_backup_with_any_byte_turned_is_a_sentence_or_the_same(
    kept: Path, tmp_path: Path
) -> None:
    whole, turned = kept.read_bytes(), tmp_path / "turned.zip"
    right = read(kept)
    seen: set[bool] = set()

    for place in range(0, len(whole), max(1, len(whole) // 60)):
        turned.write_bytes(whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :])
        found = read(turned)
        assert found == right or "turned.zip" in found
        seen.add(found == right)

    assert False in seen


def read(backup: Path) -> str:
    """Its revisions, or the sentence that says why there are none; any other fault is a fault."""
    try:
        with open_archive(backup) as archive:
            return "\n".join(map(repr, archive.revisions()))
    except (Unreadable, StoreVersion) as fault:
        return fault.what


def test_a_little_file_that_unpacks_to_a_huge_one_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        with packed.open("revisions.jsonl", "w", force_zip64=True) as part:
            for _ in range(200):
                part.write(bytes(1024 * 1024))
        packed.writestr("manifest.json", "{}")

    with pytest.raises(Unreadable, match="unpacks to more"):
        put(tmp_path / "bomb.zip", f"sqlite:///{tmp_path / 'n.sqlite'}", tmp_path / "e")
