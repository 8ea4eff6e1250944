"""The workbooks there are: for whom each is made and which page comes of it."""

from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Literal

from ncc_kernel.errors import ParameterRejected
from ncc_kernel.model.parameters import NAMES, TOPIC
from ncc_kernel.model.programme import Programme
from ncc_kernel.model.revision import EU


@dataclass(frozen=True, slots=True)
class Book:
    """A workbook: its notebook's name, whether it is made per country or once, and its page.

    One with `by_topic` is made once for each topic of the programme's seminars.
    """

    name: str
    title: str
    scope: Literal["country", "EU"]
    page: str
    by_topic: bool = False

    @property
    def notebook(self) -> str:
        """The file under `workbooks/`."""
        return f"{self.name}.ipynb"

    def codes(self, countries: tuple[str, ...]) -> tuple[str, ...]:
        """Whom this workbook is made for, among these countries."""
        return (EU,) if self.scope == "EU" else countries

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of its parameters."""
        return (*NAMES, TOPIC) if self.by_topic else NAMES

    def topics(self, programme: Programme) -> tuple[str, ...]:
        """The topics that it has a page for; none when it has one page alone."""
        return tuple(one.code for one in programme.seminars) if self.by_topic else ()

    def titled(self, topic: str = "") -> str:
        """The workbook's title, with the topic where it has one."""
        return f"{self.title} on {topic.replace('_', ' and ')}" if topic else self.title

    def named(self, topic: str = "") -> str:
        """The workbook's name, with the topic where it has one."""
        return f"{self.name}-{topic}" if topic else self.name

    def path(self, country: str, topic: str = "") -> PurePosixPath:
        """The page under `reports/<cycle>/`."""
        page = PurePosixPath(country, self.page)
        return page.with_stem(f"{page.stem}-{topic}") if topic else page


BOOKS = (
    Book("00_programme", "Programme", "country", "00_programme.html"),
    Book("01_self_assessment", "Self-assessment", "country", "01_self_assessment.html"),
    Book("02_ecosystem_mapping", "Ecosystem mapping", "country", "02_ecosystem_mapping.html"),
    Book("03_cocreation", "Co-creation", "country", "03_cocreation.html"),
    Book("04_scaling", "Scaling", "country", "04_scaling.html"),
    Book("05_seminar", "Seminar", "EU", "05_seminar.html", by_topic=True),
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
