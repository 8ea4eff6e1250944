"""The choice of practices: the best there is within the limits, and a sentence where there is none."""

from collections.abc import Sequence
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ncc_kernel.analysis.robustness import leaning, robustness, spread
from ncc_kernel.analysis.scaling import Portfolio
from ncc_kernel.analysis.search import Limits, Option, best_choice, by_looking, by_milp
from ncc_kernel.analysis.selection import Field, field_of, points_of, propose, why_not
from ncc_kernel.model.scaling import Criterion, Practice, Score, Selection, SelectionRound

LEVELS = ("", "local", "state")
OPTIONS = st.lists(
    st.builds(
        Option,
        points=st.integers(0, 3).map(lambda n: n * 1_000_000),
        cost=st.integers(0, 4).map(lambda n: n * 10_000),
        effort=st.integers(0, 3),
        level=st.sampled_from(LEVELS),
        must=st.sampled_from([False, False, False, True]),
    ),
    min_size=1,
    max_size=7,
)
LIMITS = st.builds(
    Limits,
    budget=st.none() | st.sampled_from([0, 30_000, 60_000]),
    capacity=st.none() | st.integers(0, 6),
    most=st.none() | st.integers(0, 4),
    levels=st.sampled_from([(), ("local",), ("local", "state")]),
)


def by_force(options: Sequence[Option], limits: Limits) -> tuple[int, ...] | None:
    """Every choice there is, written as plainly as the rule is said."""
    best: tuple[Any, tuple[int, ...]] | None = None
    for taken in product((0, 1), repeat=len(options)):
        chosen = [one for one, yes in zip(options, taken, strict=True) if yes]
        cost, effort = sum(o.cost for o in chosen), sum(o.effort for o in chosen)
        allowed = (
            all(yes or not one.must for one, yes in zip(options, taken, strict=True))
            and (limits.budget is None or cost <= limits.budget)
            and (limits.capacity is None or effort <= limits.capacity)
            and (limits.most is None or len(chosen) <= limits.most)
            and all(any(one.level == level for one in chosen) for level in limits.levels)
        )
        rating = (sum(o.points for o in chosen), -cost, taken)
        if allowed and (best is None or rating > best[0]):
            best = rating, tuple(place for place, yes in enumerate(taken) if yes)
    return best[1] if best else None


@given(OPTIONS, LIMITS)
@settings(max_examples=150, deadline=None)
def test_looking_at_every_choice_finds_what_force_finds(
    options: list[Option], limits: Limits
) -> None:
    assert by_looking(options, limits) == by_force(options, limits)


@given(OPTIONS, LIMITS)
@settings(max_examples=60, deadline=None)
def test_the_solver_finds_the_same_choice_ties_included(
    options: list[Option], limits: Limits
) -> None:
    assert by_milp(options, limits) == by_force(options, limits)


def test_many_options_go_to_the_solver_and_equal_ones_are_taken_in_their_order() -> None:
    options = [Option(points=2_000_000, cost=10, effort=1) for _ in range(16)]

    assert best_choice(options, Limits(budget=35)) == (0, 1, 2)


def portfolio(
    *practices: tuple[str, int, float | None],
    weights: Sequence[float] = (1, 1),
    unshown: Sequence[str] = (),
    limits: SelectionRound | None = None,
    selections: dict[str, Selection] | None = None,
) -> Portfolio:
    """Practices of "key", points on reach (the other criterion has 3) and cost."""
    return Portfolio(
        practices={
            ("PT", key): Practice(title=key.upper(), scaling_cost=cost, effort=10, process="p")
            for key, _points, cost in practices
        },
        components={},
        criteria={
            ("PT", name): Criterion(name=name.title(), weight=weight)
            for name, weight in zip(("reach", "ease"), weights, strict=True)
        },
        scores={
            ("PT", f"{key}-{name}"): Score(
                practice=key,
                criterion=name,
                points=points if name == "reach" else 3,
                evidence="" if key in unshown else "minutes",
            )
            for key, points, _cost in practices
            for name in ("reach", "ease")
        },
        rounds={("PT", "r"): limits} if limits else {},
        selections={("PT", k): one for k, one in (selections or {}).items()},
    )


