"""A form on a real record, in the hands of one or more people."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest

from ncc_kernel.analysis.profile import Answers
from ncc_kernel.forms.scene import Allowed, Picture, Reach, Receipt, Scene
from ncc_kernel.forms.session import FormSession
from ncc_kernel.model.guide import Guide
from ncc_kernel.model.revision import Appended, Draft, Revision
from ncc_kernel.store.log import Store

NOON = datetime(2024, 5, 6, 12, 0, tzinfo=UTC)
EMPTY: dict[str, Any] = {
    "answer": "",
    "reason": "",
    "comment": "",
    "evidence": "",
    "evidence_link": "",
    "confidence": "",
    "priority": "",
    "target": "",
    "offers": False,
    "needs": False,
}


def fields(answer: str = "", **others: Any) -> dict[str, Any]:
    """All fields of a question, of which a test says only what it is about."""
    return EMPTY | {"answer": answer} | others


@dataclass
class Page:
    """One person's open page: what it sends, and all that comes back."""

    session: FormSession
    allowed: list[Allowed]
    told: list[dict[str, Any]] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def send(self, **message: Any) -> list[dict[str, Any]]:
        replies = self.session.receive(message)
        self.told += replies
        return replies

    def one(self, **message: Any) -> dict[str, Any]:
        """The one answer with the id of this message."""
        number = next(self.numbers)
        (reply,) = [one for one in self.send(id=number, **message) if one.get("id") == number]
        return reply

    def hello(self) -> dict[str, Any]:
        return self.send(do="hello")[0]

    def change(self, question: str, base: int | None, given: dict[str, Any]) -> dict[str, Any]:
        return self.one(do="change", question=question, base=base, fields=given)

    def poll(self) -> list[dict[str, Any]]:
        return self.session.poll()


Opened = Callable[..., Page]


@pytest.fixture
def record(empty_home: Any) -> Iterator[Store]:
    """An empty record."""
    with empty_home.store() as opened:
        yield opened


@pytest.fixture
def opened(record: Store, guide: Guide) -> Opened:
    """A page of PT's form, opened by someone."""
    ticks = count()

    def now() -> datetime:
        return NOON + timedelta(seconds=next(ticks))

    def open_page(name: str = "ana", role: str = "editor", **told: Any) -> Page:
        allowed = [Allowed(write=True, submit=True, review=role == "coordinator")]

        def append(drafts: Sequence[Draft]) -> Appended:
            return record.append(drafts, author=name, at=now(), together=True)

        def since(seq: int) -> Sequence[Revision]:
            return record.changes(seq, country="PT", cycles=("2024-1",), limit=1_000_000)

        reach = Reach(
            since=since,
            history=lambda kind, key: record.history(kind, "PT", "2024-1", key),
            append=append,
            now=now,
            allowed=lambda: allowed[0],
            draw=drawn,
            copy=copied,
        )
        scene = Scene(guide, "PT", "Portugal", "2024-1", name, role, **told)
        return Page(FormSession(scene, reach), allowed)

    return open_page


def drawn(answers: Answers) -> Picture:
    return Picture("<svg/>", "<table/>", f"{len(answers)} answers")


def copied(receipt: Receipt, answers: Answers) -> str:
    return f"{receipt.submission.reference} with {len(answers)} answers"
