"""Co-creation in numbers: what is counted, what is only missing, and what stays hidden."""

from datetime import date
from typing import Any

import pytest

from ncc_kernel.analysis.cocreation import (
    adapted,
    advanced,
    by_verdict,
    kept_promises,
    reached,
    read_cocreation,
    turnout,
    unsaid,
    without_process,
)
from ncc_kernel.model.cocreation import ByHelix, Commitment, Indicator, Process, Session
from ncc_kernel.model.ecosystem import Challenge


def process(**said: Any) -> dict[str, Any]:
    return {"title": "P", "challenge": "c"} | said


def test_what_belongs_to_a_private_process_is_hidden_with_it(recorded: Any) -> None:
    found = read_cocreation(
        [
            recorded(1, "process", process(visibility="private"), key="hidden"),
            recorded(2, "session", {"title": "S", "process": "hidden"}, key="s"),
            recorded(3, "prototype", {"title": "T", "process": "hidden"}, key="t"),
            recorded(4, "indicator", {"name": "I", "prototype": "t"}, key="i"),
            recorded(5, "process", process(), key="open"),
        ]
    )

    assert [key for _country, key in found.processes] == ["open"]
    assert (found.sessions, found.prototypes, found.indicators) == ({}, {}, {})


def test_the_same_key_in_two_countries_is_two_entries(recorded: Any) -> None:
    found = read_cocreation(
        [
            recorded(1, "process", process(), key="p", country="PT"),
            recorded(2, "process", process(), key="p", country="AT"),
            recorded(3, "session", {"title": "S", "process": "p"}, key="s", country="AT"),
        ]
    )

    assert len(found.sessions_of(("AT", "p"))) == 1
    assert found.sessions_of(("PT", "p")) == ()


def test_sessions_come_in_the_order_of_their_days_and_those_without_one_last(
    recorded: Any,
) -> None:
    found = read_cocreation(
        [
            recorded(1, "process", process(), key="p"),
            recorded(
                2, "session", {"title": "later", "process": "p", "day": "2024-02-01"}, key="a"
            ),
            recorded(3, "session", {"title": "no day", "process": "p"}, key="b"),
            recorded(
                4, "session", {"title": "first", "process": "p", "day": "2024-01-01"}, key="c"
            ),
        ]
    )

    assert [one.title for _ref, one in found.sessions_of(("PT", "p"))] == [
        "first",
        "later",
        "no day",
    ]


def test_a_session_that_counts_nobody_is_unsaid_and_no_zero() -> None:
    met = turnout(
        [
            Session(title="a", process="p", took_part=ByHelix(civ=5, gov=0)),
            Session(title="b", process="p"),
        ]
    )

    assert dict(met.people) == {"acad": 0, "ind": 0, "gov": 0, "civ": 5, "env": 0}
    assert (met.sessions, met.unsaid, met.total) == (2, 1, 5)


def test_promises_are_counted_by_what_became_of_them() -> None:
    states = ("kept", "kept", "in_part", "not_kept", "open")
    made = [Commitment(title="x", process="p", state=one) for one in states]  # type: ignore[arg-type]

    assert kept_promises(made) == (2, 4, 5)


@pytest.mark.parametrize(
    ("baseline", "target", "result", "met"),
    [
        (10, 20, 20, True),
        (10, 20, 19, False),
        (20, 10, 9, True),
        (20, 10, 11, False),
        (None, 5, 5, True),
        (None, None, 5, None),
        (1, 5, None, None),
    ],
)
def test_less_is_better_where_the_target_lies_below_the_baseline(
    baseline: float | None,
    target: float | None,
    result: float | None,
    met: bool | None,  # noqa: FBT001
) -> None:
    one = Indicator(name="i", prototype="t", baseline=baseline, target=target, result=result)

    assert reached(one) is met


def test_prototypes_are_counted_by_decision_and_the_undecided_come_last(recorded: Any) -> None:
    verdicts = ("scale", "stop", "", "")
    found = read_cocreation(
        [
            recorded(1, "process", process(), key="p"),
            *(
                recorded(n, "prototype", {"title": "T", "process": "p", "verdict": v}, key=f"t{n}")
                for n, v in enumerate(verdicts, start=2)
            ),
        ]
    )

    assert by_verdict(found, ("iterate", "stop", "scale")) == (
        ("iterate", 0),
        ("stop", 1),
        ("scale", 1),
        ("", 2),
    )
    assert ("prototypes without an indicator", 4, 4) in unsaid(found)


def test_challenges_without_a_process_come_the_most_urgent_first(recorded: Any) -> None:
    challenges = {
        ("PT", "c"): Challenge(title="begun"),
        ("PT", "d"): Challenge(title="calm", urgency=1),
        ("PT", "e"): Challenge(title="urgent", urgency=5),
        ("AT", "c"): Challenge(title="elsewhere"),
    }
    found = read_cocreation([recorded(1, "process", process(), key="p")])

    assert [one.title for _ref, one in without_process(challenges, found)] == [
        "urgent",
        "calm",
        "elsewhere",
    ]


def test_a_copy_keeps_where_it_came_from_and_none_of_the_others_people() -> None:
    template = Process(
        title="Way",
        challenge="c",
        methods=("interview",),
        agents=("a",),
        begins=date(2024, 1, 1),
        template=True,
        adapt="the hours",
        phase="deliver",
    )

    copy = adapted(template, country="PT", key="pt-process-1", challenge="mine")

    assert (copy.origin, copy.origin_country) == ("pt-process-1", "PT")
    assert (copy.challenge, copy.methods, copy.note) == ("mine", ("interview",), "the hours")
    assert (copy.agents, copy.begins, copy.template, copy.phase) == ((), None, False, "discover")


def test_who_is_advanced_comes_from_the_assessment_and_needs_enough_answers(profiled: Any) -> None:
    high = "D3.1=4 D3.2=4 D3.3=4 D3.4=3 D3.5=4"
    profiles = [
        profiled(high, "SE"),
        profiled("D3.1=3 D3.2=3 D3.3=3 D3.4=3 D3.5=3", "PT"),
        profiled("D3.1=5", "IT"),
        profiled(high, "AT"),
    ]

    assert advanced(profiles, "D3") == ("AT", "SE")
