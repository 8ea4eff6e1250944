"""The map counted in the database: the same as counted by hand, and never a private entry."""

import sqlite3
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ncc_kernel.errors import StoreFault
from ncc_kernel.model.map_filter import MapFilter
from ncc_kernel.model.revision import EVERY_CYCLE, Draft, Payload
from ncc_kernel.store.engine import WRITER
from ncc_kernel.store.log import Store
from ncc_kernel.store.map_rows import rebuild
from ncc_kernel.store.schema import MAP_ROWS
from ncc_kernel.store.totals import Support, count_map, sum_cells

MAY = datetime(2024, 5, 6, tzinfo=UTC)
JUNE = datetime(2024, 6, 1, tzinfo=UTC)


def draft(
    kind: str, key: str, payload: Payload | None, *, country: str = "PT", base: int | None = None
) -> Draft:
    return Draft(country, EVERY_CYCLE, kind, key, base, payload)


def agent(key: str, *, country: str = "PT", **said: Any) -> Draft:
    return draft("agent", key, {"name": f"Agent {key}", **said}, country=country)


def initiative(key: str, *, country: str = "PT", **said: Any) -> Draft:
    return draft("initiative", key, {"title": f"Initiative {key}", **said}, country=country)


def link(
    agent_key: str, target: str, *, country: str = "PT", of: str = "initiative", **said: Any
) -> Draft:
    payload = {"agent": agent_key, "target": target, "target_kind": of, "kind": "leads"} | said
    return draft("link", f"{agent_key}-{target}", payload, country=country)


@pytest.fixture
def mapped(store: Store) -> Store:
    """A small map: five agents, two of them private, three initiatives, and links."""
    first = [
        draft("challenge", "c1", {"title": "Homes", "urgency": 5}),
        draft("challenge", "c2", {"title": "Care"}),
        agent("a1", type="ngo", place={"nuts": "PT112"}, objectives=["ESO4.1"], capabilities={"scaling": 3}),
        agent("a2", type="ngo", tier="enriched"),
        agent("a3", type="university", country="ES", place={"nuts": "ES30"}, capabilities={"scaling": 1}),
        agent("p1", type="ngo", visibility="private"),
        agent("p2", country="ES", visibility="private"),
        initiative("i1", stage="scale", challenges=["c1"], objectives=["ESO4.1", "ESO4.8"], needs={"scaling": 2}),
        initiative("i2", stage="prompt", country="ES", themes=["food"]),
    ]  # fmt: skip
    links = [
        link("a1", "i1"),
        link("a1", "a2", of="agent"),
        link("a2", "i1"),
        link("p1", "i1"),
        link("a3", "i2", country="ES", visibility="private"),
    ]
    store.append([*first, *links], author="ana", at=MAY)
    store.append([initiative("i3", stage="scale", needs={"scaling": 0})], author="ana", at=JUNE)
    return store


def test_the_map_is_counted_without_private_entries(mapped: Store) -> None:
    with count_map(mapped) as totals:
        cells = totals.cells()

        assert sum_cells(cells, "country", kind="agent") == (("ES", 1), ("PT", 2))
        assert sum_cells(cells, "sort", kind="initiative") == (("prompt", 1), ("scale", 2))
        assert sum_cells(cells, "region", kind="agent") == (("", 1), ("ES30", 1), ("PT11", 1))
        assert totals.links() == (("PT", "leads", 3),)
        assert [(one.key, one.name, one.links) for one in totals.most_connected()] == [
            ("a1", "Agent a1", 2), ("a2", "Agent a2", 2)
        ]  # fmt: skip
        assert [(one.title, one.initiatives) for one in totals.challenges()] == [
            ("Care", 0), ("Homes", 1)
        ]  # fmt: skip
        assert set(totals.growth()) == {
            ("agent", "2024-05", 3), ("challenge", "2024-05", 2),
            ("initiative", "2024-05", 2), ("initiative", "2024-06", 1),
        }  # fmt: skip
        assert Support("PT", "scaling", needing=1, offering=1, unknown=0) in totals.support()
        assert Support("ES", "scaling", needing=0, offering=0, unknown=1) in totals.support()


