"""The ecosystem map in numbers: who and what is on it, where, and what is blank."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from ncc_kernel.model.ecosystem import NEED_KINDS, Agent, Challenge, Entry, Initiative, Link
from ncc_kernel.model.revision import Revision

NOT_SAID = ""
"""The code of what was left empty: missing is shown as missing."""

MUCH = 2
"""The degree from which a need is pressing and a capability can help: 2 or 3 of 3."""

Counts = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Ecosystem:
    """The entries of the map that a reader may see, by their keys."""

    agents: Mapping[str, Agent]
    initiatives: Mapping[str, Initiative]
    links: Mapping[str, Link]
    challenges: Mapping[str, Challenge]
    withheld: int = 0

    @property
    def empty(self) -> bool:
        """Whether there is nothing on the map yet."""
        return not (self.agents or self.initiatives)


def read_ecosystem(revisions: Iterable[Revision]) -> Ecosystem:
    """The map that these current revisions make; private entries are counted, never shown."""
    found: dict[str, dict[str, Entry]] = {name: {} for name in _MODELS}
    withheld = 0
    for one in revisions:
        if one.kind not in _MODELS or one.payload is None:
            continue
        entry = _MODELS[one.kind].model_validate(one.payload)
        if entry.visibility == "private":
            withheld += 1
        else:
            found[one.kind][one.key] = entry
    agents = {key: entry for key, entry in found["agent"].items() if isinstance(entry, Agent)}
    initiatives = {k: e for k, e in found["initiative"].items() if isinstance(e, Initiative)}
    challenges = {k: e for k, e in found["challenge"].items() if isinstance(e, Challenge)}
    ends: dict[str, Collection[str]] = {"agent": agents, "initiative": initiatives}
    links = {
        key: entry
        for key, entry in found["link"].items()
        if isinstance(entry, Link)
        and entry.agent in agents
        and entry.target in ends[entry.target_kind]
    }
    return Ecosystem(agents, initiatives, links, challenges, withheld)


_MODELS: dict[str, type[Entry]] = {
    "agent": Agent,
    "initiative": Initiative,
    "link": Link,
    "challenge": Challenge,
}


def by_type(eco: Ecosystem) -> Counts:
    """Agents by type, the most frequent first."""
    return _most_first(Counter(agent.type for agent in eco.agents.values()))


def by_stage(eco: Ecosystem, stages: Collection[str]) -> Counts:
    """Initiatives by stage of the life cycle, in the order of `stages`, empty stages included."""
    counts = Counter(one.stage for one in eco.initiatives.values())
    known = tuple((stage, counts[stage]) for stage in stages)
    unknown = sum(count for stage, count in counts.items() if stage not in stages)
    return (*known, (NOT_SAID, unknown)) if unknown else known


def by_place(eco: Ecosystem) -> Counts:
    """Agents by the name of their place, the most frequent first."""
    return _most_first(Counter(agent.place.name for agent in eco.agents.values()))


def by_link_kind(eco: Ecosystem) -> Counts:
    """Links by kind, the most frequent first."""
    return _most_first(Counter(link.kind for link in eco.links.values()))


@dataclass(frozen=True, slots=True)
class ChallengeRow:
    """A challenge and the initiatives that name it."""

    key: str
    challenge: Challenge
    initiatives: int


def by_challenge(eco: Ecosystem) -> tuple[ChallengeRow, ...]:
    """Every challenge with its number of initiatives, fewest first: the blank ones lead."""
    counts = Counter(key for one in eco.initiatives.values() for key in set(one.challenges))
    rows = (ChallengeRow(key, one, counts[key]) for key, one in eco.challenges.items())
    return tuple(sorted(rows, key=lambda row: (row.initiatives, row.key)))


@dataclass(frozen=True, slots=True)
class Match:
    """For one kind of support: who needs much of it, who can give it, who said neither."""

    kind: str
    needing: int
    offering: int
    unknown: int


def needs_and_capabilities(eco: Ecosystem) -> tuple[Match, ...]:
    """For co-creation, scaling and evaluation: needs of initiatives, capabilities of agents."""
    return tuple(_match(eco, kind) for kind in NEED_KINDS)


def _match(eco: Ecosystem, kind: str) -> Match:
    needs = [getattr(one.needs, kind) for one in eco.initiatives.values()]
    capabilities = [getattr(one.capabilities, kind) for one in eco.agents.values()]
    return Match(
        kind,
        needing=sum(need is not None and need >= MUCH for need in needs),
        offering=sum(can is not None and can >= MUCH for can in capabilities),
        unknown=sum(need is None for need in needs),
    )


def blank_types(eco: Ecosystem, types: Collection[str]) -> tuple[str, ...]:
    """Types of agents that nobody on the map has."""
    present = {agent.type for agent in eco.agents.values()}
    return tuple(one for one in types if one not in present)


def located(eco: Ecosystem) -> tuple[tuple[Agent, float, float], ...]:
    """Agents whose coordinates are known, with latitude and longitude in degrees."""
    return tuple(
        (agent, agent.place.lat, agent.place.lon)
        for agent in eco.agents.values()
        if agent.place.lat is not None and agent.place.lon is not None
    )


def most_connected(eco: Ecosystem, limit: int = 5) -> tuple[tuple[Agent, int], ...]:
    """The agents with the most links, then by name."""
    ties = Counter(key for link in eco.links.values() for key in _agents_of(link))
    ordered = sorted(ties.items(), key=lambda tie: (-tie[1], eco.agents[tie[0]].name, tie[0]))
    return tuple((eco.agents[key], count) for key, count in ordered[:limit])


def linked_agents(eco: Ecosystem) -> set[str]:
    """The keys of agents that stand at either end of a link."""
    return {key for link in eco.links.values() for key in _agents_of(link)} & set(eco.agents)


def _agents_of(link: Link) -> set[str]:
    return {link.agent, link.target} if link.target_kind == "agent" else {link.agent}


def _most_first(counts: Counter[str]) -> Counts:
    return tuple(sorted(counts.items(), key=lambda item: (item[0] == NOT_SAID, -item[1], item[0])))
