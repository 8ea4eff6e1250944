"""One case told from the record: challenge, process, prototypes, practice, decision.

Each step is found by what it names and by what names it; nothing is told that is not recorded.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ncc_kernel.analysis.cocreation import Cocreation, Ref
from ncc_kernel.analysis.scaling import Initiatives, Portfolio, challenges_of, process_of
from ncc_kernel.model.cocreation import Process, Prototype
from ncc_kernel.model.ecosystem import Challenge
from ncc_kernel.model.scaling import Practice, Selection
from ncc_kernel.model.text import day_words

STEPS = ("challenge", "process", "prototype", "practice", "selection")


@dataclass(frozen=True, slots=True)
class Case:
    """A way through the record; what did not come about yet is None or empty."""

    challenge: tuple[Ref, Challenge]
    process: tuple[Ref, Process] | None = None
    prototypes: tuple[tuple[Ref, Prototype], ...] = ()
    practice: tuple[Ref, Practice] | None = None
    selection: tuple[Ref, Selection] | None = None

    @property
    def stopped(self) -> tuple[Ref, Prototype] | None:
        """A prototype that was ended, if one was."""
        return next((one for one in self.prototypes if one[1].verdict == "stop"), None)

    @property
    def scaled(self) -> tuple[Ref, Prototype] | None:
        """The prototype that the practice came from, or one that was found ready to be scaled."""
        named = self.practice[1].prototype if self.practice else None
        ready = [one for one in self.prototypes if one[1].verdict == "scale" or one[0][1] == named]
        return next((one for one in ready if one[0][1] == named), ready[0] if ready else None)

    @property
    def length(self) -> int:
        """How many of the five steps there are, and a little for a prototype that was ended."""
        there = (self.process, self.prototypes, self.practice, self.selection)
        return 2 * sum(bool(one) for one in there) + (self.stopped is not None)

    @property
    def _latest(self) -> str:
        return self.selection[1].day.isoformat() if self.selection else ""


def find_case(
    challenges: Mapping[Ref, Challenge],
    work: Cocreation,
    portfolio: Portfolio,
    initiatives: Initiatives,
    country: str,
) -> Case | None:
    """The case that went furthest; of those the one decided last, then the first by key."""
    cases = [
        one
        for ref, challenge in sorted(challenges.items())
        if ref[0] == country
        for one in _cases(ref, challenge, work, portfolio, initiatives)
    ]
    # Sorting keeps the order of equals, so that the first by key stays in front.
    cases.sort(key=lambda one: (one.length, one._latest), reverse=True)  # noqa: SLF001
    return cases[0] if cases else None


def _cases(
    ref: Ref,
    challenge: Challenge,
    work: Cocreation,
    portfolio: Portfolio,
    initiatives: Initiatives,
) -> Iterator[Case]:
    """Every way on from a challenge, and the challenge alone."""
    country, key = ref
    yield Case((ref, challenge))
    for place, process in sorted(work.processes.items()):
        if place[0] == country and process.challenge == key:
            yield Case((ref, challenge), (place, process), work.prototypes_of(place))
    for place, practice in sorted(portfolio.practices.items()):
        if place[0] != country or key not in challenges_of(place, practice, work, initiatives):
            continue
        beside = (country, process_of(place, practice, work) or "")
        found = work.processes.get(beside)
        decided = portfolio.decisions_on(place)
        yield Case(
            (ref, challenge),
            (beside, found) if found else None,
            work.prototypes_of(beside) if found else (),
            (place, practice),
            decided[-1] if decided else None,
        )


@dataclass(frozen=True, slots=True)
class Sentence:
    """One step of the case in words; `kind` and `ref` say what it stands on."""

    step: str
    text: str
    kind: str
    ref: Ref


def told(case: Case, *, labels: Mapping[str, Mapping[str, str]]) -> tuple[Sentence, ...]:
    """The case in at most five sentences; `labels` are the words of codes, by vocabulary."""
    ref, challenge = case.challenge
    said = [
        Sentence("challenge", f"The challenge is {_quoted(challenge.title)}.", "challenge", ref)
    ]
    if case.process:
        said.append(_of_process(*case.process, labels))
    if case.prototypes:
        said.append(_of_prototypes(case))
    if case.practice:
        said.append(_of_practice(*case.practice))
    if case.selection:
        said.append(_of_selection(*case.selection, labels))
    return tuple(said)


def _of_process(ref: Ref, one: Process, labels: Mapping[str, Mapping[str, str]]) -> Sentence:
    phase = labels["phase"].get(one.phase, "").lower()
    state = f", now in the phase {_quoted(phase)}" if phase else ""
    since = f" since {day_words(one.begins)}" if one.begins else ""
    text = f"People have worked on it together{since} in the process {_quoted(one.title)}{state}."
    return Sentence("process", text, "process", ref)


def _of_prototypes(case: Case) -> Sentence:
    number = len(case.prototypes)
    parts = []
    if case.stopped:
        parts.append(
            f"{_quoted(case.stopped[1].title)} was stopped{_because(case.stopped[1].reason)}"
        )
    if case.scaled and case.scaled[1].verdict == "scale":
        parts.append(f"{_quoted(case.scaled[1].title)} was found ready to scale")
    rest = f": {', and '.join(parts)}" if parts else ", none of them decided yet"
    leading = case.scaled or case.prototypes[0]
    text = f"It led to {number} prototype{'' if number == 1 else 's'}{rest}."
    return Sentence("prototype", text, "prototype", leading[0])


def _of_practice(ref: Ref, one: Practice) -> Sentence:
    levels = []
    if one.readiness is not None:
        word = "" if one.readiness_shown else " (claimed)"
        levels.append(f"readiness {one.readiness} of 9{word}")
    if one.evidence is not None:
        word = "" if one.evidence_shown else " (claimed)"
        levels.append(f"evidence {one.evidence} of 5{word}")
    at = f", with {' and '.join(levels)}" if levels else ", whose levels are not said yet"
    return Sentence("practice", f"The practice is {_quoted(one.title)}{at}.", "practice", ref)


def _of_selection(ref: Ref, one: Selection, labels: Mapping[str, Mapping[str, str]]) -> Sentence:
    outcome = labels["selection_outcome"].get(one.outcome, one.outcome).lower()
    who = f"{one.decided_by} decided" if one.decided_by else "it was decided"
    dissent = "; dissent is on record" if one.dissent else ""
    text = f"On {day_words(one.day)} {who}: {outcome}{_because(one.reason)}{dissent}."
    return Sentence("selection", text, "selection", ref)


def _because(reason: str) -> str:
    first = reason.strip().split("\n")[0].rstrip(".")
    return f" ({first})" if first else ""


def _quoted(text: str) -> str:
    return f"\N{LEFT DOUBLE QUOTATION MARK}{text}\N{RIGHT DOUBLE QUOTATION MARK}"
