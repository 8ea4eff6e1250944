"""Files of evidence: sent from the form, given back to those who may read that form, never shown.

A page sends a file by script and gets JSON; the store checks who asks when the file's entry is
recorded. What is given out is a download of the kind that was checked when it came in: a browser
neither guesses at it nor runs anything in it.
"""

import json
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from tornado.ioloop import IOLoop
from tornado.web import HTTPError

from ncc_kernel.errors import Forbidden, NccError, Rejected
from ncc_kernel.model.evidence import file_kind
from ncc_kernel.model.permission import may
from ncc_kernel.serving.files import Files
from ncc_kernel.serving.plain import describe
from ncc_kernel.store.evidence import Evidence
from ncc_kernel.store.guarded import GuardedStore

NOTHING_RUNS = "default-src 'none'; sandbox; frame-ancestors 'none'"


class EvidencePage(Files):
    """Pages about the files of one country in one cycle."""

    def evidence(self, country: str, cycle: str) -> Evidence:
        """The files of that place, when it is this account's to read."""
        place, service = self.place(country, cycle), self.service
        store = GuardedStore(service.store, service.accounts, self.session_token, service.now)
        return Evidence(service.home.evidence, store, place.country, place.cycle)


class SendEvidence(EvidencePage):
    """`/files/<country>/<cycle>/evidence`."""

    async def post(self, country: str, cycle: str) -> None:
        """Keep one file beside one question; how it is named is sent back."""
        evidence = self.evidence(country, cycle)
        if not may(self.account, "write", country=evidence.country, kind="evidence"):
            raise Forbidden(f"You may not write for {evidence.country}.", "its editors may")
        given = self.request.files.get("file", [])
        question = str(self.get_body_argument("question", ""))
        if len(given) != 1:
            raise Rejected("No file came.", "choose one, then send it")
        if question not in {one.code for one in self.service.catalogue.guide.questions}:
            raise Rejected("The guide has no such statement.", "load the form again")
        name, content = str(given[0]["filename"]), bytes(given[0]["body"])
        account, now = self.account.name, self.service.now()

        def keep() -> dict[str, Any]:
            draft = evidence.add(question, name, content, author=account, at=now)
            return {**(draft.payload or {}), "key": draft.key}

        kept = await IOLoop.current().run_in_executor(None, keep)
        self._say({"file": kept})

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """What is wrong, for the form to show beside the question."""
        fault = kwargs.get("exc_info", (None, None, None))[1]
        if not isinstance(fault, NccError):
            super().write_error(status_code, **kwargs)
            return
        status, what, hint = describe(fault, status_code)
        self.set_status(status)
        self._say({"message": what, "hint": hint})

    def _say(self, told: dict[str, Any]) -> None:
        self.set_header("Content-Type", "application/json; charset=utf-8")
        self.finish(json.dumps(told))


class GiveEvidence(EvidencePage):
    """`/files/<country>/<cycle>/evidence/<sha256>`."""

    policy = NOTHING_RUNS

    async def get(self, country: str, cycle: str, sha256: str) -> None:
        """The file, to be saved under the name with which it was sent."""
        evidence = self.evidence(country, cycle)
        found = await IOLoop.current().run_in_executor(None, evidence.find, sha256)
        if found is None:
            raise HTTPError(HTTPStatus.NOT_FOUND)
        file, content = found
        kind = file_kind(file.name)
        self.set_header("Content-Type", kind.media if kind else "application/octet-stream")
        plain = "".join(c if c.isascii() and c not in '"\\%;' else "_" for c in file.name)
        named = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(file.name, safe='')}"
        self.set_header("Content-Disposition", named)
        self.finish(content)
