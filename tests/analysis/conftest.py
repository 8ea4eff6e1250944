"""Answers in short, and revisions to make a map or a recap of."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from ncc_kernel.analysis.profile import Profile, score_profile
from ncc_kernel.model.answer import Answer
from ncc_kernel.model.guide import Guide
from ncc_kernel.model.revision import Revision

Given = Callable[..., dict[str, Answer]]
Profiled = Callable[..., Profile]
Recorded = Callable[..., Revision]


@pytest.fixture(scope="session")
def given() -> Given:
    """Answers of "D1.1=3 D1.2=dk D1.3=na"; the words after a level give its priority: 3/5."""

    def read(text: str) -> dict[str, Answer]:
        return {code: _answer(said) for code, _, said in (w.partition("=") for w in text.split())}

    return read


def _answer(said: str) -> Answer:
    if said == "dk":
        return Answer(state="dont_know")
    if said == "na":
        return Answer(state="not_applicable", reason="another body does this")
    level, _, priority = said.partition("/")
    return Answer(state="answered", level=int(level), priority=int(priority) if priority else None)


@pytest.fixture(scope="session")
def profiled(guide: Guide, given: Given) -> Profiled:
    """The profile that answers in short make."""

    def make(text: str, country: str = "PT", cycle: str = "2024-1") -> Profile:
        return score_profile(guide, given(text), country=country, cycle=cycle)

    return make


@pytest.fixture(scope="session")
def recorded() -> Recorded:
    """A revision, of which a test says only what it is about."""

    def make(
        seq: int,
        kind: str = "answer",
        payload: Mapping[str, Any] | None = None,
        *,
        key: str = "",
        author: str = "ana",
        country: str = "PT",
        at: str = "2024-05-06",
    ) -> Revision:
        return Revision(
            seq=seq,
            at=datetime.fromisoformat(at).replace(tzinfo=UTC),
            author=author,
            country=country,
            cycle="2024-1" if kind == "answer" else "-",
            kind=kind,
            key=key or f"k{seq}",
            base=None,
            payload=None if payload is None else dict(payload),
        )

    return make
