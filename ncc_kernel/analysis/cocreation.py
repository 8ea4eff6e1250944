"""Co-creation in numbers: processes by phase, who took part, what was promised, what was learnt."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from ncc_kernel.analysis.ecosystem import NOT_SAID, Counts
from ncc_kernel.analysis.profile import Profile
from ncc_kernel.model.cocreation import (
    HELIX,
    Commitment,
    Indicator,
    Process,
    Prototype,
    Session,
)
from ncc_kernel.model.ecosystem import Challenge
from ncc_kernel.model.frozen import Frozen
from ncc_kernel.model.guide import Guide
from ncc_kernel.model.revision import Revision, is_private

Ref = tuple[str, str]
"""An entry by its country and its key: what it names is of the same country."""

W = TypeVar("W", bound=Frozen)

ADVANCED = 3.5
"""The mean of a dimension from which a country can show others how: it rounds to level 4 or 5."""


@dataclass(frozen=True, slots=True)
class Cocreation:
    """The entries of step 3 that a reader may see; what belongs to a hidden one is hidden too."""

    processes: Mapping[Ref, Process]
    sessions: Mapping[Ref, Session]
    commitments: Mapping[Ref, Commitment]
    prototypes: Mapping[Ref, Prototype]
    indicators: Mapping[Ref, Indicator]

    @property
    def empty(self) -> bool:
        """Whether there is nothing yet."""
        return not self.processes

    def sessions_of(self, process: Ref) -> tuple[tuple[Ref, Session], ...]:
        """The sessions of a process, the earliest first; those without a day last."""
        found = belonging(self.sessions, "process", process)
        return tuple(sorted(found, key=lambda one: (one[1].day is None, one[1].day or 0, one[0])))

    def commitments_of(self, process: Ref) -> tuple[tuple[Ref, Commitment], ...]:
        """What was promised in a process."""
        return belonging(self.commitments, "process", process)

    def prototypes_of(self, process: Ref) -> tuple[tuple[Ref, Prototype], ...]:
        """The prototypes that came of a process."""
        return belonging(self.prototypes, "process", process)

    def indicators_of(self, prototype: Ref) -> tuple[tuple[Ref, Indicator], ...]:
        """What a prototype is measured by."""
        return belonging(self.indicators, "prototype", prototype)


def read_cocreation(revisions: Iterable[Revision]) -> Cocreation:
    """The entries of step 3 among these current revisions; private ones are no part of it."""
    kept = tuple(revisions)
    processes = shared(kept, "process", Process)
    prototypes = under(shared(kept, "prototype", Prototype), "process", processes)
    return Cocreation(
        processes,
        under(shared(kept, "session", Session), "process", processes),
        under(shared(kept, "commitment", Commitment), "process", processes),
        prototypes,
        under(shared(kept, "indicator", Indicator), "prototype", prototypes),
    )


def shared(revisions: Iterable[Revision], kind: str, model: type[W]) -> dict[Ref, W]:
    """The entries of a kind without private ones, by country and key."""
    return {
        (one.country, one.key): model.model_validate(one.payload)
        for one in revisions
        if one.kind == kind and one.payload is not None and not is_private(one.payload)
    }


def under(entries: Mapping[Ref, W], field: str, parents: Collection[Ref]) -> dict[Ref, W]:
    """The entries whose `field` names one of the parents in the same country."""
    return {ref: one for ref, one in entries.items() if (ref[0], getattr(one, field)) in parents}


def belonging(entries: Mapping[Ref, W], field: str, parent: Ref) -> tuple[tuple[Ref, W], ...]:
    """The entries whose `field` names this parent, by key."""
    country, key = parent
    return tuple(
        (ref, one)
        for ref, one in sorted(entries.items())
        if ref[0] == country and getattr(one, field) == key
    )


def by_phase(work: Cocreation, phases: Sequence[str]) -> Counts:
    """Processes by phase, in the order of the phases, empty ones included."""
    return in_order((one.phase for one in work.processes.values()), phases)


def by_verdict(work: Cocreation, verdicts: Sequence[str]) -> Counts:
    """Prototypes by what was decided, those not decided yet last."""
    return in_order((one.verdict for one in work.prototypes.values()), verdicts)


def in_order(said: Iterable[str], codes: Sequence[str]) -> Counts:
    """How often each code was said, in the order of the codes; what is not said comes last."""
    counts = Counter(said)
    rest = sum(count for code, count in counts.items() if code not in codes)
    known = tuple((code, counts[code]) for code in codes)
    return (*known, (NOT_SAID, rest)) if rest else known


@dataclass(frozen=True, slots=True)
class Turnout:
    """People counted at sessions by part of society; `unsaid` sessions count nobody."""

    people: Counts
    sessions: int
    unsaid: int

    @property
    def total(self) -> int:
        """Everybody who was counted; who came twice counts twice."""
        return sum(count for _part, count in self.people)

    @property
    def absent(self) -> tuple[str, ...]:
        """Parts of society of whom nobody was counted."""
        return tuple(part for part, count in self.people if not count)


def turnout(sessions: Iterable[Session]) -> Turnout:
    """Who took part in these sessions."""
    counted = [one.took_part for one in sessions]
    said = [one for one in counted if any(getattr(one, part) is not None for part in HELIX)]
    people = tuple((part, sum(getattr(one, part) or 0 for one in said)) for part in HELIX)
    return Turnout(people, len(counted), len(counted) - len(said))


def kept_promises(commitments: Iterable[Commitment]) -> tuple[int, int, int]:
    """How many were kept in full, how many came to an end at all, and how many there are."""
    states = Counter(one.state for one in commitments)
    total = sum(states.values())
    return states["kept"], total - states["open"], total


def without_process(
    challenges: Mapping[Ref, Challenge], work: Cocreation
) -> tuple[tuple[Ref, Challenge], ...]:
    """Challenges that nobody has begun to work on together, the most urgent first."""
    begun = {(ref[0], one.challenge) for ref, one in work.processes.items()}
    bare = [(ref, one) for ref, one in challenges.items() if ref not in begun]
    return tuple(sorted(bare, key=lambda one: (-(one[1].urgency or 0), one[0])))


def reached(indicator: Indicator) -> bool | None:
    """Whether what was found is as good as what was hoped for; None where that is not known.

    The way from the baseline to the target says whether more or less is better.
    """
    if indicator.target is None or indicator.result is None:
        return None
    if indicator.baseline is not None and indicator.target < indicator.baseline:
        return indicator.result <= indicator.target
    return indicator.result >= indicator.target


def unsaid(work: Cocreation) -> tuple[tuple[str, int, int], ...]:
    """What entries do not say, with how many of how many; only what is lacking is listed."""
    processes, prototypes = work.processes.values(), work.prototypes.values()
    decided = [one for one in prototypes if one.verdict]
    met = {(ref[0], one.process) for ref, one in work.sessions.items()}
    measured = {(ref[0], one.prototype) for ref, one in work.indicators.items()}
    promised = {(ref[0], one.process) for ref, one in work.commitments.items()}
    lacking = (
        ("processes without a session", sum(ref not in met for ref in work.processes), processes),
        ("processes without a check of inclusion", _count(not p.included for p in processes), processes),
        ("processes without a note on consent and ethics", _count(not p.ethics for p in processes), processes),
        ("processes in which no authority has promised anything", sum(ref not in promised for ref in work.processes), processes),
        ("prototypes without a hypothesis", _count(not p.hypothesis for p in prototypes), prototypes),
        ("prototypes without an indicator", sum(ref not in measured for ref in work.prototypes), prototypes),
        ("decisions on a prototype without a reason", _count(not p.reason for p in decided), decided),
    )  # fmt: skip
    return tuple((what, count, len(whole)) for what, count, whole in lacking if count)


def _count(truths: Iterable[bool]) -> int:
    return sum(truths)


def templates(work: Cocreation) -> tuple[tuple[Ref, Process], ...]:
    """Processes that countries offer to others, by country."""
    return tuple((ref, one) for ref, one in sorted(work.processes.items()) if one.template)


def copies(work: Cocreation) -> tuple[tuple[Ref, Process], ...]:
    """Processes that were made from another country's, by country."""
    return tuple((ref, one) for ref, one in sorted(work.processes.items()) if one.origin)


def adapted(process: Process, *, country: str, key: str, challenge: str) -> Process:
    """The template as a country takes it: the way of working, none of the other's content."""
    return Process(
        title=process.title,
        challenge=challenge,
        question=process.question,
        phase="discover",
        depth=process.depth,
        methods=process.methods,
        included=process.included,
        adapt="",
        note=process.adapt,
        origin=key,
        origin_country=country,
    )


def dimension_of_step(guide: Guide, step: int) -> str:
    """The core competency of the self-assessment that a step of the programme builds."""
    return next((one.code for one in guide.dimensions if one.core and one.step == step), "")


def advanced(profiles: Iterable[Profile], dimension: str) -> tuple[str, ...]:
    """The countries that can show others how, by their assessment; in alphabetical order."""
    return tuple(sorted(one.country for one in profiles if is_advanced(one, dimension)))


def is_advanced(profile: Profile, dimension: str) -> bool:
    """Whether enough is answered in the dimension, and its mean is high."""
    shown = next((one.shown for one in profile.scores if one.dimension == dimension), None)
    return shown is not None and shown >= ADVANCED
