"""The record, on both databases."""

import multiprocessing
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from ncc_kernel.errors import Rejected
from ncc_kernel.model.revision import EVERY_CYCLE, Draft, Payload
from ncc_kernel.store import log
from ncc_kernel.store.log import Store

NOW = datetime(2024, 5, 6, 12, 0, tzinfo=UTC)


def answer(level: int, *, key: str = "D1.1", country: str = "PT", base: int | None = None) -> Draft:
    return Draft(country, "2024-1", "answer", key, base, {"state": "answered", "level": level})


def withdrawal(base: int | None, *, key: str = "D1.1") -> Draft:
    return Draft("PT", "2024-1", "answer", key, base, None)


def save(store: Store, *drafts: Draft, author: str = "ana", at: datetime = NOW) -> list[int]:
    return [one.seq for one in store.append(drafts, author=author, at=at).written]


def levels(store: Store, **where: Any) -> dict[str, int]:
    return {
        f"{one.country} {one.key}": level_of(one.payload)
        for one in store.current("answer", **where)
    }


def level_of(payload: Payload | None) -> int:
    return int((payload or {})["level"])


def test_an_empty_record_has_only_its_origin(store: Store) -> None:
    assert [one.kind for one in store.current()] == ["origin"]


def test_an_entry_is_read_back_as_it_was_written(store: Store) -> None:
    [seq] = save(store, answer(3))

    [found] = store.current("answer")

    assert (found.seq, found.at, found.author) == (seq, NOW, "ana")
    assert found.address == ("answer", "PT", "2024-1", "D1.1")
    assert (found.base, found.payload) == (None, {"state": "answered", "level": 3})
    assert store.revision(seq) == found


def test_a_change_moves_what_is_current_and_keeps_what_was(store: Store) -> None:
    [first] = save(store, answer(1))
    [second] = save(store, answer(2, base=first))

    told = [
        (one.seq, one.base, level_of(one.payload))
        for one in store.history("answer", "PT", "2024-1", "D1.1")
    ]

    assert levels(store) == {"PT D1.1": 2}
    assert told == [(first, None, 1), (second, first, 2)]


def test_a_stale_change_is_shown_beside_theirs_and_not_written(store: Store) -> None:
    [base] = save(store, answer(1))
    [theirs] = save(store, answer(2, base=base), author="rui")

    done = store.append([answer(4, base=base)], author="ana", at=NOW)

    assert done.written == ()
    [conflict] = done.conflicts
    assert conflict.mine == answer(4, base=base)
    assert conflict.theirs is not None
    assert (conflict.theirs.seq, conflict.theirs.author) == (theirs, "rui")
    assert levels(store) == {"PT D1.1": 2}


def test_two_first_answers_to_one_question_are_a_conflict(store: Store) -> None:
    save(store, answer(1), author="rui")

    done = store.append([answer(4)], author="ana", at=NOW)

    assert [one.theirs.author for one in done.conflicts if one.theirs] == ["rui"]
    assert levels(store) == {"PT D1.1": 1}


def test_a_change_to_what_never_was_is_a_conflict_with_nothing(store: Store) -> None:
    done = store.append([answer(4, base=999)], author="ana", at=NOW)

    assert [one.theirs for one in done.conflicts] == [None]
    assert store.current("answer") == ()


def test_a_conflict_in_a_batch_does_not_hold_back_the_others(store: Store) -> None:
    save(store, answer(1))

    done = store.append([answer(2), answer(3, key="D1.2")], author="rui", at=NOW)

    assert [one.key for one in done.written] == ["D1.2"]
    assert [one.mine.key for one in done.conflicts] == ["D1.1"]


def test_together_nothing_is_built_on_what_is_overtaken_even_by_the_same(store: Store) -> None:
    [typed] = save(store, answer(2, key="D1.2"))
    [theirs] = save(store, withdrawal(typed, key="D1.2"), author="rui")

    both = [answer(4), withdrawal(typed, key="D1.2")]
    done = store.append(both, author="ana", at=NOW, together=True)
    alike = store.append([withdrawal(typed, key="D1.2")], author="ana", at=NOW, together=True)

    assert done.written == ()
    assert [(one.mine.key, one.theirs and one.theirs.seq) for one in done.conflicts] == [
        ("D1.2", theirs)
    ]
    assert levels(store) == {}
    assert (alike.conflicts, alike.unchanged) == ((), 1)


def test_one_bad_payload_keeps_the_whole_call_out(store: Store) -> None:
    before = store.last_seq()

    with pytest.raises(Rejected, match="level"):
        store.append([answer(3), answer(9, key="D1.2")], author="ana", at=NOW)

    assert store.last_seq() == before


