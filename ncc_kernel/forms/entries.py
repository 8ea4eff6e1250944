"""An open form of entries: every message of the browser becomes messages back; no widget here.

What is typed is kept at once, beside the entry, and is nobody's but the team's; `save` puts it in
the entry's place. A message with an id is answered by exactly one message with that id, and may
come again. A change names the version it was made on; where that is no longer what stands,
nothing is written and both are shown.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from ncc_kernel.errors import Forbidden, Rejected
from ncc_kernel.forms import entries_telling as telling
from ncc_kernel.forms.conversation import LOAD_AGAIN, Answering, Conversation
from ncc_kernel.forms.entries_abroad import Abroad
from ncc_kernel.forms.entries_scene import EntriesReach, EntriesScene
from ncc_kernel.forms.entries_standing import (
    HALF,
    At,
    EntriesStanding,
    ShownEntry,
    as_typed,
    half_key,
)
from ncc_kernel.forms.telling import Message, numbered
from ncc_kernel.model.entry_fields import Fields, faults
from ncc_kernel.model.entry_form import EntryForm
from ncc_kernel.model.kinds import sentences
from ncc_kernel.model.revision import Draft, Payload, Revision
from ncc_kernel.model.typed_entry import TypedEntry

PLACE = 120
"""Characters of a place that the record of sessions keeps."""


class EntriesSession(Conversation):
    """The entries of one country, of some kinds, in the hands of one person, on one page."""

    def __init__(self, scene: EntriesScene, reach: EntriesReach) -> None:
        self._scene = scene
        self._reach = reach
        self._forms = {one.kind: one for one in scene.forms}
        self._standing = EntriesStanding(self._forms, self._referred)
        self._abroad = Abroad(scene, reach)
        self._own: dict[At, int | None] = {}
        """The version of each entry that this page itself made last."""
        self._news: set[At] = set()
        answers: Mapping[str, Answering] = {
            "hello": self._hello,
            "change": self._change,
            "resolve": self._change,
            "save": self._save,
            "withdraw": self._withdraw,
            "restore": self._restore,
            "history": self._history,
            "find": self._find,
            "place": self._place,
        }
        super().__init__(reach, answers)

    @property
    def _referred(self) -> frozenset[str]:
        return frozenset(kind for form in self._scene.forms for kind in form.refers_to)

    def to_draw(self) -> None:
        """Nothing here takes a moment to draw."""

    # What the browser asks for

    def _hello(self, _message: Mapping[str, Any]) -> list[Message]:
        for kind in self._forms:
            self._allowed("read", kind, "These entries are not yours to read.")
        self._refresh()
        self._news.clear()
        self._own.clear()
        self._others = None
        writes = {kind: self._reach.allowed(kind).write for kind in self._forms}
        named = [one for at in self._standing.unknown() for one in self._abroad.get(*at)]
        return [
            telling.everything(self._scene, self._standing, named, writes=writes, now=self._now)
        ]

    def _change(self, message: Mapping[str, Any]) -> list[Message]:
        form, key = self._about(message)
        given = _typed(form, message, key)
        self._refresh()
        shown = self._standing.shown(form.kind, key)
        if given == shown.fields and not shown.nothing:
            return [self._kept(message, shown)]
        if self._stale(message, shown):
            return self._late(message, given, shown)
        done = self._append(shown.to_keep(given, **self._where(form.kind)))
        shown = self._standing.shown(form.kind, key)
        if not done or shown.fields != given:  # somebody was faster
            return self._late(message, given, shown)
        return [self._kept(message, shown)]

    def _late(self, message: Mapping[str, Any], given: Fields, shown: ShownEntry) -> list[Message]:
        """A change that came too late: recorded before and overtaken, or in conflict."""
        if given == shown.fields and not shown.nothing:
            return [self._kept(message, shown)]
        if (before := self._recorded(given, shown, message.get("base"))) is not None:
            self._news.add((shown.form.kind, shown.key))
            return [telling.recorded(message, before, self._now)]
        return [telling.conflict(message, given, shown, self._now)]

    def _save(self, message: Mapping[str, Any]) -> list[Message]:
        """Put what is typed in the entry's place."""
        form, key = self._about(message)
        shown = self._fresh(message, form, key)
        if shown.typed is None and not shown.nothing:  # saved before, or nothing changed
            return [self._kept(message, shown)]
        if found := self._faults(form, shown.proposed, shown.payload):
            self._own[form.kind, key] = shown.seq
            return [telling.invalid(message, shown, found, self._now)]
        return self._done(message, shown.to_save(**self._where(form.kind)), form, key)

    def _withdraw(self, message: Mapping[str, Any]) -> list[Message]:
        """Take the entry back, or throw away what is typed of one that never was."""
        form, key = self._about(message)
        shown = self._fresh(message, form, key)
        if shown.nothing:
            return [self._kept(message, shown)]
        return self._done(message, shown.to_stand(None, **self._where(form.kind)), form, key)

    def _restore(self, message: Mapping[str, Any]) -> list[Message]:
        """Bring back what was withdrawn, as it was; or what was typed, where it never was more."""
        form, key = self._about(message)
        shown = self._fresh(message, form, key)
        if not shown.nothing:
            return [self._kept(message, shown)]
        if shown.gone is not None:
            drafts = shown.to_stand(shown.gone.payload, **self._where(form.kind))
            return self._done(message, drafts, form, key)
        typed = [one for one in self._reach.history(HALF, half_key(form.kind, key)) if one.payload]
        if not typed:
            raise Rejected("There is nothing to bring back.", LOAD_AGAIN)
        given = as_typed(form, TypedEntry.model_validate(typed[-1].payload).fields, key)
        return self._done(message, shown.to_keep(given, **self._where(form.kind)), form, key)

    def _history(self, message: Mapping[str, Any]) -> list[Message]:
        form, key = self._about(message, "read")
        return [telling.history(message, form, self._reach.history(form.kind, key), self._now)]

    def _find(self, message: Mapping[str, Any]) -> list[Message]:
        """Other countries' entries whose name has these words."""
        kinds, words = message.get("kinds"), str(message.get("words") or "")
        found = self._abroad.find(kinds if isinstance(kinds, list) else [], words)
        names = telling.named(self._scene, found)
        return [{"is": "found", **numbered(message.get("id")), "names": names}]

    def _place(self, message: Mapping[str, Any]) -> list[Message]:
        if not message.get("kind"):
            self._reach.here("")
            return []
        form, key = self._about(message, "read")
        self._reach.here(f"{form.kind}:{key}"[:PLACE])
        return []

    # What stands

    def _refresh(self) -> None:
        """Follow the record; what others changed is told with the next messages."""
        news = self._reach.since(self._standing.seq)
        if news:
            self._standing.seq = max(one.seq for one in news)
            self._news |= self._standing.take(news)
        self._news |= self._abroad.follow()

    def _tell(self) -> list[Message]:
        """What is new and not this page's own."""
        messages: list[Message] = []
        names: list[Revision] = []
        for kind, key in sorted(self._news):
            if (there := self._abroad.last(kind, key)) is not None:
                names.append(there)
            elif kind not in self._forms:
                names += self._standing.last(kind, key)
            elif not self._is_own(shown := self._standing.shown(kind, key)):
                messages.append(telling.changed(shown, self._now))
        self._news.clear()
        if names:
            messages.append({"is": "names", "names": telling.named(self._scene, names)})
        return messages

    def _is_own(self, shown: ShownEntry) -> bool:
        """Whether what stands was made by this page, so that its next change builds on it."""
        return shown.seq is not None and self._own.get((shown.form.kind, shown.key)) == shown.seq

    def _stale(self, message: Mapping[str, Any], shown: ShownEntry) -> bool:
        return message.get("base") != shown.seq and not self._is_own(shown)

    def _fresh(self, message: Mapping[str, Any], form: EntryForm, key: str) -> ShownEntry:
        """What stands, where it is what the person has seen; else they are to look again."""
        self._refresh()
        shown = self._standing.shown(form.kind, key)
        if self._stale(message, shown) and not self._asked_before(message, shown):
            by = shown.last.author if shown.last else "somebody"
            raise Rejected(f"{by} changed this {form.one} meanwhile.", "look at it, then try again")
        return shown

    def _asked_before(self, message: Mapping[str, Any], shown: ShownEntry) -> bool:
        """Whether this person did just this already, and the answer was lost."""
        if shown.last is None or shown.last.author != self._scene.name:
            return False
        if message.get("do") == "withdraw":
            return shown.nothing
        return shown.typed is None and shown.payload is not None

    def _recorded(self, given: Fields, shown: ShownEntry, base: object) -> Revision | None:
        """The revision by which this person kept just this after the base, if any."""
        after = base if isinstance(base, int) else 0
        kind, key = shown.form.kind, shown.key
        for one in self._reach.history(HALF, half_key(kind, key)):
            if one.seq <= after or one.author != self._scene.name or one.payload is None:
                continue
            typed = TypedEntry.model_validate(one.payload).fields
            if as_typed(shown.form, typed, key) == given:
                return one
        return None

    def _append(self, drafts: list[Draft]) -> bool:
        done = self._reach.append(drafts)
        if done.conflicts:
            self._refresh()
            return False
        self._standing.take(done.written)
        return True

    def _done(
        self, message: Mapping[str, Any], drafts: list[Draft], form: EntryForm, key: str
    ) -> list[Message]:
        if not self._append(drafts):
            raise Rejected(f"Somebody changed this {form.one} meanwhile.", "look, then try again")
        return [self._kept(message, self._standing.shown(form.kind, key))]

    def _kept(self, message: Mapping[str, Any], shown: ShownEntry) -> Message:
        self._own[shown.form.kind, shown.key] = shown.seq
        return telling.saved(message, shown, self._now)

    def _faults(self, form: EntryForm, payload: Payload, before: Payload | None) -> dict[str, str]:
        return faults(
            form,
            payload,
            before=before,
            vocabularies=self._scene.vocabularies,
            known=self._is_known,
        )

    def _is_known(self, kind: str, key: str) -> bool:
        return self._standing.has(kind, key) or bool(self._abroad.get(kind, key))

    def _where(self, kind: str) -> dict[str, str]:
        return {"country": self._scene.country, "cycle": self._scene.cycles[kind]}

    @property
    def _now(self) -> datetime:
        return self._reach.now()

    def _allowed(self, what: str, kind: str, refusal: str) -> None:
        if not getattr(self._reach.allowed(kind), what):
            raise Forbidden(refusal, "ask a coordinator for another role")

    def _about(self, message: Mapping[str, Any], what: str = "write") -> tuple[EntryForm, str]:
        """The form and the key that a message names, where the person may do this with it."""
        kind, key = message.get("kind"), message.get("key")
        form = self._forms.get(kind) if isinstance(kind, str) else None
        if form is None or not isinstance(key, str) or not key:
            raise Rejected("This form has no such entry.", LOAD_AGAIN)
        self._allowed(what, form.kind, f"The {form.title.lower()} are not yours to {what}.")
        return form, key


def _typed(form: EntryForm, message: Mapping[str, Any], key: str) -> Fields:
    given = message.get("fields")
    try:
        if not isinstance(given, Mapping):
            raise Rejected("The page sent no fields.", LOAD_AGAIN)
        return as_typed(form, given, key)
    except ValidationError as fault:
        hint = "shorten it; what you typed is kept in the page"
        raise Rejected(sentences(fault), hint) from None