FILTERED: tuple[tuple[dict[str, str], int, int, int], ...] = (
    ({"country": "PT"}, 2, 2, 3),
    ({"type": "university"}, 1, 3, 0),
    ({"type": "ngo"}, 2, 3, 3),
    ({"stage": "scale"}, 3, 2, 3),
    ({"objective": "ESO4.1"}, 1, 1, 1),
    ({"challenge": "c1"}, 3, 1, 3),
    ({"tier": "enriched"}, 1, 0, 0),
    ({"region": "PT11"}, 1, 0, 0),
    ({"objective": "ESO4.1", "challenge": "c1", "country": "PT"}, 1, 1, 1),
)
"""A filter, and how many agents, initiatives and links it leaves."""


def test_a_filter_narrows_every_count(mapped: Store) -> None:
    found = []
    for chosen, *_ in FILTERED:
        with count_map(mapped, MapFilter(**chosen)) as totals:
            counted = dict(sum_cells(totals.cells(), "kind"))
            agents, initiatives = counted.get("agent", 0), counted.get("initiative", 0)
            links = sum(row[2] for row in totals.links())
            assert sum(row[2] for row in totals.growth() if row[0] == "agent") == agents
        found.append((chosen, agents, initiatives, links))

    assert tuple(found) == FILTERED


def test_links_follow_when_an_end_becomes_private_or_is_withdrawn(mapped: Store) -> None:
    [a1] = mapped.current("agent", key="a1")
    hidden = {**(a1.payload or {}), "visibility": "private"}

    done = mapped.append([draft("agent", "a1", hidden, base=a1.seq)], author="ana", at=MAY)
    with count_map(mapped) as totals:
        while_hidden = totals.links()
    back = draft("agent", "a1", a1.payload, base=done.written[0].seq)
    mapped.append([back], author="ana", at=MAY)
    with count_map(mapped) as totals:
        after = totals.links()
    [i1] = mapped.current("initiative", key="i1")
    mapped.append([draft("initiative", "i1", None, base=i1.seq)], author="ana", at=MAY)

    with count_map(mapped) as totals:
        assert totals.links() == (("PT", "leads", 1),)
    assert (while_hidden, after) == ((("PT", "leads", 1),), (("PT", "leads", 3),))


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["agent", "initiative", "link", "challenge"]),
        st.sampled_from(["k1", "k2"]),
        st.sampled_from(["PT", "ES"]),
        st.sampled_from(["public", "private", None]),
        st.sampled_from(["ngo", "company"]),
    ),
    max_size=25,
)


