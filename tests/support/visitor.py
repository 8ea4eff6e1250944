"""Somebody with a browser of no name: keeps cookies, sends forms, opens websockets."""

import http.client
import json
import re
import subprocess
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import websocket

PASSWORD = "correct horse battery"
FORM = "/w/01_self_assessment?country={}&cycle=2024-1"


@dataclass(frozen=True)
class Site:
    """A running server."""

    port: int
    root: Path
    process: subprocess.Popen[bytes]

    @property
    def url(self) -> str:
        return f"sqlite:///{self.root / 'data' / 'store' / 'ncc.sqlite'}"


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes
    cookies: list[str]

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    @property
    def heading(self) -> str:
        found = re.search(r"<h1[^>]*>(.*?)<", self.text)
        return found.group(1) if found else ""

    @property
    def kernel(self) -> str:
        found = re.search(r'id="kernel" hidden data-id="([^"]+)"', self.text)
        assert found, self.text[:300]
        return found.group(1)

    @property
    def xsrf(self) -> str:
        found = re.search(r'name="_xsrf" value="([^"]+)"', self.text)
        assert found, self.text[:300]
        return found.group(1)


@dataclass
class Visitor:
    """One browser at one server."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(
        self,
        path: str,
        *,
        method: str = "GET",
        body: bytes | str | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        sent = {"Cookie": self.cookie_line, **(headers or {})}
        line.putrequest(method, path, skip_accept_encoding=True)
        raw = body.encode() if isinstance(body, str) else body
        if raw is not None:
            sent.setdefault("Content-Type", "application/x-www-form-urlencoded")
            sent["Content-Length"] = str(len(raw))
        for name, value in sent.items():
            line.putheader(name, value)
        line.endheaders(raw)
        reply = line.getresponse()
        cookies = [value for name, value in reply.getheaders() if name.lower() == "set-cookie"]
        for one in cookies:
            name, _, value = one.split(";")[0].partition("=")
            self.cookies[name] = value
        return Answer(reply.status, dict(reply.getheaders()), reply.read(), cookies)

    @property
    def cookie_line(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def send(self, path: str, **fields: str) -> Answer:
        """Send a form as a person does: the page's XSRF value goes with it."""
        token = self.ask("/signin").xsrf
        return self.ask(path, method="POST", body=urlencode({"_xsrf": token, **fields}))

    def sign_in(self, name: str, password: str = PASSWORD) -> Answer:
        return self.send("/signin", name=name, password=password)

    def open_form(self, country: str) -> str:
        """Open the form; the id of its kernel."""
        page = self.ask(FORM.format(country))
        assert page.status == 200, page.text[:500]
        return page.kernel

    def tie(self, kernel: str, *, origin: str | None = None) -> websocket.WebSocket:
        return websocket.create_connection(
            f"ws://127.0.0.1:{self.port}/api/kernels/{kernel}/channels?session_id={uuid.uuid4()}",
            cookie=self.cookie_line,
            origin=origin or f"http://127.0.0.1:{self.port}",
            timeout=10,
        )


def message(kind: str, content: dict[str, Any], *, channel: str = "shell") -> str:
    """A message to a kernel as a page writes it."""
    header = {
        "msg_id": uuid.uuid4().hex,
        "msg_type": kind,
        "session": "s",
        "username": "",
        "version": "5.3",
        "date": "2024-05-06T12:00:00Z",
    }
    rest = {"parent_header": {}, "metadata": {}, "content": content, "buffers": []}
    return json.dumps({"header": header, "channel": channel, **rest})
