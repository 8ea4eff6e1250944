"""Tables as people hand them in: CSV and XLSX, read row by row with the line each stands on."""

import csv
import io
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import openpyxl
from charset_normalizer import from_bytes

from ncc_kernel.errors import Unreadable

LARGEST = 50_000_000
"""Bytes of a file, and of what an XLSX unpacks to four times over, beyond which it is not read."""

MOST_ROWS = 1_000_000
ESCAPE = "'"
"""Stands before a cell that a spreadsheet would take for a formula; taken off on the way in."""

FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the line of the file on which it begins, and its cells by column."""

    line: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table with its columns in order."""

    file: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def read_sheet(path: Path) -> Sheet:
    """The first table of a CSV or XLSX file, or Unreadable in a sentence."""
    raw = read_bytes(path)
    lines = _xlsx_lines(path, raw) if path.suffix.lower() == ".xlsx" else _csv_lines(path, raw)
    header = next(lines, None)
    if header is None or not any(header[1]):
        raise Unreadable(f"{path.name} has no header line.", "the first line names the columns")
    columns = tuple(name.strip() for name in header[1])
    doubled = [name for name, count in Counter(columns).items() if name and count > 1]
    if doubled:
        raise Unreadable(f"{path.name} has the column {doubled[0]!r} twice.", "rename one of them")
    rows = tuple(
        Row(line, {name: cell for name, cell in zip(columns, cells, strict=False) if name})
        for line, cells in lines
        if any(cell.strip() for cell in cells)
    )
    return Sheet(path.name, tuple(name for name in columns if name), rows)


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


def decode(path: Path, raw: bytes) -> str:
    """The text of a file in UTF-8, in UTF-16 with its mark, or in the likeliest old code page."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        best = from_bytes(raw).best()
    if best is None:
        raise Unreadable(f"{path.name} is not text.", "save it as CSV in UTF-8")
    return str(best)


def _csv_lines(path: Path, raw: bytes) -> Iterator[tuple[int, list[str]]]:
    text = decode(path, raw)
    if "\x00" in text:
        raise Unreadable(f"{path.name} is not text.", "save it as CSV in UTF-8")
    first = text.lstrip("\n").split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    csv.field_size_limit(LARGEST)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    line = 1
    try:
        for number, cells in enumerate(reader):
            if number > MOST_ROWS:
                raise Unreadable(f"{path.name} has more than {MOST_ROWS} rows.", "split it")
            yield line, [unescape(cell) for cell in cells]
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


def _xlsx_lines(path: Path, raw: bytes) -> Iterator[tuple[int, list[str]]]:
    sheet = open_xlsx(path, raw).worksheets[0]
    for line, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
        if line > MOST_ROWS:
            raise Unreadable(f"{path.name} has more than {MOST_ROWS} rows.", "split it")
        yield line, [unescape(cell_text(cell)) for cell in cells]


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
