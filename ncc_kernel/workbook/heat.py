"""Every cell of every workbook once, on a store of a moment: for a process that is going to fork.

Libraries look up, compile and remember a good deal when they are first used. Done before the fork
it is done once for all pages. Nothing of the record is read, and the store is gone afterwards; no
picture is drawn, as vl-convert must not be started in a process that forks.
"""

import json
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
from ncc_kernel.workbook.arguments import check_arguments, topics_of
from ncc_kernel.workbook.reading import Reading
from ncc_kernel.workbook.workbook import Workbook

NEVER = datetime(2000, 1, 1, tzinfo=UTC)
LEVELS = (
    {"state": "answered", "level": 2, "needs": True},
    {"state": "answered", "level": 4, "offers": True},
)
"""Answers of countries that need support and of those that offer it: groups and mentors come of it."""

PLACE = {"precision": "point", "lat": 48.2, "lon": 16.4}


def heat() -> None:
    """Make all pieces and let go of them; an ExceptionGroup at the end of those that failed."""
    faults: list[Exception] = []
    catalogue = read_catalogue(CHECKOUT / "data")
    with tempfile.TemporaryDirectory(prefix="ncc-heat-") as folder:
        url = f"sqlite:///{Path(folder) / 'scratch.sqlite'}"
        make_scratch(url)
        with Store(url) as store:
            store.append(_entries(catalogue), author="nobody", at=NEVER)
            for book in BOOKS:
                code = book.codes(catalogue.codes)[0]
                raw = {"country": code, "cycle": catalogue.latest_cycle(), "mode": "brief"}
                if topics := topics_of(book, catalogue):
                    raw["topic"] = topics[0]
                parameters = check_arguments(raw, book=book, catalogue=catalogue)
                read = Reading(book, parameters, catalogue, store, store.last_seq())
                notebook = CHECKOUT / "workbooks" / book.notebook
                faults += _cells(Workbook(read, notebook), notebook)
    if faults:
        raise ExceptionGroup("cells that could not be made", faults)


def _cells(wb: Workbook, notebook: Path) -> list[Exception]:
    """Make what the notebook's cells show; what was raised by those that could not."""
    faults: list[Exception] = []
    with blank():
        for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
            code = "".join(cell["source"])
            if cell["cell_type"] == "code" and code.startswith("wb."):
                try:
                    eval(code, {"wb": wb})._repr_html_()  # noqa: S307  # our own notebooks
                except Exception as fault:  # noqa: BLE001  # its page will tell; others are heated
                    faults.append(fault)
    return faults


def _entries(catalogue: Catalogue) -> list[Draft]:
    cycle, code = catalogue.latest_cycle(), catalogue.codes[0]
    answers = [
        Draft(country, cycle, "answer", one.code, None, LEVELS[position % 2])
        for position, country in enumerate(catalogue.codes[:9])
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
