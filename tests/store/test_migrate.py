"""The store's shape: made by migrations, equal to what the code reads, mended or refused in words."""

import sqlite3
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from ncc_kernel.errors import NoStore, StoreFault, StoreVersion
from ncc_kernel.store.log import Store
from ncc_kernel.store.migrate import alembic_config, make_whole, migrate
from ncc_kernel.store.schema import HEAD, metadata


def test_the_release_works_with_alembics_head() -> None:
    assert ScriptDirectory.from_config(alembic_config()).get_heads() == [HEAD]


def test_the_migrated_schema_is_the_one_in_code(store: Store) -> None:
    with store._engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})

        found = compare_metadata(context, metadata)

    assert found == []


def test_a_second_migration_changes_nothing(store_url: str) -> None:
    with Store(store_url) as store:
        before = store.changes(0)

    migrate(store_url)

    with Store(store_url) as store:
        assert store.changes(0) == before


def test_a_migration_cut_in_half_leaves_the_store_as_it_was(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'ncc.sqlite'}"
    with sqlite3.connect(tmp_path / "ncc.sqlite") as raw:
        raw.execute("CREATE TABLE current (oops INTEGER)")  # so that the migration fails half way

    with pytest.raises(StoreFault):
        migrate(url)

    with sqlite3.connect(tmp_path / "ncc.sqlite") as raw:
        tables = [name for (name,) in raw.execute("SELECT name FROM sqlite_master")]
    assert tables == ["current"]


def test_a_store_from_a_newer_release_is_not_migrated(store_url: str) -> None:
    engine = sa.create_engine(_driven(store_url))
    with engine.begin() as raw:
        raw.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    engine.dispose()

    with pytest.raises(StoreVersion, match="9999") as fault:
        migrate(store_url)

    assert "newer release" in fault.value.hint


def test_the_folder_of_a_new_store_is_made(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'a' / 'b' / 'ncc.sqlite'}"

    migrate(url)

    with Store(url) as store:
        assert store.last_seq() == 0


def test_a_folder_that_cannot_be_made_is_told_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(StoreFault, match="cannot be made"):
        migrate(f"sqlite:///{tmp_path / 'file' / 'ncc.sqlite'}")


def test_migrate_makes_a_copy_first(home: Any) -> None:
    done = home.ncc("migrate")

    copy = home.root / "data" / "store" / "ncc.sqlite.before-migrate"
    assert (done.code, done.err) == (0, "")
    assert str(copy) in done.out
    with Store(f"sqlite:///{copy}") as copied, home.store() as store:
        assert copied.last_seq() == store.last_seq() > 2000


@pytest.fixture
def half_made(tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path / 'ncc.sqlite'}"
    migrate(url)
    with sqlite3.connect(tmp_path / "ncc.sqlite") as raw:
        raw.execute("DELETE FROM alembic_version")
    return url


def test_a_store_that_names_no_version_is_older_than_all(half_made: str) -> None:
    with pytest.raises(StoreVersion, match="0000") as fault:
        Store(half_made)

    assert fault.value.hint == "run: ncc migrate"


def _driven(url: str) -> str:
    return url.replace("postgresql://", "postgresql+psycopg://")


def test_a_store_whose_making_was_cut_off_is_no_store(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'ncc.sqlite'}"

    def cut_off(_url: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make_whole(url, cut_off)
    with pytest.raises(NoStore):
        Store(url)

    make_whole(url, lambda made: Store(made).close())

    with Store(url) as store:
        assert store.last_seq() == 0
    assert [path.name for path in tmp_path.iterdir() if "being-made" in path.name] == []
