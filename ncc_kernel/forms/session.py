"""One open form: every message of the browser becomes messages back, and there is no widget here.

A message with an id is answered by exactly one message with that id, and may come again: what it
asks for stands already then, and the answer is the same. A change names the version it was made
on. Where that is no longer what stands, nothing is written and both texts are shown.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from ncc_kernel.analysis.profile import Answers
from ncc_kernel.analysis.submission import Difference, check, compare, digest, reference, step
from ncc_kernel.errors import Forbidden, Rejected
from ncc_kernel.forms import telling
from ncc_kernel.forms.conversation import LOAD_AGAIN, Answering, Conversation
from ncc_kernel.forms.scene import Allowed, Reach, Receipt, Scene
from ncc_kernel.forms.standing import Shown, Standing, typed
from ncc_kernel.forms.telling import Message
from ncc_kernel.model.kinds import sentences
from ncc_kernel.model.permission import CLOSED
from ncc_kernel.model.revision import Draft, Payload, Revision
from ncc_kernel.model.submission import SELF_ASSESSMENT
from ncc_kernel.model.typed_draft import TypedDraft

Levels = dict[str, tuple[str, int | None]]
"""What the picture hangs on: the state and level of each answer."""


class FormSession(Conversation):
    """A form of one country and cycle, in the hands of one person, on one page."""

    def __init__(self, scene: Scene, reach: Reach) -> None:
        self._scene = scene
        self._reach = reach
        self._codes = tuple(one.code for one in scene.guide.questions)
        self._standing = Standing(self._codes)
        self._own: dict[str, int | None] = {}
        """The version of each question that this page itself made last."""
        self._news: set[str] = set()
        self._drawn: Levels | None = None
        answers: Mapping[str, Answering] = {
            "hello": self._hello,
            "change": self._change,
            "resolve": self._change,
            "place": self._place,
            "drop_file": self._drop_file,
            "check": self._check,
            "submit": self._submit,
            "ask_reopen": self._ask_reopen,
            "review": self._review,
        }
        super().__init__(reach, answers)

    def to_draw(self) -> Callable[[], Message] | None:
        """What draws the profile, where a level has changed since it was drawn last.

        It takes a moment and reads nothing of this form, so it may run aside.
        """
        answers = self._standing.answers
        levels: Levels = {code: (one.state, one.level) for code, one in answers.items()}
        if levels == self._drawn:
            return None
        self._drawn = levels
        return lambda: self._picture(answers)

    def _picture(self, answers: Answers) -> Message:
        drawn = self._reach.draw(answers)
        return {
            "is": "profile",
            "svg": drawn.svg,
            "table": drawn.table,
            "finding": drawn.finding,
            "progress": telling.progress(self._scene, answers),
        }

    # What the browser asks for

    def _hello(self, _message: Mapping[str, Any]) -> list[Message]:
        allowed = self._allowed("read", "This form is not yours to read.")
        self._refresh()
        self._news.clear()
        self._own.clear()
        self._others, self._drawn = None, None
        everything = telling.everything(self._scene, self._standing, allowed, self._now)
        receipt = [self._receipt(None)] if self._standing.state in CLOSED else []
        return [everything, *receipt]

    def _change(self, message: Mapping[str, Any]) -> list[Message]:
        self._allowed("write", "This form is not yours to fill in.")
        code, given = self._question(message), _typed(message.get("fields"))
        self._refresh()
        self._check_open()
        shown = self._standing.shown(code)
        if given == shown.typed:
            return [self._kept(message, code, shown)]
        if message.get("base") != shown.seq and not self._is_own(code, shown):
            return self._late(message, code, given)
        at = (self._scene.country, self._scene.cycle, code)
        done = self._reach.append(shown.to_become(given, self._scene.guide.version, at=at))
        if done.conflicts:
            self._refresh()
            return self._late(message, code, given)
        self._standing.take(done.written)
        if self._standing.shown(code).typed != given:  # somebody did just the same, at once
            self._refresh()
            return self._late(message, code, given)
        return [self._kept(message, code, self._standing.shown(code))]

    def _late(self, message: Mapping[str, Any], code: str, given: TypedDraft) -> list[Message]:
        """A change that came too late: recorded before and overtaken, or in conflict."""
        shown = self._standing.shown(code)
        if given == shown.typed:
            return [self._kept(message, code, shown)]
        if (before := self._recorded(code, given, message.get("base"))) is not None:
            newer = telling.changed(code, shown, self._now)
            return [self._saved(message, given, before), newer]
        return [telling.conflict(message, given, shown, self._now)]

    def _place(self, message: Mapping[str, Any]) -> list[Message]:
        self._reach.here(self._question(message))
        return []

    def _drop_file(self, message: Mapping[str, Any]) -> list[Message]:
        """Take a file away from its question; twice is once."""
        self._allowed("write", "This form is not yours to fill in.")
        self._refresh()
        self._check_open()
        entry = self._standing.file_entry(str(message.get("key")))
        if entry is not None and entry.payload is not None:
            at = (self._scene.country, self._scene.cycle, "evidence", entry.key, entry.seq)
            self._standing.take(self._reach.append([Draft(*at, None)]).written)
        return [self._files(message.get("id"))]

    def _check(self, _message: Mapping[str, Any]) -> list[Message]:
        self._allowed("read", "This form is not yours to read.")
        self._refresh()
        standing = self._standing
        found = check(self._scene.guide, standing.answers, standing.drafts, standing.files)
        return [telling.checked(found, self._changes())]

    def _submit(self, message: Mapping[str, Any]) -> list[Message]:
        self._allowed("submit", "This form is not yours to submit.")
        self._refresh()
        answers = self._standing.answers
        covered = digest(answers, self._standing.files)
        if self._stands("submitted", covered) or self._stands("accepted", covered):
            return [self._receipt(message.get("id"))]
        found = check(self._scene.guide, answers, self._standing.drafts, self._standing.files)
        if found.errors:
            listed = " ".join(f"{one.question}: {one.message}" for one in found.errors)
            raise Rejected(f"It cannot be submitted yet. {listed}", "complete or clear these")
        if not answers:
            raise Rejected("Nothing is answered yet, so there is nothing to submit.", "")
        becomes = step(self._standing.state, "submit")
        if self._stands("returned", covered):
            said = "Nothing has changed since it was returned."
            raise Rejected(said, "mend what the note asks for, or say in a comment why not")
        self._record("submission", self._submission(becomes, covered))
        return [self._receipt(message.get("id"))]

    def _ask_reopen(self, message: Mapping[str, Any]) -> list[Message]:
        allowed = self._reach.allowed()
        if not (allowed.write or allowed.submit):
            raise Forbidden("This form is not yours.", LOAD_AGAIN)
        self._refresh()
        if self._standing.state not in CLOSED:
            raise Rejected("The form is open already.", LOAD_AGAIN)
        note = _note(message)
        if note != self._standing.asked:
            self._record("reopen_request", {"note": note})
        return [self._state(message.get("id"))]

    def _review(self, message: Mapping[str, Any]) -> list[Message]:
        self._allowed("review", "Only a coordinator returns, accepts or reopens.")
        self._refresh()
        decision, note = str(message.get("decision")), _note(message)
        standing = self._standing.submitted
        if standing is None or decision == "submit":
            raise Rejected("It is not submitted, so there is nothing to review.", LOAD_AGAIN)
        was, _revision = standing
        done = {"return": "returned", "accept": "accepted", "reopen": "reopened"}.get(decision)
        if (was.state, was.note) != (done, note):
            becomes = step(was.state, decision, note=note)
            self._record(
                "submission",
                was.model_dump(mode="json") | {"state": becomes, "note": note},
                clears_request=becomes == "reopened",
            )
        return [self._state(message.get("id"))]

    # What stands

    def _refresh(self) -> None:
        """Follow the record; what others changed is told with the next messages."""
        news = self._reach.since(self._standing.seq)
        if news:
            self._standing.seq = news[-1].seq
            self._news |= self._standing.take(news)

    def _tell(self) -> list[Message]:
        """What is new and not this page's own."""
        codes = [code for code in self._codes if code in self._news]
        others = [code for code in codes if not self._is_own(code, self._standing.shown(code))]
        now = self._now
        messages = [telling.changed(code, self._standing.shown(code), now) for code in others]
        if not self._news.isdisjoint({"submission", "reopen_request"}):
            messages.append(self._state(None))
        if "evidence" in self._news:
            messages.append(self._files(None))
        self._news.clear()
        return messages

    def _is_own(self, code: str, shown: Shown) -> bool:
        """Whether what stands was made by this page, so that its next change builds on it."""
        return shown.seq is not None and self._own.get(code) == shown.seq

    def _recorded(self, code: str, given: TypedDraft, base: object) -> Revision | None:
        """The revision by which this person recorded just this after the base, if any."""
        after = base if isinstance(base, int) else 0
        for kind in ("answer", "draft"):
            for one in self._reach.history(kind, code):
                mine = one.seq > after and one.author == self._scene.name
                if mine and one.payload is not None and typed(one) == given:
                    return one
        return None

    def _record(self, kind: str, payload: Payload, *, clears_request: bool = False) -> None:
        """Write a submission or a request; another's, made meanwhile, is not overwritten."""
        wanted = {kind: payload} | ({"reopen_request": None} if clears_request else {})
        done = self._reach.append(
            [
                Draft(
                    self._scene.country,
                    self._scene.cycle,
                    name,
                    SELF_ASSESSMENT,
                    self._standing.base(name),
                    one,
                )
                for name, one in wanted.items()
            ]
        )
        if done.conflicts:
            raise Rejected("Somebody else was faster; nothing was recorded.", LOAD_AGAIN)
        self._news |= self._standing.take(done.written)

    def _submission(self, becomes: str, covered: str) -> Payload:
        return {
            "state": becomes,
            "reference": reference(self._scene.country, self._scene.cycle, covered),
            "digest": covered,
            "seq": self._standing.answers_seq,
        }

    def _stands(self, state: str, covered: str) -> bool:
        standing = self._standing.submitted
        return standing is not None and (standing[0].state, standing[0].digest) == (state, covered)

    def _changes(self) -> tuple[Difference, ...]:
        """What differs from the version that was handed in last."""
        standing = self._standing.submitted
        if standing is None:
            return ()
        then = Standing(self._codes)
        then.take(one for one in self._reach.since(0) if one.seq <= standing[0].seq)
        return compare(self._scene.guide, then.answers, self._standing.answers)

    # Messages

    def _kept(self, message: Mapping[str, Any], code: str, shown: Shown) -> Message:
        """What was sent is what stands."""
        self._own[code] = shown.seq
        return self._saved(message, shown.typed, shown.last)

    def _saved(
        self, message: Mapping[str, Any], given: TypedDraft, made: Revision | None
    ) -> Message:
        files = self._standing.files.get(str(message["question"]), ())
        return telling.saved(
            message, given, made, name=self._scene.name, files=files, now=self._now
        )

    def _state(self, number: object) -> Message:
        state = telling.of_state(self._standing, self._now)
        return {"is": "state", **telling.numbered(number), **state}

    def _files(self, number: object) -> Message:
        files = telling.of_files(self._standing, self._now)
        return {"is": "files", **telling.numbered(number), "files": files}

    def _receipt(self, number: object) -> Message:
        """The receipt of what stands, with the id of the message that asks for it."""
        standing = self._standing.submitted
        if standing is None:
            raise Rejected("There is no submission.", LOAD_AGAIN)
        said, revision = standing
        receipt = Receipt(said, telling.with_zone(revision.at, self._now), revision.author)
        return {
            "is": "receipt",
            **telling.numbered(number),
            "reference": said.reference,
            "at": receipt.at,
            "by": receipt.by,
            "digest": said.digest,
            "html": self._reach.copy(receipt, self._standing.answers),
        }

    @property
    def _now(self) -> datetime:
        return self._reach.now()

    def _check_open(self) -> None:
        if self._standing.state in CLOSED:
            said = f"The self-assessment is {self._standing.state}: its answers stand still."
            raise Forbidden(said, "ask to reopen it")

    def _allowed(self, what: str, refusal: str) -> Allowed:
        allowed = self._reach.allowed()
        if not getattr(allowed, what):
            raise Forbidden(refusal, "ask a coordinator for another role")
        return allowed

    def _question(self, message: Mapping[str, Any]) -> str:
        code = message.get("question")
        if not isinstance(code, str) or code not in self._codes:
            raise Rejected("The guide has no such statement any more.", LOAD_AGAIN)
        return code


def _typed(raw: object) -> TypedDraft:
    try:
        return TypedDraft.model_validate(raw)
    except ValidationError as fault:
        hint = "shorten it; what you typed is kept in the page"
        raise Rejected(sentences(fault), hint) from None


def _note(message: Mapping[str, Any]) -> str:
    return str(message.get("note") or "").strip()
