"""A page with the real form and the real guide, and a kernel that is played: it can be killed.

The kernel speaks the protocol of the form over a websocket and keeps its record in memory; what it
heard is kept for the tests to look at. It runs in a thread of its own, so a test sees a page that
really waits for it.
"""

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application, RequestHandler
from tornado.websocket import WebSocketHandler

from ncc_kernel.forms.modules import MODULES
from ncc_kernel.model.guide import Guide

playwright_api = pytest.importorskip(
    "playwright.sync_api", reason="playwright is not installed: pip install -e .[dev]"
)

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

HERE = Path(__file__).parent
LOCKED = {"submitted", "accepted"}
EMPTY = {"answer": "", "reason": "", "comment": "", "evidence": "", "evidence_link": ""} | {
    "confidence": "", "priority": "", "target": "", "offers": False, "needs": False
}  # fmt: skip
PICTURE = (
    '<svg viewBox="0 0 600 120" width="600" height="120" aria-hidden="true">'
    '<rect x="150" y="30" width="{width}" height="24" fill="#003399"/>'
    '<text x="140" y="47" text-anchor="end" fill="#00002e">Mapping</text></svg>'
)
TABLE = (
    "<table><caption>Answered</caption><thead><tr><th scope='col'>All</th></tr></thead>"
    "<tbody><tr><td>{answered}</td></tr></tbody></table>"
)


def shown(guide: Guide) -> dict[str, Any]:
    """The guide as the protocol carries it."""
    keep = {"code", "statement", "why", "judge", "levels"}
    dimensions = [
        one.model_dump(include={"code", "name", "about"})
        | {"questions": [q.model_dump(include=keep) for q in guide.questions_of(one.code)]}
        for one in guide.dimensions
    ]
    head = guide.model_dump(include={"code", "version", "title", "status", "intro", "scale"})
    return head | {"dimensions": dimensions}


