"""A server that tests start, kill and start again, and people who use it with a real browser."""

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import axe_playwright_python
import psutil
from visitor import FORM, PASSWORD, Visitor

from ncc_kernel.model.account import Account
from ncc_kernel.store.accounts import Accounts
from ncc_kernel.store.log import Store

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Locator, Page

PEOPLE = (
    Account("mia", "editor", "MT"),
    Account("max", "editor", "MT"),
    Account("ana", "editor", "PT"),
    Account("rui", "editor", "PT"),
    Account("coo", "coordinator", None),
)
UNFOLD = """for (const one of document.querySelectorAll("details"))
  one.open = !one.closest("fieldset.statement:not(#D1\\\\.1)")"""
AXE = "axe.run({resultTypes: ['violations']})"
SAVED = re.compile(r"^Saved \d\d:\d\d:\d\d$")


@dataclass
class Server:
    """`ncc serve` in a process of its own, on a home of its own."""

    root: Path
    port: int
    idle: int = 120
    process: subprocess.Popen[bytes] | None = None

    @property
    def store_url(self) -> str:
        return f"sqlite:///{self.root / 'data' / 'store' / 'ncc.sqlite'}"

    @property
    def environ(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("NCC_")}
        return kept | {"NCC_HOME": str(self.root)}

    def url(self, path: str = "/") -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def start(self) -> None:
        """Start it, on the same port as before, and wait until it answers."""
        command = (sys.executable, "-m", "ncc_kernel.cli.app", "serve")
        options = ("--port", str(self.port), "--idle", str(self.idle))
        with (self.root / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [*command, *options], env=self.environ, stdout=log, stderr=log
            )
        until = time.monotonic() + 30
        while time.monotonic() < until:
            with contextlib.suppress(OSError):
                if Visitor(self.port).ask("/healthz").status == 200:
                    return
            time.sleep(0.05)
        raise AssertionError((self.root / "log").read_text())

    def kill(self) -> None:
        """End it with no warning."""
        assert self.process is not None
        self.process.kill()
        self.process.wait(10)

    def stop(self) -> None:
        """End it as an operator does."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(20)

    def kernels(self) -> list[psutil.Process]:
        """The kernels of this server: forks of the template, so no children of it."""
        assert self.process is not None
        mine = {self.process.pid, os.getpid()}
        database = str(self.root / "data")
        found = []
        for one in psutil.process_iter(["pid", "uids"]):
            with contextlib.suppress(psutil.Error):
                files = () if one.pid in mine else one.open_files()
                if any(file.path.startswith(database) for file in files):
                    found.append(one)
        return found

    def answers(self, country: str) -> dict[str, dict[str, Any]]:
        """What the record holds, by question: the answer, or the draft of one."""
        with Store(self.store_url) as store:
            found = [
                one
                for kind in ("answer", "draft")
                for one in store.current(kind, country=country, cycle="2024-1")
            ]
        return {one.key: dict(one.payload or {}) for one in found}


def make_home(root: Path, sample_file: Path) -> Server:
    """A home with the sample data and people who may sign in; its server is not started."""
    (root / "data" / "store").mkdir(parents=True)
    shutil.copy(sample_file, root / "data" / "store" / "ncc.sqlite")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        server = Server(root, int(probe.getsockname()[1]))
    with Accounts(server.store_url) as accounts:
        for who in PEOPLE:
            accounts.add(who, password=PASSWORD)
    return server


@dataclass
class Person:
    """Somebody at a browser of his own; what it asked for and complained of is kept."""

    name: str
    context: "BrowserContext"
    page: "Page"
    server: Server
    port: int
    asked: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    @property
    def hosts(self) -> set[str]:
        """The hosts that were asked for anything."""
        return {urlsplit(one.removeprefix("blob:")).netloc for one in self.asked} - {""}

    @property
    def status(self) -> "Locator":
        """What the self-assessment says about itself: saved, saving, disconnected."""
        return self.page.locator(".says").first

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def sign_in(self) -> None:
        """With the keyboard alone, from the page to which a stranger is led."""
        self.page.goto(self.url("/"))
        tab_to(self.page, "name")
        self.page.keyboard.type(self.name)
        tab_to(self.page, "password")
        self.page.keyboard.type(PASSWORD)
        self.page.keyboard.press("Enter")
        self.page.get_by_text("You are signed in as").wait_for()

    def open_form(self, country: str = "MT", place: str = "") -> None:
        self.page.goto(self.url(FORM.format(country)) + place)
        self.ready()

    def ready(self) -> None:
        self.page.locator("fieldset.statement").first.wait_for()

    def field(self, code: str, name: str) -> "Locator":
        return self.page.locator(f'[id="{code}:{name}"]')

    def unfold(self, code: str) -> None:
        self.page.locator(f'[id="{code}"] details.more:not([open]) > summary').click()

    def saved(self) -> None:
        """Wait until the form says that all is saved."""
        until = time.monotonic() + 10
        while not SAVED.match(now := self.status.inner_text()):
            assert time.monotonic() < until, f"{now} / {self.page.inner_text('#connection')}"
            self.page.wait_for_timeout(50)

    def serious(self) -> list[str]:
        """What axe finds serious or critical; of the statements, which are alike, one is unfolded."""
        self.page.evaluate(UNFOLD)
        script = Path(axe_playwright_python.__file__).parent / "axe.min.js"
        self.page.evaluate(script.read_text(encoding="utf-8"))
        return [
            f"{self.page.url}: {one['id']}: {node['target']}"
            for one in self.page.evaluate(AXE)["violations"]
            if one["impact"] in {"serious", "critical"}
            for node in one["nodes"]
        ]


@contextlib.contextmanager
def person(
    browser: "Browser", server: Server, name: str, *, port: int | None = None
) -> Iterator[Person]:
    """Somebody signed in."""
    context = browser.new_context()
    context.set_default_timeout(15_000)
    who = Person(name, context, context.new_page(), server, port or server.port)
    context.on("request", lambda request: who.asked.append(request.url))
    context.on("console", lambda one: who.said.append(one.text) if one.type == "error" else None)
    who.page.on("websocket", lambda line: who.lines.append(line.url))
    context.on("weberror", lambda fault: who.said.append(str(fault.error)))
    who.sign_in()
    yield who
    context.close()


def focused(page: "Page") -> str:
    """The id of what has the focus, or its words."""
    words = "const one = document.activeElement; return one.id || one.textContent.trim()"
    return str(page.evaluate(f"() => {{ {words} }}"))


def tab_to(page: "Page", wanted: str, *, most: int = 150) -> None:
    """Press Tab until it is there."""
    for _ in range(most):
        if focused(page) == wanted:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not lead to {wanted}; the focus is on {focused(page)}")
