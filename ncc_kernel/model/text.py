"""Text that people type: bounded, with what cannot be shown taken out."""

import re
import unicodedata
from datetime import date
from typing import Annotated

from pydantic import BeforeValidator, Field, StringConstraints

# C0 and C1 controls other than tab and line feed: no font shows them, PostgreSQL refuses NUL,
# and XML (so XLSX and SVG) refuses most of the rest.
_UNSHOWABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def showable(raw: object) -> object:
    """The text with line ends made one, and without characters that no page or sheet can hold."""
    if not isinstance(raw, str) or raw.isprintable():
        return raw
    return _UNSHOWABLE.sub("", raw.replace("\r\n", "\n").replace("\r", "\n"))


def day_words(day: date) -> str:
    """A day as people write it: 6 May 2024."""
    return f"{day.day} {day:%B %Y}"


def without_accents(text: str) -> str:
    """The text without accents and capitals, to compare and to search by."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(one for one in apart if not unicodedata.combining(one))


Line = Annotated[str, StringConstraints(max_length=400), BeforeValidator(showable)]
Lines = Annotated[tuple[Line, ...], Field(max_length=100)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=400), BeforeValidator(showable)]
Prose = Annotated[str, StringConstraints(max_length=10_000), BeforeValidator(showable)]
Key = Annotated[
    str,
    StringConstraints(min_length=1, max_length=120, pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]*$"),
    BeforeValidator(showable),
]
Keys = Annotated[tuple[Key, ...], Field(max_length=100)]
