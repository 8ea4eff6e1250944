"""`ncc backup` and `ncc restore`: sentences, exit codes, and pages that stay the same."""

import sqlite3
from pathlib import Path

import pytest

from ncc_kernel.model.revision import Draft
from tests.conftest import NOW, TestHome

PAGE = ("--country", "MT", "--workbook", "00_programme")


def new_home(tmp_path: Path) -> TestHome:
    made = TestHome(tmp_path / "new")
    made.root.mkdir()
    return made


def test_on_a_clean_machine_the_same_pages_come_of_a_backup(home: TestHome, tmp_path: Path) -> None:
    home.ncc("run", *PAGE)
    clean = new_home(tmp_path)

    made = home.ncc("backup", tmp_path / "kept.zip")
    done = clean.ncc("restore", tmp_path / "kept.zip")

    assert (made.code, made.err, done.code, done.err) == (0, "", 0, "")
    with home.store() as before, clean.store() as after:
        assert f"revisions up to {before.last_seq()}, 0 accounts, 0 files" in made.out
        assert after.changes(0) == before.changes(0)
    clean.ncc("run", *PAGE)
    page = Path("MT", "00_programme.html")
    assert (clean.reports() / page).read_bytes() == (home.reports() / page).read_bytes()


def test_a_store_that_stands_stays_unless_forced_and_is_kept(
    home: TestHome, tmp_path: Path
) -> None:
    home.ncc("backup", tmp_path / "kept.zip")
    with home.store() as store:
        said = Draft("PT", "-", "agent", "later", None, {"name": "Later", "source": "Ours"})
        [later] = store.append([said], author="t", at=NOW).written

    refused = home.ncc("restore", tmp_path / "kept.zip")
    with home.store() as store:
        assert store.last_seq() == later.seq
    forced = home.ncc("restore", tmp_path / "kept.zip", "--force")

    assert refused.code == 2
    assert "There is a store already" in refused.err
    assert "--force" in refused.err
    aside = home.root / "data" / "store" / "ncc.sqlite.before-restore"
    assert forced.code == 0
    assert f"kept in {aside}" in forced.out
    with home.store() as store:
        assert store.last_seq() == later.seq - 1
    back = home.ncc("restore", aside, "--force")
    assert back.code == 0
    with home.store() as store:
        assert store.last_seq() == later.seq


def test_the_copy_that_migrate_keeps_can_be_restored(home: TestHome, tmp_path: Path) -> None:
    home.ncc("migrate")
    copy = home.root / "data" / "store" / "ncc.sqlite.before-migrate"
    clean = new_home(tmp_path)

    done = clean.ncc("restore", copy)

    assert (done.code, done.err) == (0, "")
    assert copy.stat().st_mode & 0o777 == 0o600
    with home.store() as before, clean.store() as after:
        assert after.changes(0) == before.changes(0)
        assert after.current() == before.current()


BAD = {
    "none": ("There is no file", "ncc backup"),
    "text": ("is no backup, or not a whole one", "use another"),
    "short": ("is no backup, or not a whole one", "use another"),
    "another database": ("is no store of ours", "kept copy"),
}


@pytest.mark.parametrize("what", BAD)
def test_what_is_no_backup_is_said_in_a_sentence_and_changes_nothing(
    what: str, home: TestHome, tmp_path: Path
) -> None:
    file = tmp_path / "given"
    if what == "text":
        file.write_text("This is no backup.")
    if what == "short":
        home.ncc("backup", file)
        file.write_bytes(file.read_bytes()[:-100])
    if what == "another database":
        with sqlite3.connect(file) as raw:
            raw.execute("CREATE TABLE other (x)")
        raw.close()
    clean = new_home(tmp_path)

    done = clean.ncc("restore", file, "--force")

    assert done.code == 2
    for said in BAD[what]:
        assert said in done.err
    assert "Traceback" not in done.err
    assert list(clean.root.iterdir()) == []


def test_a_backup_says_what_it_cannot_do(home: TestHome, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("precious")

    over = home.ncc("backup", tmp_path / "mine.txt")
    nowhere = home.ncc("backup", tmp_path / "none" / "kept.zip")
    without = new_home(tmp_path).ncc("backup", tmp_path / "kept.zip")

    assert [one.code for one in (over, nowhere, without)] == [2, 2, 2]
    assert "no backup of this store" in over.err
    assert (tmp_path / "mine.txt").read_text() == "precious"
    assert f"{tmp_path / 'none'}" in nowhere.err
    assert "There is no store at" in without.err
    assert not (tmp_path / "kept.zip").exists()
