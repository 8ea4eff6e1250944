"""Who could meet whom: needs beside capabilities, nobody twice, nobody who is linked already."""

from typing import Any

from ncc_kernel.analysis.ecosystem import Ecosystem
from ncc_kernel.analysis.meetings import between_countries, possible_meetings
from ncc_kernel.analysis.regions import Placed
from ncc_kernel.model.ecosystem import Agent, ByKind, Initiative, Link

NOWHERE = Placed({}, {})


def agent(can: int | None = None, **more: Any) -> Agent:
    return Agent(name="A", capabilities=ByKind(scaling=can), **more)


def initiative(needs: int | None = None, **more: Any) -> Initiative:
    return Initiative(title="I", needs=ByKind(scaling=needs), **more)


def mapped(**entries: Agent | Initiative) -> Ecosystem:
    """Entries by key; the first two letters are the country."""
    agents = {k: e for k, e in entries.items() if isinstance(e, Agent)}
    others = {k: e for k, e in entries.items() if isinstance(e, Initiative)}
    homes = {("agent", k): k[:2].upper() for k in agents}
    homes |= {("initiative", k): k[:2].upper() for k in others}
    return Ecosystem(agents, others, {}, {}, homes)


def pairs(
    eco: Ecosystem, placed: Placed = NOWHERE, *, abroad: bool = False
) -> list[tuple[str, str]]:
    found = possible_meetings(eco, placed, abroad=abroad).best
    return [(one.needs.key, one.gives.key) for one in found]


def test_a_pressing_need_meets_a_capability_and_nothing_less() -> None:
    eco = mapped(
        pt_i=initiative(2), pt_j=initiative(1), pt_k=initiative(), pt_a=agent(2), pt_b=agent(1)
    )

    assert pairs(eco) == [("pt_i", "pt_a")]


def test_borders_are_crossed_only_where_that_is_asked() -> None:
    eco = mapped(pt_i=initiative(3), es_a=agent(3), pt_a=agent(2))

    assert (pairs(eco), pairs(eco, abroad=True)) == ([("pt_i", "pt_a")], [("pt_i", "es_a")])


def test_who_is_linked_already_has_met() -> None:
    eco = mapped(pt_i=initiative(3), pt_a=agent(3))
    tie = Link(agent="pt_a", target="pt_i", kind="advises")
    linked = Ecosystem(eco.agents, eco.initiatives, {"l": tie}, {}, eco.homes)

    assert possible_meetings(linked, NOWHERE, abroad=False).possible == 0


def test_what_is_shared_speaks_for_a_meeting() -> None:
    shared = {"objectives": ("ESO4.11",)}
    eco = mapped(
        pt_i=initiative(2, **shared), pt_a=agent(3), pt_b=agent(2, **shared), pt_c=agent(2)
    )
    placed = Placed({"pt_c": "PT17"}, {"pt_i": "PT17"})

    assert pairs(eco, placed) == [("pt_i", "pt_b"), ("pt_i", "pt_a")]
    best = possible_meetings(eco, placed, abroad=False).best[0]
    assert (best.objectives, best.same_region, best.strength) == (("ESO4.11",), False, 6)


def test_nobody_fills_the_list_alone() -> None:
    eco = mapped(pt_i=initiative(3), **{f"pt_a{n}": agent(2) for n in range(9)})

    found = possible_meetings(eco, NOWHERE, abroad=False)

    assert (found.possible, len(found.best)) == (9, 2)


def test_nobody_meets_himself() -> None:
    both = Agent(name="A", needs=ByKind(scaling=3), capabilities=ByKind(scaling=3))

    assert pairs(mapped(pt_a=both)) == []


def test_between_two_countries_as_many_could_meet_as_need_and_can_give() -> None:
    eco = mapped(
        pt_i=initiative(3), pt_j=initiative(2), es_a=agent(3), fr_a=agent(3), fr_b=agent(2)
    )

    assert between_countries(eco) == {("PT", "ES"): 1, ("PT", "FR"): 2}
