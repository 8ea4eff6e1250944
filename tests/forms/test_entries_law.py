"""Two people with one list of entries, in random interleavings: no update is lost.

Each page keeps what a browser keeps: the version of each entry that it last saw. Beside it stands
the truth: which version holds which fields. Nothing is replaced that was not before the eyes of
whoever replaced it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from ncc_kernel.forms.entries import EntriesSession
from ncc_kernel.forms.entries_scene import EntriesReach, EntriesScene
from ncc_kernel.forms.scene import Allowed
from ncc_kernel.model.entry_fields import fields_of
from ncc_kernel.model.revision import Appended, Draft
from ncc_kernel.store.catalogue import Catalogue
from ncc_kernel.store.log import Store

NOW = datetime(2024, 5, 6, 12, 0, tzinfo=UTC)
WHO = st.sampled_from(["ana", "rui"])
KEYS = st.sampled_from(["a1", "a2"])
NAMES = st.sampled_from(["", "Casa", "Lab"])
SIZES = st.sampled_from(["", "10", "20"])
DEEDS = st.sampled_from(["save", "withdraw", "restore"])
EXAMPLES = count(1)

Seen = tuple[int | None, dict[str, Any] | None]
"""A version, and the fields that the form shows then; None is nothing."""


@dataclass
class Browser:
    """What one page has before the eyes, and what it could not save yet."""

    session: EntriesSession
    seen: dict[str, int | None] = field(default_factory=dict)
    clash: dict[str, int | None] = field(default_factory=dict)
    sent: list[dict[str, Any]] = field(default_factory=list)
    numbers: Any = field(default_factory=lambda: count(1))
    shown: set[tuple[str, int | None]] = field(default_factory=set)

    def see(self, key: str, seq: int | None) -> None:
        self.seen[key] = seq
        self.shown.add((key, seq))


class TwoLists(RuleBasedStateMachine):
    """Two sessions on one store, and what must be true of it."""

    def __init__(self, store: Store, catalogue: Catalogue) -> None:
        super().__init__()
        self.store, self.catalogue = store, catalogue
        self.form = catalogue.entry_forms["agent"]
        self.empty = fields_of(self.form, None)
        self.cycle = f"e{next(EXAMPLES)}"
        self.meanwhile: list[Callable[[], None]] = []
        self.pages = {name: self._open(name) for name in ("ana", "rui")}
        self.truth: dict[str, Seen] = {}
        for page in self.pages.values():
            self._hello(page)

    def _open(self, name: str) -> Browser:
        return Browser(self._session(name))

    def _session(self, name: str) -> EntriesSession:
        def append(drafts: Sequence[Draft]) -> Appended:
            if self.meanwhile:
                self.meanwhile.pop()()
            return self.store.append(drafts, author=name, at=NOW, together=True)

        scene = EntriesScene(
            forms=(self.form,),
            named=self.catalogue.entry_forms,
            vocabularies=self.catalogue.vocabularies,
            cycles={"agent": self.cycle},
            country="PT",
            country_name="Portugal",
            cycle=self.cycle,
            name=name,
        )
        reach = EntriesReach(
            since=lambda seq: self.store.changes(seq, country="PT", cycles=(self.cycle,)),
            history=lambda kind, key: self.store.history(kind, "PT", self.cycle, key),
            append=append,
            now=lambda: NOW,
            allowed=lambda _kind: Allowed(write=True),
        )
        return EntriesSession(scene, reach)

    def _hello(self, page: Browser) -> None:
        (told,) = page.session.receive({"do": "hello"})
        rows = {one["key"]: one["seq"] for one in told["entries"]}
        for key in ("a1", "a2"):
            page.see(key, rows.get(key))

    @rule(who=WHO)
    def reload(self, who: str) -> None:
        """A new kernel; what was sent last and perhaps not acknowledged is sent again."""
        lost = self.pages[who].sent[-1:]
        self.pages[who] = self._open(who)
        self._hello(self.pages[who])
        for message in lost:
            self._send(who, message)

    @rule(who=WHO, key=KEYS, name=NAMES, size=SIZES)
    def type(self, who: str, key: str, name: str, size: str) -> None:
        page = self.pages[who]
        if key in page.clash:
            return  # its browser waits for a decision
        given = self.empty | {"name": name, "size": size}
        self._send(who, {"do": "change", "key": key, "base": page.seen[key], "fields": given})

    @rule(who=WHO, key=KEYS, mine=NAMES, theirs=NAMES, deed=st.booleans())
    def at_once(self, who: str, key: str, mine: str, theirs: str, deed: bool) -> None:  # noqa: FBT001
        """The other one is faster by a moment, between this one's look and its writing."""
        other = "rui" if who == "ana" else "ana"
        self.meanwhile.append(lambda: self.type(other, key, theirs, ""))
        if deed:
            self.do(who, key, "save")
        else:
            self.type(who, key, mine, "10")
        self.meanwhile.clear()

    @rule(who=WHO, key=KEYS, deed=DEEDS)
    def do(self, who: str, key: str, deed: str) -> None:
        page = self.pages[who]
        if key not in page.clash:
            self._send(who, {"do": deed, "key": key, "base": page.seen[key]})

    @rule(who=WHO, key=KEYS)
    def send_again(self, who: str, key: str) -> None:
        """The acknowledgement was lost, the page is the same."""
        page = self.pages[who]
        if page.sent and page.sent[-1]["key"] == key and key not in page.clash:
            self._send(who, page.sent[-1])

    @rule(who=WHO, key=KEYS, mine=st.booleans())
    def resolve(self, who: str, key: str, mine: bool) -> None:  # noqa: FBT001
        page = self.pages[who]
        if key not in page.clash:
            return
        seq = page.clash.pop(key)
        page.see(key, seq)
        if mine:
            given = self.empty | {"name": "decided"}
            self._send(who, {"do": "resolve", "key": key, "base": seq, "fields": given})

    @rule(who=WHO)
    def look(self, who: str) -> None:
        page = self.pages[who]
        for one in page.session.poll():
            self._told(page, one)

    def _told(self, page: Browser, one: dict[str, Any]) -> None:
        """As the browser does: what is newer is taken over, except in the middle of a conflict."""
        if one["is"] != "changed" or one["row"]["key"] in page.clash:
            return
        key, seq = one["row"]["key"], one["row"]["seq"]
        if (seq or 0) > (page.seen[key] or 0):
            page.see(key, seq)

    def _send(self, who: str, message: dict[str, Any]) -> None:
        page = self.pages[who]
        page.sent.append(message)
        number = next(page.numbers)
        truth = dict(self.truth)

        replies = page.session.receive(message | {"id": number, "kind": "agent"})

        answers = [one for one in replies if one.get("id") == number]
        assert len(answers) == 1, "every id is answered once"
        self._acknowledged(page, message, answers[0], truth)
        for one in replies:
            self._told(page, one)

    def _acknowledged(
        self,
        page: Browser,
        message: dict[str, Any],
        reply: dict[str, Any],
        before: dict[str, Seen],
    ) -> None:
        key = message["key"]
        # What the other did at once, just before, is in the truth by now.
        truth = self.truth.get(key, (None, None))
        if reply["is"] == "conflict":
            assert reply["mine"] == message["fields"]
            assert reply["theirs"]["seq"] == truth[0]
            assert reply["theirs"]["fields"] == (truth[1] or self.empty)
            page.clash[key] = reply["theirs"]["seq"]
            page.shown.add((key, reply["theirs"]["seq"]))
            return
        if reply["is"] == "refused":
            return
        assert reply["is"] in ("saved", "invalid")
        if (reply["seq"] or 0) > (truth[0] or 0):
            assert (key, truth[0]) in page.shown, "what it replaced was before its eyes"
            assert truth == before.get(key, (None, None)), "nobody else came between"
            self.truth[key] = (reply["seq"], _shown(reply["row"]))
            if message["do"] in ("change", "resolve"):
                assert _shown(reply["row"]) in (message["fields"], None)
            if message["do"] == "save":
                assert _shown(reply["row"]) == truth[1], "what is saved is what was typed"
        page.see(key, reply["seq"])

    @invariant()
    def what_stands_is_what_was_acknowledged_last(self) -> None:
        (told,) = self._session("eva").receive({"do": "hello"})
        found = {one["key"]: (one["seq"], _shown(one)) for one in told["entries"]}

        for key, (seq, given) in self.truth.items():
            assert found[key] == (seq, given)


def _shown(row: dict[str, Any] | None) -> dict[str, Any] | None:
    stands = row and (row["typed"] or row["entry"])
    return dict(stands["fields"]) if stands else None


def test_two_lists_lose_nothing_and_see_every_conflict(
    empty_home: Any,
    catalogue: Catalogue,
    long_run: bool,  # noqa: FBT001
) -> None:
    with empty_home.store() as store:
        run_state_machine_as_test(
            lambda: TwoLists(store, catalogue),
            settings=settings(
                max_examples=1000 if long_run else 30,
                stateful_step_count=15,
                deadline=None,
                database=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
