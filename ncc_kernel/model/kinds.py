"""The kinds of entries that the record holds, and how a payload of each is checked."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from pydantic import ValidationError

from ncc_kernel.errors import Rejected
from ncc_kernel.model.answer import Answer
from ncc_kernel.model.cocreation import Commitment, Indicator, Process, Prototype, Session
from ncc_kernel.model.community import GroupRule, PathItem
from ncc_kernel.model.ecosystem import Agent, Challenge, Initiative, Link, MappingPlan
from ncc_kernel.model.evidence import EvidenceFile
from ncc_kernel.model.frozen import Frozen
from ncc_kernel.model.merge import Merge
from ncc_kernel.model.revision import EVERY_CYCLE, Payload
from ncc_kernel.model.scaling import (
    Component,
    Criterion,
    Practice,
    Score,
    Selection,
    SelectionRound,
)
from ncc_kernel.model.seminar import (
    CopEvent,
    Decision,
    Evaluation,
    FollowUp,
    Registration,
    Seminar,
)
from ncc_kernel.model.submission import ReopenRequest, Submission
from ncc_kernel.model.typed_draft import TypedDraft
from ncc_kernel.model.typed_entry import TypedEntry


class Origin(Frozen):
    """What kind of store this is; `illustrative` marks every page made from it."""

    store: str
    illustrative: bool


class Reference(Frozen):
    """The seq at which the EU's reference values were taken for a cycle."""

    as_of: int


Area = Literal["", "form", "map", "community", "cocreation", "scaling", "programme"]
"""Which part of the programme a kind belongs to; who may write it follows from this."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of entry: its payload's model and whether each cycle has its own.

    `of_people` kinds are told in the story so far; `content` is what goes out and comes in as
    data, unlike what is half typed and how a form stands.
    """

    name: str
    model: type[Frozen]
    per_cycle: bool
    label: str
    plural: str
    of_people: bool = True
    content: bool = True
    area: Area = ""
    only: str = ""
    """The one key there is, where a country has one such entry; else empty."""
    part_of: tuple[str, ...] = ()
    """Fields that name the entries without which it is nothing; each is called as their kind is."""

    def cycle(self, cycle: str) -> str:
        """The cycle an entry of this kind is recorded under."""
        return cycle if self.per_cycle else EVERY_CYCLE


_MAP = (
    Kind(
        "challenge",
        Challenge,
        per_cycle=False,
        label="challenge",
        plural="challenges",
        area="map",
    ),
    Kind("agent", Agent, per_cycle=False, label="agent", plural="agents", area="map"),
    Kind(
        "initiative",
        Initiative,
        per_cycle=False,
        label="initiative",
        plural="initiatives",
        area="map",
    ),
    Kind(
        "link",
        Link,
        per_cycle=False,
        label="link",
        plural="links",
        area="map",
        part_of=("agent", "target"),
    ),
    Kind(
        "mapping_plan",
        MappingPlan,
        per_cycle=True,
        label="plan of the mapping",
        plural="plans of the mapping",
        area="map",
        only="plan",
    ),
    Kind(
        "merge",
        Merge,
        per_cycle=False,
        label="merge",
        plural="merges",
        content=False,
        area="map",
    ),
)

_COCREATION = (
    Kind(
        "process",
        Process,
        per_cycle=False,
        label="process",
        plural="processes",
        area="cocreation",
    ),
    Kind(
        "session",
        Session,
        per_cycle=False,
        label="session",
        plural="sessions",
        area="cocreation",
        part_of=("process",),
    ),
    Kind(
        "commitment",
        Commitment,
        per_cycle=False,
        label="commitment",
        plural="commitments",
        area="cocreation",
        part_of=("process",),
    ),
    Kind(
        "prototype",
        Prototype,
        per_cycle=False,
        label="prototype",
        plural="prototypes",
        area="cocreation",
        part_of=("process",),
    ),
    Kind(
        "indicator",
        Indicator,
        per_cycle=False,
        label="indicator",
        plural="indicators",
        area="cocreation",
        part_of=("prototype",),
    ),
)

_SCALING = (
    Kind(
        "practice",
        Practice,
        per_cycle=False,
        label="practice",
        plural="practices",
        area="scaling",
    ),
    Kind(
        "component",
        Component,
        per_cycle=False,
        label="component of a practice",
        plural="components of practices",
        area="scaling",
        part_of=("practice",),
    ),
    Kind(
        "criterion",
        Criterion,
        per_cycle=False,
        label="criterion",
        plural="criteria",
        area="scaling",
    ),
    Kind(
        "score",
        Score,
        per_cycle=False,
        label="score",
        plural="scores",
        area="scaling",
        part_of=("practice", "criterion"),
    ),
    Kind(
        "selection_round",
        SelectionRound,
        per_cycle=False,
        label="round of selection",
        plural="rounds of selection",
        area="scaling",
    ),
    Kind(
        "selection",
        Selection,
        per_cycle=False,
        label="decision on a practice",
        plural="decisions on practices",
        area="scaling",
        part_of=("practice",),
    ),
)

