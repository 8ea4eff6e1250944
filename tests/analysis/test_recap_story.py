"""The story so far: sentences that stand on revisions, and nothing else."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ncc_kernel.analysis.privacy import open_to_all
from ncc_kernel.analysis.recap_story import (
    Sentence,
    last_of,
    ranges,
    receipts,
    seq_before,
    story,
)
from ncc_kernel.model.revision import Revision

FIRST = datetime(2024, 8, 1, 9, tzinfo=UTC)

DECISION: dict[str, Any] = {"title": "One map for all", "on": "2024-08-02", "why": "It is shared."}
PATH: dict[str, Any] = {"title": "Visit a peer", "type": "peer_visit", "due": "2024-10-01"}
AGENT: dict[str, Any] = {"name": "River Lab"}


def rev(
    seq: int,
    kind: str = "agent",
    payload: dict[str, Any] | None = None,
    *,
    key: str = "",
    author: str = "ana",
    country: str = "PT",
    base: int | None = None,
    gone: bool = False,
) -> Revision:
    said = None if gone else (AGENT if payload is None else payload)
    at = FIRST + timedelta(days=seq)
    return Revision(seq, at, author, country, "-", kind, key or f"k{seq}", base, said)


def titles(*revisions: Revision, since: int | None = None) -> list[str]:
    return [chapter.title for chapter in story(revisions, since=since)]


def sentences(title: str, *revisions: Revision, since: int | None = None) -> list[Sentence]:
    found = {chapter.title: chapter for chapter in story(revisions, since=since)}
    return list(found[title].sentences) if title in found else []


def test_an_empty_record_has_no_story() -> None:
    assert story([]) == ()


def test_a_decision_is_told_with_its_day_its_reason_and_its_revision() -> None:
    found = sentences("Decisions", rev(1), rev(2, "decision", DECISION, country="EU"))

    assert found == [
        Sentence(
            date(2024, 8, 2),
            "The working group decided: {} Why: {}",
            ("One map for all", "It is shared."),
            (2,),
        )
    ]


def test_a_decision_that_was_changed_is_told_once_as_it_stands_now() -> None:
    changed = DECISION | {"title": "Two maps"}

    found = sentences(
        "Decisions",
        rev(1, "decision", DECISION, key="d"),
        rev(2, "decision", changed, key="d", base=1),
    )

    assert [(one.typed[0], one.seqs) for one in found] == [("Two maps", (2,))]


def test_a_decision_that_was_withdrawn_is_told_no_more() -> None:
    withdrawn = rev(2, "decision", key="d", base=1, gone=True)

    assert sentences("Decisions", rev(1, "decision", DECISION, key="d"), withdrawn) == []


def test_an_activity_is_told_with_its_counts_and_all_its_revisions() -> None:
    found = sentences("Activity by activity", rev(1), rev(2, key="k1"), rev(3, author="rui"))

    assert [(one.words, one.seqs) for one in found] == [
        ("Ecosystem mapping: 2 agents, by 2 people, the first on 2 August 2024.", (1, 2, 3))
    ]


def test_who_joined_is_told_by_their_first_entry_newest_first() -> None:
    found = sentences(
        "Who joined", rev(1), rev(2, author="rui"), rev(3), rev(4, author="coo", country="EU")
    )

    assert [(one.typed, one.words, one.seqs) for one in found] == [
        (("coo",), "{} joined, for the working group.", (4,)),
        (("rui",), "{} joined, for PT.", (2,)),
        (("ana",), "{} joined, for PT.", (1,)),
    ]


def test_of_many_who_joined_the_earlier_ones_are_one_sentence_that_stands_on_all() -> None:
    found = sentences("Who joined", *(rev(n, author=f"p{n}") for n in range(1, 10)))

    assert len(found) == 7
    assert (found[-1].words, found[-1].seqs) == ("Before them 3 people joined.", (1, 2, 3))


def test_what_is_open_is_told_with_the_next_due_first_and_the_rest_as_a_number() -> None:
    items = [
        rev(n, "path_item", PATH | {"title": f"T{n}", "due": f"2024-1{2 - n % 3}-01"})
        for n in range(1, 6)
    ]

    found = sentences("What is open", *items, rev(9, "path_item", PATH | {"state": "done"}))

    assert [one.typed for one in found] == [("T2",), ("T5",), ("T1",), ()]
    assert (found[-1].words, found[-1].seqs) == (
        "2 more items of the learning path are open.",
        (3, 4),
    )


def test_what_came_since_a_reader_was_here_is_its_own_chapter() -> None:
    revisions = [rev(1), rev(2, author="rui"), rev(3, "decision", DECISION)]

    found = sentences("Since you were last here", *revisions, since=1)

    assert [one.seqs for one in found] == [(3,), (2,)]
    assert titles(*revisions, since=3)[0] == "Decisions"


def test_who_joins_on_a_day_sees_what_happened_before_it() -> None:
    before, after = rev(5, "decision", DECISION), rev(40, "decision", DECISION | {"title": "Later"})

    seq = seq_before([before, after], date(2024, 9, 1))
    seen = story([one for one in (before, after) if one.seq <= seq])

    assert seq == 5
    assert [
        s.typed[0] for chapter in seen if chapter.title == "Decisions" for s in chapter.sentences
    ] == ["One map for all"]


def test_a_reader_was_last_here_at_their_own_last_entry() -> None:
    assert last_of([rev(1), rev(2, author="rui"), rev(3)], "rui") == 2
    assert last_of([rev(1)], "nobody") is None


@pytest.mark.parametrize(
    ("second", "did"),
    [
        (rev(2, payload=AGENT | {"size": "ten"}, key="a", base=1), "changed: size"),
        (rev(2, key="a", base=1, gone=True), "withdrawn"),
        (rev(2, key="b"), "new"),
    ],
)
def test_a_receipt_says_what_a_revision_did(second: Revision, did: str) -> None:
    assert [one.did for one in receipts([rev(1, key="a"), second], [2])] == [did]


def test_a_sentence_that_stands_on_nothing_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="without a revision"):
        Sentence(date(2024, 8, 1), "So they say.", (), ())


@given(st.lists(st.integers(1, 60), max_size=40))
def test_spans_hold_just_what_they_were_made_of(seqs: list[int]) -> None:
    spans = ranges(seqs)

    assert sorted(set(seqs)) == [n for first, last in spans for n in range(first, last + 1)]
    assert all(a[1] + 1 < b[0] for a, b in pairwise(spans))


KINDS: dict[str, Callable[[int], dict[str, Any]]] = {
    "agent": lambda n: {"name": f"A{n}"},
    "decision": lambda n: DECISION | {"title": f"D{n}"},
    "path_item": lambda n: PATH | {"title": f"P{n}"},
    "answer": lambda n: {"state": "answered", "level": n % 6},
    "draft": lambda n: {"typed": {"comment": f"{n}"}},
}


@given(
    st.lists(
        st.tuples(
            st.sampled_from(sorted(KINDS)),
            st.integers(0, 4),
            st.sampled_from(["ana", "rui", "coo"]),
            st.sampled_from(["PT", "EU"]),
            st.booleans(),
        ),
        max_size=30,
    ),
    st.integers(0, 30),
)
def test_every_sentence_stands_on_revisions_that_are_there(
    made: list[tuple[str, int, str, str, bool]], since: int
) -> None:
    revisions = [
        rev(n, kind, KINDS[kind](n), key=f"k{key}", author=author, country=country, gone=gone)
        for n, (kind, key, author, country, gone) in enumerate(made, start=1)
    ]

    told = story(open_to_all(revisions), since=since)

    there = {one.seq for one in open_to_all(revisions)}
    assert all(set(s.seqs) <= there and s.seqs for chapter in told for s in chapter.sentences)