@dataclass
class Played:
    """The kernel's part: a record in memory, and everything that was heard."""

    guide: dict[str, Any]
    values: dict[str, dict[str, Any]] = field(default_factory=dict)
    state: dict[str, Any] = field(default_factory=lambda: {"state": "draft"})
    roles: dict[str, dict[str, Any]] = field(default_factory=dict)
    place: str | None = None
    heard: list[dict[str, Any]] = field(default_factory=list)
    lines: dict["LineHandler", str] = field(default_factory=dict)
    alive: bool = True
    slow: float = 0.0
    refuse: str | None = None
    seq: int = 0
    url: str = ""
    open_session: Callable[[str], Any] | None = None
    sessions: dict["LineHandler", Any] = field(default_factory=dict)
    loop: asyncio.AbstractEventLoop | None = None

    def told(self, do: str) -> list[dict[str, Any]]:
        """What was heard of one kind."""
        return [one for one in self.heard if one["do"] == do]

    def kill(self) -> None:
        """Nobody answers from now on, and nothing says so."""
        self.alive = False

    def revive(self) -> None:
        """A new kernel on the same record."""
        self.alive = True

    def save_as(self, name: str, code: str, **fields: Any) -> None:
        """Somebody else saves from another machine."""
        self._keep(code, EMPTY | fields, name)
        self.tell({"is": "changed", "question": code} | self._value(code))

    def tell(self, message: dict[str, Any]) -> None:
        """Say something to every page."""
        assert self.loop is not None
        for line in list(self.lines):
            self.loop.call_soon_threadsafe(line.say, message)

    def answer(self, line: "LineHandler", message: dict[str, Any]) -> list[dict[str, Any]]:
        """What the page gets for a message."""
        self.heard.append(message)
        if self.open_session is not None:
            return self._really(line, message)
        part = getattr(self, f"_{message['do']}", None)
        return part(self.lines[line], message) if part else []

    def _really(self, line: "LineHandler", message: dict[str, Any]) -> list[dict[str, Any]]:
        """The real session answers, in the place of the played one."""
        if line not in self.sessions:
            assert self.open_session is not None
            self.sessions[line] = self.open_session(self.lines[line])
        session = self.sessions[line]
        replies = [*session.receive(message), *session.poll()]
        for other, theirs in self.sessions.items():
            for news in theirs.poll() if other is not line and other in self.lines else []:
                other.say(news)
        return replies

    def _value(self, code: str) -> dict[str, Any]:
        value = self.values[code]
        return value | {"at": value["saved_at"]}

    def _keep(self, code: str, fields: dict[str, Any], name: str) -> None:
        self.seq += 1
        at = datetime.now(tz=UTC).strftime("%H:%M:%S")
        complete = fields["answer"] != "not_applicable" or bool(fields["reason"])
        self.values[code] = {
            "fields": fields, "seq": self.seq, "saved_at": at, "by": name, "complete": complete
        }  # fmt: skip

    def _ping(self, _name: str, message: dict[str, Any]) -> list[dict[str, Any]]:
        return [{"is": "pong", "n": message["n"]}]

    def _hello(self, name: str, _message: dict[str, Any]) -> list[dict[str, Any]]:
        may = self.roles.get(name, {"write": True, "review": False})
        everything = {
            "is": "all", "guide": self.guide, "country": "PT", "country_name": "Portugal",
            "cycle": "2024-1", "me": {"name": name, "role": "editor"}, "may": may,
            "state": self.state, "values": self.values, "previous": {"D1.1": 2},
            "median": {"D1.1": 2.5}, "illustrative": True, "place": self.place,
            "urls": {"xlsx": "/answers.xlsx", "print": "/print"},
        }  # fmt: skip
        return [everything, self._profile(), {"is": "present", "people": self._others(name)}]

    def _others(self, name: str) -> list[dict[str, Any]]:
        others = {one for one in self.lines.values() if one != name}
        return [{"name": one, "place": "D2.1"} for one in sorted(others)]

    def _profile(self) -> dict[str, Any]:
        answered = sum(one["fields"]["answer"] in set("012345") for one in self.values.values())
        return {
            "is": "profile", "svg": PICTURE.format(width=10 * answered),
            "table": TABLE.format(answered=answered), "progress": {},
            "finding": f"Portugal has answered {answered} statements.",
        }  # fmt: skip

    def _change(self, name: str, message: dict[str, Any]) -> list[dict[str, Any]]:
        code, fields, number = message["question"], message["fields"], message["id"]
        if self.refuse or self.state["state"] in LOCKED:
            words = self.refuse or "The form is submitted."
            return [{"is": "refused", "id": number, "message": words, "hint": "sign in again"}]
        now = self.values.get(code)
        equal = now is not None and now["fields"] == fields
        if now is not None and not equal and now["seq"] != message["base"]:
            theirs = self._value(code)
            return [
                {"is": "conflict", "id": number, "question": code, "mine": fields, "theirs": theirs}
            ]
        if not equal:
            self._keep(code, fields, name)
            for line in self.lines:
                if self.lines[line] != name:
                    line.say({"is": "changed", "question": code} | self._value(code))
        return [{"id": number, "question": code} | self._said(code), self._profile()]

    _resolve = _change

    def _said(self, code: str) -> dict[str, Any]:
        value = self._value(code)
        if value["complete"]:
            return value | {"is": "saved", "warnings": []}
        return value | {"is": "invalid", "messages": {"reason": "Not applicable needs a reason."}}

    def _check(self, _name: str, _message: dict[str, Any]) -> list[dict[str, Any]]:
        errors = [
            {"question": code, "field": "reason", "message": "Not applicable needs a reason."}
            for code, value in self.values.items()
            if not value["complete"]
        ]
        open_ = 40 - len(self.values)
        warnings = [{"question": None, "field": None, "message": f"{open_} are not answered."}]
        summary = f"{len(self.values)} of 40 statements are answered."
        return [
            {
                "is": "checked",
                "errors": errors,
                "warnings": warnings if open_ else [],
                "summary": summary,
            }
        ]

    def _submit(self, name: str, message: dict[str, Any]) -> list[dict[str, Any]]:
        at = "2024-05-06 12:04:31 CEST"
        reference = "PT-2024-1-0001"
        self._become({"state": "submitted", "reference": reference, "at": at, "by": name})
        copy = "<h3>Your answers</h3><p>D1.1: level 3</p>"
        facts = {"reference": reference, "at": at, "by": name, "digest": "a3f1", "html": copy}
        return [{"is": "receipt", "id": message["id"]} | facts]

    def _ask_reopen(self, _name: str, message: dict[str, Any]) -> list[dict[str, Any]]:
        return [{"is": "state", "id": message["id"]} | self.state]

    def _review(self, name: str, message: dict[str, Any]) -> list[dict[str, Any]]:
        words = {"return": "returned", "accept": "accepted", "reopen": "reopened"}
        new = {
            "state": words[message["decision"]],
            "note": message["note"],
            "by": name,
            "at": "13:00",
        }
        self._become(self.state | new)
        return [{"is": "state", "id": message["id"]} | self.state]

    def _become(self, state: dict[str, Any]) -> None:
        self.state = state
        for line in self.lines:
            line.say({"is": "state"} | state)


