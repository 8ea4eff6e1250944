"""Mentors: the greatest need is served, nobody is overloaded, and every unmet need is named."""

from collections import Counter
from collections.abc import Sequence
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ncc_kernel.analysis.mentors import Mentoring, match_mentors
from ncc_kernel.analysis.standing import Need, Offer, Standing, need_and_offer, standing, weight
from ncc_kernel.model.answer import Answer
from ncc_kernel.model.guide import Guide

CODES = ("AT", "BE", "CZ", "DK")
STATEMENTS = ("D1.1", "D1.2", "D2.1")
NAMES = {"AT": "Austria", "BE": "Belgium", "CZ": "Czechia", "DK": "Denmark"}


def asking(country: str, *needs: tuple[str, int], offers: Sequence[str] = ()) -> Standing:
    """A standing of which a test says only what it needs, with the weight, and offers."""
    return Standing(
        country,
        {},
        {},
        tuple(Need(country, code, code[:2], heavy) for code, heavy in needs),
        tuple(Offer(country, code, code[:2]) for code in offers),
        comparable=True,
    )


def matched(*standings: Standing, limit: int = 2, groups: str = "") -> Mentoring:
    """`groups` such as "AT=0 BE=1"."""
    group_of = {pair[:2]: int(pair[3:]) for pair in groups.split()}
    return match_mentors(standings, group_of=group_of, names=NAMES, limit=limit)


@st.composite
def communities(draw: st.DrawFn) -> tuple[list[Standing], int]:
    weights = st.dictionaries(st.sampled_from(STATEMENTS), st.integers(1, 9), max_size=3)
    offers = st.lists(st.sampled_from(STATEMENTS), max_size=3, unique=True)
    made = [asking(code, *draw(weights).items(), offers=sorted(draw(offers))) for code in CODES]
    return made, draw(st.integers(1, 2))


def most_served(standings: Sequence[Standing], limit: int) -> int:
    """The greatest weight that one mentor a topic can serve, by trying everything."""
    offers = {one.country: {offer.statement for offer in one.offers} for one in standings}
    topics: dict[tuple[str, str], list[Need]] = {}
    for one in standings:
        for need in one.needs:
            topics.setdefault((need.country, need.dimension), []).append(need)
    best = 0
    for choice in product([None, *CODES], repeat=len(topics)):
        load = Counter(mentor for mentor in choice if mentor)
        if any(count > limit for count in load.values()):
            continue
        served = sum(
            need.weight
            for (topic, needs), mentor in zip(topics.items(), choice, strict=True)
            if mentor and mentor != topic[0]
            for need in needs
            if need.statement in offers[mentor]
        )
        best = max(best, served)
    return best


def weight_served(found: Mentoring, standings: Sequence[Standing]) -> int:
    served = {(one.country, code) for one in found.mentorships for code in one.statements}
    needs = [need for one in standings for need in one.needs]
    return sum(need.weight for need in needs if (need.country, need.statement) in served)


@settings(max_examples=40, deadline=None)
@given(communities())
def test_no_other_choice_of_mentors_serves_a_greater_need(
    case: tuple[list[Standing], int],
) -> None:
    made, limit = case

    found = match_mentors(made, group_of={}, names=NAMES, limit=limit)

    assert weight_served(found, made) >= most_served(made, limit)


@settings(max_examples=100, deadline=None)
@given(communities())
def test_nobody_is_overloaded_and_every_need_is_served_or_named(
    case: tuple[list[Standing], int],
) -> None:
    made, limit = case

    found = match_mentors(made, group_of={}, names=NAMES, limit=limit)

    load = Counter(one.mentor for one in found.mentorships)
    assert all(count <= limit for count in load.values())
    served = [(one.country, code) for one in found.mentorships for code in one.statements]
    unmet = [(one.country, one.statement) for one in found.unmet]
    assert sorted(served + unmet) == sorted(
        (need.country, need.statement) for one in made for need in one.needs
    )
    assert all(one.mentor != one.country for one in found.mentorships)


@settings(max_examples=40, deadline=None)
@given(communities())
def test_who_is_free_and_could_help_is_never_left_aside(case: tuple[list[Standing], int]) -> None:
    made, limit = case

    found = match_mentors(made, group_of={}, names=NAMES, limit=limit)

    load = Counter(one.mentor for one in found.mentorships)
    for one in found.unmet:
        able = [
            each.country
            for each in made
            if each.country != one.country
            and one.statement in {offer.statement for offer in each.offers}
        ]
        assert all(load[mentor] == limit for mentor in able)
        assert one.why.startswith("No country" if not able else tuple(NAMES.values()))


