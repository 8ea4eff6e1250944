"""The self-assessment guide: the real file, and what is said when a guide does not hold."""

from collections.abc import Callable
from typing import Any

import pytest

from ncc_kernel.errors import DataFault
from ncc_kernel.model.guide import Guide, Question, parse_guide

RawGuide = dict[str, Any]


@pytest.fixture
def raw(guide: Guide) -> RawGuide:
    """The real guide as a file gives it, for a test to break."""
    return guide.model_dump(mode="json")


def fault(raw: RawGuide) -> DataFault:
    with pytest.raises(DataFault) as caught:
        parse_guide(raw, where="data/guides/own.toml")
    return caught.value


def test_the_guide_has_eight_dimensions_with_five_statements_each(guide: Guide) -> None:
    assert [one.code for one in guide.dimensions] == [f"D{n}" for n in range(1, 9)]
    assert [len(guide.questions_of(one.code)) for one in guide.dimensions] == [5] * 8
    assert len(guide.questions) == 40


def test_half_of_the_dimensions_are_the_core_competencies(guide: Guide) -> None:
    assert [(one.code, one.step) for one in guide.dimensions if one.core] == [
        ("D1", 2),
        ("D2", 2),
        ("D3", 3),
        ("D4", 4),
    ]


def test_every_dimension_leads_to_a_step_or_to_a_seminar(guide: Guide) -> None:
    leads = {one.code: one.step or one.seminar for one in guide.dimensions}

    assert [code for code, lead in leads.items() if lead is None] == []


def test_the_guide_says_that_it_is_our_draft(guide: Guide) -> None:
    assert guide.draft
    assert (
        guide.status == "Draft of this project, version 0.1; "
        "not the official guide of the working group."
    )


def test_an_official_guide_is_no_draft(guide: Guide) -> None:
    official = guide.model_copy(update={"status": "Official, adopted in June 2025."})

    assert not official.draft


def test_the_scale_names_six_levels(guide: Guide) -> None:
    assert [(one.level, one.name) for one in guide.scale] == [
        (0, "Absent"),
        (1, "Ad hoc"),
        (2, "Emerging"),
        (3, "Established"),
        (4, "Evidenced"),
        (5, "Embedded"),
    ]


def test_every_statement_has_other_words_for_each_of_six_levels(guide: Guide) -> None:
    words = {one.code: {level.casefold() for level in one.levels} for one in guide.questions}

    assert [code for code, levels in words.items() if len(levels) != 6] == []


@pytest.mark.parametrize(
    "field", ["statement", "why", "judge", "next_low", "next_mid", "next_high"]
)
def test_every_statement_has_its_own_guidance_and_next_steps(guide: Guide, field: str) -> None:
    texts = [getattr(question, field) for question in guide.questions]

    assert min(map(len, texts)) >= 15
    assert len(set(texts)) == 40


@pytest.mark.parametrize(
    ("level", "field"),
    [
        (None, "next_low"),
        (0, "next_low"),
        (1, "next_low"),
        (2, "next_mid"),
        (3, "next_mid"),
        (4, "next_high"),
        (5, "next_high"),
    ],
)
def test_the_next_step_fits_the_level(guide: Guide, level: int | None, field: str) -> None:
    question = guide.question("D1.1")

    assert question.next_step(level) == getattr(question, field)


def _drop_a_level(raw: RawGuide) -> None:
    raw["questions"][0]["levels"] = raw["questions"][0]["levels"][:5]


def _repeat_a_level(raw: RawGuide) -> None:
    raw["questions"][0]["levels"][1] = raw["questions"][0]["levels"][0].upper()


def _unknown_dimension(raw: RawGuide) -> None:
    raw["questions"][0]["dimension"] = "D9"


def _doubled_question(raw: RawGuide) -> None:
    raw["questions"][1]["code"] = "D1.1"


def _question_named_as_dimension(raw: RawGuide) -> None:
    raw["questions"][1]["code"] = "D8"


def _empty_dimension(raw: RawGuide) -> None:
    raw["questions"] = [one for one in raw["questions"] if one["dimension"] != "D8"]


def _scale_without_end(raw: RawGuide) -> None:
    raw["scale"] = raw["scale"][:5]


def _scale_out_of_order(raw: RawGuide) -> None:
    raw["scale"].reverse()


def _no_guidance(raw: RawGuide) -> None:
    del raw["questions"][3]["judge"]


def _unknown_key(raw: RawGuide) -> None:
    raw["dimensions"][2]["color"] = "red"


def _long_short_name(raw: RawGuide) -> None:
    raw["dimensions"][2]["short"] = "A name too long for a chart"


def _empty_level(raw: RawGuide) -> None:
    raw["questions"][0]["levels"][5] = " "


def _element_of_no_theory(raw: RawGuide) -> None:
    raw["questions"][0]["toc"] = "MAGIC"


def _no_questions(raw: RawGuide) -> None:
    raw["questions"] = []


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (_drop_a_level, ", questions.0.levels: Tuple should have at least 6 items"),
        (_repeat_a_level, ", questions.0: question D1.1: two levels have the same words: "),
        (_unknown_dimension, ", whole file: question D1.1: no dimension D9."),
        (_doubled_question, ", whole file: the code D1.1 is used twice."),
        (_question_named_as_dimension, ", whole file: the code D8 is used twice."),
        (_empty_dimension, ", whole file: dimension D8 has no question."),
        (_scale_without_end, ", whole file: the scale must name the levels 0 to 5, each once"),
        (_scale_out_of_order, ", whole file: the scale must name the levels 0 to 5, each once"),
        (_no_guidance, ": the key questions.3.judge is missing."),
        (_unknown_key, ": the key dimensions.2.color is not known here."),
        (_long_short_name, ", dimensions.2.short: String should have at most 22 characters."),
        (_empty_level, ", questions.0.levels.5: String should have at least 1 character."),
        (_element_of_no_theory, ", questions.0.toc: Input should be 'INPUT', 'ACTIVITY', "),
        (_no_questions, ", questions: Tuple should have at least 1 item"),
    ],
)
def test_a_fault_in_a_guide_is_named_by_file_and_key(
    raw: RawGuide, damage: Callable[[RawGuide], None], said: str
) -> None:
    damage(raw)

    found = fault(raw)

    assert found.what.startswith("data/guides/own.toml" + said)
    assert found.hint == "correct data/guides/own.toml and try again"


def test_every_fault_has_its_own_line(raw: RawGuide) -> None:
    _no_guidance(raw)
    _unknown_key(raw)
    _drop_a_level(raw)

    assert len(fault(raw).what.splitlines()) == 3


@pytest.mark.parametrize("content", [None, [], "guide", 5])
def test_a_file_that_is_no_guide_at_all_is_named(content: object) -> None:
    with pytest.raises(DataFault, match=r"^data/guides/own.toml, whole file: "):
        parse_guide(content, where="data/guides/own.toml")


def test_a_question_more_needs_no_code(raw: RawGuide) -> None:
    raw["questions"].append({**raw["questions"][0], "code": "D1.6", "statement": "One more."})

    found = parse_guide(raw, where="data/guides/own.toml")

    assert [one.code for one in found.questions_of("D1")][-1] == "D1.6"
    assert isinstance(found.question("D1.6"), Question)
