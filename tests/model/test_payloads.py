"""What comes in for the record: parsed once, refused in a sentence, kept as it was typed."""

from collections.abc import Mapping
from typing import Any

import pytest

from ncc_kernel.errors import Rejected
from ncc_kernel.model.kinds import KINDS, PEOPLES_KINDS, TOLD_KINDS, kind_of, parse_payload

LEAST: Mapping[str, dict[str, Any]] = {
    "answer": {"state": "answered", "level": 3},
    "challenge": {"title": "Loneliness"},
    "agent": {"name": "Lab"},
    "initiative": {"title": "Shared kitchen"},
    "link": {"agent": "a-1", "target": "i-1", "kind": "leads"},
    "mapping_plan": {"goal": "Know who works on housing"},
    "process": {"title": "Neighbours meet", "challenge": "c-1"},
    "session": {"title": "First round", "process": "p-1"},
    "commitment": {"title": "A room each week", "process": "p-1"},
    "prototype": {"title": "Tea bus", "process": "p-1"},
    "indicator": {"name": "Visits", "prototype": "t-1"},
    "practice": {"title": "Tea bus"},
    "component": {"name": "Drivers", "practice": "x-1"},
    "criterion": {"name": "Reach", "weight": 3},
    "score": {"practice": "x-1", "criterion": "r-1", "points": 4},
    "selection_round": {"title": "Autumn"},
    "selection": {"practice": "x-1", "outcome": "wait", "day": "2024-11-05", "reason": "Too early"},
    "group_rule": {"rule": "together", "countries": ["ES", "PT"], "reason": "They are neighbours"},
    "path_item": {"title": "Visit Porto", "type": "peer_visit"},
    "cop_event": {"first": "2024-06-12", "title": "Kick-off"},
    "seminar": {"first": "2024-06-12", "title": "Money", "topic": "financing"},
    "registration": {"seminar": "s-1", "people": 2},
    "evaluation": {"seminar": "s-1", "useful": 4},
    "follow_up": {"title": "Send the slides", "seminar": "s-1"},
    "decision": {"title": "Meet in Lisbon", "on": "2024-06-12"},
}

FAMILY = "\N{WOMAN}\N{ZERO WIDTH JOINER}\N{GIRL}"
HEBREW = "\N{RIGHT-TO-LEFT MARK}שלום"
MEGABYTES = "x" * 10_000_000


def refused(kind: str, /, **raw: Any) -> Rejected:
    with pytest.raises(Rejected) as caught:
        parse_payload(kind, {**LEAST[kind], **raw})
    return caught.value


def deep(path: str, value: object) -> dict[str, object]:
    """{"a": {"b": value}} of "a.b"."""
    head, _, rest = path.partition(".")
    return {head: deep(rest, value) if rest else value}


def test_every_kind_that_people_record_is_tried_here() -> None:
    assert set(LEAST) == set(PEOPLES_KINDS)


def test_what_is_half_typed_or_handed_in_is_told_and_is_no_data() -> None:
    assert set(TOLD_KINDS) - set(PEOPLES_KINDS) == {
        "draft",
        "submission",
        "reopen_request",
        "evidence",
        "merge",
    }


@pytest.mark.parametrize("kind", LEAST)
def test_the_least_that_a_kind_needs_is_recorded_as_it_is(kind: str) -> None:
    assert parse_payload(kind, LEAST[kind]) == LEAST[kind]


@pytest.mark.parametrize(
    ("kind", "name"), [(kind, name) for kind, least in LEAST.items() for name in least]
)
def test_a_missing_field_is_named(kind: str, name: str) -> None:
    raw = {key: value for key, value in LEAST[kind].items() if key != name}

    with pytest.raises(Rejected, match=r"Field required|needs a level|at least two") as caught:
        parse_payload(kind, raw)

    assert name in caught.value.what
    assert caught.value.hint == f"correct the {kind} and send it again"


@pytest.mark.parametrize("kind", LEAST)
@pytest.mark.parametrize("name", ["colour", "seq", "__class__", "visiblity", ""])
def test_an_unknown_key_is_refused_and_named(kind: str, name: str) -> None:
    fault = refused(kind, **{name: "x"})

    assert fault.what == f"{name + ': ' if name else ''}Extra inputs are not permitted" + (
        " (given: 'x')." if name else "."
    )


@pytest.mark.parametrize("name", ["revision", "", "Agent", "agent\n"])
def test_an_unknown_kind_is_refused_with_the_kinds_there_are(name: str) -> None:
    with pytest.raises(Rejected) as caught:
        kind_of(name)

    assert caught.value.hint.startswith("use one of answer, challenge, agent, initiative, link, ")


