"""What everybody may be told of: no trace of what is private, nor of what is part of it."""

from typing import Any

import pytest

from ncc_kernel.analysis.privacy import open_to_all

PRIVATE = {"visibility": "private"}
OPEN = {"name": "A"}
PROCESS = {"title": "P", "challenge": "c"}
PRACTICE = {"title": "R"}


def told(*changes: Any) -> list[int]:
    return [one.seq for one in open_to_all(changes)]


def test_what_was_private_is_untold_and_so_is_how_it_went(recorded: Any) -> None:
    found = told(
        recorded(1, "agent", OPEN, key="a"),
        recorded(2, "agent", OPEN | PRIVATE, key="b"),
        recorded(3, "agent", None, key="b"),
        recorded(4, "agent", OPEN | PRIVATE, key="a"),
        recorded(5, "agent", OPEN, key="a"),
        recorded(6, "agent", None, key="a"),
    )

    assert found == [1, 5, 6]


def test_an_entry_that_became_private_is_told_with_none_of_its_revisions(recorded: Any) -> None:
    found = told(
        recorded(1, "agent", OPEN, key="a"),
        recorded(2, "agent", OPEN | PRIVATE, key="a"),
        recorded(3, "agent", OPEN, key="b"),
    )

    assert found == [3]


@pytest.mark.parametrize("kind", ["draft", "entry_draft", "reopen_request"])
def test_what_is_half_typed_is_told_to_nobody(recorded: Any, kind: str) -> None:
    assert told(recorded(1, kind, {"note": "x"}), recorded(2, kind, None)) == []


@pytest.mark.parametrize(
    ("whole", "parts"),
    [
        (("process", PROCESS), [("session", {"process": "w"}), ("commitment", {"process": "w"})]),
        (("process", PROCESS), [("prototype", {"process": "w"}), ("indicator", {"prototype": "0"})]),
        (("practice", PRACTICE), [("component", {"practice": "w"}), ("score", {"practice": "w"})]),
        (("practice", PRACTICE), [("selection", {"practice": "w"})]),
        (("criterion", {"name": "C"}), [("score", {"criterion": "w"})]),
        (("agent", OPEN), [("link", {"agent": "w", "target": "x"})]),
        (("agent", OPEN), [("link", {"agent": "x", "target": "w", "target_kind": "agent"})]),
        (("initiative", {"title": "I"}), [("link", {"agent": "x", "target": "w"})]),
    ],
)  # fmt: skip
def test_what_is_part_of_a_private_entry_is_as_private(
    recorded: Any, whole: tuple[str, dict[str, Any]], parts: list[tuple[str, dict[str, Any]]]
) -> None:
    kind, said = whole
    below = [recorded(n + 2, of, p, key=str(n)) for n, (of, p) in enumerate(parts)]
    elsewhere = [recorded(n + 9, of, p, key="x", country="FR") for n, (of, p) in enumerate(parts)]

    hidden = told(recorded(1, kind, said | PRIVATE, key="w"), *below, *elsewhere)
    shown = told(recorded(1, kind, said, key="w"), *below)

    assert hidden == [one.seq for one in elsewhere]
    assert shown == [1, *(one.seq for one in below)]
