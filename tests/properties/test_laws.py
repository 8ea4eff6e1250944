"""Laws that hold for any answers: order is no information, and what is missing has no weight."""

from datetime import date
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ncc_kernel.analysis.gaps import gaps, strengths
from ncc_kernel.analysis.peers import peer_values
from ncc_kernel.analysis.profile import score_profile
from ncc_kernel.errors import Rejected
from ncc_kernel.model.answer import Answer
from ncc_kernel.model.country import parse_country
from ncc_kernel.model.guide import Guide
from ncc_kernel.model.kinds import parse_payload
from ncc_kernel.model.programme import Programme
from ncc_kernel.store.catalogue import Catalogue

CODES = [f"D{dimension}.{number}" for dimension in range(1, 9) for number in range(1, 6)]
DONT_KNOW = Answer(state="dont_know")
NOT_APPLICABLE = Answer(state="not_applicable", reason="another body does this")

levels = st.builds(
    Answer,
    state=st.just("answered"),
    level=st.integers(0, 5),
    priority=st.none() | st.integers(1, 5),
)
answers = st.dictionaries(
    st.sampled_from(CODES), levels | st.sampled_from([DONT_KNOW, NOT_APPLICABLE])
)
full = st.fixed_dictionaries(dict.fromkeys(CODES[:15], levels))
texts = st.text(st.characters(codec=None), max_size=40)

law = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


@law
@given(data=st.data(), said=answers)
def test_the_order_of_answers_changes_nothing(guide: Guide, data: Any, said: Any) -> None:
    shuffled = dict(data.draw(st.permutations(list(said.items()))))

    assert score_profile(guide, shuffled, country="PT", cycle="c") == score_profile(
        guide, said, country="PT", cycle="c"
    )
    assert gaps(guide, shuffled) == gaps(guide, said)
    assert strengths(guide, shuffled) == strengths(guide, said)


@law
@given(data=st.data(), countries=st.lists(full, min_size=1, max_size=9))
def test_the_order_of_countries_changes_no_eu_value(
    guide: Guide, data: Any, countries: list[Any]
) -> None:
    profiles = [
        score_profile(guide, said, country=f"C{n}", cycle="c") for n, said in enumerate(countries)
    ]

    shuffled = data.draw(st.permutations(profiles))

    assert peer_values(shuffled) == peer_values(profiles)


@law
@given(countries=st.lists(full, min_size=5, max_size=9))
def test_median_and_quartiles_lie_among_the_countries(guide: Guide, countries: list[Any]) -> None:
    profiles = [score_profile(guide, said, country="C", cycle="c") for said in countries]

    for band in peer_values(profiles).bands:
        shown = [profile.score(band.dimension).shown or 0.0 for profile in profiles]
        assert min(shown) <= band.lower <= band.median <= band.upper <= max(shown)


@law
@given(countries=st.lists(full, max_size=4))
def test_fewer_than_five_countries_never_have_an_eu_value(
    guide: Guide, countries: list[Any]
) -> None:
    profiles = [score_profile(guide, said, country="C", cycle="c") for said in countries]

    assert peer_values(profiles).bands == ()


@law
@given(said=answers)
def test_a_mean_lies_between_the_lowest_and_the_highest_level(guide: Guide, said: Any) -> None:
    for score in score_profile(guide, said, country="PT", cycle="c").scores:
        given_levels = [
            answer.level
            for code, answer in said.items()
            if code.startswith(score.dimension) and answer.level is not None
        ]
        assert score.answered == len(given_levels)
        if given_levels:
            assert score.mean is not None
            assert min(given_levels) <= score.mean <= max(given_levels)
        else:
            assert score.mean is None


@law
@given(said=answers, code=st.sampled_from(CODES))
def test_a_dont_know_is_as_an_unanswered_statement(guide: Guide, said: Any, code: str) -> None:
    without = {other: answer for other, answer in said.items() if other != code}

    unanswered = score_profile(guide, without, country="PT", cycle="c")
    unsure = score_profile(guide, {**without, code: DONT_KNOW}, country="PT", cycle="c")

    assert [(one.mean, one.coverage, one.shown) for one in unsure.scores] == [
        (one.mean, one.coverage, one.shown) for one in unanswered.scores
    ]


@law
@given(said=answers, code=st.sampled_from(CODES))
def test_not_applicable_never_changes_a_mean_nor_lowers_coverage(
    guide: Guide, said: Any, code: str
) -> None:
    without = {other: answer for other, answer in said.items() if other != code}

    before = score_profile(guide, without, country="PT", cycle="c").score(code[:2])
    after = score_profile(guide, {**without, code: NOT_APPLICABLE}, country="PT", cycle="c").score(
        code[:2]
    )

    assert after.mean == before.mean
    assert after.coverage >= before.coverage


@law
@given(said=answers)
def test_nothing_is_a_strength_and_a_gap(guide: Guide, said: Any) -> None:
    strong = {one.question.code for one in strengths(guide, said)}
    weak = {one.question.code for one in gaps(guide, said)}

    assert strong.isdisjoint(weak)
    assert strong | weak <= {code for code, answer in said.items() if answer.state == "answered"}


@law
@given(said=answers)
def test_gaps_come_with_falling_priority(guide: Guide, said: Any) -> None:
    priorities = [one.answer.priority or 0 for one in gaps(guide, said)]

    assert priorities == sorted(priorities, reverse=True)


@settings(law, max_examples=300)
@given(typed=texts)
def test_text_that_was_recorded_is_recorded_again_as_it_is(typed: str) -> None:
    once = parse_payload("answer", {"state": "dont_know", "comment": typed})

    assert parse_payload("answer", once) == once
    once.get("comment", "").encode("utf-8")


@settings(law, max_examples=300)
@given(raw=texts)
def test_any_text_is_a_member_state_or_is_refused_in_words(catalogue: Catalogue, raw: str) -> None:
    said = _meant(raw, catalogue)

    assert said in catalogue.codes or (said.isprintable() and said.endswith("."))


def _meant(raw: str, catalogue: Catalogue) -> str:
    try:
        return parse_country(raw, catalogue.countries).code
    except Rejected as refused:
        return refused.what


@law
@given(day=st.dates(date(2023, 12, 1), date(2025, 2, 1)))
def test_nothing_is_coming_that_has_begun(catalogue: Catalogue, day: date) -> None:
    programme: Programme = catalogue.programmes[-1]

    ahead = [when for when, _what in programme.coming(day)]

    assert ahead == sorted(ahead)
    assert all(when > day for when in ahead)
