"""A real server in a process of its own, on a store of these tests alone."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from visitor import PASSWORD, Site, Visitor

from ncc_kernel.model.account import Account
from ncc_kernel.store.accounts import Accounts

PEOPLE = (
    Account("ana", "editor", "PT"),
    Account("rui", "reviewer", "PT"),
    Account("eva", "editor", "ES"),
    Account("coo", "coordinator", None),
    Account("rea", "reader", None),
)
IDLE = 4


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _home(folders: pytest.TempPathFactory, sample_file: Path) -> Path:
    root = folders.mktemp("site")
    (root / "data" / "store").mkdir(parents=True)
    shutil.copy(sample_file, root / "data" / "store" / "ncc.sqlite")
    page = root / "reports" / "2024-1" / "PT" / "brief.html"
    page.parent.mkdir(parents=True)
    page.write_text("<!DOCTYPE html><title>PT</title><h1>Brief</h1>")
    (root / "reports" / "2024-1" / "PT" / "01_self_assessment.html").write_text("<h1>own</h1>")
    with Accounts(f"sqlite:///{root / 'data' / 'store' / 'ncc.sqlite'}") as accounts:
        for who in PEOPLE:
            accounts.add(who, password=PASSWORD)
    return root


@pytest.fixture(scope="session")
def start_site(
    sample_file: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., Site]]:
    """A function that starts a server of its own; all are ended at the end."""
    running: list[Site] = []

    def start(
        again: Site | None = None,
        *,
        before: Callable[[Path], None] | None = None,
        idle: int = IDLE,
    ) -> Site:
        root = again.root if again else _home(tmp_path_factory, sample_file)
        if before:
            before(root)
        port = again.port if again else free_port()
        kept = {name: value for name, value in os.environ.items() if not name.startswith("NCC_")}
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "ncc_kernel.cli.app", "serve"),
                *("--port", str(port), "--idle", str(idle)),
            ],
            env=kept | {"NCC_HOME": str(root)},
            stdout=(root / "out").open("wb"),
            stderr=(root / "log").open("wb"),
        )
        site = Site(port, root, process)
        running.append(site)
        _wait(site)
        return site

    yield start
    for site in running:
        if site.process.poll() is None:
            site.process.send_signal(signal.SIGTERM)
    for site in running:
        site.process.wait(20)


def _wait(site: Site) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            if Visitor(site.port).ask("/healthz").status == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError((site.root / "log").read_text())


@pytest.fixture(scope="module")
def site(start_site: Callable[..., Site]) -> Site:
    return start_site()


@pytest.fixture(scope="module")
def people(site: Site) -> dict[str, Visitor]:
    """Everybody signed in, and a stranger."""
    found = {who.name: Visitor(site.port) for who in PEOPLE}
    for name, visitor in found.items():
        assert visitor.sign_in(name).status == 303
    return {**found, "stranger": Visitor(site.port)}


@pytest.fixture(scope="module")
def kernel(people: dict[str, Visitor]) -> Iterator[str]:
    """The kernel of ana's form, held open."""
    found = people["ana"].open_form("PT")
    line = people["ana"].tie(found)
    yield found
    line.close()