def test_what_lives_longer_than_a_cycle_is_recorded_across_them() -> None:
    across = {name for name, kind in KINDS.items() if kind.cycle("2024-1") == "-"}

    assert across == {
        *("agent", "initiative", "link", "challenge", "merge"),
        *("process", "session", "commitment", "prototype", "indicator"),
        *("practice", "component", "criterion", "score", "selection_round", "selection"),
        *("cop_event", "entry_draft", "origin"),
    }


@pytest.mark.parametrize(
    ("kind", "path"),
    [
        ("answer", "comment"),
        ("answer", "evidence_link"),
        ("agent", "name"),
        ("agent", "place.name"),
        ("initiative", "summary"),
        ("link", "agent"),
        ("link", "kind"),
        ("challenge", "description"),
    ],
)
def test_ten_megabytes_of_text_are_refused_in_a_sentence(kind: str, path: str) -> None:
    fault = refused(kind, **deep(path, MEGABYTES))

    assert fault.what.startswith(f"{path}: String should have at most ")
    assert len(fault.what) < 200


def test_ten_megabytes_in_many_lines_are_refused_in_a_sentence() -> None:
    fault = refused("agent", objectives=["x" * 400] * 25_000)

    assert fault.what.startswith("objectives: Tuple should have at most 100 items")
    assert len(fault.what) < 200


def test_ten_megabytes_as_the_name_of_a_field_are_refused_in_a_sentence() -> None:
    assert len(refused("agent", **{MEGABYTES: "x"}).what) < 200


@pytest.mark.parametrize(
    ("typed", "level"), [(0, 0), ("3", 3), (" 3 ", 3), (3.0, 3), (-0.0, 0), ("-0", 0), ("+5", 5)]
)
def test_a_level_is_taken_as_people_and_sheets_write_it(typed: object, level: int) -> None:
    recorded = parse_payload("answer", {"state": "answered", "level": typed})

    assert recorded == {"state": "answered", "level": level}


NO_NUMBERS = [
    float("nan"),
    float("inf"),
    1e308,
    -1e308,
    "NaN",
    "1,5",
    "٣",
    "\N{FULLWIDTH DIGIT THREE}",
    "three",
    "",
    "0x3",
    "=1+1",
    True,
    False,
    [3],
    {"level": 3},
    b"\xff",
]


@pytest.mark.parametrize("typed", [*NO_NUMBERS, 1.5, "1.5", -1, 6, 10**400])
@pytest.mark.parametrize("name", ["level", "priority", "target"])
def test_what_is_no_level_is_refused_with_what_was_given(name: str, typed: object) -> None:
    fault = refused("answer", **{name: typed})

    assert fault.what.startswith(f"{name}: ")
    assert f"(given: {typed!r:.60})" in fault.what


@pytest.mark.parametrize("typed", [*NO_NUMBERS, 90.001, -90.001, "91"])
def test_what_is_no_latitude_is_refused_with_what_was_given(typed: object) -> None:
    fault = refused("agent", place={"lat": typed, "lon": 0})

    assert fault.what.startswith("place.lat: ")
    assert f"(given: {typed!r:.60})" in fault.what


@pytest.mark.parametrize("typed", [*NO_NUMBERS, 180.001, -181])
def test_what_is_no_longitude_is_refused(typed: object) -> None:
    assert refused("agent", place={"lat": 0, "lon": typed}).what.startswith("place.lon: ")


@pytest.mark.parametrize(("typed", "lat"), [(38.7, 38.7), ("38.7", 38.7), (-0.0, 0.0), (90, 90.0)])
def test_a_latitude_is_taken_in_degrees(typed: object, lat: float) -> None:
    assert parse_payload("agent", {"name": "Lab", "place": {"lat": typed}})["place"] == {"lat": lat}


@pytest.mark.parametrize(
    "typed", [0, 86_400, 2015, "2015", "20150101", "31/05/2024", "soon", 1e308]
)
def test_a_number_is_no_day(typed: object) -> None:
    fault = refused("initiative", start=typed)

    assert fault.what == f"start: a day is written like 2024-05-31 (given: {typed!r})."


