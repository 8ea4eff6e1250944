"""The portfolio of practices: how ready, how well shown, how balanced, and what is missing."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from ncc_kernel.analysis.cocreation import (
    Cocreation,
    Ref,
    belonging,
    in_order,
    shared,
    under,
)
from ncc_kernel.analysis.ecosystem import Counts
from ncc_kernel.model.ecosystem import Challenge
from ncc_kernel.model.revision import Revision
from ncc_kernel.model.scaling import (
    Component,
    Criterion,
    Practice,
    Score,
    Selection,
    SelectionRound,
)

Initiatives = Mapping[Ref, Sequence[str]]
"""The challenges that each initiative names: of initiatives no more is asked here."""

SOLID = 3
"""The level of evidence from which a cause is shown and not only a change."""


@dataclass(frozen=True, slots=True)
class Portfolio:
    """The entries of step 4 that a reader may see; what belongs to a hidden one is hidden too."""

    practices: Mapping[Ref, Practice]
    components: Mapping[Ref, Component]
    criteria: Mapping[Ref, Criterion]
    scores: Mapping[Ref, Score]
    rounds: Mapping[Ref, SelectionRound]
    selections: Mapping[Ref, Selection]

    @property
    def empty(self) -> bool:
        """Whether there is nothing yet."""
        return not self.practices

    def decisions_on(self, practice: Ref) -> tuple[tuple[Ref, Selection], ...]:
        """What people decided on a practice, the latest last."""
        found = belonging(self.selections, "practice", practice)
        return tuple(sorted(found, key=lambda one: (one[1].day, one[0])))


def read_portfolio(revisions: Iterable[Revision]) -> Portfolio:
    """The entries of step 4 among these current revisions; private ones are no part of it."""
    kept = tuple(revisions)
    practices = shared(kept, "practice", Practice)
    criteria = shared(kept, "criterion", Criterion)
    scores = under(shared(kept, "score", Score), "practice", practices)
    return Portfolio(
        practices=practices,
        components=under(shared(kept, "component", Component), "practice", practices),
        criteria=criteria,
        scores=under(scores, "criterion", criteria),
        rounds=shared(kept, "selection_round", SelectionRound),
        selections=under(shared(kept, "selection", Selection), "practice", practices),
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """How ready a practice is: as ready as the least ready thing it needs.

    `bottleneck` names that component, and is empty where it is the practice itself. `proven` is
    told only where every level comes with what shows it.
    """

    ref: Ref
    practice: Practice
    readiness: int | None
    use: int | None
    bottleneck: str
    proven: bool
    evidence: int | None
    evidence_proven: bool


def standings(portfolio: Portfolio) -> tuple[Standing, ...]:
    """How each practice stands, by country and key."""
    parts: dict[Ref, list[Component]] = {}
    for ref, one in sorted(portfolio.components.items()):
        parts.setdefault((ref[0], one.practice), []).append(one)
    return tuple(
        _standing(ref, one, parts.get(ref, ())) for ref, one in sorted(portfolio.practices.items())
    )


def _standing(ref: Ref, practice: Practice, parts: Sequence[Component]) -> Standing:
    known: list[tuple[str, Practice | Component]] = [("", practice)]
    known += [(part.name, part) for part in parts]
    ready = [(one.readiness, one.use, name) for name, one in known if one.readiness is not None]
    # The practice stands first, so that it is named where it is as low as a component.
    lowest = min(ready, key=lambda one: (one[0], 10 if one[1] is None else one[1]), default=None)
    uses = [one.use for _name, one in known if one.use is not None]
    return Standing(
        ref,
        practice,
        readiness=lowest[0] if lowest else None,
        use=min(uses, default=None),
        bottleneck=lowest[2] if lowest else "",
        proven=bool(ready)
        and all(one.readiness_shown for _name, one in known if one.readiness is not None),
        evidence=practice.evidence,
        evidence_proven=practice.evidence is not None and bool(practice.evidence_shown),
    )


@dataclass(frozen=True, slots=True)
class Spot:
    """Practices of the same readiness and level of evidence; `proven` of `count` show both."""

    readiness: int
    evidence: int
    count: int
    proven: int


def grid(found: Iterable[Standing]) -> tuple[Spot, ...]:
    """Practices by readiness and evidence; those that do not say both stand nowhere."""
    counts: Counter[tuple[int, int]] = Counter()
    proven: Counter[tuple[int, int]] = Counter()
    for one in found:
        if one.readiness is not None and one.evidence is not None:
            counts[one.readiness, one.evidence] += 1
            proven[one.readiness, one.evidence] += one.proven and one.evidence_proven
    return tuple(
        Spot(*place, count, proven[place]) for place, count in sorted(counts.items(), reverse=True)
    )


@dataclass(frozen=True, slots=True)
class Balance:
    """The practices counted in four ways; what they do not say comes last in each."""

    stages: Counts
    types: Counts
    levels: Counts
    challenges: Counts


def balance(
    portfolio: Portfolio,
    *,
    stages: Sequence[str],
    types: Sequence[str],
    levels: Sequence[str],
    objectives: Sequence[str],
) -> Balance:
    """How the practices spread over stages, ways and levels of scaling, and fields of challenges."""
    practices = portfolio.practices.values()
    worked_on = [code for one in practices for code in (one.objectives or ("",))]
    counted = in_order(worked_on, objectives)
    return Balance(
        in_order((one.stage for one in practices), stages),
        in_order((one.scaling_type for one in practices), types),
        in_order((one.scaling_level for one in practices), levels),
        tuple((code, count) for code, count in counted if count),
    )


@dataclass(frozen=True, slots=True)
class Flow:
    """How far a challenge has come: processes, prototypes, practices, and those to be scaled."""

    ref: Ref
    title: str
    processes: int
    prototypes: int
    practices: int
    scaled: int

    @property
    def steps(self) -> tuple[int, int, int, int]:
        """The four numbers, in the order of the programme."""
        return self.processes, self.prototypes, self.practices, self.scaled


def flow(
    challenges: Mapping[Ref, Challenge],
    work: Cocreation,
    portfolio: Portfolio,
    initiatives: Initiatives,
) -> tuple[Flow, ...]:
    """Every challenge with what came of it, the furthest first."""
    counts: dict[Ref, list[int]] = {ref: [0, 0, 0, 0] for ref in challenges}

    def count(ref: Ref, step: int) -> None:
        if ref in counts:
            counts[ref][step] += 1

    for (country, _key), process in work.processes.items():
        count((country, process.challenge), 0)
    for (country, _key), prototype in work.prototypes.items():
        count((country, work.processes[country, prototype.process].challenge), 1)
    scaled = {
        (ref[0], one.practice)
        for ref, one in portfolio.selections.items()
        if one.outcome == "scale"
    }
    for ref, practice in portfolio.practices.items():
        for key in challenges_of(ref, practice, work, initiatives):
            count((ref[0], key), 2)
            if ref in scaled:
                count((ref[0], key), 3)
    rows = [Flow(ref, challenges[ref].title, *steps) for ref, steps in counts.items()]
    return tuple(sorted(rows, key=lambda row: (tuple(-n for n in reversed(row.steps)), row.ref)))


def challenges_of(
    ref: Ref, practice: Practice, work: Cocreation, initiatives: Initiatives
) -> tuple[str, ...]:
    """The keys of the challenges a practice answers: its own, or those it came from."""
    found = list(practice.challenges)
    if process := work.processes.get((ref[0], process_of(ref, practice, work) or "")):
        found.append(process.challenge)
    found.extend(initiatives.get((ref[0], practice.initiative or ""), ()))
    return tuple(dict.fromkeys(found))


def process_of(ref: Ref, practice: Practice, work: Cocreation) -> str | None:
    """The key of the process beside a practice: the one it names, or its prototype's."""
    if practice.process:
        return practice.process
    prototype = work.prototypes.get((ref[0], practice.prototype or ""))
    return prototype.process if prototype else None


