"""Ties to the ESF+: only what the record says, and what is private ties to nothing."""

from datetime import UTC, datetime
from typing import Any

from ncc_kernel.analysis.objectives import Tie, ties
from ncc_kernel.model.revision import Revision
from ncc_kernel.store.catalogue import Catalogue

NOW = datetime(2024, 5, 6, tzinfo=UTC)
LONELY = ("PT", "challenge", "c-1", {"title": "Loneliness", "objectives": ["ESO4.8", "ESO4.11"]})


def tied(catalogue: Catalogue, *entries: tuple[str, str, str, dict[str, Any]]) -> dict[str, Tie]:
    revisions = [
        Revision(seq, NOW, "ana", country, "-", kind, key, None, payload)
        for seq, (country, kind, key, payload) in enumerate(entries, start=1)
    ]
    found = ties(catalogue.vocabularies["esf_objective"], revisions)
    return {one.objective.code: one for one in found.tied}


def test_a_process_without_an_objective_takes_those_of_its_challenge(catalogue: Catalogue) -> None:
    found = tied(
        catalogue, LONELY, ("PT", "process", "p-1", {"title": "Meals", "challenge": "c-1"})
    )

    assert {code: dict(one.counts) for code, one in found.items()} == {
        "ESO4.8": {"challenge": 1, "process": 1},
        "ESO4.11": {"challenge": 1, "process": 1},
    }
    assert found["ESO4.8"].functions == {"D1": 1, "D3": 1}
    assert found["ESO4.8"].names == ("Loneliness",)


def test_a_challenge_of_another_country_with_the_same_key_ties_nothing(
    catalogue: Catalogue,
) -> None:
    found = tied(catalogue, LONELY, ("ES", "process", "p-1", {"title": "x", "challenge": "c-1"}))

    assert found["ESO4.8"].countries == ("PT",)


def test_the_priorities_of_a_programme_stand_in_the_teams_words_once_each(
    catalogue: Catalogue,
) -> None:
    named = {"objectives": ["ESO4.8"], "programme_priority": "5 Innovation"}

    found = tied(
        catalogue,
        LONELY,
        ("PT", "initiative", "i-1", named | {"title": "Kitchen"}),
        ("PT", "practice", "r-1", named | {"title": "Tea bus"}),
    )

    assert found["ESO4.8"].priorities == ("5 Innovation",)
    assert found["ESO4.11"].priorities == ()


def test_a_pressing_need_asks_for_its_function_and_a_slight_one_does_not(
    catalogue: Catalogue,
) -> None:
    needs = {"cocreation": 1, "scaling": 2, "evaluation": None}

    found = tied(
        catalogue,
        ("PT", "initiative", "i-1", {"title": "x", "objectives": ["ESO4.1"], "needs": needs}),
    )

    assert found["ESO4.1"].functions == {"D4": 1}


def test_what_is_private_or_in_no_list_ties_to_nothing(catalogue: Catalogue) -> None:
    hidden = {"title": "x", "objectives": ["ESO4.8"], "visibility": "private"}

    assert tied(catalogue, ("PT", "challenge", "c-1", hidden)) == {}
    assert (
        tied(catalogue, ("PT", "challenge", "c-1", {"title": "x", "objectives": ["ESO9.9"]})) == {}
    )
