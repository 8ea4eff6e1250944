"""Learning groups: what is planted is found, order does not matter, and what is not known is said."""

import random
from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ncc_kernel.analysis.group_rules import Rules
from ncc_kernel.analysis.group_words import Words
from ncc_kernel.analysis.groups import Grouping, distance, form_groups, trials
from ncc_kernel.analysis.standing import Standing, standing
from ncc_kernel.errors import Rejected
from ncc_kernel.model.answer import Answer
from ncc_kernel.model.community import GroupRule
from ncc_kernel.model.guide import Guide
from ncc_kernel.store.catalogue import Catalogue

PLANTED = (
    (1, 1, 1, 1, 4, 4, 4, 4),
    (4, 4, 4, 4, 1, 1, 1, 1),
    (1, 4, 1, 4, 1, 4, 1, 4),
    (4, 1, 4, 1, 4, 1, 4, 1),
)
"""Levels of four known profiles in the eight dimensions."""

DIMENSIONS = tuple(f"D{number}" for number in range(1, 9))


def leveled(
    country: str, levels: Mapping[str, float], shares: Mapping[str, float] | None = None
) -> Standing:
    """A standing of which a test says only the levels."""
    known = dict.fromkeys(levels, 0.0) | dict(shares or {})
    return Standing(country, levels, known, (), (), comparable=len(levels) > 4)


def of(country: str, *levels: float) -> Standing:
    return leveled(country, dict(zip(DIMENSIONS, levels, strict=False)))


def twice(letters: str) -> list[str]:
    """Codes such as AA, BB."""
    return [letter * 2 for letter in letters]


def answered(levels: Sequence[float]) -> dict[str, Answer]:
    return {
        f"{dimension}.{number}": Answer(state="answered", level=min(5, max(0, round(level))))
        for dimension, five in zip(
            DIMENSIONS, [levels[at : at + 5] for at in range(0, 40, 5)], strict=True
        )
        for number, level in enumerate(five, start=1)
    }


def planted(guide: Guide, codes: Sequence[str], seed: int) -> tuple[list[Standing], list[set[str]]]:
    """27 self-assessments around four profiles with noise, and who belongs together."""
    chance = random.Random(f"planted-{seed}")
    shuffled = chance.sample(list(codes), len(codes))
    groups = [set(shuffled[start::4]) for start in range(4)]
    made = []
    for group, profile in zip(groups, PLANTED, strict=True):
        for code in sorted(group):
            noisy = [chance.gauss(level, 1.0) for level in profile for _ in range(5)]
            made.append(standing(guide, answered(noisy), country=code, cycle="2024-1"))
    return made, groups


def test_planted_groups_are_found_in_nearly_every_case(
    guide: Guide, catalogue: Catalogue, *, long_run: bool
) -> None:
    seeds = 200 if long_run else 20
    found = 0
    for seed in range(seeds):
        made, groups = planted(guide, catalogue.codes, seed)
        formed = form_groups(made, number=4)
        found += {frozenset(one) for one in formed.groups} == {frozenset(one) for one in groups}

    assert found >= 0.95 * seeds


@settings(max_examples=15, deadline=None)
@given(order=st.permutations(range(27)), seed=st.integers(0, 3))
def test_any_order_of_countries_gives_the_same_groups(
    guide: Guide, catalogue: Catalogue, order: list[int], seed: int
) -> None:
    made, _groups = planted(guide, catalogue.codes, seed)

    shuffled = form_groups([made[index] for index in order], number=4)

    assert shuffled == form_groups(made, number=4)


def test_ties_are_broken_the_same_in_any_order() -> None:
    made = [
        of(code, *([level] * 8))
        for code, level in zip(twice("ABCDEFGH"), [1, 1, 2, 2, 3, 3, 4, 4], strict=True)
    ]

    formed = form_groups(made, number=3)

    assert form_groups(reversed(made), number=3) == formed
    assert sorted(map(len, formed.groups)) == [2, 3, 3]


@pytest.mark.parametrize("number", [3, 4])
def test_sizes_differ_by_one_at_most(guide: Guide, catalogue: Catalogue, number: int) -> None:
    made, _groups = planted(guide, catalogue.codes, 1)

    formed = form_groups(made, number=number)

    sizes = [len(group) for group in formed.groups]
    assert len(sizes) == number
    assert max(sizes) - min(sizes) <= 1
    assert sorted(code for group in formed.groups for code in group) == list(catalogue.codes)


