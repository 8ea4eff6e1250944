"""The portfolio: the least ready thing decides, a claim is no proof, and unknown is no zero."""

from typing import Any

import pytest

from ncc_kernel.analysis.case import find_case, told
from ncc_kernel.analysis.cocreation import read_cocreation
from ncc_kernel.analysis.scaling import (
    Standing,
    at_risk,
    flow,
    grid,
    lacking,
    level_steps,
    read_portfolio,
    standings,
)
from ncc_kernel.analysis.transfer import offers
from ncc_kernel.model.ecosystem import Challenge


def stands(recorded: Any, practice: dict[str, Any], *parts: dict[str, Any]) -> Standing:
    revisions = [
        recorded(1, "practice", {"title": "R"} | practice, key="r"),
        *(
            recorded(n, "component", {"practice": "r"} | part, key=f"k{n}")
            for n, part in enumerate(parts, start=2)
        ),
    ]
    (found,) = standings(read_portfolio(revisions))
    return found


def test_the_least_ready_component_decides_and_is_named(recorded: Any) -> None:
    found = stands(
        recorded,
        {"readiness": 8, "use": 5},
        {"name": "Staff", "readiness": 4, "use": 3},
        {"name": "Rule", "readiness": 6},
    )

    assert (found.readiness, found.use, found.bottleneck) == (4, 3, "Staff")


def test_of_equals_the_less_used_is_the_bottleneck_and_the_practice_before_its_parts(
    recorded: Any,
) -> None:
    parts = (
        {"name": "Staff", "readiness": 4, "use": 3},
        {"name": "Rule", "readiness": 4, "use": 1},
    )

    assert stands(recorded, {"readiness": 8}, *parts).bottleneck == "Rule"
    assert stands(recorded, {"readiness": 4, "use": 1}, *parts).bottleneck == ""


def test_a_component_that_does_not_say_its_readiness_decides_nothing(recorded: Any) -> None:
    found = stands(recorded, {"readiness": 8}, {"name": "Staff"})

    assert (found.readiness, found.bottleneck) == (8, "")


@pytest.mark.parametrize(
    ("practice", "part", "proven"),
    [
        ({"readiness": 8}, None, False),
        ({"readiness": 8, "readiness_shown": "report"}, None, True),
        ({"readiness": 8, "readiness_shown": "report"}, {"readiness": 9}, False),
        (
            {"readiness": 8, "readiness_shown": "report"},
            {"readiness": 9, "readiness_shown": "letter"},
            True,
        ),
        ({"readiness_shown": "report"}, None, False),
    ],
)
def test_a_readiness_is_proven_only_where_every_level_is_shown(
    recorded: Any,
    practice: dict[str, Any],
    part: dict[str, Any] | None,
    proven: bool,  # noqa: FBT001
) -> None:
    parts = [{"name": "Staff"} | part] if part else []

    assert stands(recorded, practice, *parts).proven is proven


def test_practices_are_counted_by_place_and_those_that_do_not_say_both_stand_nowhere(
    recorded: Any,
) -> None:
    shown = {"readiness_shown": "x", "evidence_shown": "y"}
    payloads = [
        {"readiness": 7, "evidence": 3} | shown,
        {"readiness": 7, "evidence": 3},
        {"readiness": 0, "evidence": 1},
        {"readiness": 7},
    ]
    revisions = [
        recorded(n, "practice", {"title": "R"} | one, key=f"r{n}")
        for n, one in enumerate(payloads, start=1)
    ]

    spots = grid(standings(read_portfolio(revisions)))

    assert [(s.readiness, s.evidence, s.count, s.proven) for s in spots] == [
        (7, 3, 2, 1),
        (0, 1, 1, 0),
    ]


