"""Positions for the SI CoP, and ties to the ESF+: from what may be seen, and counted as it is."""

from datetime import UTC, datetime
from typing import Any

import pytest

from ncc_kernel.analysis.objectives import Tie, Ties, ties
from ncc_kernel.analysis.positions import Position, positions
from ncc_kernel.model.answer import Answer
from ncc_kernel.model.guide import Guide
from ncc_kernel.model.revision import Revision
from ncc_kernel.store.catalogue import Catalogue

WEAK = Answer(state="answered", level=1, needs=True, comment="Nobody may read this.")
SHOWS = Answer(state="answered", level=4, offers=True)
PLAIN = Answer(state="answered", level=3)


def about(guide: Guide, catalogue: Catalogue, answers: dict[str, Answer]) -> Position:
    topics = catalogue.programme_of("2024-1").cop_topics
    chosen = [one for one in topics if one.code == "scaling-transfer"]
    given = {country: {"D4.1": answer} for country, answer in answers.items()}
    (topic,) = positions(guide, chosen, given)
    return topic.positions[0]


def test_a_topic_touches_the_statements_of_its_dimensions(
    guide: Guide, catalogue: Catalogue
) -> None:
    found = positions(guide, catalogue.programme_of("2024-1").cop_topics, {})

    assert {one.topic.code: len(one.positions) for one in found} == {
        "call-preparation": 10,
        "impact-evaluation": 5,
        "scaling-transfer": 5,
        "collaboration-models": 10,
    }


@pytest.mark.parametrize(
    ("answers", "group"),
    [
        ({"PT": WEAK, "AT": WEAK, "BE": SHOWS}, "asked"),
        ({"PT": WEAK, "BE": SHOWS}, "offered"),
        ({"PT": PLAIN}, "open"),
        ({}, "open"),
    ],
)
def test_a_position_is_grouped_by_what_most_say(
    guide: Guide, catalogue: Catalogue, answers: dict[str, Answer], group: str
) -> None:
    assert about(guide, catalogue, answers).group == group


def test_countries_stand_in_alphabetical_order_and_comments_are_only_counted(
    guide: Guide, catalogue: Catalogue
) -> None:
    found = about(guide, catalogue, {"PT": WEAK, "AT": WEAK, "SE": SHOWS, "BE": SHOWS})

    assert (found.pressing, found.showing, found.commented) == (("AT", "PT"), ("BE", "SE"), 2)
    assert "Nobody may read this" not in repr(found)


def test_below_five_countries_no_middle_is_told(guide: Guide, catalogue: Catalogue) -> None:
    four = dict.fromkeys(["AT", "BE", "BG", "CY"], PLAIN)

    assert about(guide, catalogue, four).middle is None
    assert about(guide, catalogue, four | {"PT": SHOWS}).middle == 3.0


def rev(kind: str, key: str, payload: dict[str, Any], country: str = "PT") -> Revision:
    return Revision(
        1, datetime(2024, 5, 1, tzinfo=UTC), "a", country, "-", kind, key, None, payload
    )


def tied(catalogue: Catalogue, *entries: Revision) -> Ties:
    return ties(catalogue.vocabularies["esf_objective"], entries)


def test_entries_tie_to_the_objectives_that_they_name(catalogue: Catalogue) -> None:
    found = tied(
        catalogue,
        rev("challenge", "c", {"title": "Housing", "objectives": ["ESO4.11"]}),
        rev("agent", "a", {"name": "Lab", "objectives": ["ESO4.11", "ESO4.1"]}, "AT"),
        rev("initiative", "i", {"title": "Kitchen", "needs": {"scaling": 3, "evaluation": 1}}),
    )

    assert [
        (one.objective.code, dict(one.counts), one.countries, dict(one.functions), one.names)
        for one in found.tied
    ] == [
        ("ESO4.1", {"agent": 1}, ("AT",), {"D1": 1}, ()),
        ("ESO4.11", {"challenge": 1, "agent": 1}, ("AT", "PT"), {"D1": 2}, ("Housing",)),
    ]
    assert found.without == {"initiative": 1}


def test_a_practice_without_an_objective_takes_those_of_its_challenge(
    catalogue: Catalogue,
) -> None:
    found = tied(
        catalogue,
        rev("challenge", "c", {"title": "Housing", "objectives": ["ESO4.11"]}),
        rev("practice", "p", {"title": "Home-share", "challenges": ["c"]}),
        rev("process", "q", {"title": "Table", "challenge": "c"}),
        rev("practice", "other", {"title": "Elsewhere", "challenges": ["c"]}, "AT"),
    )

    (tie,) = found.tied
    assert isinstance(tie, Tie)
    assert dict(tie.counts) == {"challenge": 1, "process": 1, "practice": 1}
    assert dict(tie.functions) == {"D1": 1, "D3": 1, "D4": 1}
    assert found.without == {"practice": 1}


def test_private_entries_and_unknown_objectives_tie_to_nothing(catalogue: Catalogue) -> None:
    found = tied(
        catalogue,
        rev("agent", "a", {"name": "A", "objectives": ["ESO4.1"], "visibility": "private"}),
        rev("agent", "b", {"name": "B", "objectives": ["ESO9.9"]}),
    )

    assert found.tied == ()
    assert found.without == {"agent": 1}
