"""A team's answers as XLSX: it goes out, is filled offline, and comes back with every conflict found."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from ncc_kernel.model.revision import Draft, Payload
from ncc_kernel.store.answers_sheet import write_answers_sheet
from ncc_kernel.store.catalogue import Catalogue
from ncc_kernel.store.imports import Report
from ncc_kernel.store.log import Store

NOW = datetime(2024, 5, 6, tzinfo=UTC)
FULL: Payload = {
    "state": "answered",
    "level": 3,
    "comment": "=1+1",
    "evidence": "two\nlines & <b>marks</b>",
    "evidence_link": "https://example.org/?a=1&b=2",
    "confidence": "low",
    "priority": 5,
    "target": 4,
    "offers": True,
    "needs": True,
    "guide": "0.1",
}
Take = Callable[..., Report]
Edit = Callable[[openpyxl.Workbook], object]
Fill = Callable[[Edit], Path]


def give(store: Store, key: str, payload: Payload | None, base: int | None = None) -> int:
    draft = Draft("PT", "2024-1", "answer", key, base, payload)
    return store.append([draft], author="rui", at=NOW).written[0].seq


def answers(store: Store) -> dict[str, Payload | None]:
    found = store.current("answer", country="PT", cycle="2024-1")
    return {one.key: one.payload for one in found}


@pytest.fixture
def fill(tmp_path: Path, lite: Store, catalogue: Catalogue) -> Fill:
    """Take the sheet out, change it as a team would, and save it."""

    def filled(edit: Edit) -> Path:
        path = tmp_path / "answers.xlsx"
        path.write_bytes(write_answers_sheet(lite, catalogue, "PT", "2024-1"))
        book = openpyxl.load_workbook(path)
        edit(book)
        book.save(path)
        return path

    return filled


def put(**cells: object) -> Edit:
    """Write cells named like `D1_D2`: sheet D1, cell D2."""

    def edit(book: openpyxl.Workbook) -> None:
        for name, value in cells.items():
            sheet, _, cell = name.partition("_")
            book[sheet][cell] = value
            if isinstance(value, str):
                book[sheet][cell].data_type = "s"  # typed as text, as it is with a ' before it

    return edit


def test_the_sheet_has_one_sheet_a_dimension_and_no_formula(
    lite: Store, catalogue: Catalogue, tmp_path: Path
) -> None:
    give(lite, "D1.1", FULL)
    path = tmp_path / "answers.xlsx"
    path.write_bytes(write_answers_sheet(lite, catalogue, "PT", "2024-1"))

    book = openpyxl.load_workbook(path)

    assert book.sheetnames == ["Read me", "D1", "D2", "D3", "D4", "D5", "D6", "D7", "D8"]
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert kinds <= {"s", "n"}
    assert [cell.value for cell in book["D1"]["A"]] == [
        "Code",
        "D1.1",
        "D1.2",
        "D1.3",
        "D1.4",
        "D1.5",
    ]
    assert book["D1"]["F2"].value == "'=1+1"
    assert {row[0].value: row[1].value for row in book["Read me"]}["Guide"] == "0.1"


def test_a_sheet_that_comes_back_untouched_changes_nothing(
    take: Take, fill: Fill, lite: Store
) -> None:
    give(lite, "D1.1", FULL)
    give(lite, "D2.1", {"state": "dont_know", "guide": "0.1"})
    give(lite, "D8.5", {"state": "not_applicable", "reason": "Not ours.", "guide": "0.1"})
    before = lite.last_seq()

    done = take(fill(lambda _: None))

    assert (done.refused, done.notes, done.conflicts) == ((), (), ())
    assert (done.files[0].rows, done.files[0].unchanged, done.files[0].changed) == (40, 3, 0)
    assert lite.last_seq() == before


def test_what_a_team_fills_in_offline_becomes_answers(take: Take, fill: Fill, lite: Store) -> None:
    done = take(
        fill(
            put(
                D1_D2=3, D1_F2="=HYPERLINK", D1_I2="High", D1_J2=5, D1_K2="4", D1_L2="YES",
                D1_D3="0", D2_D2="n/a", D2_E2="No mandate", D3_D2="Don\N{RIGHT SINGLE QUOTATION MARK}t know", D8_D6=5.0,
            )
        )
    )  # fmt: skip

    assert (done.refused, done.notes, done.files[0].new) == ((), (), 5)
    assert answers(lite) == {
        "D1.1": {
            "state": "answered", "level": 3, "comment": "=HYPERLINK", "confidence": "high",
            "priority": 5, "target": 4, "offers": True, "guide": "0.1",
        },
        "D1.2": {"state": "answered", "level": 0, "guide": "0.1"},
        "D2.1": {"state": "not_applicable", "reason": "No mandate", "guide": "0.1"},
        "D3.1": {"state": "dont_know", "guide": "0.1"},
        "D8.5": {"state": "answered", "level": 5, "guide": "0.1"},
    }  # fmt: skip


def test_an_emptied_answer_is_withdrawn(take: Take, fill: Fill, lite: Store) -> None:
    give(lite, "D1.1", {"state": "answered", "level": 3, "guide": "0.1"})

    done = take(fill(put(D1_D2=None)))

    assert answers(lite) == {}
    assert done.files[0].changed == 1


def test_a_conflict_is_found_by_the_seq_that_went_out(take: Take, fill: Fill, lite: Store) -> None:
    seq = give(lite, "D1.1", {"state": "answered", "level": 1, "guide": "0.1"})
    path = fill(put(D1_D2=4, D1_D3=2))
    give(lite, "D1.1", {"state": "answered", "level": 5, "guide": "0.1"}, base=seq)

    done = take(path)

    assert answers(lite)["D1.1"] == {"state": "answered", "level": 5, "guide": "0.1"}
    assert answers(lite)["D1.2"] == {"state": "answered", "level": 2, "guide": "0.1"}
    assert [(one.line, one.name, one.reason) for one in done.refused] == [
        (2, "D1.1", "D1!A2: Conflict: rui changed it meanwhile to level 5; yours is level 4.")
    ]


def test_an_answer_given_meanwhile_to_a_row_left_empty_stays(
    take: Take, fill: Fill, lite: Store
) -> None:
    path = fill(put(D1_D3=2))
    give(lite, "D1.1", {"state": "answered", "level": 5, "guide": "0.1"})

    done = take(path)

    assert done.conflicts == ()
    assert sorted(answers(lite)) == ["D1.1", "D1.2"]


def test_an_old_sheet_does_not_undo_what_was_changed_meanwhile(
    take: Take, fill: Fill, lite: Store
) -> None:
    seq = give(lite, "D1.1", {"state": "answered", "level": 1, "guide": "0.1"})
    path = fill(lambda _: None)
    give(lite, "D1.1", {"state": "answered", "level": 5, "guide": "0.1"}, base=seq)

    done = take(path)

    assert (done.refused, done.files[0].unchanged) == ((), 1)
    assert answers(lite)["D1.1"] == {"state": "answered", "level": 5, "guide": "0.1"}


WRONG = {
    "1,5": (put(D1_D2="1,5"), "D1!D2: '1,5' is no answer; write 0 to 5, N/A or don't know."),
    "level 9": (put(D8_D6=9), "D8!D6: '9' is no answer"),
    "level -1": (put(D8_D6=-1), "D8!D6: '-1' is no answer"),
    "level 2.5": (put(D8_D6=2.5), "D8!D6: '2.5' is no answer"),
    "Arabic digit": (put(D8_D6="\N{ARABIC-INDIC DIGIT THREE}"), "D8!D6: "),
    "true": (put(D8_D6=True), "D8!D6: 'True' is no answer"),
    "10 MB": (put(D1_D2="9" * 30_000), "D1!D2: '9999"),
    "N/A alone": (put(D2_D3="N/A"), "D2!E3: N/A needs a reason."),
    "remarks alone": (put(D3_F4="We do much"), "D3!D4: there are remarks, but no answer."),
    "a yes alone": (put(D3_L4="yes"), "D3!D4: there are remarks, but no answer."),
    "no support": (put(D3_D4=1, D3_L4="no"), "D3!L4: 'no' is not there to choose; use yes"),
    "confidence": (put(D3_D4=1, D3_I4="sure"), "D3!I4: 'sure' is not there to choose; use low, "),
    "priority": (put(D3_D4=1, D3_J4=6), "D3!J4: '6' is not there to choose; use 1, 2, 3, 4, 5"),
    "target": (put(D3_D4=1, D3_K4="6"), "D3!K4: '6' is not there to choose; use 0, 1, 2"),
    "wrong code": (put(D4_A2="D9.9", D4_D2=3), "D4!A2: The guide has no question 'D9.9'."),
    "no code": (put(D4_A2=None, D4_D2=3), "D4!A2: The row has no key."),
    "long comment": (put(D5_D2=1, D5_F2="x" * 10_001), "D5!A2: comment: String should have at most"),
    "twice": (put(D5_A3="D5.1", D5_D2=1, D5_D3=2), "D5!A3: Doubled: the same key as line 2."),
    "columns moved": (put(D6_E1="Comment", D6_D2=3), "D6!A1: the columns are not those that went out"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_cell_is_named_by_sheet_and_cell_and_the_others_are_taken(
    take: Take, fill: Fill, lite: Store, case: str
) -> None:
    edit, said = WRONG[case]

    def fill_in(book: openpyxl.Workbook) -> None:
        edit(book)
        book["D7"]["D2"] = 4

    done = take(fill(fill_in))

    [refused] = done.refused
    assert refused.reason.startswith(said)
    assert len(refused.reason) < 250
    assert answers(lite)["D7.1"] == {"state": "answered", "level": 4, "guide": "0.1"}
    assert set(answers(lite)) <= {"D7.1", "D5.1"}


COVERS: dict[str, tuple[dict[str, Any], str]] = {
    "another cycle": ({"B3": "2031-1"}, "D1!A2: '2031-1' is not a cycle; use one of 2023-1, 2024-1."),
    "another country": ({"B2": "Norway"}, "D1!A2: 'Norway' is not one of the EU's 27 member states."),
}  # fmt: skip


@pytest.mark.parametrize("case", COVERS)
def test_a_wrong_cover_takes_nothing(take: Take, fill: Fill, lite: Store, case: str) -> None:
    cells, said = COVERS[case]

    def edit(book: openpyxl.Workbook) -> None:
        book["D1"]["D2"] = 3
        for cell, value in cells.items():
            book["Read me"][cell] = value

    done = take(fill(edit))

    assert [one.reason for one in done.refused] == [said]
    assert lite.current("answer") == ()


def test_a_cover_without_country_is_unreadable_in_words(take: Take, fill: Fill) -> None:
    done = take(fill(lambda book: book["Read me"].delete_rows(2)))

    assert [fault.what for fault in done.unreadable] == [
        "answers.xlsx: the sheet 'Read me' does not say country and cycle."
    ]


def test_a_removed_sheet_leaves_its_answers_and_a_strange_one_is_told(
    take: Take, fill: Fill, lite: Store
) -> None:
    give(lite, "D1.1", FULL)

    def edit(book: openpyxl.Workbook) -> None:
        del book["D1"]
        book.create_sheet("My notes")

    done = take(fill(edit))

    assert answers(lite) == {"D1.1": FULL}
    assert [one.reason for one in done.notes] == [
        "The sheet D1 is missing; its answers stay.",
        "The sheet 'My notes' is none of the guide's; it is not read.",
    ]


def test_merged_answers_count_for_the_first_row_alone(take: Take, fill: Fill, lite: Store) -> None:
    def edit(book: openpyxl.Workbook) -> None:
        book["D1"]["D2"] = 3
        book["D1"].merge_cells("D2:D4")

    done = take(fill(edit))

    assert done.refused == ()
    assert sorted(answers(lite)) == ["D1.1"]


def test_a_workbook_of_others_with_a_cover_is_read_as_a_table(
    take: Take, lite: Store, tmp_path: Path
) -> None:
    book = openpyxl.Workbook()
    for row in (["kind", "key", "country", "name"], ["agent", "a1", "PT", "Lab"]):
        book.worksheets[0].append(row)
    book.create_sheet("Read me").append(["Made by", "someone"])
    book.save(tmp_path / "theirs.xlsx")

    done = take(tmp_path / "theirs.xlsx")

    assert done.unreadable == ()
    assert [one.key for one in lite.current("agent")] == ["a1"]


def test_a_sheet_filled_in_for_another_store_is_taken_there(
    take: Take, fill: Fill, lite: Store, store: Store
) -> None:
    give(lite, "D1.1", FULL)
    path = fill(put(D1_D3=2))

    done = take(path, store=store)

    assert done.refused == ()
    assert answers(store) == {
        "D1.1": FULL,
        "D1.2": {"state": "answered", "level": 2, "guide": "0.1"},
    }
