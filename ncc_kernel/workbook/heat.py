"""Every piece of every workbook once, on a store of a moment: for a process that is going to fork.

Libraries look up, compile and remember a good deal when they are first used. Done before the fork
it is done once for all pages. Nothing of the record is read, and the store is gone afterwards; no
picture is drawn, as vl-convert must not be started in a process that forks.
"""

import tempfile
from datetime import UTC, datetime
from pathlib import Path

from ncc_kernel.charts.draw import blank
from ncc_kernel.model.book import BOOKS
from ncc_kernel.model.revision import EVERY_CYCLE, Draft
from ncc_kernel.paths import CHECKOUT
from ncc_kernel.store.catalogue import Catalogue, read_catalogue
from ncc_kernel.store.log import Store
from ncc_kernel.store.schema import make_scratch
from ncc_kernel.workbook.arguments import check_arguments
from ncc_kernel.workbook.reading import Reading
from ncc_kernel.workbook.workbook import Workbook

NEVER = datetime(2000, 1, 1, tzinfo=UTC)
PLACE = {"precision": "point", "lat": 48.2, "lon": 16.4}


def heat() -> None:
    """Make all pieces and let go of them."""
    catalogue = read_catalogue(CHECKOUT / "data")
    with tempfile.TemporaryDirectory(prefix="ncc-heat-") as folder:
        url = f"sqlite:///{Path(folder) / 'scratch.sqlite'}"
        make_scratch(url)
        with Store(url) as store:
            store.append(_entries(catalogue), author="nobody", at=NEVER)
            for book in BOOKS:
                code = book.codes(catalogue.codes)[0]
                raw = {"country": code, "cycle": catalogue.latest_cycle(), "mode": "brief"}
                parameters = check_arguments(raw, book=book, catalogue=catalogue)
                read = Reading(book, parameters, catalogue, store, store.last_seq())
                _pieces(Workbook(read, CHECKOUT / "workbooks" / book.notebook))


def _pieces(wb: Workbook) -> None:
    with blank():
        for name in [name for name in vars(Workbook) if not name.startswith("_")]:
            getattr(wb, name)()._repr_html_()


def _entries(catalogue: Catalogue) -> list[Draft]:
    cycle, code = catalogue.latest_cycle(), catalogue.codes[0]
    answers = [
        Draft(country, cycle, "answer", one.code, None, {"state": "answered", "level": 2})
        for country in catalogue.codes[:5]
        for one in catalogue.guide.questions
    ]
    agent = {"name": "Nobody", "type": "ngo", "place": PLACE}
    initiative = {"title": "Nothing", "stage": "prompt", "needs": {"scaling": 2}}
    link = {"agent": "a", "target": "i", "kind": "leads"}
    entries = (("agent", "a", agent), ("initiative", "i", initiative), ("link", "l", link))
    return [
        *answers,
        *(Draft(code, EVERY_CYCLE, kind, key, None, payload) for kind, key, payload in entries),
    ]
