"""The part of the map that was asked for."""

from collections.abc import Collection

from ncc_kernel.analysis.ecosystem import Ecosystem
from ncc_kernel.analysis.regions import Placed
from ncc_kernel.model.ecosystem import Agent, Challenge, Initiative
from ncc_kernel.model.map_filter import EVERYTHING, MapFilter


def select(eco: Ecosystem, part: MapFilter, placed: Placed) -> Ecosystem:
    """The entries in this part of the map and the links between them; see `MapFilter`."""
    if part == EVERYTHING:
        return eco
    agents = {
        key: one
        for key, one in eco.agents.items()
        if _fits(one, part, placed.agents.get(key, "")) and part.type in ("", one.type)
    }
    initiatives = {
        key: one
        for key, one in eco.initiatives.items()
        if _fits(one, part, placed.initiatives.get(key, ""))
        and part.stage in ("", one.stage)
        and (not part.challenge or part.challenge in one.challenges)
    }
    ends: dict[str, Collection[str]] = {"agent": agents, "initiative": initiatives}
    return Ecosystem(
        agents,
        initiatives,
        {
            key: one
            for key, one in eco.links.items()
            if one.agent in agents and one.target in ends[one.target_kind]
        },
        {key: one for key, one in eco.challenges.items() if _of(one, part)},
        eco.homes,
    )


def _fits(one: Agent | Initiative, part: MapFilter, region: str) -> bool:
    return _of(one, part) and part.region in ("", region)


def _of(one: Agent | Initiative | Challenge, part: MapFilter) -> bool:
    return (
        (not part.objective or part.objective in one.objectives)
        and part.tier in ("", one.tier)
        and part.review in ("", one.review)
    )
