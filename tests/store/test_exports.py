"""The record out and in again: nothing is lost, nothing is a formula, code and label stand side by side."""

import csv
import io
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from ncc_kernel.errors import Rejected
from ncc_kernel.model.kinds import PEOPLES_KINDS
from ncc_kernel.model.revision import Draft, Payload
from ncc_kernel.store.answers_sheet import write_answers_sheet
from ncc_kernel.store.catalogue import Catalogue
from ncc_kernel.store.exports import read_entries, to_csv, to_jsonl, to_xlsx
from ncc_kernel.store.imports import Report
from ncc_kernel.store.log import Store

NOW = datetime(2024, 5, 6, tzinfo=UTC)
Take = Callable[..., Report]
HOSTILE = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1+1",
    "'=1+1",
    "''",
    "=cmd|' /C calc'!A0",
    "<script>alert(1)</script>",
    "</script><svg onload=alert(1)>",
    "/etc/passwd",
    "../../etc/passwd",
    "{{7*7}}${7*7}",
    "javascript:alert(1)",
    "a|b\\|c\\",
    'quotes " and , and ; and \t tab',
    "line\u2028separator\u2029and\x0bmore",
    "two\nlines\r\nand a third",
    "\u202eright to left \u05e9\u05dc\u05d5\u05dd",
    "\N{FAMILY} e\u0301 zero\u200bwidth",
    "NULL",
    "0012",
    "1e308",
    "_x0041_",
    "a (label)",
    "\x00NUL and \x1b escape",
    "\ud800 half a pair",
)


def entries_of(text: str) -> list[tuple[str, str, str, Payload]]:
    """One entry of each kind with the text wherever people can type."""
    place = {"name": text, "nuts": text, "lat": 38.7, "lon": -9.1, "precision": "nuts3"}
    both = {"source": text, "note": text}
    return [
        ("challenge", "-", "c1", both | {"title": text, "description": text, "csr": text}),
        ("agent", "-", "a1", both | {"name": text, "size": text, "place": place, "objectives": ["ESO4.1", "ESO4.8"], "needs": {"scaling": 0}}),
        ("initiative", "-", "i1", both | {"title": text, "summary": text, "themes": [text, "b"], "start": "2024-02-03", "challenges": ["c1"], "visibility": "public"}),
        ("link", "-", "l1", both | {"agent": "a1", "target": "i1", "kind": "leads"}),
        ("answer", "2024-1", "D1.1", {"state": "answered", "level": 3, "comment": text, "evidence": text, "evidence_link": text, "offers": True, "guide": "0.1"}),
        ("answer", "2024-1", "D1.2", {"state": "not_applicable", "reason": "so " + text, "guide": "0.1"}),
    ]  # fmt: skip


def record(store: Store, text: str) -> None:
    drafts = [
        Draft("PT", cycle, kind, key, None, raw) for kind, cycle, key, raw in entries_of(text)
    ]
    assert len(store.append(drafts, author="=rui", at=NOW).written) == len(drafts)


def held(store: Store) -> dict[tuple[str, ...], Payload | None]:
    return {one.address: one.payload for kind in PEOPLES_KINDS for one in store.current(kind)}


Put = Callable[[Store, Catalogue, Path], Path]


def jsonl(store: Store, catalogue: Catalogue, folder: Path) -> Path:
    path = folder / "all.jsonl"
    path.write_text(to_jsonl(read_entries(store, PEOPLES_KINDS, cycle="2024-1")), encoding="utf-8")
    return path


def table(store: Store, catalogue: Catalogue, folder: Path) -> Path:
    path = folder / "all.csv"
    entries = read_entries(store, PEOPLES_KINDS, cycle="2024-1")
    path.write_bytes(to_csv(entries, catalogue).encode())
    return path


def sheet(store: Store, catalogue: Catalogue, folder: Path) -> Path:
    path = folder / "all.xlsx"
    entries = read_entries(store, PEOPLES_KINDS, cycle="2024-1")
    path.write_bytes(to_xlsx(entries, catalogue))
    return path


FORMATS: dict[str, Put] = {"jsonl": jsonl, "csv": table, "xlsx": sheet}


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_in_every_field_comes_back_as_it_was(
    take: Take, lite: Store, catalogue: Catalogue, tmp_path: Path, form: str, text: str
) -> None:
    record(lite, text)
    before, seq = held(lite), lite.last_seq()

    done = take(FORMATS[form](lite, catalogue, tmp_path))

    assert (done.refused, done.unreadable, done.conflicts) == ((), (), ())
    assert held(lite) == before
    assert (lite.last_seq(), done.files[0].unchanged) == (seq, 6)


@pytest.mark.parametrize("form", FORMATS)
def test_an_export_fills_an_empty_store_with_the_same_entries(
    take: Take, lite: Store, store: Store, catalogue: Catalogue, tmp_path: Path, form: str
) -> None:
    record(lite, "plain text")

    done = take(FORMATS[form](lite, catalogue, tmp_path), store=store)

    assert (done.refused, done.notes) == ((), ())
    assert done.files[0].new == 6
    assert held(store) == held(lite)


