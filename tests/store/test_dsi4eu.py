"""The real input, whole: what is good is taken, and every other row is named with its reason."""

import csv
import re
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ncc_kernel.paths import CHECKOUT
from ncc_kernel.store.imports import Report
from ncc_kernel.store.log import Store
from ncc_kernel.store.mapping import read_mapping

NAMES = ("organisations.csv", "projects.csv", "links.csv")
MAPPING = CHECKOUT / "data" / "mappings" / "dsi4eu.toml"
IN_THE_EU = {
    "France": "FR", "Reunion": "FR", "Spain": "ES", "Italy": "IT", "Netherlands": "NL",
    "Germany": "DE", "Belgium": "BE", "Portugal": "PT", "Finland": "FI", "Hungary": "HU",
    "Greece": "EL", "Czech Republic": "CZ", "Denmark": "DK", "Slovenia": "SI", "Poland": "PL",
    "Bulgaria": "BG", "Austria": "AT", "Ireland": "IE", "Estonia": "EE", "Sweden": "SE",
    "Slovakia": "SK", "Luxembourg": "LU", "Lithuania": "LT", "Cyprus": "CY", "Romania": "RO",
    "Croatia": "HR",
}  # fmt: skip
"""As the table spells them, read by eye; everything else in it is empty or elsewhere."""
REASONS = re.compile(
    r"No country is given\."
    r"|.* is not one of the EU's 27 member states\."
    r"|Dangling link: the (agent|initiative) dsi4eu:\S+ (was not taken: .+|is not in the record or the files\.)"
    r"|No country: (no organisation in the files is linked to it|none of the organisations linked to it was taken)\."
    r"|Doubled: .+"
)

Take = Callable[..., Report]


@pytest.fixture
def files(dsi4eu: Path) -> list[Path]:
    return [dsi4eu / name for name in NAMES]


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_agents_of_the_eu_are_taken_and_all_others_named(
    files: list[Path], take: Take, store: Store
) -> None:
    raw = rows(files[0])
    expected = Counter(IN_THE_EU[row["Country"]] for row in raw if row["Country"] in IN_THE_EU)

    done = take(*files, store=store, mapping=read_mapping(MAPPING))

    refused = [one for one in done.refused if one.file == "organisations.csv"]
    outside = [row["Name"].strip() for row in raw if row["Country"] not in IN_THE_EU]
    assert Counter(one.country for one in store.current("agent")) == expected
    assert sorted(one.name for one in refused) == sorted(outside)
    assert (done.files[0].new, done.files[0].refused) == (expected.total(), len(outside))
    assert done.unreadable == ()


def test_every_row_is_taken_or_refused_for_a_known_reason(files: list[Path], take: Take) -> None:
    done = take(*files)

    for counts, path in zip(done.files, files, strict=True):
        assert counts.file == path.name
        assert counts.rows == len(rows(path)) == counts.new + counts.refused
    strange = [one.reason for one in done.refused if not REASONS.fullmatch(one.reason)]
    assert strange == []
    assert len({(one.file, one.line) for one in done.refused}) == len(done.refused)


def test_links_are_taken_when_both_ends_are_and_no_other(
    files: list[Path], take: Take, lite: Store
) -> None:
    home = {r["Organisation ID"]: IN_THE_EU.get(r["Country"]) for r in rows(files[0])}
    projects = {row["Project ID"] for row in rows(files[1])}
    good = {
        f"dsi4eu:{row['Linking ID']}": home[row["Organisation ID"]]
        for row in rows(files[2])
        if home.get(row["Organisation ID"]) and row["Project ID"] in projects
    }

    take(*files)

    links = lite.current("link")
    agents = {one.key for one in lite.current("agent")}
    initiatives = {one.key for one in lite.current("initiative")}
    assert {one.key: one.country for one in links} == good
    assert {(one.payload or {})["agent"] for one in links} <= agents
    assert {(one.payload or {})["target"] for one in links} == initiatives


def test_an_initiative_stands_in_the_country_of_an_agent_linked_to_it(
    files: list[Path], take: Take, lite: Store
) -> None:
    take(*files)

    home = {one.key: one.country for one in lite.current("agent")}
    near: dict[str, set[tuple[str, str]]] = {}
    for link in lite.current("link"):
        tie = link.payload or {}
        near.setdefault(tie["target"], set()).add((tie["kind"], home[tie["agent"]]))
    for one in lite.current("initiative"):
        leaders = {country for kind, country in near[one.key] if kind == "leads"}
        assert one.country in (leaders or {country for _, country in near[one.key]})


def test_lines_are_those_of_the_file_where_cells_have_several_lines(
    files: list[Path], take: Take
) -> None:
    text = files[1].read_text(encoding="utf-8").split("\n")
    titles = {row["Project Name"].strip() for row in rows(files[1])}

    done = take(*files)

    refused = [one for one in done.refused if one.file == "projects.csv"]
    assert refused[-1].line > len(titles) + 100, "this table has cells of several lines"
    for one in refused:
        assert one.name.split("\n")[0].split('"')[0] in text[one.line - 1]


def test_the_mapping_is_found_by_itself_and_does_the_same(
    files: list[Path], take: Take, store: Store, lite: Store
) -> None:
    take(*files, store=store, mapping=read_mapping(MAPPING))
    take(*files)

    def held(record: Store) -> dict[Any, Any]:
        return {one.address: one.payload for one in record.current() if one.kind != "origin"}

    assert held(lite) == held(store)


def test_a_second_import_changes_nothing(files: list[Path], take: Take, store: Store) -> None:
    first = take(*files, store=store)
    before = store.last_seq()

    second = take(*files, store=store)

    assert [(one.new, one.changed) for one in second.files] == [(0, 0)] * 3
    assert [one.unchanged for one in second.files] == [one.new for one in first.files]
    assert second.refused == first.refused
    assert store.last_seq() == before


def test_a_dry_run_says_the_same_and_writes_nothing(
    files: list[Path], take: Take, lite: Store
) -> None:
    before = lite.last_seq()

    dry = take(*files, dry_run=True)
    after = lite.last_seq()
    real = take(*files)

    assert after == before
    assert (dry.written, real.written) == (False, True)
    assert (dry.files, dry.refused, dry.notes) == (real.files, real.refused, real.notes)


def test_links_can_come_later_than_what_they_link(
    files: list[Path], take: Take, lite: Store
) -> None:
    take(*files)
    seq = lite.last_seq()

    alone = take(files[2])

    assert (alone.files[0].new, alone.files[0].changed) == (0, 0)
    assert alone.files[0].unchanged == len(lite.current("link"))
    assert lite.last_seq() == seq


def test_two_files_of_one_name_are_told_apart(
    files: list[Path], take: Take, tmp_path: Path
) -> None:
    (tmp_path / "again").mkdir()
    copy = Path(shutil.copy(files[0], tmp_path / "again"))

    done = take(files[0], copy)

    first, second = done.files
    assert (first.file, second.file) == (str(files[0].resolve()), str(copy))
    assert first.rows == second.rows == 571
    assert (second.new, second.refused) == (0, 571)
    doubled = [one.reason for one in done.refused if one.reason.startswith("Doubled")]
    assert len(doubled) == first.new
    assert all(str(files[0].resolve()) in reason for reason in doubled)


def test_a_file_given_twice_is_read_once(files: list[Path], take: Take) -> None:
    done = take(*files, files[0], files[0].parent / "." / "links.csv")

    assert [one.file for one in done.files] == list(NAMES)
    assert not [one for one in done.refused if one.reason.startswith("Doubled")]