@dataclass(frozen=True, slots=True)
class AtRisk:
    """What scaling would cost, by how well the practices are shown; unknown costs are no zero."""

    shown: float
    weak: float
    claimed: float
    without_cost: int

    @property
    def total(self) -> float:
        """All costs that are known."""
        return self.shown + self.weak + self.claimed

    @property
    def unproven(self) -> float:
        """What would be spent on what is claimed or only weakly shown."""
        return self.weak + self.claimed


def at_risk(found: Iterable[Standing]) -> AtRisk:
    """Money by what stands behind it: solid evidence, weak evidence, or a claim alone."""
    sums = {"shown": 0.0, "weak": 0.0, "claimed": 0.0}
    without = 0
    for one in found:
        if one.practice.scaling_cost is None:
            without += 1
        else:
            sums[_ground(one)] += one.practice.scaling_cost
    return AtRisk(sums["shown"], sums["weak"], sums["claimed"], without)


def _ground(one: Standing) -> str:
    if not one.proven or not one.evidence_proven or one.evidence is None:
        return "claimed"
    return "shown" if one.evidence >= SOLID else "weak"


def lacking(found: Sequence[Standing]) -> tuple[tuple[str, int], ...]:
    """What practices do not say, with how many; only what is lacking is listed."""
    practices = [one.practice for one in found]
    counts = (
        ("come from no prototype and no initiative", sum(not (p.prototype or p.initiative) for p in practices)),
        ("do not say how ready they are", sum(one.readiness is None for one in found)),
        ("claim a readiness that nothing shows", sum(one.readiness is not None and not one.proven for one in found)),
        ("do not say their level of evidence", sum(p.evidence is None for p in practices)),
        ("claim a level of evidence that nothing proves", sum(one.evidence is not None and not one.evidence_proven for one in found)),
        ("do not say what scaling would cost", sum(p.scaling_cost is None for p in practices)),
        ("have nobody who answers for them", sum(not p.owner for p in practices)),
        ("do not say whether they scale out, up or deep", sum(not p.scaling_type for p in practices)),
        ("do not say what must hold where they go", sum(not p.conditions for p in practices)),
    )  # fmt: skip
    return tuple((what, count) for what, count in counts if count)


@dataclass(frozen=True, slots=True)
class Step:
    """A level of a practice that was changed: what it was, what it became, and when."""

    key: str
    title: str
    what: str
    before: int | None
    after: int | None
    on: date


def level_steps(changes: Iterable[Revision]) -> tuple[Step, ...]:
    """Every change of a practice's levels in these revisions, oldest first; nothing is forgotten."""
    last: dict[tuple[str, str], dict[str, object]] = {}
    steps: list[Step] = []
    for one in changes:
        if one.kind != "practice":
            continue
        before, now = last.get((one.country, one.key)), one.payload or {}
        last[one.country, one.key] = now
        if before is None or not now:
            continue
        steps += [
            Step(one.key, str(now.get("title", "")), what, _level(before, what), _level(now, what), one.at.date())
            for what in ("readiness", "use", "evidence")
            if before.get(what) != now.get(what)
        ]  # fmt: skip
    return tuple(steps)


def _level(payload: Mapping[str, object], what: str) -> int | None:
    found = payload.get(what)
    return found if isinstance(found, int) else None