_SEMINARS = (
    Kind(
        "cop_event",
        CopEvent,
        per_cycle=False,
        label="SI CoP event",
        plural="SI CoP events",
        area="programme",
    ),
    Kind(
        "seminar",
        Seminar,
        per_cycle=True,
        label="seminar",
        plural="seminars",
        area="programme",
    ),
    Kind(
        "registration",
        Registration,
        per_cycle=True,
        label="registration",
        plural="registrations",
        area="community",
    ),
    Kind(
        "evaluation",
        Evaluation,
        per_cycle=True,
        label="evaluation",
        plural="evaluations",
        area="community",
    ),
    Kind(
        "follow_up",
        FollowUp,
        per_cycle=True,
        label="follow-up",
        plural="follow-ups",
        area="community",
    ),
    Kind(
        "decision",
        Decision,
        per_cycle=True,
        label="decision",
        plural="decisions",
        area="community",
    ),
)

_LEARNING = (
    Kind(
        "group_rule",
        GroupRule,
        per_cycle=True,
        label="rule for the groups",
        plural="rules for the groups",
        area="programme",
    ),
    Kind(
        "path_item",
        PathItem,
        per_cycle=True,
        label="item of the learning path",
        plural="items of the learning path",
        area="community",
    ),
)

# In the order of import: what others refer to comes before them.
KINDS = {
    kind.name: kind
    for kind in (
        Kind("answer", Answer, per_cycle=True, label="answer", plural="answers", area="form"),
        *_MAP,
        *_COCREATION,
        *_SCALING,
        *_LEARNING,
        *_SEMINARS,
        Kind(
            "draft",
            TypedDraft,
            per_cycle=True,
            label="answer begun",
            plural="answers begun",
            content=False,
            area="form",
        ),
        Kind(
            "evidence",
            EvidenceFile,
            per_cycle=True,
            label="file of evidence",
            plural="files of evidence",
            content=False,
            area="form",
        ),
        Kind(
            "submission",
            Submission,
            per_cycle=True,
            label="step of the submission",
            plural="steps of the submission",
            content=False,
        ),
        Kind(
            "reopen_request",
            ReopenRequest,
            per_cycle=True,
            label="request to reopen",
            plural="requests to reopen",
            content=False,
        ),
        Kind(
            "entry_draft",
            TypedEntry,
            per_cycle=False,
            label="entry begun",
            plural="entries begun",
            of_people=False,
            content=False,
        ),
        Kind("origin", Origin, per_cycle=False, label="origin", plural="", of_people=False),
        Kind("reference", Reference, per_cycle=True, label="reference", plural="", of_people=False),
    )
}
TOLD_KINDS = tuple(name for name, kind in KINDS.items() if kind.of_people)
"""What people did, for the story so far."""

PEOPLES_KINDS = tuple(name for name, kind in KINDS.items() if kind.of_people and kind.content)
"""What people record as data: what is exported and imported unless something else is said."""


def kinds_in(*areas: Area) -> frozenset[str]:
    """The names of the kinds that belong to these parts of the programme."""
    return frozenset(name for name, kind in KINDS.items() if kind.area in areas)


def kind_of(name: str) -> Kind:
    """The kind of that name."""
    if name not in KINDS:
        raise Rejected(
            f"{name!r} is not a kind of entry.", f"use one of {', '.join(PEOPLES_KINDS)}"
        )
    return KINDS[name]


def wholes(kind: str, payload: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    """Kind and key of the entries of its country that an entry is part of."""
    parts = kind_of(kind).part_of
    if not parts:
        return ()
    named = {"target": str(payload.get("target_kind", "initiative"))}
    return tuple((named.get(field, field), str(payload.get(field, ""))) for field in parts)


def parse_payload(kind: str, raw: Mapping[str, object]) -> Payload:
    """The payload as it is recorded, or Rejected with a sentence for each fault."""
    try:
        noun = kind_of(kind).model.model_validate(dict(raw))
    except ValidationError as fault:
        raise Rejected(sentences(fault), f"correct the {kind} and send it again") from None
    said = noun.model_dump(mode="json", exclude_defaults=True)
    if missing := _always(type(noun)) - said.keys():
        said |= noun.model_dump(mode="json", include=set(missing))
    return said


@functools.cache
def _always(model: type[Frozen]) -> frozenset[str]:
    """Fields without a default, and an answer's state, are recorded even when they are empty."""
    return frozenset(name for name, field in model.model_fields.items() if field.is_required())


def sentences(fault: ValidationError) -> str:
    """What pydantic found, as sentences that name the field."""
    return " ".join(_sentence(dict(error)) for error in fault.errors(include_url=False))


def _sentence(error: Mapping[str, object]) -> str:
    place = ".".join(str(part) for part in error["loc"])[:80]  # type: ignore[attr-defined]
    said = str(error["msg"]).removeprefix("Value error, ").rstrip(".")
    given = repr(error.get("input"))
    shown = f" (given: {given[:60]})" if place and error["type"] != "missing" else ""
    return f"{place + ': ' if place else ''}{said}{shown}."
