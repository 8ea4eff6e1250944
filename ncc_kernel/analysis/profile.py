"""How a country answers, per dimension: the mean of what was answered, and how much that is.

Not applicable leaves the denominator of coverage; don't know and not answered are missing.
None of the three is ever counted as 0.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from ncc_kernel.model.answer import Answer
from ncc_kernel.model.guide import Guide

ENOUGH = 0.6
"""Coverage from which a dimension's mean is shown. Source: our draft guide."""

Answers = Mapping[str, Answer]
"""Answers by the code of their question."""


@dataclass(frozen=True, slots=True)
class Score:
    """One dimension: how many of the applicable questions were answered, and their mean level."""

    dimension: str
    total: int
    applicable: int
    answered: int
    dont_know: int
    mean: float | None

    @property
    def coverage(self) -> float:
        """Answered of applicable, 0 to 1; 0 when nothing applies."""
        return self.answered / self.applicable if self.applicable else 0.0

    @property
    def shown(self) -> float | None:
        """The mean level 0 to 5, or None when too little was answered to show one."""
        return self.mean if self.coverage >= ENOUGH else None


@dataclass(frozen=True, slots=True)
class Profile:
    """A country's scores in the guide's order of dimensions."""

    country: str
    cycle: str
    scores: tuple[Score, ...]

    @property
    def answered(self) -> int:
        """Questions answered with a level."""
        return sum(score.answered for score in self.scores)

    @property
    def applicable(self) -> int:
        """Questions not said to be not applicable."""
        return sum(score.applicable for score in self.scores)

    @property
    def coverage(self) -> float:
        """Answered of applicable over all dimensions, 0 to 1."""
        return self.answered / self.applicable if self.applicable else 0.0

    @property
    def started(self) -> bool:
        """Whether anything at all was answered, "don't know" and "not applicable" included."""
        return any(
            score.answered or score.dont_know or score.applicable < score.total
            for score in self.scores
        )

    @property
    def shows(self) -> bool:
        """Whether at least one dimension has enough answers to be shown."""
        return any(score.shown is not None for score in self.scores)

    def score(self, dimension: str) -> Score:
        """The score of that dimension."""
        return next(score for score in self.scores if score.dimension == dimension)


def score_profile(guide: Guide, answers: Answers, *, country: str, cycle: str) -> Profile:
    """The profile that these answers make."""
    scores = tuple(_score(guide, answers, dimension.code) for dimension in guide.dimensions)
    return Profile(country, cycle, scores)


def _score(guide: Guide, answers: Answers, dimension: str) -> Score:
    codes = [question.code for question in guide.questions_of(dimension)]
    given = [answers[code] for code in codes if code in answers]
    levels = [answer.level for answer in given if answer.level is not None]
    not_applicable = sum(answer.state == "not_applicable" for answer in given)
    return Score(
        dimension=dimension,
        total=len(codes),
        applicable=len(codes) - not_applicable,
        answered=len(levels),
        dont_know=sum(answer.state == "dont_know" for answer in given),
        mean=sum(levels) / len(levels) if levels else None,
    )


@dataclass(frozen=True, slots=True)
class Change:
    """How a dimension moved between two cycles; both ends are shown ones."""

    dimension: str
    before: float
    now: float

    @property
    def by(self) -> float:
        """Levels gained (or lost, negative)."""
        return self.now - self.before


def changes_since(now: Profile, before: Profile) -> tuple[Change, ...]:
    """The change of every dimension that both cycles can show, in the guide's order."""
    earlier = {score.dimension: score.shown for score in before.scores}
    return tuple(
        Change(score.dimension, was, score.shown)
        for score in now.scores
        if score.shown is not None and (was := earlier.get(score.dimension)) is not None
    )