def test_all_equal_countries_are_in_even_groups_and_it_is_said_that_they_are_alike() -> None:
    formed = form_groups([of(code, *([3.0] * 8)) for code in twice("ABCDEFGHI")], number=3)

    assert formed.alike
    assert sorted(map(len, formed.groups)) == [3, 3, 3]
    assert formed.cost == 0


def test_one_country_alone_is_a_sentence() -> None:
    formed = form_groups([of("PT", *([3.0] * 8))])

    assert formed.groups == ()
    assert formed.fault == (
        "Only 1 country has answered enough to be compared; 4 groups are formed from 8 on."
    )


def test_not_applicable_only_is_a_sentence(guide: Guide, catalogue: Catalogue) -> None:
    not_applicable = {
        question.code: Answer(state="not_applicable", reason="another body does this")
        for question in guide.questions
    }
    made = [
        standing(guide, not_applicable, country=code, cycle="2024-1") for code in catalogue.codes
    ]

    formed = form_groups(made)

    assert formed.groups == ()
    assert formed.fault == (
        "No country has answered enough to be compared, so no groups are formed yet."
    )


def test_what_is_not_known_of_both_is_left_out_of_the_distance() -> None:
    one = leveled("PT", {"D1": 1.0, "D2": 2.0, "D3": 3.0, "D4": 4.0, "D5": 5.0})
    other = leveled("AT", {"D1": 2.0, "D2": 2.0, "D3": 3.0, "D4": 4.0, "D6": 0.0})

    assert distance(one, other) == 25  # one level in one of four shared dimensions


def test_needs_count_beside_levels() -> None:
    one, other = (
        leveled(code, dict.fromkeys(DIMENSIONS, 2.0), dict.fromkeys(DIMENSIONS, share))
        for code, share in (("PT", 1.0), ("AT", 0.5))
    )

    assert distance(one, other) == 100


def test_a_country_with_too_few_answers_is_placed_and_named() -> None:
    known = [
        of(code, *([level] * 8))
        for code, level in zip(twice("ABCDEF"), [0, 0, 2, 2, 5, 5], strict=True)
    ]
    unknown = [of(code, 5.0, 5.0, 5.0, 5.0) for code in twice("XYZ")]

    formed = form_groups([*unknown, *known], number=3)

    assert formed.unknown == ("XX", "YY", "ZZ")
    assert [set(group) & set(twice("ABCDEF")) for group in formed.groups] == [
        {"AA", "BB"},
        {"CC", "DD"},
        {"EE", "FF"},
    ]
    assert [len(group) for group in formed.groups] == [3, 3, 3]


SIX = [
    of(code, *([level] * 8))
    for code, level in zip(twice("ABCDEF"), [0, 0, 2, 2, 5, 5], strict=True)
]


def ruled(*rules: GroupRule) -> Grouping:
    return form_groups(SIX, rules=Rules(rules), number=3)


def rule(kind: str, *codes: str, to: str | None = None, reason: str = "They asked.") -> GroupRule:
    return GroupRule.model_validate({"rule": kind, "countries": codes, "to": to, "reason": reason})


def test_without_rules_like_is_with_like() -> None:
    assert ruled().groups == (("AA", "BB"), ("CC", "DD"), ("EE", "FF"))


def test_who_must_be_together_is() -> None:
    assert ("AA", "CC") in ruled(rule("together", "AA", "CC")).groups


def test_who_must_be_apart_is() -> None:
    formed = ruled(rule("apart", "AA", "BB"))

    assert formed.place_of["AA"] != formed.place_of["BB"]
    assert [len(group) for group in formed.groups] == [2, 2, 2]


def test_the_coordinator_moves_a_country_whatever_the_sizes() -> None:
    formed = ruled(rule("move", "AA", to="FF"))

    assert formed.groups == (("AA", "EE", "FF"), ("BB",), ("CC", "DD"))
    assert formed.moved == ("AA",)


