"""The workbooks there are: for whom each is made and which page comes of it."""

from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Literal

from ncc_kernel.errors import ParameterRejected
from ncc_kernel.model.revision import EU


@dataclass(frozen=True, slots=True)
class Book:
    """A workbook: its notebook's name, whether it is made per country or once, and its page."""

    name: str
    title: str
    scope: Literal["country", "EU"]
    page: str

    @property
    def notebook(self) -> str:
        """The file under `workbooks/`."""
        return f"{self.name}.ipynb"

    def codes(self, countries: tuple[str, ...]) -> tuple[str, ...]:
        """Whom this workbook is made for, among these countries."""
        return (EU,) if self.scope == "EU" else countries

    def path(self, country: str) -> PurePosixPath:
        """The page under `reports/<cycle>/`."""
        return PurePosixPath(country, self.page)


BOOKS = (
    Book("00_programme", "Programme", "country", "00_programme.html"),
    Book("01_self_assessment", "Self-assessment", "country", "01_self_assessment.html"),
    Book("02_ecosystem_mapping", "Ecosystem mapping", "country", "02_ecosystem_mapping.html"),
    Book("06_country_brief", "Country brief", "country", "brief.html"),
    Book("07_eu_overview", "EU overview", "EU", "overview.html"),
)


def book_named(name: str) -> Book:
    """The workbook of that name."""
    for book in BOOKS:
        if book.name == name:
            return book
    known = ", ".join(book.name for book in BOOKS)
    raise ParameterRejected(f"{name!r} is not a workbook.", f"use one of {known}")