@settings(max_examples=40, deadline=None)
@given(communities(), st.randoms(use_true_random=False))
def test_the_order_of_countries_does_not_matter(
    case: tuple[list[Standing], int], chance: st.DataObject
) -> None:
    made, limit = case
    shuffled = list(made)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]

    assert match_mentors(shuffled, group_of={}, names=NAMES, limit=limit) == match_mentors(
        made, group_of={}, names=NAMES, limit=limit
    )


def test_the_heavier_need_is_served_first() -> None:
    found = matched(
        asking("AT", ("D1.1", 3)),
        asking("BE", ("D1.1", 5)),
        asking("CZ", offers=["D1.1"]),
        limit=1,
    )

    assert [(one.country, one.mentor) for one in found.mentorships] == [("BE", "CZ")]
    assert [(one.country, one.why) for one in found.unmet] == [
        ("AT", "Czechia could help, and has 1 mentorship already.")
    ]


def test_one_mentorship_serves_all_that_is_needed_in_a_dimension() -> None:
    found = matched(
        asking("AT", ("D1.1", 1), ("D1.2", 1), ("D2.1", 1)),
        asking("BE", offers=["D1.1", "D1.2", "D2.1"]),
    )

    assert [(one.dimension, one.statements) for one in found.mentorships] == [
        ("D1", ("D1.1", "D1.2")),
        ("D2", ("D2.1",)),
    ]


def test_a_mentor_of_the_own_group_comes_first() -> None:
    found = matched(
        asking("DK", ("D1.1", 1)),
        asking("AT", offers=["D1.1"]),
        asking("BE", offers=["D1.1"]),
        groups="AT=0 BE=1 DK=1",
    )

    (one,) = found.mentorships
    assert (one.mentor, one.why_across) == ("BE", "")


def test_across_groups_when_the_own_has_none_and_it_is_said() -> None:
    found = matched(
        asking("DK", ("D1.1", 1)),
        asking("AT", offers=["D1.1"]),
        asking("BE", offers=["D2.1"]),
        groups="AT=0 BE=1 DK=1",
    )

    (one,) = found.mentorships
    assert one.mentor == "AT"
    assert one.why_across == "nobody in the own group offers support on this"


def test_a_mentor_of_the_own_group_who_is_taken_is_named() -> None:
    found = matched(
        asking("CZ", ("D1.1", 9)),
        asking("DK", ("D1.1", 1)),
        asking("AT", offers=["D1.1"]),
        asking("BE", offers=["D1.1"]),
        limit=1,
        groups="AT=0 BE=1 CZ=1 DK=1",
    )

    assert [(one.country, one.mentor, one.why_across) for one in found.mentorships] == [
        ("CZ", "BE", ""),
        ("DK", "AT", "Belgium of the own group could help, and is taken already"),
    ]


def test_nobody_offers_is_said() -> None:
    found = matched(asking("AT", ("D1.1", 1)))

    assert [one.why for one in found.unmet] == ["No country at level 4 or 5 offers support on it."]


@pytest.mark.parametrize(
    ("answer", "needs", "offers"),
    [
        (Answer(state="answered", level=2, needs=True), True, False),
        (Answer(state="answered", level=3, needs=True), True, False),
        (Answer(state="answered", level=2, priority=4), True, False),
        (Answer(state="answered", level=2, priority=3), False, False),
        (Answer(state="answered", level=2), False, False),
        (Answer(state="answered", level=4, offers=True), False, True),
        (Answer(state="answered", level=3, offers=True), False, False),
        (Answer(state="dont_know", needs=True, offers=True), False, False),
        (Answer(state="not_applicable", reason="another body", needs=True), False, False),
    ],
)
def test_needs_and_offers_come_of_answers_with_a_level(
    guide: Guide,
    answer: Answer,
    *,
    needs: bool,
    offers: bool,
) -> None:
    found = standing(guide, {"D3.1": answer}, country="PT", cycle="2024-1")

    assert (len(found.needs), len(found.offers)) == (int(needs), int(offers))


@pytest.mark.parametrize(
    ("answer", "heavy"),
    [
        (Answer(state="answered", level=1, priority=5, target=3), 10),
        (Answer(state="answered", level=1, priority=5), 5),
        (Answer(state="answered", level=0, target=5), 5),
        (Answer(state="answered", level=2, target=1, priority=2), 2),
        (Answer(state="answered", level=2), 1),
    ],
)
def test_a_need_weighs_its_priority_times_the_levels_to_go(answer: Answer, heavy: int) -> None:
    assert weight(answer) == heavy


def test_needs_and_offers_are_counted_by_country_and_dimension(guide: Guide) -> None:
    found = need_and_offer(
        guide,
        [asking("AT", ("D1.1", 1), ("D1.2", 1)), asking("BE", ("D1.1", 1), offers=["D2.1"])],
    )

    assert (found[0].needing, found[0].offering) == (("AT", "BE"), ())
    assert (found[1].needing, found[1].offering) == ((), ("BE",))
