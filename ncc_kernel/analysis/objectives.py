"""How the work ties to the ESF+: by objective, what there is and which functions of a centre it asks.

A tie is only what the record says: an entry that names the objective, or one that names a challenge
which does. A function (a dimension of the guide) is asked by challenges and agents for mapping, by
processes and needs for co-creation, by practices and needs for scaling, by needs for evaluation.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ncc_kernel.model.revision import Payload, Revision, is_private
from ncc_kernel.model.vocabulary import Term, Vocabulary

TIED_KINDS = ("challenge", "agent", "initiative", "process", "practice")
"""Kinds of entries that tie to an objective, in the order they are shown."""

BY_KIND = {"challenge": "D1", "agent": "D1", "process": "D3", "practice": "D4"}
BY_NEED = {"cocreation": "D3", "scaling": "D4", "evaluation": "D6"}
"""Which function each kind, and each need of an initiative, asks for; ours, after the guide."""

PRESSING = 2
"""The degree from which a need asks for a function: 2 or 3 of 3."""


@dataclass(frozen=True, slots=True)
class Tie:
    """One objective: how many entries of each kind name it, in which countries, for what."""

    objective: Term
    counts: Mapping[str, int]
    countries: tuple[str, ...]
    functions: Mapping[str, int]
    names: tuple[str, ...] = ()
    priorities: tuple[str, ...] = ()
    """The programme priorities that its entries name, in the teams' own words."""

    @property
    def entries(self) -> int:
        """All entries that name it."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class Ties:
    """Every objective in the regulation's order, and how many entries of each kind name none."""

    ties: tuple[Tie, ...]
    without: Mapping[str, int]

    @property
    def tied(self) -> tuple[Tie, ...]:
        """The objectives that something ties to."""
        return tuple(one for one in self.ties if one.entries)


@dataclass
class _Found:
    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    functions: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    countries: set[str] = field(default_factory=set)
    names: list[str] = field(default_factory=list)
    priorities: set[str] = field(default_factory=set)


def ties(vocabulary: Vocabulary, entries: Iterable[Revision]) -> Ties:
    """What ties to which objective among these current entries, private ones left out."""
    shown = [
        one
        for one in entries
        if one.kind in TIED_KINDS and one.payload and not is_private(one.payload)
    ]
    by_challenge = {
        (one.country, one.key): tuple((one.payload or {}).get("objectives", ()))
        for one in shown
        if one.kind == "challenge"
    }
    found: dict[str, _Found] = defaultdict(_Found)
    without: dict[str, int] = defaultdict(int)
    for one in shown:
        payload = one.payload or {}
        named = _objectives(one.country, payload, by_challenge) & set(vocabulary.codes)
        if not named:
            without[one.kind] += 1
        for code in named:
            at = found[code]
            at.counts[one.kind] += 1
            at.countries.add(one.country)
            if one.kind in ("challenge", "practice"):
                at.names.append(str(payload.get("title", one.key)))
            if priority := payload.get("programme_priority"):
                at.priorities.add(str(priority))
            for function in _functions(one.kind, payload):
                at.functions[function] += 1
    return Ties(
        tuple(_tie(term, found.get(term.code, _Found())) for term in vocabulary.terms),
        dict(without),
    )


def _tie(term: Term, at: _Found) -> Tie:
    return Tie(
        term,
        {kind: at.counts[kind] for kind in TIED_KINDS if kind in at.counts},
        tuple(sorted(at.countries)),
        dict(sorted(at.functions.items())),
        tuple(sorted(at.names)),
        tuple(sorted(at.priorities)),
    )


def _objectives(
    country: str, payload: Payload, by_challenge: Mapping[tuple[str, str], tuple[str, ...]]
) -> set[str]:
    """What the entry names itself; else what the challenges that it works on name."""
    own: set[str] = set(payload.get("objectives", ()))
    keys: list[Any] = [*payload.get("challenges", ()), payload.get("challenge", "")]
    inherited = {code for key in keys for code in by_challenge.get((country, str(key)), ())}
    return own or inherited


def _functions(kind: str, payload: Payload) -> set[str]:
    asked = {BY_KIND[kind]} if kind in BY_KIND else set()
    if kind == "initiative":
        needs = payload.get("needs", {})
        asked |= {code for name, code in BY_NEED.items() if (needs.get(name) or 0) >= PRESSING}
    return asked
