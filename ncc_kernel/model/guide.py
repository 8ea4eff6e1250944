"""The self-assessment guide: dimensions, their questions, and words for every level."""

from collections import Counter
from collections.abc import Iterable
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from ncc_kernel.model.door import parse_file
from ncc_kernel.model.frozen import Frozen
from ncc_kernel.model.text import Key, Name, Prose

LEVELS = 6
"""Levels 0 to 5. Source: our draft guide."""

TocElement = Literal["INPUT", "ACTIVITY", "OUTPUT", "OUTCOME", "IMPACT", "ASSUMPTION"]


class Level(Frozen):
    """One step of the common scale."""

    level: Annotated[int, Field(ge=0, lt=LEVELS)]
    name: Name
    meaning: Prose


class Dimension(Frozen):
    """A capacity with several questions; it leads to a step of the programme or to a seminar."""

    code: Key
    name: Name
    short: Annotated[str, Field(min_length=1, max_length=22)]
    core: bool
    step: Annotated[int, Field(ge=1, le=9)] | None = None
    seminar: str | None = None
    about: Prose
    source: Prose = ""


class Question(Frozen):
    """A statement, words for each of its levels, how to judge it, and what to do next."""

    code: Key
    dimension: Key
    statement: Name
    toc: TocElement
    levels: Annotated[tuple[Name, ...], Field(min_length=LEVELS, max_length=LEVELS)]
    why: Prose
    judge: Prose
    next_low: Name
    next_mid: Name
    next_high: Name

    def next_step(self, level: int | None) -> str:
        """What to do next at this level; with no level, what to begin with."""
        if level is None or level <= 1:
            return self.next_low
        return self.next_mid if level <= 3 else self.next_high  # noqa: PLR2004

    @model_validator(mode="after")
    def _levels_differ(self) -> Self:
        if doubled := _doubled(text.casefold() for text in self.levels):
            raise ValueError(
                f"question {self.code}: two levels have the same words: {doubled[0]!r}"
            )
        return self


class Guide(Frozen):
    """A version of a guide; answers name the version they were given to."""

    code: Key
    version: Name
    title: Name
    status: Prose
    source: Prose
    intro: Prose
    scale: tuple[Level, ...]
    dimensions: Annotated[tuple[Dimension, ...], Field(min_length=1)]
    questions: Annotated[tuple[Question, ...], Field(min_length=1)]

    @property
    def draft(self) -> bool:
        """Whether the guide is not (yet) an official one, which every page that shows it says."""
        return "draft" in self.status.casefold()

    def dimension(self, code: str) -> Dimension:
        """The dimension of that code."""
        return next(one for one in self.dimensions if one.code == code)

    def question(self, code: str) -> Question:
        """The question of that code."""
        return next(one for one in self.questions if one.code == code)

    def questions_of(self, dimension: str) -> tuple[Question, ...]:
        """The questions of a dimension, in the guide's order."""
        return tuple(one for one in self.questions if one.dimension == dimension)

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        if [one.level for one in self.scale] != list(range(LEVELS)):
            raise ValueError("the scale must name the levels 0 to 5, each once and in order")
        codes = [one.code for one in self.dimensions]
        if doubled := _doubled([*codes, *(one.code for one in self.questions)]):
            raise ValueError(f"the code {doubled[0]} is used twice")
        for question in self.questions:
            if question.dimension not in codes:
                raise ValueError(f"question {question.code}: no dimension {question.dimension}")
        if empty := [code for code in codes if not self.questions_of(code)]:
            raise ValueError(f"dimension {empty[0]} has no question")
        return self


def parse_guide(raw: object, *, where: str) -> Guide:
    """The guide of a file, or a DataFault that names the file, the key and what to do."""
    return parse_file(Guide, raw, where=where)


def _doubled(codes: Iterable[str]) -> list[str]:
    return [code for code, count in Counter(codes).items() if count > 1]
