"""Tables as people hand them in: CSV and XLSX, read row by row with the line each stands on."""

import csv
import io
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import openpyxl
from charset_normalizer import from_bytes

from ncc_kernel.errors import Unreadable

LARGEST = 50_000_000
"""Bytes of a file, and of what an XLSX unpacks to four times over, beyond which it is not read."""

MOST_ROWS = 1_000_000
MOST_COLUMNS = 200
"""Of an XLSX: a sheet can say that it is 16 384 wide when it holds one cell."""

MOST_ALIKE = 5_000
"""Different cells of a table that are remembered, to keep what many rows say only once."""

CODE_PAGES = ("cp1250", "cp1252", "cp1251", "cp1253", "cp1257")
"""What Windows writes in the EU when it does not write UTF-8."""

ESCAPE = "'"
"""Stands before a cell that a spreadsheet would take for a formula; taken off on the way in."""

FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Row(NamedTuple):
    """One row: the line of the file on which it begins, and its cells by column, empty ones left out.

    `beyond` is what stands beyond the last column: a row with a comma too many.
    """

    line: int
    cells: dict[str, str]
    beyond: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table with its columns in order; `guessed` is a code page that nobody told us."""

    file: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    guessed: str = ""


def read_sheet(path: Path) -> Sheet:
    """The first table of a CSV or XLSX file, or Unreadable in a sentence."""
    raw = read_bytes(path)
    if path.suffix.lower() == ".xlsx":
        return _sheet(path, _xlsx_lines(path, raw))
    text, guessed = decode(path, raw)
    return replace(_sheet(path, _csv_lines(path, text)), guessed=guessed)


def _sheet(path: Path, lines: Iterator[tuple[int, list[str]]]) -> Sheet:
    header = next(lines, None)
    if header is None or not any(header[1]):
        raise Unreadable(f"{path.name} has no header line.", "the first line names the columns")
    columns = tuple(name.strip() for name in header[1])
    doubled = [name for name, count in Counter(columns).items() if name and count > 1]
    if doubled:
        raise Unreadable(f"{path.name} has the column {doubled[0]!r} twice.", "rename one of them")
    rows = tuple(
        _row(line, columns, cells) for line, cells in lines if any(cell.strip() for cell in cells)
    )
    return Sheet(path.name, tuple(name for name in columns if name), rows)


def _row(line: int, columns: tuple[str, ...], cells: list[str]) -> Row:
    named = {name: cell for name, cell in zip(columns, cells, strict=False) if cell and name}
    return Row(line, named, tuple(cell for cell in cells[len(columns) :] if cell.strip()))


def read_bytes(path: Path) -> bytes:
    """The file's bytes, when it is there, is not empty and is not too large."""
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise Unreadable(f"{path.name} is not a file.", "name a CSV, XLSX or JSONL file")
        if size > LARGEST:
            raise Unreadable(f"{path.name} is larger than {LARGEST // 1_000_000} MB.", "split it")
        raw = path.read_bytes()
    except OSError as fault:
        raise Unreadable(
            f"{path} cannot be read: {fault.strerror}.", "check name and rights"
        ) from None
    if not raw.strip(b"\x00\r\n\t "):
        raise Unreadable(f"{path.name} is empty.", "")
    return raw


def decode(path: Path, raw: bytes) -> tuple[str, str]:
    """The text of a file in UTF-8, in UTF-16 with its mark, or in the likeliest old code page.

    With it the code page, when it had to be guessed.
    """
    marked = raw.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        text, guessed = raw.decode("utf-16" if marked else "utf-8-sig"), ""
    except UnicodeDecodeError:
        best = None if marked else from_bytes(raw, cp_isolation=list(CODE_PAGES)).best()
        text, guessed = (str(best), best.encoding) if best is not None else ("\x00", "")
    if "\x00" in text:
        raise Unreadable(f"{path.name} is not text.", "save it as CSV in UTF-8")
    return text, guessed


def _csv_lines(path: Path, text: str) -> Iterator[tuple[int, list[str]]]:
    first = text.lstrip("\n").split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    csv.field_size_limit(LARGEST)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    line = 1
    alike: dict[str, str] = {}  # what many rows say is kept once
    try:
        for number, cells in enumerate(reader):
            if number > MOST_ROWS:
                raise Unreadable(f"{path.name} has more than {MOST_ROWS} rows.", "split it")
            known = alike.setdefault if len(alike) < MOST_ALIKE else alike.get
            said = [known(cell, cell) for cell in cells]
            yield line, [unescape(cell) if cell[:1] == ESCAPE else cell for cell in said]
            line = reader.line_num + 1
    except csv.Error as fault:
        raise Unreadable(f"{path.name}, line {line}: {fault}.", "save it again as CSV") from None


def open_xlsx(path: Path, raw: bytes) -> openpyxl.Workbook:
    """The workbook, read-only and without formulas, when it unpacks to a sane size."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as packed:
            if sum(part.file_size for part in packed.infolist()) > 4 * LARGEST:
                raise Unreadable(f"{path.name} unpacks to more than it should.", "save it anew")
            if any(part.filename.endswith("vbaProject.bin") for part in packed.infolist()):
                raise Unreadable(f"{path.name} holds macros.", "save it as XLSX without macros")
        return openpyxl.load_workbook(io.BytesIO(raw), read_only=True, data_only=True)
    except Unreadable:
        raise
    except Exception:  # noqa: BLE001  # openpyxl raises whatever its parsers meet
        raise Unreadable(f"{path.name} is not a readable XLSX file.", "save it as XLSX") from None


def xlsx_rows(path: Path, book: openpyxl.Workbook, sheet: str) -> Iterator[tuple[int, list[str]]]:
    """The rows of a sheet that are not empty, each with its number; a sheet is read as it is met."""
    try:
        rows = book[sheet].iter_rows(values_only=True, max_col=MOST_COLUMNS)
        for line, cells in enumerate(rows, start=1):
            if line > MOST_ROWS:
                raise Unreadable(f"{path.name} has more than {MOST_ROWS} rows.", "split it")
            if any(cell is not None for cell in cells):
                yield line, [unescape(cell_text(cell)) for cell in cells]
    except Unreadable:
        raise
    except Exception:  # noqa: BLE001  # openpyxl raises whatever its parsers meet
        raise Unreadable(
            f"{path.name}, sheet {sheet}, is damaged.", "open it and save it again as XLSX"
        ) from None


def _xlsx_lines(path: Path, raw: bytes) -> Iterator[tuple[int, list[str]]]:
    book = open_xlsx(path, raw)
    lines = xlsx_rows(path, book, book.sheetnames[0])
    header = next(lines, None)
    if header is None:
        return
    columns = header[1]
    while columns and not columns[-1]:
        columns.pop()
    yield header[0], columns
    yield from lines


def cell_text(cell: object) -> str:
    """A cell as text; a whole number without the .0 that spreadsheets add."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def escape(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return ESCAPE + text if text.startswith((*FORMULA, ESCAPE)) else text


def unescape(text: str) -> str:
    """What stood there before `escape`."""
    return text[1:] if text.startswith(ESCAPE) and text[1:].startswith((*FORMULA, ESCAPE)) else text