def test_equal_means_share_a_place_and_the_cheaper_is_proposed() -> None:
    limits = SelectionRound(title="R", budget=100)
    field = field_of(portfolio(("a", 4, 90), ("b", 4, 60), ("c", 1, 50), limits=limits), "PT")

    found = propose(field)

    assert [(one.place, one.candidate.ref[1]) for one in found.ranked] == [
        (1, "a"),
        (1, "b"),
        (3, "c"),
    ]
    assert found.chosen == {("PT", "b")}
    assert (found.cost, found.effort) == (60, 10)


def test_what_is_not_proposed_says_why() -> None:
    limits = SelectionRound(title="R", budget=100)
    field = field_of(
        portfolio(("a", 4, 90), ("b", 4, 60), ("c", 1, 50), ("d", 5, 500), limits=limits), "PT"
    )

    assert why_not(field, propose(field)) == {
        (
            "PT",
            "a",
        ): "the best choice with it has as many points, but costs more, or is later in a fixed order",
        ("PT", "c"): "the best choice with it has 1.50 points less",
        ("PT", "d"): "it does not fit within the limits",
    }


def test_without_a_round_every_candidate_fits() -> None:
    found = propose(field_of(portfolio(("a", 4, None), ("b", 1, None)), "PT"))

    assert found.chosen == {("PT", "a"), ("PT", "b")}


def test_one_practice_is_proposed_or_not_and_holds_at_every_weight() -> None:
    field = field_of(portfolio(("a", 4, 90), limits=SelectionRound(title="R", budget=100)), "PT")

    firm = robustness(field, propose(field))

    assert firm is not None
    assert (firm.holds, firm.tried) == (60, 60)
    assert all(one.free for one in firm.spans)


CONTRADICTIONS = {
    "What must be among those chosen costs 150": SelectionRound(
        title="R", budget=100, must=("a", "b")
    ),
    "2 practices must be among those chosen, but at most 1": SelectionRound(
        title="R", most=1, must=("a", "b")
    ),
    "takes 20 days, more than the 15": SelectionRound(title="R", capacity=15, must=("a", "b")),
    "level 'state', but no candidate": SelectionRound(title="R", each_level=("state",)),
}


@pytest.mark.parametrize("said", CONTRADICTIONS)
def test_limits_that_cannot_all_hold_are_told_in_a_sentence(said: str) -> None:
    field = field_of(portfolio(("a", 4, 90), ("b", 4, 60), limits=CONTRADICTIONS[said]), "PT")

    found = propose(field)

    assert said in found.impossible.replace("\N{NO-BREAK SPACE}", " ")
    assert found.chosen == frozenset()
    assert robustness(field, found) is None


def test_a_cost_that_is_not_known_is_no_zero_where_there_is_a_budget() -> None:
    limits = SelectionRound(title="R", budget=100)
    field = field_of(portfolio(("a", 5, None), ("b", 1, 60), limits=limits), "PT")

    assert propose(field).chosen == {("PT", "b")}
    assert [one.why for one in field.aside] == [
        "what scaling would cost is not known, and there is a budget"
    ]


def test_a_missing_score_leaves_a_practice_unranked_and_says_so() -> None:
    made = portfolio(("a", 5, 10), ("b", 1, 60))
    scores = {ref: one for ref, one in made.scores.items() if ref[1] != "a-ease"}
    less = Portfolio(made.practices, {}, made.criteria, scores, {}, {})

    field = field_of(less, "PT")

    assert [one.ref[1] for one in field.candidates] == ["b"]
    assert [one.why for one in field.aside] == ["not scored yet on 1 of 2 criteria"]


