"""What a country answers to one question of a guide."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from ncc_kernel.model.frozen import Frozen
from ncc_kernel.model.number import Whole
from ncc_kernel.model.text import Line, Prose

State = Literal["answered", "not_applicable", "dont_know"]
Confidence = Literal["low", "medium", "high"]
LevelNumber = Annotated[Whole, Field(ge=0, le=5)]
Priority = Annotated[Whole, Field(ge=1, le=5)]


class Answer(Frozen):
    """A level with what stands behind it, or a plain "not applicable" or "don't know".

    Not answered is no Answer at all; none of the three is ever a 0.
    """

    state: State
    level: LevelNumber | None = None
    reason: Prose = ""
    comment: Prose = ""
    evidence: Prose = ""
    evidence_link: Line = ""
    confidence: Confidence | None = None
    priority: Priority | None = None
    target: LevelNumber | None = None
    offers: bool = False
    needs: bool = False
    guide: Line = ""

    @model_validator(mode="after")
    def _level_fits_state(self) -> Self:
        if self.state == "answered" and self.level is None:
            raise ValueError("an answer needs a level from 0 to 5")
        if self.state != "answered" and self.level is not None:
            raise ValueError(f"{self.state.replace('_', ' ')} cannot have a level")
        if self.state == "not_applicable" and not self.reason:
            raise ValueError("not applicable needs a reason")
        return self
