"""The map in numbers: what is private is no part of it, what is blank is named."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from ncc_kernel.analysis.ecosystem import (
    Ecosystem,
    Match,
    blank_types,
    by_stage,
    by_type,
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
    assert by_type(eco) == ()


def test_answers_and_withdrawn_entries_are_not_on_the_map(mapped: Mapped) -> None:
    eco = mapped(("answer", "D1.1", {"state": "dont_know"}), ("agent", "a", None))

    assert eco.empty


@pytest.mark.parametrize("visibility", ["working_group", "public"])
def test_an_entry_that_may_be_seen_is_on_the_map(mapped: Mapped, visibility: str) -> None:
    assert list(mapped(agent("a", visibility=visibility)).agents) == ["a"]


def test_private_entries_are_neither_shown_nor_counted(mapped: Mapped) -> None:
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
    assert {address for address in eco.homes if address[1] in "aic"} == set()


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


@pytest.fixture
def of_two(recorded: Recorded) -> Ecosystem:
    """Two countries that use the same keys, each for an entry of its own."""
    entries = [
        ("agent", "a", {"name": "Porto"}, "PT"),
        ("agent", "a", {"name": "Paris"}, "FR"),
        ("challenge", "c", {"title": "Loneliness"}, "PT"),
        ("challenge", "c", {"title": "Solitude"}, "FR"),
        ("initiative", "i", {"title": "Bairro", "challenges": ["c"]}, "PT"),
        ("initiative", "j", {"title": "Quartier", "challenges": ["c"]}, "FR"),
        ("link", "l", {"agent": "a", "target": "i", "kind": "leads"}, "PT"),
        ("link", "l", {"agent": "a", "target": "j", "kind": "leads"}, "FR"),
        ("link", "m", {"agent": "a", "target": "i", "kind": "funds"}, "FR"),
    ]
    return read_ecosystem(
        recorded(seq, kind, payload, key=key, country=country)
        for seq, (kind, key, payload, country) in enumerate(entries, 1)
    )


def test_two_countries_may_use_the_same_key(of_two: Ecosystem) -> None:
    names = {key: (one.name, of_two.home("agent", key)) for key, one in of_two.agents.items()}

    assert names == {"a": ("Porto", "PT"), "FR:a": ("Paris", "FR")}
    assert len(of_two.links) == 3


def test_a_key_means_the_countrys_own_entry_before_anothers(of_two: Ecosystem) -> None:
    ties = {(one.agent, one.target, one.kind) for one in of_two.links.values()}

    assert ties == {("a", "i", "leads"), ("FR:a", "j", "leads"), ("FR:a", "i", "funds")}
    assert of_two.initiatives["j"].challenges == ("FR:c",)
    assert of_two.initiatives["i"].challenges == ("c",)