def test_what_an_earlier_round_settled_stands_aside_and_what_waits_does_not() -> None:
    earlier = {
        "s1": Selection(practice="a", outcome="scale", day="2023-05-01", reason="works"),  # type: ignore[arg-type]
        "s2": Selection(practice="b", outcome="wait", day="2023-05-01", reason="later"),  # type: ignore[arg-type]
    }
    limits = SelectionRound(title="R", budget=100)
    made = portfolio(("a", 5, 10), ("b", 1, 60), limits=limits, selections=earlier)

    field = field_of(made, "PT")

    assert [one.ref[1] for one in field.candidates] == ["b"]
    assert field.aside[0].why == "decided on 2023-05-01: to be scaled"


def test_the_span_of_a_weight_ends_where_another_choice_takes_over() -> None:
    # A has 5 on reach and 3 on ease; B is made to have 1 and 5: B is better once reach weighs
    # less than one third.
    made = portfolio(("a", 5, 60), ("b", 1, 60), limits=SelectionRound(title="R", budget=100))
    scores = dict(made.scores) | {
        ("PT", "b-ease"): Score(practice="b", criterion="ease", points=5, evidence="minutes")
    }
    field = field_of(Portfolio(made.practices, {}, made.criteria, scores, made.rounds, {}), "PT")

    firm = robustness(field, propose(field))

    assert firm is not None
    spans = {one.criterion: one for one in firm.spans}
    assert spans["reach"].lowest == pytest.approx(1 / 3, abs=0.001)
    assert spans["reach"].highest == 1
    assert 0 < firm.holds < firm.tried
    assert firm.places["PT", "a"] == (1, 2)


def test_a_score_that_nothing_shows_is_named_when_it_would_change_the_proposal() -> None:
    limits = SelectionRound(title="R", budget=100)
    made = portfolio(("a", 4, 60), ("b", 3, 60), unshown=("b",), limits=limits)
    field = field_of(made, "PT")

    firm = robustness(field, propose(field))

    assert firm is not None
    assert [(one.ref[1], one.criterion, one.points, one.turns_at) for one in firm.doubts] == [
        ("b", "ease", 3, 5),
        ("b", "reach", 3, 5),
    ]


POINTS = st.lists(st.tuples(st.integers(0, 5), st.integers(1, 9)), min_size=1, max_size=5)


@given(POINTS, st.integers(1, 30))
@settings(max_examples=40, deadline=None)
def test_at_every_weighting_within_a_span_the_proposal_is_as_good_as_any(
    drawn: list[tuple[int, int]], budget: int
) -> None:
    field = _drawn(drawn, budget)
    found = propose(field)
    firm = robustness(field, found)
    assert firm is not None

    for span in firm.spans:
        for share in (span.lowest, (span.lowest + span.highest) / 2, span.highest):
            weights = leaning(field.weights, span.criterion, share)
            mine = points_of(field, weights, tuple(found.chosen))
            assert mine >= _most(field, weights, budget) - 0.001


def _drawn(drawn: list[tuple[int, int]], budget: int) -> Field:
    named = [(f"p{number}", points, cost) for number, (points, cost) in enumerate(drawn)]
    limits = SelectionRound(title="R", budget=budget)
    return field_of(portfolio(*named, weights=(3, 2), limits=limits), "PT")


def _most(field: Field, weights: dict[str, float], budget: int) -> float:
    totals = []
    for taken in product((0, 1), repeat=len(field.candidates)):
        chosen = [one for one, yes in zip(field.candidates, taken, strict=True) if yes]
        if sum(one.practice.scaling_cost or 0 for one in chosen) <= budget:
            totals.append(points_of(field, weights, [one.ref for one in chosen]))
    return max(totals)


@pytest.mark.parametrize("criteria", [["a"], ["a", "b"], ["a", "b", "c", "d", "e"]])
def test_weightings_sum_to_one_and_are_the_same_each_time(criteria: list[str]) -> None:
    first, again = list(spread(criteria, 50)), list(spread(criteria, 50))

    assert first == again
    assert all(sum(one.values()) == pytest.approx(1) for one in first)
    assert all(min(one.values()) >= 0 for one in first)
    if len(criteria) > 2:
        assert max(max(one.values()) for one in first) > 0.6
        assert all(any(one[key] < 0.1 for one in first) for key in criteria)
