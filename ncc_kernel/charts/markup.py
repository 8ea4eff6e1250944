"""Pieces of a page. Whatever a person typed is escaped where it enters the HTML, here and nowhere else."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from markupsafe import Markup, escape

from ncc_kernel.model.text import day_words

Cell = str | int | float | date | Markup | None
MISSING = Markup('<span class="missing">no data</span>')


class Piece:
    """Something that shows itself in a notebook and on a page."""

    def html(self) -> Markup:
        """The HTML of this piece."""
        raise NotImplementedError

    def _repr_html_(self) -> str:
        return str(self.html())

    def __repr__(self) -> str:
        """Plain words, for a terminal and for readers of the notebook's JSON."""
        return " ".join(re.sub(r"<[^>]+>", " ", str(self.html())).split())[:400]


@dataclass(frozen=True, repr=False)
class Html(Piece):
    """HTML that is already safe."""

    content: Markup

    def html(self) -> Markup:
        """The content as it is."""
        return self.content


def typed(text: str) -> Markup:
    """What a person typed: shown as text, its direction kept from the words around it."""
    lines = Markup("<br>").join(escape(line) for line in text.split("\n"))
    return Markup("<bdi>{}</bdi>").format(lines)


def typed_or_none(text: str) -> Markup | None:
    """What was typed, or None, which a table shows as missing."""
    return typed(text) if text else None


_ADDRESS = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)\]]")


def linked(text: str) -> Markup:
    """What a person typed, with its web addresses as links; no other kind of address becomes one."""
    parts: list[Markup] = []
    at = 0
    for found in _ADDRESS.finditer(text):
        parts += [typed(text[at : found.start()])] if text[at : found.start()].strip() else []
        link = Markup('<a href="{0}" rel="noopener noreferrer">{0}</a>')
        parts.append(link.format(found[0]))
        at = found.end()
    rest = text[at:]
    return Markup(" ").join([*parts, *([typed(rest.strip())] if rest.strip() else [])])


@dataclass(frozen=True, repr=False)
class Table(Piece):
    """A table with a caption, column heads, and a row head in each first cell."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    numeric: frozenset[int] = field(default_factory=frozenset)

    def html(self) -> Markup:
        """A table that a screen reader can walk."""
        head = Markup("").join(
            Markup('<th scope="col"{}>{}</th>').format(self._kind(index), column)
            for index, column in enumerate(self.columns)
        )
        body = Markup("\n").join(self._row(row) for row in self.rows)
        return Markup(
            '<div class="scroll" tabindex="0" role="region" aria-label="{0}">'
            "<table><caption>{0}</caption><thead><tr>{1}</tr></thead>"
            "<tbody>{2}</tbody></table></div>"
        ).format(self.caption, head, body)

    def _row(self, row: Sequence[Cell]) -> Markup:
        first = Markup('<th scope="row">{}</th>').format(shown(row[0]))
        rest = (
            Markup("<td{}>{}</td>").format(self._kind(index), shown(cell))
            for index, cell in enumerate(row[1:], start=1)
        )
        return Markup("<tr>{}{}</tr>").format(first, Markup("").join(rest))

    def _kind(self, column: int) -> Markup:
        return Markup(' class="number"') if column in self.numeric else Markup("")


def shown(cell: Cell) -> Markup:
    """A cell's content: one decimal for measures, days and what is missing in words, text escaped."""
    if cell is None:
        return MISSING
    if isinstance(cell, float):
        return Markup(f"{cell:.1f}")
    if isinstance(cell, date):
        return Markup(day_words(cell))
    return cell if isinstance(cell, Markup) else escape(cell)


def section(heading: str, *parts: Markup, level: int = 2) -> Markup:
    """A heading with what stands under it."""
    return Markup("<h{0}>{1}</h{0}>{2}").format(level, heading, Markup("").join(parts))


def folded(summary: str, *parts: Markup) -> Markup:
    """What who reads on the screen opens; it is printed, for nothing else on the page says it."""
    return Markup('<details class="printed"><summary>{}</summary>{}</details>').format(
        summary, Markup("").join(parts)
    )


def beside(*parts: Markup) -> Markup:
    """Two and two side by side where there is room for both; what is empty takes none."""
    inner = (Markup("<div>{}</div>").format(part) for part in parts if part)
    return Markup('<div class="pair">{}</div>').format(Markup("").join(inner))


def paragraph(text: str | Markup, kind: str = "") -> Markup:
    """A paragraph; `kind` is a class of the style sheet."""
    return Markup("<p{}>{}</p>").format(
        Markup(' class="{}"').format(kind) if kind else Markup(""), text
    )


def listing(items: Iterable[str | Markup], *, ordered: bool = False, kind: str = "") -> Markup:
    """A list of items."""
    tag = Markup("ol" if ordered else "ul")
    of_kind = Markup(' class="{}"').format(kind) if kind else Markup("")
    inner = Markup("").join(Markup("<li>{}</li>").format(item) for item in items)
    return Markup("<{0}{1}>{2}</{0}>").format(tag, of_kind, inner)