@pytest.mark.parametrize("key", ["", "a" * 121, "a b", "../x", "a\nb", "\N{SNOWMAN}"])
def test_a_key_that_no_path_could_hold_is_rejected(store: Store, key: str) -> None:
    with pytest.raises(Rejected, match="cannot be a key"):
        store.append([answer(3, key=key)], author="ana", at=NOW)


@pytest.mark.parametrize("author", ["", "   ", "a" * 121])
def test_an_author_has_a_name_that_fits(store: Store, author: str) -> None:
    with pytest.raises(Rejected, match="author"):
        store.append([answer(3)], author=author, at=NOW)


def test_text_with_nul_and_emoji_is_the_same_on_both_databases(store: Store) -> None:
    payload = {
        "state": "answered",
        "level": 1,
        "comment": "a\x00b \N{GRINNING FACE} \u202e\u05e9\u05dc\u05d5\u05dd",
    }

    store.append([Draft("PT", "2024-1", "answer", "D1.1", None, payload)], author="a\x00na", at=NOW)

    [found] = store.current("answer")
    assert (found.payload or {})["comment"] == "ab \N{GRINNING FACE} \u202e\u05e9\u05dc\u05d5\u05dd"
    assert found.author == "ana"


def test_what_changes_nothing_is_counted_and_not_written(store: Store) -> None:
    [seq] = save(store, answer(3))

    done = store.append(
        [answer(3, base=seq), answer(3), withdrawal(None, key="D9.9")], author="b", at=NOW
    )

    assert (done.written, done.conflicts, done.unchanged) == ((), (), 3)
    assert store.last_seq() == seq


def test_a_withdrawn_entry_is_gone_from_what_is_current_and_stays_in_its_history(
    store: Store,
) -> None:
    [seq] = save(store, answer(3))

    [gone] = save(store, withdrawal(seq))

    assert store.current("answer") == ()
    told = [one.payload for one in store.history("answer", "PT", "2024-1", "D1.1")]
    assert told == [{"state": "answered", "level": 3}, None]
    assert store.tips()["PT", "2024-1", "answer"] == gone


@pytest.mark.parametrize("knows_of_it", [True, False])
def test_what_was_withdrawn_can_be_made_anew(store: Store, knows_of_it: bool) -> None:  # noqa: FBT001
    [seq] = save(store, answer(3))
    [gone] = save(store, withdrawal(seq))

    save(store, answer(4, base=gone if knows_of_it else None))

    assert levels(store) == {"PT D1.1": 4}


def test_a_change_made_on_what_was_withdrawn_is_a_conflict(store: Store) -> None:
    [seq] = save(store, answer(3))
    save(store, withdrawal(seq), author="rui")

    done = store.append([answer(4, base=seq)], author="ana", at=NOW)

    assert [(one.theirs.author, one.theirs.payload) for one in done.conflicts if one.theirs] == [
        ("rui", None)
    ]


def test_as_of_shows_what_was_current_then(store: Store) -> None:
    [first] = save(store, answer(1))
    [second] = save(store, answer(2, base=first))
    [third] = save(store, withdrawal(second))

    seen = [levels(store, as_of=seq) for seq in (first - 1, first, second, third)]

    assert seen == [{}, {"PT D1.1": 1}, {"PT D1.1": 2}, {}]


def test_current_is_narrowed_by_country_cycle_and_key(store: Store) -> None:
    save(store, answer(1), answer(2, key="D1.2"), answer(3, country="ES"))

    assert levels(store, country="PT") == {"PT D1.1": 1, "PT D1.2": 2}
    assert levels(store, country="PT", key="D1.2") == {"PT D1.2": 2}
    assert levels(store, cycle="2023-1") == {}


def test_changes_come_in_order_and_can_be_narrowed(store: Store) -> None:
    start = store.last_seq()
    seqs = save(store, answer(1), answer(2, country="ES"), answer(3, key="D1.2"))

    assert [one.seq for one in store.changes(start)] == seqs
    assert [one.seq for one in store.changes(seqs[0])] == seqs[1:]
    assert [one.seq for one in store.changes(start, country="PT")] == [seqs[0], seqs[2]]
    assert [one.seq for one in store.changes(start, until=seqs[1], limit=1)] == seqs[:1]
    assert store.changes(start, cycles=("2023-1",)) == ()


def test_tips_name_the_last_seq_of_each_country_cycle_and_kind(store: Store) -> None:
    seqs = save(store, answer(1), answer(2, key="D1.2"), answer(3, country="ES"))

    tips = store.tips()

    assert tips["PT", "2024-1", "answer"] == seqs[1]
    assert tips["ES", "2024-1", "answer"] == seqs[2]


def test_the_order_is_by_seq_when_the_clock_is_set_back(store: Store) -> None:
    [first] = save(store, answer(1))
    [second] = save(store, answer(2, base=first), at=NOW - timedelta(days=400))

    told = [one.seq for one in store.history("answer", "PT", "2024-1", "D1.1")]

    assert told == [first, second]
    assert levels(store) == {"PT D1.1": 2}
    assert [one.seq for one in store.changes(first)] == [second]


