"""Scaling: the practices of a country, how ready they are, and how people choose among them."""

from typing import Annotated, Literal

from pydantic import Field

from ncc_kernel.model.cocreation import Count, Money, Work
from ncc_kernel.model.number import Day, Decimal, Whole
from ncc_kernel.model.text import Key, Keys, Line, Lines, Name, Prose

Level = Annotated[Whole, Field(ge=0, le=9)]
EvidenceLevel = Annotated[Whole, Field(ge=1, le=5)]
Points = Annotated[Whole, Field(ge=0, le=5)]
Weight = Annotated[Decimal, Field(ge=0, le=1000, allow_inf_nan=False)]
Reason = Annotated[Prose, Field(min_length=1)]

ScalingType = Literal["", "out", "up", "deep"]
ScalingLevel = Literal["", "local", "regional", "state", "eu"]
Outcome = Literal["scale", "adapt", "wait", "stop"]


class Practice(Work):
    """Something that works and may grow; it comes from a prototype or from an initiative.

    A level without a word on what shows it is claimed, not proven.
    """

    title: Name
    summary: Prose = ""
    prototype: Key | None = None
    initiative: Key | None = None
    process: Key | None = None
    challenges: Keys = ()
    objectives: Lines = ()
    programme_priority: Line = ""
    stage: Line = ""
    readiness: Level | None = None
    readiness_shown: Prose = ""
    use: Level | None = None
    use_shown: Prose = ""
    evidence: EvidenceLevel | None = None
    evidence_shown: Prose = ""
    cost_per_user: Money | None = None
    scaling_type: ScalingType = ""
    scaling_level: ScalingLevel = ""
    scaling_cost: Money | None = None
    effort: Annotated[Decimal, Field(ge=0, le=1e6, allow_inf_nan=False)] | None = None
    owner: Line = ""
    conditions: Prose = ""
    partners: Keys = ()
    funding: Prose = ""
    begins: Day | None = None
    ends: Day | None = None
    transferable: Lines = ()
    transfer: Prose = ""


class Component(Work):
    """What else must be in place for a practice to grow; the least ready one is the bottleneck."""

    name: Name
    practice: Key
    readiness: Level | None = None
    readiness_shown: Prose = ""
    use: Level | None = None
    use_shown: Prose = ""


class Criterion(Work):
    """What practices are judged by, and how much it weighs; weights count against each other."""

    name: Name
    weight: Weight
    about: Prose = ""


class Score(Work):
    """The points of one practice on one criterion, 0 to 5, and what they rest on."""

    practice: Key
    criterion: Key
    points: Points
    evidence: Prose = ""


class SelectionRound(Work):
    """What a choice must keep within: money, the centre's days, and what must be among it."""

    title: Name
    day: Day | None = None
    budget: Money | None = None
    capacity: Annotated[Decimal, Field(ge=0, le=1e6, allow_inf_nan=False)] | None = None
    most: Count | None = None
    must: Keys = ()
    each_level: Lines = ()


class Selection(Work):
    """What people decided on a practice, and on the process beside it."""

    practice: Key
    round: Key | None = None
    outcome: Outcome
    day: Day
    decided_by: Line = ""
    reason: Reason
    dissent: Prose = ""
    process: Key | None = None
