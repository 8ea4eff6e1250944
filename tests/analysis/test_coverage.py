"""Gaps, blank spots and growth: a zero is a zero, what is not known is neither."""

from collections.abc import Callable
from typing import Any

import pytest

from ncc_kernel.analysis.coverage import coverage, growth, priority, standings
from ncc_kernel.analysis.ecosystem import Ecosystem
from ncc_kernel.model.ecosystem import Agent, Challenge, Initiative
from ncc_kernel.model.revision import Revision

Recorded = Callable[..., Revision]


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ({}, None),
        ({"urgency": 5}, 5.0),
        ({"urgency": 5, "severity": 4, "feasibility": 1}, 3.8),
        ({"severity": 1, "feasibility": 4}, 2.0),
    ],
)
def test_a_priority_is_the_weighted_mean_of_what_is_scored(
    scores: dict[str, int], expected: float | None
) -> None:
    assert priority(Challenge(title="C", **scores)) == expected


def test_much_at_stake_and_little_done_is_a_gap_and_stands_first() -> None:
    eco = Ecosystem(
        {},
        {n: Initiative(title=n, challenges=c) for n, c in (("i", ("a", "b")), ("j", ("a", "a")))},
        {},
        {
            "a": Challenge(title="A", urgency=5),
            "b": Challenge(title="B", urgency=4),
            "c": Challenge(title="C"),
            "d": Challenge(title="D", urgency=3),
        },
    )

    found = [(one.key, one.priority, one.initiatives, one.gap) for one in standings(eco)]

    assert found == [
        ("b", 4.0, 1, True),
        ("a", 5.0, 2, False),
        ("d", 3.0, 0, False),
        ("c", None, 0, False),
    ]


def test_a_blank_spot_is_a_known_row_without_anybody() -> None:
    agents = {
        "a": Agent(name="A", type="ngo"),
        "b": Agent(name="B", type="ngo"),
        "c": Agent(name="C", type="unheard"),
    }
    where = {"a": "PT17", "b": ""}
    eco = Ecosystem(agents, {}, {}, {})

    found = coverage(eco, where, {"ngo": "civ"}, rows=("PT11", "PT17"), columns=("civ", "gov"))

    assert found.rows == ("PT11", "PT17", "")
    assert found.columns == ("civ", "gov", "")
    assert dict(found.counts) == {("PT17", "civ"): 1, ("", "civ"): 1, ("", ""): 1}
    assert (found.blank_rows, found.blanks) == (("PT11",), 3)


def told(recorded: Recorded, *entries: tuple[str, str, str, Any]) -> list[Revision]:
    return [
        recorded(seq, kind, payload, key=key, at=at)
        for seq, (kind, key, at, payload) in enumerate(entries, 1)
    ]


def test_a_map_grows_month_by_month_and_no_month_is_left_out(recorded: Recorded) -> None:
    changes = told(
        recorded,
        ("agent", "a", "2023-11-30", {"name": "A"}),
        ("agent", "a", "2024-02-01", {"name": "A2"}),
        ("initiative", "i", "2024-02-10", {"title": "I"}),
        ("agent", "b", "2024-02-11", {"name": "B"}),
        ("agent", "c", "2023-12-01", {"name": "gone"}),
    )
    standing = {("agent", "PT", "a"), ("agent", "PT", "b"), ("initiative", "PT", "i")}

    found = growth(changes, standing)

    assert [(month, sum(counts.values())) for month, counts in found] == [
        ("2023-11", 1),
        ("2023-12", 1),
        ("2024-01", 1),
        ("2024-02", 3),
    ]


def test_what_was_private_or_taken_away_began_when_all_could_see_it(recorded: Recorded) -> None:
    changes = told(
        recorded,
        ("agent", "a", "2024-01-01", {"name": "A", "visibility": "private"}),
        ("agent", "a", "2024-03-01", {"name": "A"}),
        ("agent", "b", "2024-01-01", {"name": "B"}),
        ("agent", "b", "2024-02-01", None),
        ("agent", "b", "2024-03-05", {"name": "B"}),
    )

    found = growth(changes, {("agent", "PT", "a"), ("agent", "PT", "b")})

    assert [(month, counts["agent"]) for month, counts in found] == [("2024-03", 2)]
