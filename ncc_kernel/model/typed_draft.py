"""What a person has typed so far of one answer: the fields of a form, complete or not.

The text is bounded and made showable as in an answer, and nothing else is asked of it: it is
kept so that a reload, another machine or a crash loses nothing.
"""

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import StrictBool, ValidationError

from ncc_kernel.model.answer import Answer
from ncc_kernel.model.frozen import Frozen
from ncc_kernel.model.text import Prose

Choice = Literal["", "0", "1", "2", "3", "4", "5", "not_applicable", "dont_know"]

PLAIN_STATES = ("not_applicable", "dont_know")


class TypedDraft(Frozen):
    """The fields of one question as they stand in the form; "" is nothing chosen or typed."""

    answer: Choice = ""
    reason: Prose = ""
    comment: Prose = ""
    evidence: Prose = ""
    evidence_link: Prose = ""
    confidence: Literal["", "low", "medium", "high"] = ""
    priority: Literal["", "1", "2", "3", "4", "5"] = ""
    target: Literal["", "0", "1", "2", "3", "4", "5"] = ""
    offers: StrictBool = False
    needs: StrictBool = False

    @property
    def empty(self) -> bool:
        """Whether nothing at all is given."""
        return self == NOTHING

    @property
    def fields(self) -> dict[str, str | bool]:
        """Every field, as the form shows it."""
        return self.model_dump(mode="json")

    def faults(self) -> dict[str, str]:
        """What an answer still lacks, a sentence for each field; none when it is complete."""
        if not self.answer:
            return {
                "answer": "Choose a level, \N{LEFT DOUBLE QUOTATION MARK}not applicable"
                "\N{RIGHT DOUBLE QUOTATION MARK} or \N{LEFT DOUBLE QUOTATION MARK}don't know"
                "\N{RIGHT DOUBLE QUOTATION MARK}."
            }
        if self.answer == "not_applicable" and not self.reason:
            return {"reason": "Say why this statement does not apply to you."}
        try:
            Answer.model_validate(self._raw())
        except ValidationError as fault:
            return dict(_in_words(dict(error)) for error in fault.errors(include_url=False))
        return {}

    def as_answer(self, guide: str) -> Answer:
        """The answer that the fields make; only where there are no faults."""
        return Answer.model_validate(self._raw() | {"guide": guide})

    def _raw(self) -> dict[str, Any]:
        plain = self.answer in PLAIN_STATES
        raw = {
            "state": self.answer if plain else "answered",
            "level": None if plain else int(self.answer),
            "confidence": self.confidence or None,
            "priority": int(self.priority) if self.priority else None,
            "target": int(self.target) if self.target else None,
        }
        same = ("reason", "comment", "evidence", "evidence_link", "offers", "needs")
        return raw | {name: getattr(self, name) for name in same}


NOTHING = TypedDraft()


def typed_of(answer: Answer) -> TypedDraft:
    """The fields of a form that show this answer."""
    level = "" if answer.level is None else str(answer.level)
    same = ("reason", "comment", "evidence", "evidence_link", "offers", "needs")
    return TypedDraft.model_validate(
        {
            "answer": level if answer.state == "answered" else answer.state,
            "confidence": answer.confidence or "",
            "priority": "" if answer.priority is None else str(answer.priority),
            "target": "" if answer.target is None else str(answer.target),
        }
        | {name: getattr(answer, name) for name in same}
    )


def _in_words(error: Mapping[str, Any]) -> tuple[str, str]:
    field = str(error["loc"][0]) if error["loc"] else "answer"
    if error["type"] == "string_too_long":
        return field, f"Write at most {error['ctx']['max_length']} characters here."
    said = str(error["msg"]).removeprefix("Value error, ").rstrip(".")
    return field, f"{said[:1].upper()}{said[1:]}."