@pytest.mark.parametrize("form", FORMATS)
def test_a_change_since_the_export_is_a_conflict_when_it_comes_back(
    take: Take, lite: Store, catalogue: Catalogue, tmp_path: Path, form: str
) -> None:
    record(lite, "plain text")
    path = FORMATS[form](lite, catalogue, tmp_path)
    replace_text(path, "plain text", "mine")
    [was] = lite.current("agent")
    theirs = Draft("PT", "-", "agent", "a1", was.seq, {"name": "theirs"})
    lite.append([theirs], author="rui", at=NOW)

    done = take(path)

    assert [one.reason for one in done.refused] == [
        "Conflict: rui changed it meanwhile to theirs; yours is mine."
    ]
    assert held(lite)["agent", "PT", "-", "a1"] == {"name": "theirs"}
    assert (held(lite)["challenge", "PT", "-", "c1"] or {})["title"] == "mine"


def replace_text(path: Path, old: str, new: str) -> None:
    if path.suffix != ".xlsx":
        path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
        return
    book = openpyxl.load_workbook(path)
    for row in book.worksheets[0].iter_rows():
        for cell in row:
            if isinstance(cell.value, str):
                cell.value = cell.value.replace(old, new)
    book.save(path)


def read_csv(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("text", HOSTILE[:8])
def test_no_cell_is_a_formula(lite: Store, catalogue: Catalogue, text: str) -> None:
    record(lite, text)
    entries = read_entries(lite, PEOPLES_KINDS)

    rows = read_csv(to_csv(entries, catalogue))
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx(entries, catalogue)))

    cells = [cell for row in rows for cell in row.values()]
    assert [cell for cell in cells if cell.startswith(("=", "+", "-1", "@", "\t", "\r"))] == []
    found = [
        cell for row in book.worksheets[0].iter_rows() for cell in row if cell.value is not None
    ]
    assert {cell.data_type for cell in found} == {"s"}
    assert [c.value for c in found if str(c.value).startswith(("=", "+", "-1", "@", "\t"))] == []
    assert [cell.hyperlink for cell in found if cell.hyperlink] == []


def test_code_and_label_and_the_guides_version_stand_in_each_row(
    lite: Store, catalogue: Catalogue
) -> None:
    record(lite, "x")
    lite.append(
        [Draft("PT", "-", "agent", "a2", None, {"name": "Lab", "type": "si_lab"})],
        author="t",
        at=NOW,
    )

    rows = {
        row["key"]: row for row in read_csv(to_csv(read_entries(lite, PEOPLES_KINDS), catalogue))
    }

    question = catalogue.guide.question("D1.1")
    assert (rows["D1.1"]["guide"], rows["D1.2"]["guide"]) == ("0.1", "0.1")
    assert rows["D1.1"]["key (label)"] == question.statement
    assert (rows["D1.1"]["level"], rows["D1.1"]["level (label)"]) == ("3", question.levels[3])
    assert (rows["D1.2"]["level"], rows["D1.2"]["level (label)"]) == ("", "")
    assert (rows["a2"]["type"], rows["a2"]["type (label)"]) == (
        "si_lab", "Social innovation lab, incubator or hub",
    )  # fmt: skip
    assert (rows["l1"]["kind"], rows["l1"]["link_kind"], rows["l1"]["link_kind (label)"]) == (
        "link", "leads", "Leads",
    )  # fmt: skip
    assert rows["a1"]["objectives"] == "ESO4.1|ESO4.8"
    assert rows["a1"]["objectives (label)"] == "Access to employment, Active inclusion"
    assert rows["i1"]["visibility (label)"] == "Public"


def test_a_line_of_json_says_who_and_when_and_from_which_seq(lite: Store) -> None:
    record(lite, "x")

    [line] = [json.loads(line) for line in to_jsonl(lite.current("agent")).splitlines()]

    assert (line["author"], line["at"]) == ("=rui", "2024-05-06T00:00:00+00:00")
    assert line["seq"] == lite.current("agent")[0].seq
    assert line["payload"]["name"] == "x"


def test_an_export_is_narrowed_by_kind_country_and_cycle(lite: Store) -> None:
    record(lite, "x")

    def keys(*kinds: str, **where: Any) -> list[str]:
        return [one.key for one in read_entries(lite, kinds, **where)]

    assert keys("agent", "answer", cycle="2024-1") == ["a1", "D1.1", "D1.2"]
    assert keys("agent", "answer", cycle="2023-1") == ["a1"]
    assert keys("agent", "answer", country="ES") == []


def test_the_same_record_gives_the_same_bytes_of_xlsx(lite: Store, catalogue: Catalogue) -> None:
    record(lite, "x")
    entries = read_entries(lite, PEOPLES_KINDS)

    def made() -> tuple[bytes, bytes]:
        return to_xlsx(entries, catalogue), write_answers_sheet(lite, catalogue, "PT", "2024-1")

    first = made()
    time.sleep(2.1)  # a zip's clock ticks every two seconds

    assert made() == first


def test_an_empty_record_is_a_table_without_rows(lite: Store, catalogue: Catalogue) -> None:
    assert to_jsonl(()) == ""
    assert read_csv(to_csv((), catalogue)) == []
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx((), catalogue)))
    assert book.worksheets[0].max_row == 1


def test_what_does_not_fit_a_cell_of_xlsx_is_told_and_not_cut(
    lite: Store, catalogue: Catalogue
) -> None:
    payload = {"title": "x", "themes": [f"{n:0400}" for n in range(100)]}
    lite.append([Draft("PT", "-", "initiative", "i1", None, payload)], author="t", at=NOW)

    with pytest.raises(Rejected, match="i1"):
        to_xlsx(lite.current("initiative"), catalogue)
