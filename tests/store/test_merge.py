"""Two entries become one, and two again: nothing is lost either way."""

from datetime import UTC, datetime
from typing import Any

import pytest

from ncc_kernel.errors import Rejected
from ncc_kernel.model.revision import EVERY_CYCLE, Draft, Payload, Revision
from ncc_kernel.store.catalogue import Catalogue
from ncc_kernel.store.log import Store
from ncc_kernel.store.merge import Undone, merge_entries, undo_merge

NOW = datetime(2024, 5, 6, tzinfo=UTC)


def draft(kind: str, key: str, payload: Payload | None, base: int | None = None) -> Draft:
    return Draft("PT", EVERY_CYCLE, kind, key, base, payload)


def link(key: str, agent: str, target: str, **said: Any) -> Draft:
    return draft("link", key, {"agent": agent, "target": target, "kind": "leads"} | said)


@pytest.fixture
def doubled(store: Store) -> Store:
    """An agent that stands there twice, with links to and from both."""
    store.append(
        [
            draft("agent", "casa", {"name": "Casa", "size": "5"}),
            draft("agent", "casa-2", {"name": "Casa IPSS", "website": "casa.example"}),
            draft("agent", "hub", {"name": "Hub"}),
            draft("initiative", "i1", {"title": "I"}),
            draft("initiative", "i2", {"title": "J"}),
            link("l1", "casa", "i1"),
            link("l2", "casa-2", "i1"),
            link("l3", "casa-2", "i2"),
            link("l4", "hub", "casa-2", target_kind="agent"),
            link("l5", "casa", "casa-2", target_kind="agent"),
        ],
        author="ana",
        at=NOW,
    )
    return store


def merged(
    store: Store, catalogue: Catalogue, keep: str = "casa", drop: str = "casa-2"
) -> Revision:
    return merge_entries(
        store,
        catalogue.entry_forms,
        kind="agent",
        country="PT",
        keep=keep,
        drop=drop,
        author="rui",
        at=NOW,
    )


def undone(store: Store) -> Undone:
    return undo_merge(store, kind="agent", country="PT", drop="casa-2", author="rui", at=NOW)


def held(store: Store) -> dict[str, Payload | None]:
    return {f"{one.kind} {one.key}": one.payload for one in store.current()}


def ties(store: Store) -> dict[str, tuple[str, str]]:
    return {
        one.key: (p["agent"], p["target"]) for one in store.current("link") if (p := one.payload)
    }


def test_what_named_the_one_that_goes_names_the_one_that_stays(
    doubled: Store, catalogue: Catalogue
) -> None:
    merged(doubled, catalogue)

    assert {one.key: one.payload for one in doubled.current("agent")} == {
        "casa": {"name": "Casa", "size": "5", "website": "casa.example"},
        "hub": {"name": "Hub"},
    }
    assert ties(doubled) == {"l1": ("casa", "i1"), "l3": ("casa", "i2"), "l4": ("hub", "casa")}
    [merge] = doubled.current("merge")
    assert ((merge.payload or {})["keep"], merge.author) == ("casa", "rui")


def test_taking_a_merge_back_leaves_the_record_as_it_was(
    doubled: Store, catalogue: Catalogue
) -> None:
    before = held(doubled)
    merged(doubled, catalogue)

    done = undone(doubled)

    assert held(doubled) == before
    assert done.left == ()
    assert len(doubled.history("agent", "PT", EVERY_CYCLE, "casa-2")) == 3


def test_what_was_changed_after_the_merge_is_left_and_told(
    doubled: Store, catalogue: Catalogue
) -> None:
    merged(doubled, catalogue)
    [casa] = doubled.current("agent", key="casa")
    changed = draft("agent", "casa", (casa.payload or {}) | {"size": "6"}, casa.seq)
    doubled.append([changed], author="ana", at=NOW)

    done = undone(doubled)

    assert [one.key for one in done.left] == ["casa"]
    assert held(doubled)["agent casa"] == changed.payload
    assert held(doubled)["agent casa-2"] == {"name": "Casa IPSS", "website": "casa.example"}


def test_a_merge_can_be_made_again_after_it_was_taken_back(
    doubled: Store, catalogue: Catalogue
) -> None:
    merged(doubled, catalogue)
    once = held(doubled)
    undone(doubled)

    merged(doubled, catalogue)

    again = held(doubled)
    assert {k: v for k, v in again.items() if not k.startswith("merge")} == {
        k: v for k, v in once.items() if not k.startswith("merge")
    }


@pytest.mark.parametrize(
    ("keep", "drop"), [("casa", "nobody"), ("nobody", "casa"), ("casa", "casa")]
)
def test_only_two_entries_that_are_there_are_merged(
    doubled: Store, catalogue: Catalogue, keep: str, drop: str
) -> None:
    before = doubled.last_seq()

    with pytest.raises(Rejected):
        merged(doubled, catalogue, keep, drop)

    assert doubled.last_seq() == before


def test_a_merge_tells_a_wider_circle_nothing(doubled: Store, catalogue: Catalogue) -> None:
    [hidden] = doubled.current("agent", key="casa-2")
    secret = {**(hidden.payload or {}), "visibility": "private"}
    doubled.append([draft("agent", "casa-2", secret, base=hidden.seq)], author="ana", at=NOW)

    with pytest.raises(Rejected, match="is kept from readers who see"):
        merged(doubled, catalogue)
    merged(doubled, catalogue, keep="casa-2", drop="casa")

    [kept] = doubled.current("agent", key="casa-2")
    assert (kept.payload or {})["visibility"] == "private"


def test_a_merge_that_never_was_is_not_taken_back(doubled: Store) -> None:
    with pytest.raises(Rejected, match="no merge"):
        undone(doubled)


def test_there_is_one_plan_of_the_mapping_for_a_country_and_cycle(store: Store) -> None:
    plan = {"goal": "Bring the centres of the coast together"}

    store.append([Draft("PT", "2024-1", "mapping_plan", "plan", None, plan)], author="a", at=NOW)

    with pytest.raises(Rejected, match="one plan of the mapping only"):
        store.append([Draft("PT", "2024-1", "mapping_plan", "b", None, plan)], author="a", at=NOW)


def test_the_shelf_says_where_each_example_was_read_or_that_it_is_unverified(
    catalogue: Catalogue,
) -> None:
    assert len(catalogue.mapping_examples) == 7
    for one in catalogue.mapping_examples:
        assert one.source.startswith("https://") or one.unverified, one.code
