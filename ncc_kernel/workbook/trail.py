"""Links along a case: each entry has its place on a page, and what stands before and after leads there."""

from markupsafe import Markup

from ncc_kernel.analysis.cocreation import Ref
from ncc_kernel.charts.markup import typed
from ncc_kernel.model.book import book_named
from ncc_kernel.model.revision import EU
from ncc_kernel.workbook.reading import Reading

TOLD_IN = {
    "challenge": "03_cocreation",
    "process": "03_cocreation",
    "prototype": "03_cocreation",
    "practice": "04_scaling",
    "selection": "04_scaling",
}
"""The workbook in which an entry of each kind has its place."""


def placed(kind: str, ref: Ref, text: str) -> Markup:
    """What was typed, as the place that links lead to."""
    return Markup('<span id="{}">{}</span>').format(_mark(kind, ref), typed(text))


def leading(read: Reading, kind: str, ref: Ref, text: str) -> Markup:
    """What was typed, as a link to its place: on this page, or on the workbook's own."""
    return Markup('<a href="{}">{}</a>').format(_address(read, kind, ref), typed(text))


def _address(read: Reading, kind: str, ref: Ref) -> str:
    book = book_named(TOLD_IN[kind])
    mark = f"#{_mark(kind, ref)}"
    if read.book.name == book.name:
        return mark
    if read.parameters.mode == "edit":  # served pages stand beside each other, by workbook
        return f"{book.name}?country={ref[0]}&cycle={read.parameters.cycle}{mark}"
    folder = f"../{ref[0]}/" if read.parameters.country == EU else ""
    return f"{folder}{book.page}{mark}"


def _mark(kind: str, ref: Ref) -> str:
    return f"{kind}.{ref[1]}"
