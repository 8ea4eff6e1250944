"""What the centres bring to an event of the SI CoP: their positions on its topic, grouped.

Only what the working group may see enters: levels, needs and offers, as they stand in the
countries' briefs, and what countries wrote in registrations. The comments that a team wrote beside
its answers are its own; of them only how many there are is told.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from ncc_kernel.analysis.gaps import STRONG, WEAK
from ncc_kernel.analysis.peers import FEWEST
from ncc_kernel.analysis.profile import Answers
from ncc_kernel.analysis.seminar import can_show, presses
from ncc_kernel.model.guide import Guide, Question
from ncc_kernel.model.programme import CopTopic


@dataclass(frozen=True, slots=True)
class Position:
    """One statement: the level in the middle, who presses, who can show, how many commented."""

    question: Question
    answered: int
    middle: float | None
    low: int
    high: int
    pressing: tuple[str, ...]
    showing: tuple[str, ...]
    commented: int

    @property
    def group(self) -> str:
        """Where it belongs: what is asked for, what can be offered, or where countries differ."""
        if len(self.pressing) > len(self.showing):
            return "asked"
        if self.showing:
            return "offered"
        return "open"


@dataclass(frozen=True, slots=True)
class TopicPositions:
    """A topic of the SI CoP with the positions on its statements, in the guide's order."""

    topic: CopTopic
    positions: tuple[Position, ...]

    def of(self, group: str) -> tuple[Position, ...]:
        """The positions of one group."""
        return tuple(one for one in self.positions if one.group == group)


def positions(
    guide: Guide, topics: Sequence[CopTopic], answers: Mapping[str, Answers]
) -> tuple[TopicPositions, ...]:
    """For each topic of the CoP, what the countries' answers say; countries in alphabetical order."""
    return tuple(
        TopicPositions(
            topic,
            tuple(
                _position(question, answers)
                for dimension in topic.dimensions
                for question in guide.questions_of(dimension)
            ),
        )
        for topic in topics
    )


def _position(question: Question, answers: Mapping[str, Answers]) -> Position:
    given = {c: a[question.code] for c, a in sorted(answers.items()) if question.code in a}
    levels = [answer.level for answer in given.values() if answer.level is not None]
    return Position(
        question=question,
        answered=len(levels),
        # Below five countries a middle would tell of single ones.
        middle=float(median(levels)) if len(levels) >= FEWEST else None,
        low=sum(level <= WEAK for level in levels),
        high=sum(level >= STRONG for level in levels),
        pressing=tuple(c for c, answer in given.items() if presses(answer)),
        showing=tuple(c for c, answer in given.items() if can_show(answer)),
        commented=sum(bool(answer.comment) for answer in given.values()),
    )
