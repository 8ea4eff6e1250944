"""Strengths and gaps: the statements a country can share, and those it should work on."""

from dataclasses import dataclass

from ncc_kernel.analysis.profile import Answers
from ncc_kernel.model.answer import Answer
from ncc_kernel.model.guide import Guide, Question

STRONG = 4
WEAK = 2
URGENT = 4
"""Levels and priority that make a strength, a gap and an urgent one. Source: our draft guide."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A question with its answer, as a strength or a gap."""

    question: Question
    answer: Answer
    level: int

    @property
    def urgent(self) -> bool:
        """Whether the country gave this gap a priority of 4 or 5."""
        return (self.answer.priority or 0) >= URGENT

    @property
    def next_step(self) -> str:
        """What the guide proposes to do next at this level."""
        return self.question.next_step(self.level)


def strengths(guide: Guide, answers: Answers) -> tuple[Finding, ...]:
    """Statements at level 4 or 5, the highest first, then in the guide's order."""
    found = [finding for finding in _findings(guide, answers) if finding.level >= STRONG]
    return tuple(sorted(found, key=lambda finding: -finding.level))


def gaps(guide: Guide, answers: Answers) -> tuple[Finding, ...]:
    """Statements at level 2 or below: by priority (unset last), then weakest, then guide order."""
    found = [finding for finding in _findings(guide, answers) if finding.level <= WEAK]
    return tuple(sorted(found, key=lambda one: (-(one.answer.priority or 0), one.level)))


def _findings(guide: Guide, answers: Answers) -> list[Finding]:
    return [
        Finding(question, answer, answer.level)
        for question in guide.questions
        if (answer := answers.get(question.code)) is not None and answer.level is not None
    ]
