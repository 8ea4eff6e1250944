"""The ecosystem map: agents, initiatives, the links between them, challenges, and how it is made."""

from typing import Annotated, Literal

from pydantic import Field

from ncc_kernel.model.frozen import Frozen
from ncc_kernel.model.number import Day, Decimal, Whole
from ncc_kernel.model.text import Key, Keys, Line, Lines, Name, Prose

Degree = Annotated[Whole, Field(ge=0, le=3)]
Strength = Annotated[Whole, Field(ge=1, le=3)]
Score = Annotated[Whole, Field(ge=1, le=5)]
Visibility = Literal["private", "working_group", "public"]
Tier = Literal["nominated", "enriched", "case_study"]
Review = Literal["new", "checked", "outdated"]
Precision = Literal["point", "nuts3", "nuts2", "nuts0"]

NEED_KINDS = ("cocreation", "scaling", "evaluation")


class ByKind(Frozen):
    """How much of each of three kinds: 0 none to 3 high; missing is unknown, not none."""

    cocreation: Degree | None = None
    scaling: Degree | None = None
    evaluation: Degree | None = None


class Place(Frozen):
    """Where something is, as precisely as known. Degrees, WGS 84."""

    name: Line = ""
    nuts: Line = ""
    nuts_version: Line = ""
    precision: Precision = "nuts0"
    lat: Annotated[Decimal, Field(ge=-90, le=90)] | None = None
    lon: Annotated[Decimal, Field(ge=-180, le=180)] | None = None


class Entry(Frozen):
    """What every entry of the map has: tier, review state, visibility, where it came from.

    A tier asks for nothing more: an entry is nominated by its name alone, in a few minutes.
    """

    tier: Tier = "nominated"
    review: Review = "new"
    checked_on: Day | None = None
    visibility: Visibility = "working_group"
    source: Line = ""
    note: Prose = ""


class Agent(Entry):
    """An organisation that takes part in social innovation; organisations, not persons."""

    name: Name
    name_en: Line = ""
    type: Line = ""
    roles: Lines = ()
    size: Line = ""
    website: Line = ""
    place: Place = Place()
    services: Prose = ""
    objectives: Lines = ()
    needs: ByKind = ByKind()
    capabilities: ByKind = ByKind()


class Initiative(Entry):
    """Something that agents do about a challenge."""

    title: Name
    summary: Prose = ""
    website: Line = ""
    stage: Line = ""
    start: Day | None = None
    end: Day | None = None
    place: Place = Place()
    themes: Lines = ()
    target_groups: Lines = ()
    funding: Lines = ()
    innovative: bool | None = None
    objectives: Lines = ()
    programme_priority: Line = ""
    challenges: Keys = ()
    needs: ByKind = ByKind()
    capabilities: ByKind = ByKind()


class Link(Entry):
    """A tie from an agent to an initiative or to another agent, by their keys."""

    agent: Key
    target_kind: Literal["agent", "initiative"] = "initiative"
    target: Key
    kind: Line
    strength: Strength | None = None
    since: Day | None = None


class Challenge(Entry):
    """A complex challenge that the country works on; Semester fields stay empty unless sourced."""

    title: Name
    description: Prose = ""
    semester_year: Annotated[Whole, Field(ge=2011, le=2100)] | None = None
    csr: Line = ""
    csr_source: Line = ""
    affected: Prose = ""
    causes: Prose = ""
    objectives: Lines = ()
    programme_priority: Line = ""
    urgency: Score | None = None
    severity: Score | None = None
    feasibility: Score | None = None


class MappingPlan(Frozen):
    """Why and how a country maps its ecosystem in a cycle: one for each country and cycle."""

    goal: Annotated[Prose, Field(min_length=1)]
    scope: Prose = ""
    process: Prose = ""
    tier: Tier = "nominated"
    people: Prose = ""
    agreed_with: Line = ""
    renewed: Line = ""
    first: Day | None = None
    last: Day | None = None
    learned_from: Lines = ()
    visibility: Visibility = "working_group"
    note: Prose = ""
