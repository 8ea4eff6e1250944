"""A team's answers as an XLSX: one sheet a dimension, filled offline, read back as it went out.

Each row carries the seq it was made from, so that what two people changed at once is found.
"""

import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from ncc_kernel.errors import Rejected, Unreadable
from ncc_kernel.model.answer import Answer
from ncc_kernel.model.guide import Question
from ncc_kernel.store.candidates import Batch, Candidate, Refused
from ncc_kernel.store.catalogue import Catalogue
from ncc_kernel.store.log import Store
from ncc_kernel.store.sheets import cell_text, escape, open_xlsx, read_bytes, unescape

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
    return COVER in book.sheetnames


def read_answers_sheet(path: Path, catalogue: Catalogue, batch: Batch) -> None:
    """Candidates from a filled XLSX; a cell that cannot be is named by sheet and cell."""
    book = open_xlsx(path, read_bytes(path))
    cover = {
        cell_text(row[0]): cell_text(row[1])
        for row in book[COVER].iter_rows(values_only=True)
        if len(row) > 1
    }
    if "Country" not in cover or "Cycle" not in cover:
        raise Unreadable(
            f"{path.name}: the sheet {COVER!r} does not say country and cycle.", "export it again"
        )
    batch.rows[path.name] = 0
    for dimension in catalogue.guide.dimensions:
        if dimension.code not in book.sheetnames:
            batch.notes.append(
                Refused(
                    path.name,
                    0,
                    dimension.code,
                    f"The sheet {dimension.code} is missing; its answers stay.",
                )
            )
            continue
        rows = book[dimension.code].iter_rows(values_only=True, max_row=200, max_col=len(COLUMNS))
        for line, cells in enumerate(rows, start=1):
            if line > 1 and cells and cells[0]:
                _read_row(path.name, dimension.code, line, cells, cover, batch)


def _read_row(
    file: str, sheet: str, line: int, cells: tuple[object, ...], cover: dict[str, str], batch: Batch
) -> None:
    batch.rows[file] += 1
    said = {
        name: unescape(cell_text(cell)).strip() for name, cell in zip(COLUMNS, cells, strict=False)
    }
    try:
        payload = _payload(said, sheet, line, cover.get("Guide", ""))
    except Rejected as fault:
        batch.refused.append(Refused(file, line, said["code"], fault.what))
        return
    seq = said.get("seq", "")
    base = int(seq) if seq.isascii() and seq.isdigit() and int(seq) else None
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
        )
    )


def _payload(said: dict[str, str], sheet: str, line: int, guide: str) -> dict[str, Any] | None:
    given = said.get("answer", "")
    rest = {
        name: said[name] for name in (*TEXTS, "confidence", "priority", "target") if said.get(name)
    }
    flags = {name: True for name in ("offers", "needs") if said.get(name)}
    if not given:
        if rest or flags:
            raise Rejected(f"{sheet}!D{line}: there are remarks, but no answer.")
        return None
    folded = given.casefold().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    if folded in ("n/a", "na", "not applicable"):
        return {"state": "not_applicable", "guide": guide, **rest, **flags}
    if folded in ("don't know", "dk", "dont know"):
        return {"state": "dont_know", "guide": guide, **rest, **flags}
    if given not in ("0", "1", "2", "3", "4", "5"):
        raise Rejected(
            f"{sheet}!D{line}: {given[:40]!r} is no answer; write 0 to 5, N/A or don't know."
        )
    return {"state": "answered", "level": int(given), "guide": guide, **rest, **flags}
