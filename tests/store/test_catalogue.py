"""Reference data: the real files hold what is known, and a bad file is told by file and key."""

import os
import shutil
from datetime import date
from pathlib import Path

import pytest

from ncc_kernel.errors import DataFault, ParameterRejected
from ncc_kernel.paths import CHECKOUT
from ncc_kernel.store.catalogue import Catalogue, read_catalogue

MEMBERS = "AT BE BG CY CZ DE DK EE EL ES FI FR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A copy of the reference data, for a test to change."""
    skip = shutil.ignore_patterns("store", "samples")
    return Path(shutil.copytree(CHECKOUT / "data", tmp_path / "data", ignore=skip))


def test_the_27_member_states_are_there_by_their_own_codes(catalogue: Catalogue) -> None:
    assert " ".join(catalogue.codes) == MEMBERS
    assert catalogue.country("EL").name() == "Greece"
    assert (catalogue.country("EL").iso2, catalogue.country("EL").iso3) == ("GR", "GRC")
    assert catalogue.country("CZ").name("cs") == "Česko"


def test_the_first_call_had_six_consortia_of_four(catalogue: Catalogue) -> None:
    members = [code for country in catalogue.countries for code in country.consortia_2021]
    none = [country.code for country in catalogue.countries if not country.consortia_2021]
    several = [c.code for c in catalogue.countries if len(c.consortia_2021) > 1]

    assert {code: members.count(code) for code in sorted(set(members))} == {
        "buicasus": 4, "esia": 4, "fuse": 4, "pencil": 4, "seed": 4, "siplus": 4,
    }  # fmt: skip
    assert none == ["HR", "LU", "MT", "NL"]
    assert several == ["BG"]
    assert all(one.source for one in catalogue.consortia)


STEPS = {
    1: [("programme text, step 1", "2024-01-01", "2024-03-31"), ("calendar grid", "2024-01-01", "2024-03-31")],
    2: [("programme text, step 2", "2024-04-01", "2024-07-31"), ("calendar grid", "2024-04-01", "2024-12-31")],
    3: [("programme text, step 3", "2024-08-01", "2024-10-31"), ("calendar grid", "2024-09-01", "2024-12-31")],
    4: [("programme text, step 4", "2024-11-01", "2025-01-31"), ("calendar grid", "2024-11-01", "2024-12-31")],
}  # fmt: skip


@pytest.mark.parametrize("number", STEPS)
def test_both_windows_of_a_step_stand_each_with_its_source(
    catalogue: Catalogue, number: int
) -> None:
    [step] = [one for one in catalogue.programmes[0].steps if one.number == number]

    found = [(w.source, w.first.isoformat(), w.last.isoformat()) for w in step.windows]

    assert found == STEPS[number]
    assert step.disagrees == (number != 1)


def test_the_programme_of_2024_has_all_that_its_text_names(catalogue: Catalogue) -> None:
    [programme] = catalogue.programmes

    assert [one.name for one in programme.steps] == [
        "Self-assessment",
        "Ecosystem mapping",
        "Co-creation and prototyping",
        "Scaling",
    ]
    assert [one.code for one in programme.seminars] == [
        "governance_evaluation",
        "communication",
        "financing",
    ]
    assert [(e.first.isoformat(), e.last.isoformat(), e.mode) for e in programme.events] == [
        ("2024-03-13", "2024-03-13", "online"),
        ("2024-06-12", "2024-06-13", "onsite"),
        ("2024-10-16", "2024-10-17", "online"),
        ("2024-12-04", "2024-12-05", "onsite"),
    ]
    [webinars] = programme.rows
    assert [(w.first, w.last) for w in webinars.windows] == [(date(2024, 2, 1), date(2024, 12, 31))]
    assert len(programme.cop_topics) == 4
    assert len(programme.information_points) == 2


VOCABULARIES = {
    "esf_objective": 13,
    "life_cycle": 6,
    "actor_type": 18,
    "scaling_type": 3,
    "scale_level": 4,
    "evidence_level": 5,
    "toc_element": 8,
    "link_kind": 8,
}


@pytest.mark.parametrize("code", VOCABULARIES)
def test_every_vocabulary_is_there_with_its_source(catalogue: Catalogue, code: str) -> None:
    vocabulary = catalogue.vocabularies[code]

    assert len(vocabulary.codes) == VOCABULARIES[code]
    assert vocabulary.source
    assert all(term.label for term in vocabulary.terms)


