"""Handing in: what is wrong and what is only missing, which steps there are, and what changed."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from ncc_kernel.analysis.profile import Answers
from ncc_kernel.errors import Rejected
from ncc_kernel.model.answer import Answer
from ncc_kernel.model.evidence import EvidenceFile
from ncc_kernel.model.guide import Guide
from ncc_kernel.model.permission import NEXT_STATES
from ncc_kernel.model.submission import SubmissionState
from ncc_kernel.model.typed_draft import NOTHING, TypedDraft, typed_of

Files = Mapping[str, Sequence[EvidenceFile]]
"""The files beside the answers, by question."""

Decision = Literal["submit", "return", "accept", "reopen"]

BECOMES: dict[Decision, SubmissionState] = {
    "submit": "submitted",
    "return": "returned",
    "accept": "accepted",
    "reopen": "reopened",
}

EVIDENT = 4
"""The level from which an answer should name its evidence. Source: our draft guide."""


@dataclass(frozen=True, slots=True)
class Remark:
    """Something about a field of a question, in a sentence."""

    question: str
    field: str
    message: str

    def as_dict(self) -> dict[str, str]:
        """As it goes to a page."""
        return {"question": self.question, "field": self.field, "message": self.message}


@dataclass(frozen=True, slots=True)
class Checked:
    """What keeps a self-assessment from being submitted, and what one should look at before."""

    errors: tuple[Remark, ...]
    warnings: tuple[Remark, ...]
    summary: str


@dataclass(frozen=True, slots=True)
class Difference:
    """A field of a question that is not as it was; "" where nothing was or is given."""

    question: str
    field: str
    before: str
    now: str

    def as_dict(self) -> dict[str, str]:
        """As it goes to a page."""
        return {
            "question": self.question,
            "field": self.field,
            "before": self.before,
            "now": self.now,
        }


def check(
    guide: Guide, answers: Answers, drafts: Mapping[str, TypedDraft], files: Files | None = None
) -> Checked:
    """What stands in the way (answers begun that lack something), and what is only missing."""
    errors: list[Remark] = []
    warnings: list[Remark] = []
    for question in guide.questions:
        code = question.code
        if code in drafts:
            faults = drafts[code].faults() or {
                "answer": "Typed, and not yet an answer: save it again."
            }
            errors += [Remark(code, field, said) for field, said in faults.items()]
        elif code in answers:
            warnings += remarks(code, answers[code], files=(files or {}).get(code, ()))
        else:
            warnings.append(Remark(code, "answer", "This statement is not answered."))
    return Checked(tuple(errors), tuple(warnings), _summary(guide, answers, drafts))


def _summary(guide: Guide, answers: Answers, drafts: Mapping[str, TypedDraft]) -> str:
    whole = [q.code for q in guide.questions if q.code in answers and q.code not in drafts]
    begun = [q.code for q in guide.questions if q.code in drafts]
    total = len(guide.questions)
    sentences = [f"{len(whole)} of {total} statements are answered."]
    if begun:
        verb = "is" if len(begun) == 1 else "are"
        sentences.append(f"{len(begun)} {verb} begun and not complete: {', '.join(begun)}.")
    if empty := total - len(whole) - len(begun):
        sentences.append(f"{empty} {'is' if empty == 1 else 'are'} not answered.")
    return " ".join(sentences)


def remarks(question: str, answer: Answer, *, files: Sequence[EvidenceFile] = ()) -> list[Remark]:
    """What one should look at in an answer that can stand."""
    found: list[Remark] = []
    if answer.level is not None and answer.level >= EVIDENT and not (files or _evident(answer)):
        said = f"Level {answer.level} is better believed with evidence: name a document, a link or a file."
        found.append(Remark(question, "evidence", said))
    if answer.evidence_link and not answer.evidence_link.startswith(("https://", "http://")):
        said = "This is kept as text: a link begins with https://."
        found.append(Remark(question, "evidence_link", said))
    if answer.level is not None and answer.target is not None and answer.target < answer.level:
        said = f"The target {answer.target} is below today's level {answer.level}."
        found.append(Remark(question, "target", said))
    return found


def _evident(answer: Answer) -> bool:
    return bool(answer.evidence or answer.evidence_link)


def digest(answers: Answers, files: Files | None = None) -> str:
    """The sha256 of the answers and their files: the same give the same, in any order."""
    plain: dict[str, object] = {
        code: answer.model_dump(mode="json") for code, answer in answers.items()
    }
    named = {code: sorted(one.sha256 for one in beside) for code, beside in (files or {}).items()}
    if any(named.values()):
        plain["files"] = {code: beside for code, beside in named.items() if beside}
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def reference(country: str, cycle: str, of: str) -> str:
    """What people quote, such as PT-2024-1-3F7A; its end is the digest's beginning."""
    return f"{country}-{cycle}-{of[:4].upper()}"


def step(state: str, decision: str, *, note: str = "") -> SubmissionState:
    """What the self-assessment becomes, or Rejected with a sentence when it cannot."""
    if decision not in BECOMES:
        raise Rejected(f"{decision[:40]!r} is no decision.", f"use one of {', '.join(BECOMES)}")
    becomes = BECOMES[decision]
    if becomes not in NEXT_STATES[state]:
        raise Rejected(_refusal(state, becomes), "load the page again to see how it stands")
    if becomes == "returned" and not note.strip():
        raise Rejected("A return needs a note.", "say what should be mended")
    return becomes


def _refusal(state: str, becomes: str) -> str:
    stands = "not submitted yet" if state == "draft" else state
    return f"The self-assessment is {stands}, so it cannot be {becomes}."


def compare(guide: Guide, before: Answers, now: Answers) -> tuple[Difference, ...]:
    """Every field that differs between two versions, in the guide's order."""
    return tuple(
        Difference(question.code, field, str(was), str(present))
        for question in guide.questions
        for field, was, present in _fields(before.get(question.code), now.get(question.code))
        if was != present
    )


def _fields(before: Answer | None, now: Answer | None) -> list[tuple[str, object, object]]:
    was, present = (typed_of(one).fields if one else NOTHING.fields for one in (before, now))
    return [(name, was[name], present[name]) for name in was]
