"""What the tests of the store share: an import into a store, and a plain store of SQLite."""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from ncc_kernel.model.revision import EU, EVERY_CYCLE, Draft
from ncc_kernel.store.catalogue import Catalogue
from ncc_kernel.store.imports import Report, import_files
from ncc_kernel.store.log import Store
from ncc_kernel.store.migrate import migrate

Take = Callable[..., Report]


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An initialised SQLite store, made once and copied."""
    path = tmp_path_factory.mktemp("empty") / "ncc.sqlite"
    migrate(f"sqlite:///{path}")
    with Store(f"sqlite:///{path}") as store:
        payload = {"store": "t", "illustrative": False}
        origin = Draft(EU, EVERY_CYCLE, "origin", "store", None, payload)
        store.append([origin], author="t", at=datetime(2024, 1, 1, tzinfo=UTC))
    return path


@pytest.fixture
def lite(tmp_path: Path, empty_file: Path) -> Iterator[Store]:
    """A record on SQLite, for what does not touch the database's own ways."""
    path = Path(shutil.copy(empty_file, tmp_path / "lite.sqlite"))
    with Store(f"sqlite:///{path}") as store:
        yield store


@pytest.fixture
def take(lite: Store, catalogue: Catalogue) -> Take:
    """Import files into that store; `store` in the call names another."""

    def taken(*paths: Path, **options: Any) -> Report:
        given = {"store": lite, "catalogue": catalogue, "author": "t"} | options
        return import_files(paths, at=datetime(2024, 5, 6, tzinfo=UTC), **given)

    return taken
