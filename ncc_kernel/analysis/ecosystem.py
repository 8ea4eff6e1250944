"""The ecosystem map in numbers: who and what is on it, where, and what is blank."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from ncc_kernel.model.ecosystem import NEED_KINDS, Agent, Challenge, Entry, Initiative, Link
from ncc_kernel.model.revision import Revision, is_private

NOT_SAID = ""
"""The code of what was left empty: missing is shown as missing."""

MUCH = 2
"""The degree from which a need is pressing and a capability can help: 2 or 3 of 3."""

Counts = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Ecosystem:
    """The entries of the map that a reader may see, by their keys.

    Two countries may use the same key; then all but the first stand under `CC:key`, and links and
    challenges are told so too. `homes` says of which country an entry is, by kind and key.
    """

    agents: Mapping[str, Agent]
    initiatives: Mapping[str, Initiative]
    links: Mapping[str, Link]
    challenges: Mapping[str, Challenge]
    homes: Mapping[tuple[str, str], str] = field(default_factory=dict)

    @property
    def empty(self) -> bool:
        """Whether there is nothing on the map yet."""
        return not (self.agents or self.initiatives)

    def home(self, kind: str, key: str) -> str:
        """The country of an entry; empty where that is not known."""
        return self.homes.get((kind, key), "")


_MODELS: dict[str, type[Entry]] = {
    "agent": Agent,
    "initiative": Initiative,
    "link": Link,
    "challenge": Challenge,
}

MAP_KINDS = tuple(_MODELS)
"""The kinds of entries that the map is made of."""


def read_ecosystem(
    revisions: Iterable[Revision], *, known: dict[int, Entry] | None = None
) -> Ecosystem:
    """The map that these current revisions make; private entries are no part of it.

    `known` are entries that were read before, by their seq; what is read now is put there too.
    """
    known = {} if known is None else known
    found: dict[str, list[tuple[str, str, Entry]]] = {name: [] for name in _MODELS}
    for one in revisions:
        if one.kind in _MODELS and one.payload is not None and not is_private(one.payload):
            if one.seq not in known:
                known[one.seq] = _MODELS[one.kind].model_validate(one.payload)
            found[one.kind].append((one.country, one.key, known[one.seq]))
    names = {kind: _Names(entries) for kind, entries in found.items()}
    agents = {names["agent"].of(c, k): e for c, k, e in found["agent"] if isinstance(e, Agent)}
    challenges = {
        names["challenge"].of(c, k): e for c, k, e in found["challenge"] if isinstance(e, Challenge)
    }
    initiatives = {
        names["initiative"].of(c, k): _told(e, c, names["challenge"])
        for c, k, e in found["initiative"]
        if isinstance(e, Initiative)
    }
    links: dict[str, Link] = {}
    for country, key, entry in found["link"]:
        if not isinstance(entry, Link):
            continue
        agent = names["agent"].meant(country, entry.agent)
        target = names[entry.target_kind].meant(country, entry.target)
        if agent is not None and target is not None:
            same = agent == entry.agent and target == entry.target
            changed = entry if same else entry.model_copy(update={"agent": agent, "target": target})
            links[names["link"].of(country, key)] = changed
    homes = {
        (kind, names[kind].of(country, key)): country
        for kind, entries in found.items()
        for country, key, _entry in entries
    }
    return Ecosystem(agents, initiatives, links, challenges, homes)


class _Names:
    """Under which name each entry of a kind stands: its key, unless another country had it first."""

    def __init__(self, entries: Iterable[tuple[str, str, Entry]]) -> None:
        self._first: dict[str, str] = {}
        self._all: set[tuple[str, str]] = set()
        for country, key, _entry in entries:
            self._first.setdefault(key, country)
            self._all.add((country, key))

    def of(self, country: str, key: str) -> str:
        """The name of that country's entry."""
        return key if self._first.get(key, country) == country else f"{country}:{key}"

    def meant(self, country: str, key: str) -> str | None:
        """The name of what is meant by the key in that country: its own entry before another's."""
        if (country, key) in self._all:
            return self.of(country, key)
        return key if key in self._first else None


def _told(one: Initiative, country: str, challenges: _Names) -> Initiative:
    meant = tuple(challenges.meant(country, key) or key for key in one.challenges)
    return one if meant == one.challenges else one.model_copy(update={"challenges": meant})


def by_type(eco: Ecosystem) -> Counts:
    """Agents by type, the most frequent first."""
    return _most_first(Counter(agent.type for agent in eco.agents.values()))


def by_stage(eco: Ecosystem, stages: Collection[str]) -> Counts:
    """Initiatives by stage of the life cycle, in the order of `stages`, empty stages included."""
    counts = Counter(one.stage for one in eco.initiatives.values())
    known = tuple((stage, counts[stage]) for stage in stages)
    unknown = sum(count for stage, count in counts.items() if stage not in stages)
    return (*known, (NOT_SAID, unknown)) if unknown else known


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


def linked_agents(eco: Ecosystem) -> set[str]:
    """The keys of agents that stand at either end of a link."""
    return {key for link in eco.links.values() for key in _agents_of(link)} & set(eco.agents)


def _agents_of(link: Link) -> set[str]:
    return {link.agent, link.target} if link.target_kind == "agent" else {link.agent}


def _most_first(counts: Counter[str]) -> Counts:
    return tuple(sorted(counts.items(), key=lambda item: (item[0] == NOT_SAID, -item[1], item[0])))