def test_money_is_at_risk_where_nothing_solid_stands_behind_it(recorded: Any) -> None:
    shown = {"readiness": 7, "readiness_shown": "x", "evidence_shown": "y"}
    payloads = [
        shown | {"evidence": 3, "scaling_cost": 100},
        shown | {"evidence": 2, "scaling_cost": 20},
        {"readiness": 9, "evidence": 5, "scaling_cost": 3},
        shown | {"evidence": 3},
    ]
    revisions = [
        recorded(n, "practice", {"title": "R"} | one, key=f"r{n}")
        for n, one in enumerate(payloads, start=1)
    ]

    risk = at_risk(standings(read_portfolio(revisions)))

    assert (risk.shown, risk.weak, risk.claimed, risk.without_cost) == (100, 20, 3, 1)
    assert (risk.total, risk.unproven) == (123, 23)


def test_what_is_lacking_is_counted_and_what_is_there_is_not_told(recorded: Any) -> None:
    found = (stands(recorded, {"initiative": "i", "owner": "NCC", "scaling_cost": 0}),)

    said = dict(lacking(found))

    assert said["do not say how ready they are"] == 1
    assert "have nobody who answers for them" not in said
    assert "do not say what scaling would cost" not in said


def test_a_level_that_changed_keeps_what_it_was(recorded: Any) -> None:
    steps = level_steps(
        [
            recorded(1, "practice", {"title": "R", "readiness": 4}, key="r", at="2024-01-01"),
            recorded(2, "practice", {"title": "R", "readiness": 6}, key="r", at="2024-02-01"),
            recorded(3, "practice", {"title": "S", "readiness": 6}, key="r", at="2024-03-01"),
            recorded(4, "practice", {"title": "S", "use": 1}, key="r", at="2024-04-01"),
        ]
    )

    assert [(s.what, s.before, s.after, s.on.isoformat()) for s in steps] == [
        ("readiness", 4, 6, "2024-02-01"),
        ("readiness", 6, None, "2024-04-01"),
        ("use", None, 1, "2024-04-01"),
    ]


CASE = [
    ("process", "p", {"title": "Table", "challenge": "c", "phase": "deliver"}),
    ("prototype", "t1", {"title": "Bell", "process": "p", "verdict": "stop", "reason": "Few came."}),
    ("prototype", "t2", {"title": "Peers", "process": "p", "verdict": "scale", "reason": "Many came."}),
    ("practice", "r", {"title": "Peers at work", "prototype": "t2", "readiness": 7, "evidence": 2, "evidence_shown": "study"}),
    ("selection", "d", {"practice": "r", "outcome": "scale", "day": "2024-05-15", "reason": "It is needed.", "dissent": "one"}),
]  # fmt: skip
CHALLENGES = {
    ("PT", "c"): Challenge(title="Being alone", objectives=("ESO4.11",)),
    ("PT", "d"): Challenge(title="Housing"),
}


def works(recorded: Any, upto: int = len(CASE), country: str = "PT") -> Any:
    revisions = [
        recorded(n, kind, payload, key=key, country=country)
        for n, (kind, key, payload) in enumerate(CASE[:upto], start=1)
    ]
    return read_cocreation(revisions), read_portfolio(revisions)


def test_a_case_is_told_in_five_sentences_each_of_which_names_its_entry(recorded: Any) -> None:
    case = find_case(CHALLENGES, *works(recorded), {}, "PT")

    assert case is not None
    said = told(
        case, labels={"phase": {"deliver": "Deliver"}, "selection_outcome": {"scale": "Scale it"}}
    )
    assert [one.text.replace("\N{LEFT DOUBLE QUOTATION MARK}", "'").replace("\N{RIGHT DOUBLE QUOTATION MARK}", "'") for one in said] == [
        "The challenge is 'Being alone'.",
        "People have worked on it together in the process 'Table', now in the phase 'deliver'.",
        "It led to 2 prototypes: 'Bell' was stopped (Few came), and 'Peers' was found ready to scale.",
        "The practice is 'Peers at work', with readiness 7 of 9 (claimed) and evidence 2 of 5.",
        "On 15 May 2024 it was decided: scale it (It is needed); dissent is on record.",
    ]  # fmt: skip
    assert [(one.kind, one.ref[1]) for one in said] == [
        ("challenge", "c"), ("process", "p"), ("prototype", "t2"), ("practice", "r"), ("selection", "d"),
    ]  # fmt: skip