@settings(
    max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(steps=STEPS)
def test_rows_made_along_the_way_are_those_made_from_the_whole_record(
    lite: Store, steps: list[tuple[str, str, str, str | None, str]]
) -> None:
    for number, (kind, key, country, visibility, sort) in enumerate(steps):
        found = lite.history(kind, country, EVERY_CYCLE, key)
        payload = None if visibility is None else payload_of(kind, visibility, sort)
        base = found[-1].seq if found else None
        at = MAY if number % 2 else JUNE
        lite.append([draft(kind, key, payload, country=country, base=base)], author="t", at=at)
    before = rows_of(lite)

    with lite.engine.connect().execution_options(**WRITER) as connection, connection.begin():
        rebuild(connection, [lite.changes(0)])

    assert rows_of(lite) == before


def payload_of(kind: str, visibility: str, sort: str) -> Payload:
    both = {"visibility": visibility, "objectives": ["ESO4.1"] if sort == "ngo" else []}
    return {
        "agent": both | {"name": "A", "type": sort},
        "initiative": both | {"title": "I", "stage": sort},
        "challenge": both | {"title": "C"},
        "link": {"visibility": visibility, "agent": "k1", "target": "k2", "kind": sort},
    }[kind]


def rows_of(store: Store) -> list[list[tuple[Any, ...]]]:
    with store.engine.connect() as connection:
        return [
            sorted(map(tuple, connection.execute(table.select())), key=repr) for table in MAP_ROWS
        ]


def test_a_call_with_thousands_of_entries_is_one_and_comes_back_whole(store: Store) -> None:
    many = [agent(f"m{number}", type="ngo") for number in range(1_200)]

    first = store.append(many, author="ana", at=MAY)
    again = store.append(many, author="ana", at=MAY)

    assert [one.seq for one in first.written] == list(
        range(first.written[0].seq, first.written[0].seq + 1_200)
    )
    assert (len(again.written), again.unchanged) == (0, 1_200)
    assert len(store.current("agent")) == 1_200
    with count_map(store) as totals:
        assert sum_cells(totals.cells(), "sort") == (("ngo", 1_200),)


def test_of_agents_with_as_many_links_the_first_by_key_are_named(store: Store) -> None:
    agents = [agent(key, type="ngo") for key in ("d", "b", "a", "c")]
    links = [link(key, "i1") for key in ("c", "b", "d", "a")] + [link("d", "a", of="agent")]
    store.append([*agents, initiative("i1"), *links], author="ana", at=MAY)

    with count_map(store) as totals:
        found = [(one.key, one.links) for one in totals.most_connected(3)]

    assert found == [("a", 2), ("d", 2), ("b", 1)]


def test_a_link_that_came_before_its_ends_is_counted_once_they_are_there(store: Store) -> None:
    store.append([link("a1", "i1"), link("a1", "a2", of="agent")], author="ana", at=MAY)
    with count_map(store) as totals:
        before = totals.links()

    store.append([agent("a1"), agent("a2", visibility="private")], author="ana", at=MAY)
    store.append([initiative("i1")], author="ana", at=MAY)

    with count_map(store) as totals:
        assert totals.links() == (("PT", "leads", 1),)
    assert before == ()


def test_a_link_that_is_changed_or_withdrawn_is_counted_as_it_stands(mapped: Store) -> None:
    [now] = mapped.current("link", key="a1-i1")
    other = {**(now.payload or {}), "kind": "funds"}

    done = mapped.append([draft("link", "a1-i1", other, base=now.seq)], author="ana", at=MAY)
    with count_map(mapped) as totals:
        changed = totals.links()
    gone = draft("link", "a1-i1", None, base=done.written[0].seq)
    mapped.append([gone], author="ana", at=MAY)

    with count_map(mapped) as totals:
        assert totals.links() == (("PT", "leads", 2),)
    assert changed == (("PT", "funds", 1), ("PT", "leads", 2))


def test_who_may_only_read_can_filter(store_url: str) -> None:
    with Store(store_url) as store:
        store.append([agent("a1", type="ngo"), initiative("i1")], author="ana", at=MAY)
        store.append([link("a1", "i1"), agent("a2", type="company")], author="ana", at=MAY)
    url = sa.make_url(store_url)
    if url.get_backend_name() == "postgresql":
        url = url.update_query_dict({"options": "-cdefault_transaction_read_only=on"})

    with Store(url.render_as_string(hide_password=False)) as reader:
        if reader.engine.dialect.name == "sqlite":
            sa.event.listen(reader.engine, "connect", _no_writing)
            reader.engine.dispose()
        for _ in range(2):
            with count_map(reader, MapFilter(type="ngo")) as totals:
                assert totals.links() == (("PT", "leads", 1),)
                assert [one.key for one in totals.most_connected()] == ["a1"]
        with pytest.raises(StoreFault):
            reader.append([agent("a3")], author="ana", at=MAY)


def _no_writing(connection: sqlite3.Connection, _record: object) -> None:
    """The store's own file is read only, as where a person has no right to write it."""
    writes = (sqlite3.SQLITE_INSERT, sqlite3.SQLITE_UPDATE, sqlite3.SQLITE_DELETE)

    def may(action: int, table: str | None, _two: object, where: str | None, _by: object) -> int:
        # SQLite asks so of its own functions that are read as tables; nothing is written by them.
        refused = action in writes and where == "main" and table != "sqlite_master"
        return sqlite3.SQLITE_DENY if refused else sqlite3.SQLITE_OK

    connection.set_authorizer(may)