def test_the_last_word_on_the_number_of_groups_counts() -> None:
    rules = Rules(
        (
            GroupRule(rule="number", number=3, reason="Three rooms."),
            GroupRule(rule="number", number=4, reason="A fourth room."),
        )
    )

    assert rules.number == 4
    assert Rules().number == 4


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        (
            [rule("together", "AA", "BB"), rule("apart", "AA", "BB")],
            "The rules say that AA and BB must be together and must be apart.",
        ),
        (
            [rule("together", "AA", "BB"), rule("together", "BB", "CC"), rule("apart", "CC", "AA")],
            "The rules say that AA and CC must be together and must be apart.",
        ),
        (
            [rule("together", "AA", "BB", "CC")],
            "The rules of the groups cannot all hold with 3 groups of 2 countries.",
        ),
        (
            [rule("apart", "AA", "BB", "CC", "DD")],
            "The rules of the groups cannot all hold with 3 groups of 2 countries.",
        ),
        ([rule("together", "AA", "XX")], "A rule for the groups names XX, which is no country."),
        (
            [rule("move", "AA", to="CC"), rule("move", "AA", to="EE")],
            "AA is moved to the group of CC and to that of EE.",
        ),
        (
            [rule("move", "AA", to="CC"), rule("move", "CC", to="EE")],
            "AA is moved to the group of CC, which is itself moved.",
        ),
    ],
)
def test_rules_that_cannot_all_hold_are_a_sentence(rules: list[GroupRule], said: str) -> None:
    known = [of(code, *([1.0] * 8)) for code in twice("ABCDEF")]
    with pytest.raises(Rejected) as refused:
        form_groups(known, rules=Rules(tuple(rules)), number=3)

    assert refused.value.what == said
    assert refused.value.hint


def test_leaving_one_out_tells_who_then_is_with_others() -> None:
    levels = {"AA": 0, "BB": 0, "CC": 0.1, "DD": 3, "EE": 3, "FF": 3, "GG": 5, "HH": 5, "II": 5}
    steady = form_groups([of(code, *([level] * 8)) for code, level in levels.items()], number=3)

    assert [one.changed for one in trials(steady)] == [()] * 9

    between = levels | {"CC": 1.4, "DD": 1.6}
    shaky = form_groups([of(code, *([level] * 8)) for code, level in between.items()], number=3)
    moved = {code for one in trials(shaky) for code in one.changed}
    assert moved <= {"CC", "DD"}


@pytest.fixture(scope="module")
def words(guide: Guide, catalogue: Catalogue) -> Words:
    made, _groups = planted(guide, catalogue.codes, 7)
    names = {code: catalogue.country(code).name() for code in catalogue.codes}
    return Words(form_groups(made, number=4), guide, names)


def test_every_membership_is_explained_from_the_data(words: Words) -> None:
    said = {code: words.member(code) for code in words.grouping.place_of}

    assert len(said) == 27
    assert all(
        "Close to its group in " in one and "from the others" in one for one in said.values()
    )


def test_groups_are_named_by_letter_and_by_what_they_learn_and_share(
    guide: Guide, catalogue: Catalogue
) -> None:
    weak, strong = (
        {
            f"D8.{n}": Answer(state="answered", level=level, needs=level == 1, offers=level == 4)
            for n in range(1, 6)
        }
        for level in (1, 4)
    )
    other = {
        f"{d}.{n}": Answer(state="answered", level=3) for d in DIMENSIONS[:7] for n in range(1, 6)
    }
    made = [
        standing(guide, other | (weak if index < 3 else strong), country=code, cycle="2024-1")
        for index, code in enumerate(catalogue.codes[:9])
    ]
    words = Words(form_groups(made, number=3), guide, dict.fromkeys(catalogue.codes, ""))

    assert words.name(0) == "Group A: learns financing"
    assert words.name(1) == "Group B: shares financing"


def test_no_single_country_s_level_is_told(words: Words, guide: Guide) -> None:
    said = " ".join(words.member(code) for code in words.grouping.place_of)

    assert "level 1" not in said
    assert "at 4" not in said


def test_a_moved_country_is_told_with_the_reason(guide: Guide) -> None:
    formed = ruled(rule("move", "AA", to="FF", reason="The two work together already"))
    words = Words(formed, guide, {code: f"Country {code}" for code in twice("ABCDEF")})

    assert words.member("AA").startswith(
        "Moved by the coordinator to the group of Country FF: The two work together already."
    )


def test_a_placed_country_is_told_that_it_was_not_compared(guide: Guide) -> None:
    formed = form_groups([*SIX, of("XX", 3.0, 3.0)], number=3)
    words = Words(formed, guide, {code: code for code in twice("ABCDEFX")})

    assert words.member("XX") == (
        "Placed where there was room: enough is answered in 2 of 8 dimensions, too few to compare."
    )


def test_the_other_number_of_groups_is_told_with_its_price(words: Words) -> None:
    three = form_groups(words.grouping.standings, number=3)

    said = words.other_number(three)

    assert said.startswith("With 3 groups of 9 countries, a country would be on average ")
    assert three.apart > words.grouping.apart