@pytest.mark.parametrize(("upto", "steps"), [(0, 1), (1, 2), (3, 3), (4, 4), (5, 5)])
def test_a_case_that_is_not_at_its_end_is_told_as_far_as_it_came(
    recorded: Any, upto: int, steps: int
) -> None:
    case = find_case(CHALLENGES, *works(recorded, upto), {}, "PT")

    assert case is not None
    said = told(case, labels={"phase": {}, "selection_outcome": {}})
    assert len(said) == steps


def test_nothing_is_told_of_a_country_without_a_challenge(recorded: Any) -> None:
    assert find_case(CHALLENGES, *works(recorded), {}, "AT") is None


def test_the_flow_counts_what_came_of_each_challenge_the_furthest_first(recorded: Any) -> None:
    work, portfolio = works(recorded)

    rows = flow(CHALLENGES, work, portfolio, {})

    assert [(one.title, one.steps) for one in rows] == [
        ("Being alone", (1, 2, 1, 1)),
        ("Housing", (0, 0, 0, 0)),
    ]


def test_a_practice_from_an_initiative_answers_the_challenges_of_the_initiative(
    recorded: Any,
) -> None:
    revisions = [recorded(1, "practice", {"title": "R", "initiative": "i"}, key="r")]
    work, portfolio = read_cocreation(revisions), read_portfolio(revisions)

    rows = flow(CHALLENGES, work, portfolio, {("PT", "i"): ("d",)})

    assert [(one.title, one.practices) for one in rows] == [("Housing", 1), ("Being alone", 0)]


ABROAD = {
    ("AT", "a"): Challenge(title="Older people being alone", objectives=("ESO4.11",)),
    ("SE", "a"): Challenge(title="Quite another", objectives=("ESO4.11",)),
    ("FR", "a"): Challenge(title="Being alone", objectives=("ESO4.1",)),
}


def test_a_ready_practice_is_offered_to_open_challenges_of_others_with_a_shared_objective(
    recorded: Any,
) -> None:
    work, portfolio = works(recorded)
    consortia = {"PT": frozenset({"x"}), "AT": frozenset({"x"})}

    found = offers(CHALLENGES | ABROAD, work, portfolio, {}, consortia=consortia)

    assert [one.challenge[0] for one in found] == ["AT", "SE"]
    near, far = found
    assert near.neighbours
    assert near.alike == pytest.approx(0.5)
    assert far.alike == 0
    assert near.fit > far.fit
    assert all(one.concerns("PT") for one in found)


def test_a_practice_that_is_not_ready_is_not_offered(recorded: Any) -> None:
    work, portfolio = works(recorded)
    slow = {
        ref: one.model_copy(update={"readiness": 4}) for ref, one in portfolio.practices.items()
    }
    less = type(portfolio)(slow, {}, {}, {}, {}, {})

    assert offers(CHALLENGES | ABROAD, work, less, {}, consortia={}) == ()


def test_what_is_already_to_be_scaled_leaves_no_open_challenge_at_home(recorded: Any) -> None:
    work, portfolio = works(recorded)
    other = {("AT", "x"): next(iter(portfolio.practices.values())).model_copy(
        update={"prototype": None, "objectives": ("ESO4.11",)}
    )}  # fmt: skip
    more = type(portfolio)(portfolio.practices | other, {}, {}, {}, {}, portfolio.selections)

    found = offers(CHALLENGES, work, more, {}, consortia={})

    assert [one for one in found if one.challenge == ("PT", "c")] == []
