"""A team's answers as an XLSX: one sheet a dimension, filled offline, read back as it went out.

Each row carries the seq it was made from, so that what two people changed at once is found.
"""

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from ncc_kernel.errors import Rejected, Unreadable
from ncc_kernel.model.answer import Answer
from ncc_kernel.model.guide import Question
from ncc_kernel.store.candidates import Batch, Candidate, Refused, parse_seq
from ncc_kernel.store.catalogue import Catalogue
from ncc_kernel.store.log import Store
from ncc_kernel.store.sheets import escape, open_xlsx, read_bytes, xlsx_rows

COVER = "Read me"
MARK = "NCC self-assessment"
NOT_APPLICABLE, DONT_KNOW = "N/A", "don't know"
TEXTS = ("reason", "comment", "evidence", "evidence_link")
CHOICES: dict[str, list[Any]] = {
    "confidence": ["low", "medium", "high"],
    "priority": [1, 2, 3, 4, 5],
    "target": [0, 1, 2, 3, 4, 5],
    "offers": ["yes"],
    "needs": ["yes"],
}
COLUMNS = ("code", "statement", "levels", "answer", *TEXTS, *CHOICES, "seq")
FILLED = ("answer", *TEXTS, *CHOICES)
HEADS = {
    "code": "Code",
    "statement": "Statement",
    "levels": "What each level means",
    "answer": "Answer: 0 to 5, N/A or don't know",
    "reason": "Reason (needed for N/A)",
    "comment": "Comment",
    "evidence": "Evidence",
    "evidence_link": "Link to evidence",
    "confidence": "Confidence",
    "priority": "Priority, 1 to 5",
    "target": "Target in 12 months, 0 to 5",
    "offers": "Can offer support",
    "needs": "Needs support",
    "seq": "Do not change",
}


def write_answers_sheet(store: Store, catalogue: Catalogue, country: str, cycle: str) -> bytes:
    """The XLSX of a country and cycle with its current answers; the same record, the same bytes."""
    given = {one.key: one for one in store.current("answer", country=country, cycle=cycle)}
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(buffer, options)
    book.set_properties({"title": MARK, "created": datetime(2024, 1, 1, tzinfo=UTC)})
    _cover(book, catalogue, country, cycle)
    for dimension in catalogue.guide.dimensions:
        sheet = book.add_worksheet(dimension.code)
        _head(book, sheet)
        for row, question in enumerate(catalogue.guide.questions_of(dimension.code), start=1):
            found = given.get(question.code)
            answer = Answer.model_validate(found.payload) if found else None
            _row(book, sheet, row, question, answer, found.seq if found else None)
    book.close()
    return buffer.getvalue()


def _cover(book: Any, catalogue: Catalogue, country: str, cycle: str) -> None:
    sheet = book.add_worksheet(COVER)
    sheet.set_column(0, 0, 16)
    sheet.set_column(1, 1, 90, book.add_format({"text_wrap": True, "valign": "top"}))
    guide = catalogue.guide
    facts = (
        (MARK, guide.title),
        ("Country", country),
        ("Cycle", cycle),
        ("Guide", guide.version),
        ("Status", guide.status),
        ("How", guide.intro),
        (
            "Then",
            "Save the file and bring it back: ncc import FILE.xlsx. An empty answer is not answered.",
        ),
    )
    for row, (name, value) in enumerate(facts):
        sheet.write_string(row, 0, name)
        sheet.write_string(row, 1, value)


def _head(book: Any, sheet: Any) -> None:
    bold = book.add_format(
        {"bold": True, "bg_color": "#003399", "font_color": "#ffffff", "text_wrap": True}
    )
    for column, name in enumerate(COLUMNS):
        sheet.write_string(0, column, HEADS[name], bold)
    sheet.freeze_panes(1, 2)
    sheet.set_column(0, 0, 7)
    sheet.set_column(1, 2, 46)
    sheet.set_column(3, 3, 14)
    sheet.set_column(4, 7, 30)
    sheet.set_column(8, 12, 12)
    sheet.set_column(len(COLUMNS) - 1, len(COLUMNS) - 1, 8, None, {"hidden": True})
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _row(
    book: Any, sheet: Any, row: int, question: Question, answer: Answer | None, seq: int | None
) -> None:
    plain = book.add_format({"text_wrap": True, "valign": "top"})
    entry = book.add_format(
        {"text_wrap": True, "valign": "top", "bg_color": "#fff4dd", "border": 1}
    )
    said = _said(answer)
    levels = "\n".join(f"{level} {words}" for level, words in enumerate(question.levels))
    fixed = {"code": question.code, "statement": question.statement, "levels": levels}
    for column, name in enumerate(COLUMNS):
        if name in fixed:
            sheet.write_string(row, column, fixed[name], plain)
        elif name == "seq":
            sheet.write(row, column, seq if seq is not None else 0)
        elif isinstance(said.get(name), int):
            sheet.write_number(row, column, said[name], entry)
        else:
            sheet.write_string(row, column, escape(str(said.get(name, ""))), entry)
    _choice(sheet, row, "answer", [*range(6), NOT_APPLICABLE, DONT_KNOW])
    for name, choices in CHOICES.items():
        _choice(sheet, row, name, choices)


def _choice(sheet: Any, row: int, name: str, choices: list[Any]) -> None:
    column = COLUMNS.index(name)
    rule = {"validate": "list", "source": choices, "error_message": f"Choose from {choices}"}
    sheet.data_validation(row, column, row, column, rule)


