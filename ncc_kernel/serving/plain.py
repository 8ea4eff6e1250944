"""The manner of all our pages: headers, look, and errors in words with an id.

A page names no other host and lets no other host frame it. What went wrong goes to the log under
an id; the page says the id, never the trace.
"""

import json
import logging
import re
import secrets
from http import HTTPStatus
from pathlib import Path
from typing import Any

import jinja2
from jupyter_server.auth.decorator import allow_unauthenticated
from jupyter_server.base.handlers import JupyterHandler
from tornado.web import HTTPError

from ncc_kernel.errors import Forbidden, NccError, StoreFault
from ncc_kernel.model.account import Account
from ncc_kernel.serving.assets import ASSETS, PREFIX
from ncc_kernel.serving.identity import SignedIn
from ncc_kernel.serving.service import Service

TEMPLATES = Path(__file__).parent / "templates"
LOG = logging.getLogger("ncc.serving")

STRICT = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""For pages of plain HTML."""

WORKBOOK = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
"""For a workbook: charts carry inline styles."""

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}

_ENVIRONMENT = jinja2.Environment(
    loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True
)

_COLOURS = re.compile(r"\x1b\[[0-9;]*m")

SENTENCES = {
    HTTPStatus.FORBIDDEN: ("This is not open to you.", "the start page lists what is"),
    HTTPStatus.NOT_FOUND: ("There is no such page.", "begin at the start page"),
    HTTPStatus.METHOD_NOT_ALLOWED: ("This page does not work that way.", "begin at the start page"),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: ("The file is too large.", "the form names the limit"),
}


class Mannered(JupyterHandler):
    """Headers, errors and log of every answer that the server gives."""

    policy = STRICT

    @property
    def content_security_policy(self) -> str:
        """What this answer may load; Jupyter sets it with its own headers."""
        return self.policy

    def set_default_headers(self) -> None:
        """Called by tornado before anything else, and again before an error is written."""
        super().set_default_headers()
        for name, value in HEADERS.items():
            self.set_header(name, value)
        self.set_header("Cache-Control", "no-store")
        self.clear_header("Server")

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """A page that says what is wrong; called by tornado for whatever was raised."""
        fault = kwargs.get("exc_info", (None, None, None))[1]
        status, what, hint = describe(fault, status_code)
        number = secrets.token_hex(4)
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            LOG.error("Fault %s", number, exc_info=kwargs.get("exc_info"))
        else:
            LOG.info("Refused %s: %d %s", number, status, what)
        self.set_status(status)
        self.policy = STRICT
        self.set_header("Content-Security-Policy", STRICT)
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish(self.page("error.html", what=what, hint=hint, number=number, status=status))

    def log_exception(self, *_exc_info: Any) -> None:
        """Nothing more: `write_error` logs under the id that the person sees."""

    def page(self, template: str, /, **values: Any) -> str:
        """A page of ours from its template, in which everything is escaped."""
        user = getattr(self, "_jupyter_current_user", None)
        return _ENVIRONMENT.get_template(f"site/{template}").render(
            asset=asset, xsrf=self.xsrf_token.decode(), user=user, **values
        )


class Page(Mannered):
    """A page for people who are signed in."""

    @property
    def service(self) -> Service:
        """What all handlers share."""
        service: Service = self.settings["ncc"]
        return service

    @property
    def account(self) -> Account:
        """Who asks: Jupyter has seen to it that there is somebody."""
        user = self.current_user
        if not isinstance(user, SignedIn) or user.account is None:
            raise HTTPError(HTTPStatus.FORBIDDEN)
        return user.account

    @property
    def session_token(self) -> str:
        """The name of the session that asks."""
        user = self.current_user
        return user.token if isinstance(user, SignedIn) else ""

    def query(self) -> dict[str, list[str]]:
        """What the address asks for, as it was typed."""
        return {
            name: [value.decode("utf-8", "replace") for value in values]
            for name, values in self.request.query_arguments.items()
        }


class NotFound(Mannered):
    """Whatever has no address here, for everybody."""

    async def prepare(self) -> None:
        """Refuse before asking who it is."""
        self.current_user = self._jupyter_current_user = None
        raise HTTPError(HTTPStatus.NOT_FOUND)


class Health(Mannered):
    """Whether the server and its store answer, for whoever watches; it tells nothing else."""

    @allow_unauthenticated
    def get(self) -> None:
        """200 when the store answers, 503 when it does not."""
        service: Service = self.settings["ncc"]
        try:
            service.store.last_seq()
        except StoreFault:
            self.set_status(HTTPStatus.SERVICE_UNAVAILABLE)
            self.finish(json.dumps({"ok": False, "store": "does not answer"}))
            return
        self.finish(json.dumps({"ok": True}))


def asset(name: str) -> str:
    """The address of a file of ours, which changes when its content does."""
    return f"{PREFIX}{ASSETS.stamped(name)}"


def fault_number(output: Any) -> str:
    """The number under which the log now has what went wrong in a cell; a filter of the template."""
    number = secrets.token_hex(4)
    trace = "\n".join(output.get("traceback") or (str(output.get("evalue")),))
    LOG.error("Fault %s in a workbook's cell:\n%s", number, _COLOURS.sub("", trace))
    return number


def describe(fault: BaseException | None, status: int) -> tuple[int, str, str]:
    """The status, the sentence and what to do, for whatever was raised."""
    if isinstance(fault, NccError):
        return _status_of(fault), fault.what, fault.hint
    if status in SENTENCES:
        return status, *SENTENCES[HTTPStatus(status)]
    if status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return status, "This request cannot be answered.", "begin at the start page"
    hint = "try again; if it stays, tell a coordinator the number below"
    return status, "Something went wrong here.", hint


def _status_of(fault: NccError) -> int:
    if isinstance(fault, Forbidden):
        return HTTPStatus.FORBIDDEN
    if isinstance(fault, StoreFault):
        return HTTPStatus.SERVICE_UNAVAILABLE
    return HTTPStatus.BAD_REQUEST