def test_times_are_kept_as_utc(store: Store) -> None:
    save(store, answer(1), at=datetime.fromisoformat("2024-05-06T14:00:00+02:00"))

    [found] = store.current("answer")

    assert found.at == NOW
    assert found.at.utcoffset() == timedelta(0)


@pytest.mark.parametrize("seq", [0, -1, 10**30])
def test_there_is_no_revision_of_an_impossible_seq(store: Store, seq: int) -> None:
    assert store.revision(seq) is None


UPSERT = """
INSERT INTO revision SELECT * FROM revision WHERE true ON CONFLICT (seq) DO UPDATE SET author = 'x'
"""
SHORT_CUT = {
    "sqlite": "INSERT OR REPLACE INTO revision SELECT * FROM revision",
    "postgresql": "TRUNCATE revision CASCADE",
}
"""Ways around the triggers on UPDATE and DELETE that each database has of its own."""


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE revision SET payload = NULL",
        "UPDATE revision SET author = 'x' WHERE seq = 1",
        "DELETE FROM revision",
        "DELETE FROM revision WHERE seq = 1",
        UPSERT,
        "short cut",
    ],
)
def test_no_sql_changes_or_deletes_a_revision(store: Store, sql: str) -> None:
    save(store, answer(3))
    before = store.changes(0)

    with pytest.raises(sa.exc.DBAPIError, match="append-only"), store._engine.begin() as raw:
        raw.exec_driver_sql(SHORT_CUT[store._engine.dialect.name] if sql == "short cut" else sql)

    assert store.changes(0) == before


def write_many(url: str, country: str, count: int) -> None:
    with Store(url) as store:
        for number in range(count):
            key = f"{country}-{number}"
            store.append([answer(number % 6, key=key, country=country)], author=country, at=NOW)


def test_a_reader_who_asks_since_never_misses_a_concurrent_writer(store_url: str) -> None:
    fork = multiprocessing.get_context("fork")
    countries = ("AT", "BE", "CY", "DE")
    writers = [fork.Process(target=write_many, args=(store_url, code, 25)) for code in countries]
    for writer in writers:
        writer.start()
    seen: list[int] = []
    with Store(store_url) as store:

        def look() -> None:
            since = seen[-1] if seen else 0
            seen.extend(one.seq for one in store.changes(since) if one.kind == "answer")

        while any(writer.is_alive() for writer in writers):
            look()
        look()

        recorded = [one.seq for one in store.changes(0) if one.kind == "answer"]
    assert [writer.exitcode for writer in writers] == [0, 0, 0, 0]
    assert len(seen) == 100
    assert seen == recorded


def increase(url: str, times: int) -> None:
    with Store(url) as store:
        for _ in range(times):
            while True:
                [found] = store.current("answer")
                level = level_of(found.payload)
                draft = Draft(
                    "PT",
                    "2024-1",
                    "answer",
                    "D1.1",
                    found.seq,
                    {"state": "answered", "level": (level + 1) % 6},
                )
                if store.append([draft], author="x", at=NOW).written:
                    break


def test_two_who_count_on_one_entry_lose_no_step(store_url: str) -> None:
    with Store(store_url) as store:
        save(store, answer(0))
        fork = multiprocessing.get_context("fork")
        writers = [fork.Process(target=increase, args=(store_url, 20)) for _ in range(2)]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join(60)

        told = [level_of(one.payload) for one in store.history("answer", "PT", "2024-1", "D1.1")]

    assert told == [number % 6 for number in range(41)]


@pytest.mark.parametrize(
    "read",
    [
        lambda store: store.current("answer", country="'; DROP TABLE revision; --"),
        lambda store: store.history("answer", "PT", "2024-1", "' OR 1=1 --"),
        lambda store: store.changes(0, country="%"),
    ],
    ids=["current", "history", "changes"],
)
def test_what_is_asked_for_is_never_sql(store: Store, read: Callable[[Store], object]) -> None:
    save(store, answer(3))

    assert read(store) == ()
    assert levels(store) == {"PT D1.1": 3}


def test_a_large_append_leaves_the_database_ready_to_be_asked(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log, "AT_ONCE", 100)
    many = [
        Draft("PT", EVERY_CYCLE, "agent", f"a{number}", None, {"name": f"Agent {number}"})
        for number in range(100)
    ]

    store.append(many, author="ana", at=NOW)

    with store.engine.connect() as connection:
        if store.engine.dialect.name == "postgresql":  # it has looked at the tables
            asked = "SELECT reltuples FROM pg_class WHERE relname = 'map_entry'"
            assert connection.exec_driver_sql(asked).scalar() == 100
        else:  # the room it was given is given back
            assert connection.exec_driver_sql("PRAGMA cache_size").scalar() == -2000
