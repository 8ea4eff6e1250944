"""The network: groups, bridges and places that are the same whatever process draws them."""

import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ncc_kernel.analysis.ecosystem import Ecosystem
from ncc_kernel.analysis.network import Network, group_spots, network_of, node_spots
from ncc_kernel.model.ecosystem import Agent, Initiative, Link

SCRIPT = """
from ncc_kernel.analysis.network import *
nodes = tuple(Node("agent", f"n{n:03}", f"N{n}", "", "PT") for n in range(120))
edges = tuple(sorted({(n, (n * 7 + 3) % 120) for n in range(119) if n < (n * 7 + 3) % 120}))
made = Network(nodes, edges)
print([g.members for g in made.groups], node_spots(made), group_spots(made, 9), made.bridges())
"""


def linked(*ties: str, agents: str = "", initiatives: str = "") -> Ecosystem:
    """Agents are capital letters, initiatives small ones; "Ai" is a link."""
    every = sorted(set("".join(ties) + agents + initiatives))
    return Ecosystem(
        {key: Agent(name=f"Agent {key}") for key in every if key.isupper()},
        {key: Initiative(title=f"Initiative {key}") for key in every if key.islower()},
        {
            f"{tie}{n}": Link(
                agent=tie[0],
                target=tie[1],
                target_kind="agent" if tie[1].isupper() else "initiative",
                kind="leads",
            )
            for n, tie in enumerate(ties)
        },
        {},
    )


def names(network: Network) -> list[set[str]]:
    return [{network.nodes[n].key for n in group.members} for group in network.groups]


def test_two_that_are_linked_twice_are_linked_once_and_nobody_with_himself() -> None:
    network = network_of(linked("Ai", "Ai", "AA", "BA", "AB"))

    assert len(network.edges) == 2
    assert network.most_connected(1) == ((network.nodes[0], 2),)


def test_what_is_linked_among_itself_is_a_group_named_after_its_best_linked() -> None:
    network = network_of(linked("Ai", "Bi", "Ci", "Aj", "Dk", "Ek", "El", "Dl", agents="Z"))

    assert names(network) == [{"A", "B", "C", "i", "j"}, {"D", "E", "k", "l"}]
    assert [network.nodes[group.lead].key for group in network.groups] == ["i", "D"]
    assert network.alone == 1


def test_a_bridge_is_an_agent_without_whom_others_are_cut_off() -> None:
    network = network_of(linked("Ai", "Bi", "Bj", "Cj", "Ck", "Dk"))

    found = [(one.node.key, one.cut_off) for one in network.bridges()]

    assert found == [("B", 2), ("C", 2)]


def test_where_everybody_is_linked_with_everybody_there_is_no_bridge() -> None:
    assert network_of(linked("AB", "BC", "CA")).bridges() == ()


def test_a_map_without_links_has_no_groups_and_nothing_to_place() -> None:
    network = network_of(linked(agents="AB", initiatives="i"))

    assert (network.groups, network.bridges(), network.most_connected()) == ((), (), ())
    assert (node_spots(network), group_spots(network, 5), network.alone) == ({}, {}, 3)


def test_every_process_draws_the_same() -> None:
    said = [
        subprocess.run(
            [sys.executable, "-c", SCRIPT],
            env={"PYTHONHASHSEED": seed, "PATH": ""},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    ]

    assert said[0] == said[1] != ""


# What networkx loads at its first layout takes longer than a layout.
FEW = settings(deadline=None, max_examples=40)
TIES = st.lists(st.tuples(st.sampled_from("ABCDEFGH"), st.sampled_from("ABCDEFGHijklmn")))


@FEW
@given(TIES)
def test_each_linked_node_is_in_one_group_and_has_a_place_in_the_picture(
    ties: list[tuple[str, str]],
) -> None:
    network = network_of(linked(*(a + b for a, b in ties)))

    members = [n for group in network.groups for n in group.members]
    spots = node_spots(network)
    assert sorted(members) == list(network.linked) == sorted(spots)
    assert all(0 <= spot.x <= 1 and 0 <= spot.y <= 1 for spot in spots.values())


@FEW
@given(TIES, st.randoms())
def test_the_order_of_entries_changes_nothing(ties: list[tuple[str, str]], chance: object) -> None:
    eco = linked(*(a + b for a, b in ties))

    def shuffled(of: Mapping[str, object]) -> dict[str, object]:
        keys = list(of)
        chance.shuffle(keys)  # type: ignore[attr-defined]
        return {key: of[key] for key in keys}

    other = replace(eco, agents=shuffled(eco.agents), links=shuffled(eco.links))  # type: ignore[arg-type]

    assert network_of(other) == network_of(eco)


@pytest.mark.parametrize("size", [2_000])
def test_a_large_network_is_grouped(size: int) -> None:
    nodes = [f"A{n}" for n in range(size // 2)]
    eco = Ecosystem(
        {key: Agent(name=key) for key in nodes},
        {f"i{n}": Initiative(title=str(n)) for n in range(size // 2)},
        {
            f"l{n}": Link(
                agent=f"A{n % 1000}", target=f"i{(n * 37 + n // 50) % 1000}", kind="funds"
            )
            for n in range(size * 2)
        },
        {},
    )

    network = network_of(eco)

    assert 5 < len(network.groups) < 100
    assert len(group_spots(network, 16)) <= 16