@pytest.mark.parametrize("typed", ["2024-05-31", "2024-05-31T00:00:00"])
def test_a_day_is_recorded_as_a_day(typed: str) -> None:
    assert parse_payload("initiative", {"title": "A", "end": typed}) == {
        "title": "A",
        "end": "2024-05-31",
    }


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("a\x00b", "ab"),
        ("a\x07b\x0bc\x0cd\x1be", "abcde"),
        ("a\x7f\x85b\x9f", "ab"),
        ("a\ud800b\udfff", "ab"),
        ("a\ufffe\uffffb", "ab"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("a\tb", "a\tb"),
        ("  a  ", "a"),
        ("\x00 a \x00", "a"),
        (FAMILY, FAMILY),
        (HEBREW, HEBREW),
        ("e\N{COMBINING ACUTE ACCENT}", "e\N{COMBINING ACUTE ACCENT}"),
        ("a\N{ZERO WIDTH SPACE}b", "a\N{ZERO WIDTH SPACE}b"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("=HYPERLINK('x')", "=HYPERLINK('x')"),
        ("{{7*7}} /etc/passwd", "{{7*7}} /etc/passwd"),
    ],
)
@pytest.mark.parametrize(("kind", "name"), [("agent", "name"), ("answer", "comment")])
def test_text_is_kept_as_typed_but_for_what_nothing_can_show(
    kind: str, name: str, typed: str, kept: str
) -> None:
    assert parse_payload(kind, {**LEAST[kind], name: typed})[name] == kept


@pytest.mark.parametrize("name", ["", "  ", "\x00", "\ud800", "\n"])
def test_a_name_of_nothing_that_shows_is_no_name(name: str) -> None:
    fault = refused("agent", name=name)

    assert fault.what.startswith("name: String should have at least 1 character ")


@pytest.mark.parametrize(
    "key", ["../../etc", "a/b", "a\\b", "a b", "-a", "a\nb", ".a", "ä", "a%2fb", "x" * 121, ""]
)
@pytest.mark.parametrize("end", ["agent", "target"])
def test_a_key_that_could_be_a_path_is_refused(end: str, key: str) -> None:
    assert refused("link", **{end: key}).what.startswith(f"{end}: String should ")


def test_every_fault_is_told() -> None:
    fault = refused("answer", level=9, priority=0, colour="red")

    assert [sentence.partition(":")[0] for sentence in fault.what.split(". ")] == [
        "level",
        "priority",
        "colour",
    ]


@pytest.mark.parametrize(
    "raw",
    [
        {"state": "answered", "level": 0},
        {"state": "dont_know"},
        {"state": "not_applicable", "reason": "Another body does this."},
    ],
)
def test_the_three_states_are_recorded_without_a_made_up_level(raw: dict[str, object]) -> None:
    assert parse_payload("answer", raw) == raw


@pytest.mark.parametrize(
    ("raw", "what"),
    [
        ({"state": "answered"}, "an answer needs a level from 0 to 5."),
        ({"state": "answered", "level": None}, "an answer needs a level from 0 to 5."),
        ({"state": "dont_know", "level": 0}, "dont know cannot have a level."),
        (
            {"state": "not_applicable", "level": 2, "reason": "x"},
            "not applicable cannot have a level.",
        ),
        ({"state": "not_applicable"}, "not applicable needs a reason."),
        ({"state": "not_applicable", "reason": " \x00 "}, "not applicable needs a reason."),
        (
            {"state": "unanswered"},
            "state: Input should be 'answered', 'not_applicable' or 'dont_know' (given: 'unanswered').",
        ),
    ],
)
def test_a_level_must_fit_the_state(raw: dict[str, object], what: str) -> None:
    with pytest.raises(Rejected) as caught:
        parse_payload("answer", raw)

    assert caught.value.what == what


DIGEST = "0" * 64
HANDED_IN = {"state": "submitted", "reference": "PT-2024-1-3F7A", "digest": DIGEST, "seq": 7}


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (HANDED_IN | {"state": "draft"}, "state"),
        (HANDED_IN | {"state": "returned"}, "needs a note"),
        (HANDED_IN | {"digest": "3F7A"}, "digest"),
        (HANDED_IN | {"reference": "../PT"}, "reference"),
        (HANDED_IN | {"seq": -1}, "seq"),
        (HANDED_IN | {"seq": True}, "seq"),
    ],
)
def test_a_submission_says_what_it_covers(raw: dict[str, Any], said: str) -> None:
    assert parse_payload("submission", HANDED_IN) == HANDED_IN
    with pytest.raises(Rejected, match=said):
        parse_payload("submission", raw)


def test_a_request_to_reopen_says_why() -> None:
    with pytest.raises(Rejected, match="needs a note that says why"):
        parse_payload("reopen_request", {"note": "  "})


def test_what_is_half_typed_is_kept_as_it_is_and_only_that() -> None:
    assert parse_payload("draft", {"answer": "", "comment": "so\x00 far"}) == {"comment": "so far"}
    with pytest.raises(Rejected, match="answer"):
        parse_payload("draft", {"answer": "7"})
