"""Two people with one form, in random interleavings: no lost update, every conflict shown.

Each page keeps what a browser keeps: for each statement the version it last saw and the fields.
Beside it stands the truth: which version of which statement holds which fields.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from ncc_kernel.analysis.profile import Answers
from ncc_kernel.forms.scene import Allowed, Picture, Reach, Receipt, Scene
from ncc_kernel.forms.session import FormSession
from ncc_kernel.model.guide import Guide
from ncc_kernel.model.revision import Appended, Draft, Revision
from ncc_kernel.model.typed_draft import TypedDraft
from ncc_kernel.store.log import Store

NOW = datetime(2024, 5, 6, 12, 0, tzinfo=UTC)
WHO = st.sampled_from(["ana", "rui"])
CODES = st.sampled_from(["D1.1", "D1.2"])
ANSWERS = st.sampled_from(["", "0", "3", "not_applicable"])
WORDS = st.sampled_from(["", "yes", "no"])
EXAMPLES = count(1)
NOTHING = TypedDraft().fields

Seen = tuple[int | None, dict[str, Any]]


@dataclass
class Browser:
    """What one page has before the eyes, and what it could not save yet."""

    session: FormSession
    seen: dict[str, Seen] = field(default_factory=dict)
    clash: dict[str, Seen] = field(default_factory=dict)
    sent: list[dict[str, Any]] = field(default_factory=list)
    numbers: Any = field(default_factory=lambda: count(1))
    shown: set[tuple[str, int | None]] = field(default_factory=set)

    def see(self, code: str, seq: int | None, given: dict[str, Any]) -> None:
        self.seen[code] = (seq, given)
        self.shown.add((code, seq))


def world(
    store: Store, cycle: str, name: str, guide: Guide, meanwhile: list[Callable[[], None]]
) -> FormSession:
    """A form on the real record; what waits in `meanwhile` happens just before it writes."""

    def append(drafts: Sequence[Draft]) -> Appended:
        if meanwhile:
            meanwhile.pop()()
        return store.append(drafts, author=name, at=NOW, together=True)

    def since(seq: int) -> Sequence[Revision]:
        return store.changes(seq, country="PT", cycles=(cycle,))

    def draw(_answers: Answers) -> Picture:
        return Picture("", "", "")

    def copy(_receipt: Receipt, _answers: Answers) -> str:
        return ""

    reach = Reach(
        since=since,
        history=lambda kind, key: store.history(kind, "PT", cycle, key),
        append=append,
        now=lambda: NOW,
        allowed=lambda: Allowed(write=True),
        draw=draw,
        copy=copy,
    )
    return FormSession(Scene(guide, "PT", "Portugal", cycle, name, "editor"), reach)


class TwoPages(RuleBasedStateMachine):
    """Two form sessions on one store, and what must be true of it."""

    def __init__(self, store: Store, guide: Guide) -> None:
        super().__init__()
        self.store, self.guide = store, guide
        self.cycle = f"f{next(EXAMPLES)}"
        self.meanwhile: list[Callable[[], None]] = []
        self.pages = {name: self._open(name) for name in ("ana", "rui")}
        self.truth: dict[str, Seen] = {}
        for page in self.pages.values():
            self._hello(page)

    def _open(self, name: str) -> Browser:
        return Browser(world(self.store, self.cycle, name, self.guide, self.meanwhile))

    def _hello(self, page: Browser) -> None:
        (told,) = page.session.receive({"do": "hello"})
        for code in ("D1.1", "D1.2"):
            value = told["values"].get(code, {"seq": None, "fields": NOTHING})
            page.see(code, value["seq"], value["fields"])

    @rule(who=WHO)
    def reload(self, who: str) -> None:
        """A new kernel; what was sent last and perhaps not acknowledged is sent again."""
        lost = self.pages[who].sent[-1:]
        self.pages[who] = self._open(who)
        self._hello(self.pages[who])
        for message in lost:
            self._send(who, message)

    @rule(who=WHO, code=CODES, answer=ANSWERS, words=WORDS)
    def change(self, who: str, code: str, answer: str, words: str) -> None:
        page = self.pages[who]
        if code in page.clash:
            return  # its browser waits for a decision
        given = NOTHING | {"answer": answer, "comment": words}
        base = page.seen[code][0]
        self._send(who, {"do": "change", "question": code, "base": base, "fields": given})

    @rule(who=WHO, code=CODES, mine=ANSWERS, theirs=ANSWERS, words=WORDS)
    def change_at_once(self, who: str, code: str, mine: str, theirs: str, words: str) -> None:
        """The other one is faster by a moment, between this one's look and its writing."""
        other = "rui" if who == "ana" else "ana"
        self.meanwhile.append(lambda: self.change(other, code, theirs, words))
        self.change(who, code, mine, "")
        self.meanwhile.clear()

    @rule(who=WHO, code=CODES)
    def send_again(self, who: str, code: str) -> None:
        """The acknowledgement was lost, the page is the same."""
        page = self.pages[who]
        if page.sent and page.sent[-1]["question"] == code and code not in page.clash:
            self._send(who, page.sent[-1])

    @rule(who=WHO, code=CODES, mine=st.booleans())
    def resolve(self, who: str, code: str, mine: bool) -> None:  # noqa: FBT001
        page = self.pages[who]
        if code not in page.clash:
            return
        seq, theirs = page.clash.pop(code)
        page.see(code, seq, theirs)
        if mine:
            given = page.sent[-1]["fields"] if page.sent[-1]["question"] == code else theirs
            given = given | {"evidence": "decided"}
            self._send(who, {"do": "resolve", "question": code, "base": seq, "fields": given})

    @rule(who=WHO)
    def look(self, who: str) -> None:
        page = self.pages[who]
        for one in page.session.poll():
            self._told(page, one)

    def _told(self, page: Browser, one: dict[str, Any]) -> None:
        """As the browser does: what is newer is taken over, except in the middle of a conflict."""
        if one["is"] != "changed" or one["question"] in page.clash:
            return
        known = page.seen[one["question"]][0]
        if known is None or (one["seq"] or 0) > known:
            page.see(one["question"], one["seq"], one["fields"])

    def _send(self, who: str, message: dict[str, Any]) -> None:
        page = self.pages[who]
        page.sent.append(message)
        number = next(page.numbers)

        replies = page.session.receive(message | {"id": number})

        answers = [one for one in replies if one.get("id") == number]
        assert len(answers) == 1, "every id is answered once"
        self._acknowledged(page, message, answers[0])
        for one in replies:
            self._told(page, one)

    def _acknowledged(self, page: Browser, message: dict[str, Any], reply: dict[str, Any]) -> None:
        code, given = message["question"], message["fields"]
        truth = self.truth.get(code, (None, NOTHING))
        if reply["is"] == "conflict":
            assert reply["mine"] == given
            assert (reply["theirs"]["seq"], reply["theirs"]["fields"]) == truth
            assert message["base"] != truth[0]
            page.clash[code] = (reply["theirs"]["seq"], reply["theirs"]["fields"])
            page.shown.add((code, reply["theirs"]["seq"]))
            return
        assert reply["is"] == ("saved" if complete(given) else "invalid")
        if (reply["seq"] or 0) > (truth[0] or 0):
            assert (code, truth[0]) in page.shown, "what it replaced was before its eyes"
            self.truth[code] = (reply["seq"], given)
        page.see(code, reply["seq"], given)

    @invariant()
    def what_stands_is_what_was_acknowledged_last(self) -> None:
        found = self._hello_of_a_third()

        for code, (seq, given) in self.truth.items():
            assert (found[code]["seq"], found[code]["fields"]) == (seq, given)

    def _hello_of_a_third(self) -> dict[str, Any]:
        (told,) = world(self.store, self.cycle, "eva", self.guide, []).receive({"do": "hello"})
        return dict(told["values"])


def complete(given: dict[str, Any]) -> bool:
    typed = TypedDraft.model_validate(given)
    return typed.empty or not typed.faults()


def test_two_pages_lose_nothing_and_see_every_conflict(
    empty_home: Any,
    guide: Guide,
    long_run: bool,  # noqa: FBT001
) -> None:
    examples = 1000 if long_run else 40
    with empty_home.store() as store:
        run_state_machine_as_test(
            lambda: TwoPages(store, guide),
            settings=settings(
                max_examples=examples,
                stateful_step_count=15,
                deadline=None,
                database=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
