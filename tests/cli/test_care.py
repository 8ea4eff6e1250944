"""The command itself, and the care of the store: sentences and exit codes, never a trace."""

from pathlib import Path

import pytest

import ncc_kernel
from ncc_kernel.store.migrate import migrate
from tests.conftest import Ended, TestHome


def assert_told(done: Ended, said: str, hint: str) -> None:
    """It was misuse, and it was said in a sentence with what to do."""
    assert done.code == 2
    assert said in done.err
    assert hint in done.err
    assert "Traceback" not in done.err


def new_home(tmp_path: Path) -> TestHome:
    return TestHome(tmp_path)


def test_ncc_tells_its_version(tmp_path: Path) -> None:
    done = new_home(tmp_path).ncc("--version")

    assert (done.code, done.out.strip()) == (0, ncc_kernel.__version__)


def test_ncc_alone_tells_its_verbs(tmp_path: Path) -> None:
    done = new_home(tmp_path).ncc()

    assert done.code == 2
    for verb in ("init", "run", "import", "export", "status", "migrate", "lab"):
        assert f" {verb} " in done.out + done.err


def test_a_verb_that_is_none_is_misuse(tmp_path: Path) -> None:
    assert_told(new_home(tmp_path).ncc("rum"), "No such command 'rum'", "--help")


def test_init_makes_a_sample_store_and_never_a_second_one(tmp_path: Path) -> None:
    home = new_home(tmp_path)

    first = home.ncc("init")
    second = home.ncc("init", "--sample")
    third = home.ncc("init", "--if-missing")

    assert first.code == 0
    assert "invented sample data" in first.out
    assert_told(second, "There is a store already", "move it away")
    assert (third.code, third.out, third.err) == (0, "", "")
    with home.store() as store:
        origin = store.current("origin")[0]
        assert len({one.country for one in store.current("answer", cycle="2024-1")}) > 20
    assert origin.payload is not None
    assert origin.payload["illustrative"] is True
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_init_empty_makes_a_store_for_real_use(tmp_path: Path) -> None:
    home = new_home(tmp_path)

    done = home.ncc("init", "--empty")

    assert (done.code, done.out.strip()) == (0, "The store is made, empty.")
    with home.store() as store:
        (origin,) = store.current()
    assert origin.payload is not None
    assert origin.payload["illustrative"] is False


def test_init_finishes_a_store_that_has_a_schema_and_no_origin(tmp_path: Path) -> None:
    home = new_home(tmp_path)
    migrate(home.url)

    done = home.ncc("init", "--empty", "--if-missing")

    assert done.code == 0, done.err
    with home.store() as store:
        assert [one.kind for one in store.current()] == ["origin"]


def test_status_tells_where_the_store_is_and_how_pages_stand(home: TestHome) -> None:
    home.ncc("run", "--country", "MT", "--workbook", "00_programme")

    done = home.ncc("status")

    assert done.code == 0
    assert home.url in done.out
    assert "2024-1: answers from 26 countries" in done.out
    assert "1 made, 0 of them failed" in done.out


def test_migrate_leaves_a_copy_and_a_store_that_holds_the_same(home: TestHome) -> None:
    before = home.ncc("export", "jsonl").out

    done = home.ncc("migrate")

    assert done.code == 0
    assert home.ncc("export", "jsonl").out == before
    copy = home.root / "data" / "store" / "ncc.sqlite.before-migrate"
    assert str(copy) in done.out
    env = {"NCC_STORE": f"sqlite:///{copy}"}
    assert home.ncc("export", "jsonl", env=env).out == before


NO_STORE = (
    ("status",),
    ("run",),
    ("migrate",),
    ("backup", "kept.zip"),
    ("export", "jsonl"),
    ("import", "some.csv"),
)


@pytest.mark.parametrize("words", NO_STORE, ids=lambda words: words[0])
def test_without_a_store_every_verb_says_how_to_make_one(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    done = new_home(tmp_path).ncc(*words)

    assert_told(done, f"There is no store at {tmp_path}", "ncc init")
    assert list(tmp_path.iterdir()) == []


BAD_STORES = {
    "no URL at all": ("nonsense", "NCC_STORE is not a SQLAlchemy URL."),
    "another database": ("mysql://who:secret@host/x", "mysql, which is not supported"),
    "no such file": ("sqlite:///{root}/none/x.sqlite", "There is no store at {root}/none/x.sqlite"),
    "a folder": ("sqlite:///{root}", "There is no store at {root}"),
    "no database": ("sqlite:///{root}/text", "The store's file is not a database."),
    "an empty file": ("sqlite:///{root}/empty", "holds no store yet"),
    "nobody there": ("postgresql://who:secret@127.0.0.1:1/x", "Connection refused"),
}


@pytest.mark.parametrize(("url", "said"), BAD_STORES.values(), ids=BAD_STORES)
def test_a_store_that_cannot_be_used_is_said_in_a_sentence(
    tmp_path: Path, url: str, said: str
) -> None:
    (tmp_path / "text").write_text("This is no database, it only lies where one should be.")
    (tmp_path / "empty").touch()

    done = new_home(tmp_path).ncc("migrate", env={"NCC_STORE": url.format(root=tmp_path)})

    assert_told(done, said.format(root=tmp_path), "Hint: ")
    assert "secret" not in done.out + done.err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["empty", "text"]


def test_a_home_that_does_not_exist_is_said_in_a_sentence(tmp_path: Path) -> None:
    done = TestHome(tmp_path).ncc("status", env={"NCC_HOME": str(tmp_path / "nowhere")})

    assert_told(done, f"NCC_HOME names {tmp_path}/nowhere, which is not a folder.", "make it")


def test_a_reference_file_that_is_broken_is_named_with_its_key(home: TestHome) -> None:
    path = home.own_data() / "programmes" / "2024.toml"
    path.write_text(path.read_text("utf-8").replace("number = 1\n", "number = 0\n"), "utf-8")

    done = home.ncc("run", "--country", "PT")

    assert_told(done, "data/programmes/2024.toml", "steps.0.number")
    assert not (home.root / "reports").exists()