class LineHandler(WebSocketHandler):
    """One open page."""

    played: Played

    def initialize(self, played: Played) -> None:
        self.played = played

    def open(self, *_args: str, **_kwargs: str) -> None:
        self.played.lines[self] = self.get_query_argument("user", "Rui")

    async def on_message(self, message: str | bytes) -> None:
        if not self.played.alive:
            return
        if self.played.slow:
            await asyncio.sleep(self.played.slow)
        for one in self.played.answer(self, json.loads(message)):
            self.say(one)

    def on_close(self) -> None:
        self.played.lines.pop(self, None)

    def say(self, message: dict[str, Any]) -> None:
        if self.played.alive:
            self.write_message(json.dumps(message))


class FileHandler(RequestHandler):
    """The page and the two files of the form."""

    def initialize(self, text: str, kind: str) -> None:
        self.text, self.kind = text, kind

    def get(self) -> None:
        self.set_header("Content-Type", f"{self.kind}; charset=utf-8")
        self.set_header("Cache-Control", "no-store")
        policy = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src data:"
        self.set_header("Content-Security-Policy", policy + "; script-src 'self' 'unsafe-inline'")
        self.finish(self.text)


async def _serve(played: Played, ready: threading.Event, ending: asyncio.Event) -> None:
    files = {
        "/": ((HERE / "page.html").read_text(encoding="utf-8"), "text/html"),
        "/form.js": (MODULES["form"].script, "text/javascript"),
        "/form.css": (MODULES["form"].style, "text/css"),
    }
    routes: list[Any] = [
        (path, FileHandler, {"text": text, "kind": kind}) for path, (text, kind) in files.items()
    ]
    server = HTTPServer(Application([*routes, ("/line", LineHandler, {"played": played})]))
    sockets = bind_sockets(0, "127.0.0.1")
    server.add_sockets(sockets)
    played.url = f"http://127.0.0.1:{sockets[0].getsockname()[1]}/"
    played.loop = asyncio.get_running_loop()
    ready.set()
    await ending.wait()
    server.stop()


@pytest.fixture
def kernel(guide: Guide) -> Iterator[Played]:
    """A kernel that is played, with an empty record of Portugal."""
    played = Played(shown(guide))
    ready, ending = threading.Event(), asyncio.Event()
    thread = threading.Thread(target=lambda: asyncio.run(_serve(played, ready, ending)))
    thread.start()
    ready.wait(10)
    yield played
    assert played.loop is not None
    played.loop.call_soon_threadsafe(ending.set)
    thread.join(10)


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator["Browser"]:
    words = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with playwright_api.sync_playwright() as running:
        opened = running.chromium.launch(executable_path=chromium, args=words)
        yield opened
        opened.close()


@pytest.fixture
def context(browser: "Browser") -> Iterator["BrowserContext"]:
    """A browser profile of its own."""
    opened = browser.new_context()
    opened.set_default_timeout(10_000)
    yield opened
    opened.close()


@pytest.fixture
def page(context: "BrowserContext", kernel: Played) -> Iterator["Page"]:
    """The form of Rui, ready; no fault of the script may be left behind."""
    complaints: list[str] = []
    opened = context.new_page()
    opened.on("pageerror", lambda fault: complaints.append(str(fault)))
    opened.goto(kernel.url)
    opened.locator("fieldset.statement").first.wait_for()
    yield opened
    assert complaints == []
