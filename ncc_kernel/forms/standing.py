"""What stands for each question, kept up to date from the record's changes alone.

A question has two entries: its answer, and a draft of what was typed while that is not an answer
yet. The form shows the draft where there is one. The version of a question is the last seq of
either, withdrawals too; it only grows, so two pages that name the same version saw the same.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from ncc_kernel.model.answer import Answer
from ncc_kernel.model.evidence import EvidenceFile
from ncc_kernel.model.revision import Draft, Revision
from ncc_kernel.model.submission import SELF_ASSESSMENT, ReopenRequest, Submission
from ncc_kernel.model.typed_draft import NOTHING, TypedDraft, typed_of

OF_A_QUESTION = ("answer", "draft")


@dataclass(frozen=True, slots=True)
class Shown:
    """What the form shows of a question, and the last revision of each of its two entries."""

    answer: Revision | None
    draft: Revision | None

    @property
    def last(self) -> Revision | None:
        """The revision that made it what it is."""
        made = [one for one in (self.answer, self.draft) if one is not None]
        return max(made, key=lambda one: one.seq, default=None)

    @property
    def seq(self) -> int | None:
        """The version: what a change is based on."""
        return self.last.seq if self.last else None

    @property
    def typed(self) -> TypedDraft:
        """The fields."""
        for one in (self.draft, self.answer):
            if one is not None and one.payload is not None:
                return typed(one)
        return NOTHING

    @property
    def by(self) -> str:
        """Who made it what it is."""
        return self.last.author if self.last else ""

    @property
    def complete(self) -> bool:
        """Whether nothing is half typed."""
        return self.draft is None or self.draft.payload is None

    def to_become(self, typed: TypedDraft, guide: str, *, at: tuple[str, str, str]) -> list[Draft]:
        """The drafts that make these fields stand; both entries are in it, to be taken together.

        So whoever changed either of them meanwhile is not overwritten. `at` is the country, the
        cycle and the question.
        """
        answer = self.answer.payload if self.answer else None
        half = None
        if typed.empty:
            answer = None
        elif typed.faults():
            half = typed.model_dump(mode="json")
        else:
            answer = typed.as_answer(guide).model_dump(mode="json")
        bases = (one.seq if one else None for one in (self.answer, self.draft))
        country, cycle, code = at
        return [
            Draft(country, cycle, kind, code, base, payload)
            for kind, base, payload in zip(OF_A_QUESTION, bases, (answer, half), strict=True)
        ]


def typed(one: Revision) -> TypedDraft:
    """The fields that an answer or a draft shows."""
    if one.payload is None:
        return NOTHING
    if one.kind == "draft":
        return TypedDraft.model_validate(one.payload)
    return typed_of(Answer.model_validate(one.payload))


class Standing:
    """The last revision of each entry of one country in one cycle."""

    def __init__(self, codes: Iterable[str]) -> None:
        self.seq = 0
        self._codes = frozenset(codes)
        self._last: dict[tuple[str, str], Revision] = {}

    def take(self, revisions: Iterable[Revision]) -> set[str]:
        """Follow these revisions; the keys of what changed: codes of questions, and the kinds."""
        changed: set[str] = set()
        for one in revisions:
            before = self._last.get((one.kind, one.key))
            if before is None or before.seq < one.seq:
                self._last[one.kind, one.key] = one
                changed.add(one.key if one.kind in OF_A_QUESTION else one.kind)
        return changed

    def shown(self, code: str) -> Shown:
        """What the form shows of that question."""
        return Shown(self._last.get(("answer", code)), self._last.get(("draft", code)))

    @property
    def answers(self) -> dict[str, Answer]:
        """The answers that stand, by question."""
        return {
            code: Answer.model_validate(one.payload)
            for (kind, code), one in self._last.items()
            if kind == "answer" and code in self._codes and one.payload is not None
        }

    @property
    def drafts(self) -> dict[str, TypedDraft]:
        """What is half typed, by question."""
        return {
            code: typed(one)
            for (kind, code), one in self._last.items()
            if kind == "draft" and code in self._codes and one.payload is not None
        }

    @property
    def file_entries(self) -> dict[str, list[Revision]]:
        """The entries of the files that stand beside each question, oldest first."""
        found: dict[str, list[Revision]] = {}
        for (kind, _key), one in sorted(self._last.items(), key=lambda item: item[1].seq):
            if kind == "evidence" and one.payload is not None:
                found.setdefault(str(one.payload["question"]), []).append(one)
        return found

    @property
    def files(self) -> dict[str, list[EvidenceFile]]:
        """The files that stand beside each question."""
        return {
            code: [EvidenceFile.model_validate(one.payload) for one in entries]
            for code, entries in self.file_entries.items()
        }

    def file_entry(self, key: str) -> Revision | None:
        """The last revision of a file's entry."""
        return self._last.get(("evidence", key))

    @property
    def answers_seq(self) -> int:
        """The last revision of any answer."""
        return max(
            (one.seq for (kind, _), one in self._last.items() if kind == "answer"), default=0
        )

    @property
    def submitted(self) -> tuple[Submission, Revision] | None:
        """How the self-assessment was handed in, and the revision that says so."""
        found = self._last.get(("submission", SELF_ASSESSMENT))
        if found is None or found.payload is None:
            return None
        return Submission.model_validate(found.payload), found

    @property
    def state(self) -> str:
        """The state of the self-assessment; "draft" before it was ever submitted."""
        return self.submitted[0].state if self.submitted else "draft"

    @property
    def asked(self) -> str:
        """Why it is asked to be opened again, or nothing."""
        found = self._last.get(("reopen_request", SELF_ASSESSMENT))
        if found is None or found.payload is None:
            return ""
        return ReopenRequest.model_validate(found.payload).note

    def base(self, kind: str) -> int | None:
        """The seq on which a submission or a request is made."""
        found = self._last.get((kind, SELF_ASSESSMENT))
        return found.seq if found else None

    def last_of(self, author: str) -> str | None:
        """The question that this person changed last."""
        made = [
            one
            for (kind, code), one in self._last.items()
            if kind in OF_A_QUESTION and code in self._codes and one.author == author
        ]
        return max(made, key=lambda one: one.seq).key if made else None