def _said(answer: Answer | None) -> dict[str, Any]:
    if answer is None:
        return {}
    words = {"not_applicable": NOT_APPLICABLE, "dont_know": DONT_KNOW}
    said: dict[str, Any] = {"answer": words.get(answer.state, answer.level)}
    said |= {name: getattr(answer, name) for name in TEXTS if getattr(answer, name)}
    for name in ("confidence", "priority", "target"):
        if (value := getattr(answer, name)) is not None:
            said[name] = value
    return said | {name: "yes" for name in ("offers", "needs") if getattr(answer, name)}


def is_answers_sheet(path: Path) -> bool:
    """Whether the XLSX is one that went out from here."""
    book = open_xlsx(path, read_bytes(path))
    return COVER in book.sheetnames and MARK in _cover_of(path, book)


def _cover_of(path: Path, book: Any) -> dict[str, str]:
    return {cells[0]: cells[1] for _, cells in xlsx_rows(path, book, COVER) if len(cells) > 1}


def read_answers_sheet(path: Path, file: str, catalogue: Catalogue, batch: Batch) -> None:
    """Candidates from a filled XLSX; a cell that cannot be is named by sheet and cell."""
    book = open_xlsx(path, read_bytes(path))
    cover = _cover_of(path, book)
    if "Country" not in cover or "Cycle" not in cover:
        raise Unreadable(
            f"{path.name}: the sheet {COVER!r} does not say country and cycle.", "export it again"
        )
    batch.rows[file] = 0
    codes = [dimension.code for dimension in catalogue.guide.dimensions]
    notes = [f"The sheet {code} is missing; its answers stay." for code in codes]
    notes = [note for code, note in zip(codes, notes, strict=True) if code not in book.sheetnames]
    strange = [name for name in book.sheetnames if name not in (COVER, *codes)]
    notes += [f"The sheet {name!r} is none of the guide's; it is not read." for name in strange]
    batch.notes += [Refused(file, 0, "", note) for note in notes]
    for code in codes:
        if code in book.sheetnames:
            _read_sheet(file, code, xlsx_rows(path, book, code), cover, batch)


def _read_sheet(
    file: str,
    sheet: str,
    rows: Iterator[tuple[int, list[str]]],
    cover: dict[str, str],
    batch: Batch,
) -> None:
    _, heads = next(rows, (1, []))
    if heads[: len(COLUMNS)] != [HEADS[name] for name in COLUMNS]:
        reason = f"{sheet}!A1: the columns are not those that went out; no answer of it is taken."
        batch.refused.append(Refused(file, 1, sheet, reason))
        return
    for line, cells in rows:
        said = {name: cell.strip() for name, cell in zip(COLUMNS, cells, strict=False)}
        if said["code"] or any(said.get(name) for name in FILLED):
            batch.rows[file] += 1
            _read_row(file, sheet, line, said, cover, batch)


def _read_row(
    file: str, sheet: str, line: int, said: dict[str, str], cover: dict[str, str], batch: Batch
) -> None:
    try:
        payload = _payload(said, sheet, line, cover.get("Guide", ""))
    except Rejected as fault:
        batch.refused.append(Refused(file, line, said["code"], fault.what))
        return
    base = parse_seq(said.get("seq", ""))
    if payload is None and base is None:
        return
    batch.candidates.append(
        Candidate(
            file,
            line,
            "answer",
            said["code"],
            cover["Country"],
            cover["Cycle"],
            payload,
            base,
            based=True,
            where=f"{sheet}!A{line}",
        )
    )


def _payload(said: dict[str, str], sheet: str, line: int, guide: str) -> dict[str, Any] | None:
    given = said.get("answer", "")
    rest: dict[str, Any] = {name: said[name] for name in TEXTS if said.get(name)}
    rest |= {name: _chosen(said[name], name, sheet, line) for name in CHOICES if said.get(name)}
    if not given:
        if rest:
            raise Rejected(f"{_place(sheet, 'answer', line)}: there are remarks, but no answer.")
        return None
    folded = given.casefold().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    if folded in ("n/a", "na", "not applicable"):
        if not said.get("reason"):
            raise Rejected(f"{_place(sheet, 'reason', line)}: N/A needs a reason.")
        return {"state": "not_applicable", "guide": guide, **rest}
    if folded in ("don't know", "dk", "dont know"):
        return {"state": "dont_know", "guide": guide, **rest}
    if given not in ("0", "1", "2", "3", "4", "5"):
        place = _place(sheet, "answer", line)
        raise Rejected(f"{place}: {given[:40]!r} is no answer; write 0 to 5, N/A or don't know.")
    return {"state": "answered", "level": int(given), "guide": guide, **rest}


def _chosen(given: str, name: str, sheet: str, line: int) -> object:
    for choice in CHOICES[name]:
        if str(choice) == given.casefold():
            return True if choice == "yes" else choice
    place, known = _place(sheet, name, line), ", ".join(map(str, CHOICES[name]))
    raise Rejected(
        f"{place}: {given[:40]!r} is not there to choose; use {known} or leave it empty."
    )


def _place(sheet: str, name: str, line: int) -> str:
    return f"{sheet}!{'ABCDEFGHIJKLMN'[COLUMNS.index(name)]}{line}"
