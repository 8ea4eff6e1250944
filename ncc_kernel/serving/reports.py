"""Published briefs, as the batch wrote them, in a sandbox: nothing in one can act as its reader."""

from http import HTTPStatus

from tornado.web import HTTPError

from ncc_kernel.model.book import BOOKS, Book
from ncc_kernel.model.revision import EU
from ncc_kernel.serving.plain import Page
from ncc_kernel.store.catalogue import Catalogue
from ncc_kernel.workbook.arguments import topics_of

SANDBOX = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

PUBLISHED = {"06_country_brief", "07_eu_overview", "00_programme", "05_seminar"}
"""What anybody signed in may read; the other pages show one team's work."""


class Report(Page):
    """`/reports/<cycle>/<country>/<page>`: a name from lists that we hold, never a path."""

    policy = SANDBOX

    def get(self, cycle: str, country: str, name: str) -> None:
        """The page as it lies there."""
        catalogue = self.service.catalogue
        book = next((one for one in BOOKS if name in _pages(one, catalogue)), None)
        cycles = {one.code for one in catalogue.cycles()}
        if book is None or cycle not in cycles or country not in (*catalogue.codes, EU):
            raise HTTPError(HTTPStatus.NOT_FOUND)
        theirs = self.account.role == "coordinator" or self.account.country == country
        if book.name not in PUBLISHED and not theirs:
            raise HTTPError(HTTPStatus.FORBIDDEN)
        path = self.service.home.cycle_reports(cycle) / country / name
        if not path.is_file():
            raise HTTPError(HTTPStatus.NOT_FOUND)
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish(path.read_bytes())


def _pages(book: Book, catalogue: Catalogue) -> set[str]:
    """The names of the pages that the batch makes of it."""
    return {book.path(EU, topic).name for topic in topics_of(book, catalogue) or ("",)}