def test_the_guide_has_words_for_every_level_of_forty_statements(catalogue: Catalogue) -> None:
    guide = catalogue.guide

    assert len(guide.dimensions) == 8
    assert len(guide.questions) == 40
    assert [len(guide.questions_of(one.code)) for one in guide.dimensions] == [5] * 8
    assert {len(set(question.levels)) for question in guide.questions} == {6}
    assert all(q.judge and q.why and q.next_low and q.next_mid for q in guide.questions)
    assert guide.draft


def test_every_country_has_a_shape(catalogue: Catalogue) -> None:
    shapes = [one["properties"]["code"] for one in catalogue.geometry()["features"]]

    assert " ".join(sorted(shapes)) == MEMBERS


FAULTS = {
    "missing key": (
        "countries.toml", 'iso3 = "AUT"\n', "",
        "data/countries.toml: the key countries.0.iso3 is missing.",
    ),
    "unknown key": (
        "programmes/2024.toml", "year = 2024", "year = 2024\ncolour = 1",
        "data/programmes/2024.toml: the key colour is not known here.",
    ),
    "wrong type": (
        "programmes/2024.toml", "year = 2024", 'year = "soon"',
        "data/programmes/2024.toml, year: Input should be a valid integer",
    ),
    "window turned round": (
        "programmes/2024.toml", "last = 2024-07-31", "last = 2023-07-31",
        "data/programmes/2024.toml, steps.1.windows.0: the window ends (2023-07-31) before it begins",
    ),
    "cycle of another form": (
        "programmes/2024.toml", 'code = "2024-1"', 'code = "spring"',
        "data/programmes/2024.toml, cycles.1.code: ",
    ),
    "broken TOML": (
        "vocabularies.toml", '[[vocabularies]]\ncode = "life_cycle"', '[[vocabularies\ncode = "life_cycle"',
        "data/vocabularies.toml is not readable TOML: ",
    ),
    "unknown consortium": (
        "countries.toml", 'consortia_2021 = ["pencil"]', 'consortia_2021 = ["biro"]',
        "data/countries.toml, BE.consortia_2021: no consortium biro.",
    ),
    "doubled country": (
        "countries.toml", 'code = "BE"', 'code = "AT"',
        "data/countries.toml, countries: the code AT is used twice.",
    ),
    "doubled vocabulary": (
        "vocabularies.toml", 'code = "life_cycle"', 'code = "helix"',
        "data/vocabularies.toml, vocabularies: the code helix is used twice.",
    ),
    "doubled term": (
        "vocabularies.toml", 'code = "prompt"', 'code = "proposal"',
        "data/vocabularies.toml, vocabularies.1: vocabulary life_cycle: a code is used twice.",
    ),
    "doubled question": (
        "guides/self_assessment.toml", 'code = "D1.2"', 'code = "D1.1"',
        "data/guides/self_assessment.toml, whole file: the code D1.1 is used twice.",
    ),
    "question of no dimension": (
        "guides/self_assessment.toml", 'dimension = "D8"', 'dimension = "D9"',
        "data/guides/self_assessment.toml, whole file: question D8.1: no dimension D9.",
    ),
    "a level missing from the scale": (
        "guides/self_assessment.toml", "level = 5", "level = 4",
        "data/guides/self_assessment.toml, whole file: the scale must name the levels 0 to 5",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", FAULTS)
def test_a_bad_file_is_told_by_file_and_key_and_what_to_do(data: Path, case: str) -> None:
    name, right, wrong, said = FAULTS[case]
    text = (data / name).read_text()
    assert right in text
    (data / name).write_text(text.replace(right, wrong, 1))

    with pytest.raises(DataFault) as fault:
        read_catalogue(data)

    assert said in fault.value.what
    assert fault.value.hint


def test_two_levels_with_the_same_words_are_told_by_their_question(
    data: Path, catalogue: Catalogue
) -> None:
    path = data / "guides" / "self_assessment.toml"
    first, second = catalogue.guide.question("D3.2").levels[:2]
    path.write_text(path.read_text().replace(f'"{second}"', f'"{first.upper()}"', 1))

    with pytest.raises(DataFault, match=r"question D3\.2: two levels have the same words"):
        read_catalogue(data)


@pytest.mark.parametrize(
    "name",
    ["countries.toml", "vocabularies.toml", "guides/self_assessment.toml", "programmes/2024.toml"],
)
@pytest.mark.parametrize("how", ["gone", "a folder", "not UTF-8"])
def test_a_file_that_cannot_be_read_is_named(data: Path, name: str, how: str) -> None:
    path = data / name
    path.unlink()
    if how == "a folder":
        path.mkdir()
    elif how == "not UTF-8":
        path.write_bytes(b'title = "\xff\xfe"')

    with pytest.raises(DataFault) as fault:
        read_catalogue(data)

    shown = "programme" if (how, name) == ("gone", "programmes/2024.toml") else Path(name).name
    assert shown in fault.value.what
    assert fault.value.hint


def test_several_faults_of_a_file_are_told_at_once(data: Path) -> None:
    path = data / "programmes" / "2024.toml"
    text = path.read_text().replace("year = 2024", 'year = "soon"\ncolour = 1')
    path.write_text(text)

    with pytest.raises(DataFault) as fault:
        read_catalogue(data)

    assert len(fault.value.what.splitlines()) == 2


NEXT_YEAR = """
year = 2025
title = "A programme of a test"
status = "Invented"
source = "A test"

[[cycles]]
code = "2025-1"
label = "Spring"

[[cycles]]
code = "2025-2"
label = "Autumn"

[[steps]]
number = 1
code = "listening"
name = "Listening"
about = "A step that 2024 did not have."
windows = [{ first = 2025-02-01, last = 2025-05-31, source = "a test" }]

[[steps]]
number = 2
code = "sharing"
name = "Sharing"
about = "Another."
windows = [{ first = 2025-05-01, last = 2025-11-30, source = "a test" }]

[[events]]
code = "2025-fair"
name = "Fair"
first = 2025-09-01
last = 2025-09-02
mode = "onsite"
source = "a test"
"""


@pytest.fixture
def next_year(data: Path) -> Catalogue:
    (data / "programmes" / "2025.toml").write_text(NEXT_YEAR)
    return read_catalogue(data)


def test_another_years_programme_is_a_file_and_no_code(next_year: Catalogue) -> None:
    programme = next_year.programme_of("2025-1")

    assert [cycle.code for cycle in next_year.cycles()] == ["2023-1", "2024-1", "2025-1", "2025-2"]
    assert next_year.latest_cycle() == "2025-2"
    assert next_year.previous_cycle("2025-1") == "2024-1"
    assert next_year.programme_of("2024-1").year == 2024
    assert [step.name for step in programme.steps_at(date(2025, 5, 15))] == ["Listening", "Sharing"]
    assert programme.coming(date(2025, 3, 1)) == (
        (date(2025, 5, 1), "Step 2, Sharing, begins"),
        (date(2025, 9, 1), "Fair"),
    )


def test_a_cycle_that_two_programmes_claim_is_a_fault(data: Path) -> None:
    (data / "programmes" / "2025.toml").write_text(NEXT_YEAR.replace('"2025-1"', '"2024-1"'))

    with pytest.raises(DataFault, match="programmes, cycles: the code 2024-1 is used twice"):
        read_catalogue(data)


def test_a_cycle_of_no_programme_is_rejected_in_words(catalogue: Catalogue) -> None:
    with pytest.raises(ParameterRejected, match="'2031-1' is not a cycle"):
        catalogue.programme_of("2031-1")


def test_the_digest_changes_with_any_byte_and_with_nothing_else(
    data: Path, catalogue: Catalogue
) -> None:
    copied = read_catalogue(data)
    before = copied.digest()
    assert before == catalogue.digest()

    with (data / "vocabularies.toml").open("a") as file:
        file.write("\n")

    assert copied.digest() != before


def test_what_is_byte_for_byte_as_it_was_is_not_read_again(data: Path) -> None:
    assert read_catalogue(data) is read_catalogue(data)


def test_a_file_that_changed_is_read_again_though_its_time_and_size_are_the_same(
    data: Path,
) -> None:
    file = data / "guides" / "self_assessment.toml"
    before, seen = read_catalogue(data).guide.title, file.stat()

    file.write_text(file.read_text("utf-8").replace(before, before[::-1], 1), "utf-8")
    os.utime(file, ns=(seen.st_atime_ns, seen.st_mtime_ns))

    assert file.stat().st_size == seen.st_size
    assert read_catalogue(data).guide.title == before[::-1]
