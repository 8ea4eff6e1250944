"""The map in numbers: what is private is counted and never shown, what is blank is named."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from ncc_kernel.analysis.ecosystem import (
    ChallengeRow,
    Ecosystem,
    Match,
    blank_types,
    by_challenge,
    by_link_kind,
    by_place,
    by_stage,
    by_type,
    located,
    most_connected,
    needs_and_capabilities,
    read_ecosystem,
)
from ncc_kernel.model.revision import Revision

Recorded = Callable[..., Revision]
Mapped = Callable[..., Ecosystem]

PRIVATE = {"visibility": "private"}


@pytest.fixture
def mapped(recorded: Recorded) -> Mapped:
    """The map of entries given as kind, key, payload."""

    def make(*entries: tuple[str, str, Mapping[str, Any] | None]) -> Ecosystem:
        return read_ecosystem(
            recorded(seq, kind, payload, key=key)
            for seq, (kind, key, payload) in enumerate(entries, 1)
        )

    return make


def agent(key: str, **more: Any) -> tuple[str, str, dict[str, Any]]:
    return "agent", key, {"name": key.upper(), **more}


def initiative(key: str, **more: Any) -> tuple[str, str, dict[str, Any]]:
    return "initiative", key, {"title": key.upper(), **more}


def link(agent: str, target: str, kind: str = "leads", **more: Any) -> tuple[str, str, Any]:
    return "link", f"{agent}-{target}", {"agent": agent, "target": target, "kind": kind, **more}


def test_a_map_without_entries_is_empty(mapped: Mapped) -> None:
    eco = mapped()

    assert eco.empty
    assert by_type(eco) == by_place(eco) == by_link_kind(eco) == by_challenge(eco) == ()
    assert located(eco) == most_connected(eco) == ()


def test_answers_and_withdrawn_entries_are_not_on_the_map(mapped: Mapped) -> None:
    eco = mapped(("answer", "D1.1", {"state": "dont_know"}), ("agent", "a", None))

    assert eco.empty
    assert eco.withheld == 0


@pytest.mark.parametrize("visibility", ["working_group", "public"])
def test_an_entry_that_may_be_seen_is_on_the_map(mapped: Mapped, visibility: str) -> None:
    assert list(mapped(agent("a", visibility=visibility)).agents) == ["a"]


def test_private_entries_are_counted_and_never_shown(mapped: Mapped) -> None:
    eco = mapped(
        agent("a", **PRIVATE),
        initiative("i", **PRIVATE),
        ("challenge", "c", {"title": "C", **PRIVATE}),
        agent("b"),
        initiative("j", challenges=["c"]),
        link("b", "j", **PRIVATE),
    )

    assert (list(eco.agents), list(eco.initiatives)) == (["b"], ["j"])
    assert (eco.links, eco.challenges) == ({}, {})
    assert eco.withheld == 4


@pytest.mark.parametrize(
    "entries",
    [
        [agent("a", **PRIVATE), initiative("i"), link("a", "i")],
        [agent("a"), initiative("i", **PRIVATE), link("a", "i")],
        [agent("a"), agent("b", **PRIVATE), link("a", "b", target_kind="agent")],
        [agent("a"), link("a", "i")],
        [initiative("i"), link("a", "i")],
        [agent("a"), agent("i"), link("a", "i")],
    ],
)
def test_a_link_to_what_is_not_shown_is_not_shown(mapped: Mapped, entries: list[Any]) -> None:
    eco = mapped(*entries)

    assert eco.links == {}
    assert most_connected(eco) == ()


def test_agents_are_counted_by_type_with_the_unsaid_last(mapped: Mapped) -> None:
    types = ["", "", "", "ngo", "ngo", "media", "company"]

    eco = mapped(*(agent(f"a{n}", type=one) for n, one in enumerate(types)))

    assert by_type(eco) == (("ngo", 2), ("company", 1), ("media", 1), ("", 3))


def test_initiatives_are_counted_by_every_stage_in_the_order_of_life(mapped: Mapped) -> None:
    stages = ["scale", "prompt", "scale", "", "unheard-of"]

    eco = mapped(*(initiative(f"i{n}", stage=one) for n, one in enumerate(stages)))

    assert by_stage(eco, ["prompt", "prototype", "scale"]) == (
        ("prompt", 1),
        ("prototype", 0),
        ("scale", 2),
        ("", 2),
    )


def test_stages_that_all_say_leave_no_unsaid(mapped: Mapped) -> None:
    assert by_stage(mapped(initiative("i", stage="scale")), ["scale"]) == (("scale", 1),)


def test_agents_are_counted_by_place(mapped: Mapped) -> None:
    places = ["Porto", "Évora", "Porto", ""]

    eco = mapped(*(agent(f"a{n}", place={"name": one}) for n, one in enumerate(places)))

    assert by_place(eco) == (("Porto", 2), ("Évora", 1), ("", 1))


def test_links_are_counted_by_kind(mapped: Mapped) -> None:
    eco = mapped(
        agent("a"),
        agent("b"),
        initiative("i"),
        link("a", "i", "funds"),
        link("b", "i", "leads"),
        link("a", "b", "leads", target_kind="agent"),
    )

    assert by_link_kind(eco) == (("leads", 2), ("funds", 1))


def test_challenges_with_the_fewest_initiatives_lead(mapped: Mapped) -> None:
    eco = mapped(
        ("challenge", "housing", {"title": "Housing"}),
        ("challenge", "care", {"title": "Care"}),
        ("challenge", "loneliness", {"title": "Loneliness"}),
        initiative("i", challenges=["housing", "care"]),
        initiative("j", challenges=["housing", "unheard-of"]),
    )

    assert by_challenge(eco) == (
        ChallengeRow("loneliness", eco.challenges["loneliness"], 0),
        ChallengeRow("care", eco.challenges["care"], 1),
        ChallengeRow("housing", eco.challenges["housing"], 2),
    )


def test_an_initiative_that_names_a_challenge_twice_is_one_initiative(mapped: Mapped) -> None:
    eco = mapped(
        ("challenge", "care", {"title": "Care"}), initiative("i", challenges=["care", "care"])
    )

    assert [row.initiatives for row in by_challenge(eco)] == [1]


def test_needs_stand_against_capabilities_and_the_unsaid_is_not_none(mapped: Mapped) -> None:
    eco = mapped(
        initiative("i", needs={"scaling": 3, "evaluation": 0}),
        initiative("j", needs={"scaling": 2, "cocreation": 1}),
        initiative("k"),
        agent("a", capabilities={"scaling": 2, "evaluation": 1}, needs={"cocreation": 3}),
        agent("b", capabilities={"evaluation": 3}),
    )

    assert needs_and_capabilities(eco) == (
        Match("cocreation", needing=0, offering=0, unknown=2),
        Match("scaling", needing=2, offering=1, unknown=1),
        Match("evaluation", needing=0, offering=1, unknown=2),
    )


def test_types_that_nobody_has_are_blank_spots(mapped: Mapped) -> None:
    eco = mapped(agent("a", type="ngo"), agent("b", type="media", **PRIVATE))

    assert blank_types(eco, ["company", "ngo", "media"]) == ("company", "media")


def test_an_agent_is_located_when_both_coordinates_are_known(mapped: Mapped) -> None:
    eco = mapped(
        agent("a", place={"lat": 38.7, "lon": -9.1}),
        agent("b", place={"lat": 38.7}),
        agent("c", place={"lon": -9.1}),
        agent("d", place={"lat": 0, "lon": 0}),
        agent("e"),
    )

    assert [(one.name, lat, lon) for one, lat, lon in located(eco)] == [
        ("A", 38.7, -9.1),
        ("D", 0.0, 0.0),
    ]


def test_the_most_connected_agents_have_the_most_links_at_either_end(mapped: Mapped) -> None:
    eco = mapped(
        agent("a"),
        agent("b"),
        agent("c"),
        agent("d"),
        initiative("i"),
        link("a", "i"),
        link("b", "i"),
        link("a", "c", target_kind="agent"),
        link("b", "c", target_kind="agent"),
        link("c", "i"),
    )

    assert [(one.name, ties) for one, ties in most_connected(eco)] == [("C", 3), ("A", 2), ("B", 2)]
    assert [one.name for one, _ties in most_connected(eco, limit=1)] == ["C"]


def test_an_agent_linked_to_itself_has_one_link(mapped: Mapped) -> None:
    eco = mapped(agent("a"), link("a", "a", target_kind="agent"))

    assert [ties for _agent, ties in most_connected(eco)] == [1]
