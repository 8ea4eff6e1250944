"""Co-creation: a process around a challenge, its sessions, what was promised, and what was tried.

Everything is flat: what there can be many of (sessions, commitments, indicators) is an entry of its
own that names what it belongs to. So each has its history, and goes through a spreadsheet whole.
"""

from typing import Annotated, Literal

from pydantic import Field

from ncc_kernel.model.ecosystem import Review, Visibility
from ncc_kernel.model.frozen import Frozen
from ncc_kernel.model.number import Day, Decimal, Whole
from ncc_kernel.model.text import Key, Keys, Line, Lines, Name, Prose

Phase = Literal["", "discover", "define", "develop", "deliver"]
Depth = Literal["", "inform", "consult", "involve", "collaborate", "empower"]
Kept = Literal["open", "kept", "in_part", "not_kept"]
Verdict = Literal["", "iterate", "pivot", "stop", "scale"]

Count = Annotated[Whole, Field(ge=0, le=1_000_000)]
Money = Annotated[Decimal, Field(ge=0, le=1e12, allow_inf_nan=False)]
Measure = Annotated[Decimal, Field(ge=-1e15, le=1e15, allow_inf_nan=False)]

HELIX = ("acad", "ind", "gov", "civ", "env")


class Work(Frozen):
    """What every entry of steps 3 and 4 has: who may see it, its review, where it came from."""

    visibility: Visibility = "working_group"
    review: Review = "new"
    source: Line = ""
    note: Prose = ""


class ByHelix(Frozen):
    """How many people of each part of society; missing is not counted, not nobody."""

    acad: Count | None = None
    ind: Count | None = None
    gov: Count | None = None
    civ: Count | None = None
    env: Count | None = None


class Process(Work):
    """How people work on one challenge together, from discovering to delivering.

    A `template` is offered to other countries, to copy and adapt; `origin` is the key of the one
    that this was made from, and stays.
    """

    title: Name
    challenge: Key
    question: Prose = ""
    phase: Phase = ""
    depth: Depth = ""
    methods: Lines = ()
    begins: Day | None = None
    ends: Day | None = None
    facilitator: Line = ""
    agents: Keys = ()
    included: Lines = ()
    inclusion: Prose = ""
    consent: bool | None = None
    ethics: Prose = ""
    template: bool = False
    adapt: Prose = ""
    origin: Key | None = None
    origin_country: Line = ""


class Session(Work):
    """One meeting of a process: who took part, as counts and never as names."""

    title: Name
    process: Key
    day: Day | None = None
    methods: Lines = ()
    facilitator: Line = ""
    took_part: ByHelix = ByHelix()
    inputs: Prose = ""
    outputs: Prose = ""
    decided: Prose = ""


class Commitment(Work):
    """What an authority promised to do with the results, and whether it did."""

    title: Name
    process: Key
    authority: Key | None = None
    authority_name: Line = ""
    made: Day | None = None
    due: Day | None = None
    state: Kept = "open"
    seen_on: Day | None = None


class Prototype(Work):
    """A small test of an idea: what was believed, what was risked, what was learnt, what follows."""

    title: Name
    process: Key
    hypothesis: Prose = ""
    riskiest: Prose = ""
    setting: Prose = ""
    users: Count | None = None
    begins: Day | None = None
    ends: Day | None = None
    cost: Money | None = None
    learning: Prose = ""
    verdict: Verdict = ""
    reason: Prose = ""
    decided_on: Day | None = None


class Indicator(Work):
    """What a prototype is measured by: before, hoped for, and found."""

    name: Name
    prototype: Key
    unit: Line = ""
    baseline: Measure | None = None
    target: Measure | None = None
    result: Measure | None = None
    how: Prose = ""
