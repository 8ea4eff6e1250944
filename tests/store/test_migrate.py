"""The store's shape: made by migrations, equal to what the code reads, mended or refused in words."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from ncc_kernel.errors import NoStore, StoreFault, StoreVersion
from ncc_kernel.model.revision import EVERY_CYCLE, Draft
from ncc_kernel.store.engine import make_engine, parse_url
from ncc_kernel.store.log import Store
from ncc_kernel.store.migrate import alembic_config, make_whole, migrate
from ncc_kernel.store.schema import HEAD, MAP_ROWS, current, metadata, revision


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


@pytest.fixture
def of_the_first_release(store_url: str) -> str:
    """A store of version 0001 with revisions, a withdrawal among them."""
    engine = make_engine(parse_url(store_url))
    with engine.begin() as connection:
        rows = list(connection.execute(sa.select(revision)))
        people = ("account", "session", "sign_in_link", "sign_in_failure")
        for table in (*people, "map_key", "map_entry", "map_tag", "map_link", "current"):
            connection.exec_driver_sql(f"DROP TABLE {table}{_CASCADE[engine.dialect.name]}")
        connection.exec_driver_sql("DROP TABLE revision")
        connection.exec_driver_sql("DROP TABLE alembic_version")
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql("DROP FUNCTION revision_is_append_only")
        command.upgrade(alembic_config(connection), "0001")
    with engine.begin() as connection:
        place = {"at": "2024-05-06T12:00:00.000000+00:00", "author": "José", "country": "PT"}
        place |= {"cycle": "2024-1", "kind": "answer"}
        for seq, (key, base, payload) in enumerate(
            [("D1.1", None, '{"level":1,"state":"answered"}'), ("D1.1", 2, None),
             ("D1.2", None, '{"comment":"\N{PILE OF POO}","level":3,"state":"answered"}')],
            start=2,
        ):  # fmt: skip
            written = {"seq": seq, "key": key, "base": base, "payload": payload}
            connection.execute(revision.insert().values(**place, **written))
        first = dict(rows[0]._mapping) | {"seq": 1}
        connection.execute(revision.insert().values(**first))
        for seq, kind, country, cycle, key in (
            (1, "origin", "EU", "-", "store"),
            (3, "answer", "PT", "2024-1", "D1.1"),
            (4, "answer", "PT", "2024-1", "D1.2"),
        ):
            at = {"seq": seq, "kind": kind, "country": country, "cycle": cycle, "key": key}
            connection.execute(current.insert().values(**at))
    engine.dispose()
    return store_url


_CASCADE = {"sqlite": "", "postgresql": " CASCADE"}


def _rows(url: str, *tables: sa.Table) -> list[list[tuple[Any, ...]]]:
    engine = make_engine(parse_url(url))
    with engine.connect() as connection:
        found = [sorted(map(tuple, connection.execute(sa.select(one)))) for one in tables]
    engine.dispose()
    return found  # type: ignore[return-value]


def test_a_store_of_the_first_release_is_migrated_with_its_data(of_the_first_release: str) -> None:
    with pytest.raises(StoreVersion, match="0001"):
        Store(of_the_first_release)
    before = _rows(of_the_first_release, revision, current)

    migrate(of_the_first_release)

    assert _rows(of_the_first_release, revision, current) == before
    assert [len(rows) for rows in before] == [4, 3]
    with Store(of_the_first_release) as store, store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
        assert [one.key for one in store.current("answer")] == ["D1.2"]
        with pytest.raises(sa.exc.DBAPIError, match="append-only"):
            connection.exec_driver_sql("DELETE FROM revision")


@pytest.mark.parametrize("version", ["0002", "0003"])
def test_rows_of_the_map_in_an_older_shape_are_made_anew(store_url: str, version: str) -> None:
    with Store(store_url) as store:
        entries = [("agent", "a1", {"name": "A"}), ("initiative", "i1", {"title": "I"})]
        linked = {"agent": "a1", "target": "i1", "kind": "leads"}
        drafts = [
            Draft("PT", EVERY_CYCLE, kind, key, None, payload)
            for kind, key, payload in [*entries, ("link", "l1", linked)]
        ]
        store.append(drafts, author="t", at=datetime(2024, 5, 6, tzinfo=UTC))
    before = _rows(store_url, *MAP_ROWS)
    with closing(sa.create_engine(_driven(store_url)).connect()) as raw, raw.begin():
        for table in MAP_ROWS:
            raw.exec_driver_sql(f"DROP TABLE {table.name}")
            if version == "0003" and table.name != "map_key":
                raw.exec_driver_sql(f"CREATE TABLE {table.name} (key VARCHAR(120))")
        raw.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{version}'")
        raw.engine.dispose()

    migrate(store_url)

    assert _rows(store_url, *MAP_ROWS) == before
    assert [len(rows) for rows in before] == [2, 2, 0, 1]
