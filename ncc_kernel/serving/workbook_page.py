"""A workbook as a page: Voila runs the notebook, our template shows it.

Before a kernel starts the prelaunch hook decides who sees what and puts the parameters in with
papermill's own function. A page on which nothing can be typed needs its kernel no longer than
until it is drawn.
"""

import asyncio
from http import HTTPStatus
from typing import Any

from nbformat import from_dict
from papermill.parameterize import parameterize_notebook
from tornado.web import HTTPError
from voila.handler import VoilaHandler

from ncc_kernel.forms.modules import MODULES
from ncc_kernel.model.book import Book
from ncc_kernel.model.revision import EU, NAME_OF_ALL
from ncc_kernel.serving.admission import admit, admit_part
from ncc_kernel.serving.kernels import OPENING, Opening
from ncc_kernel.serving.plain import LOG, WORKBOOK, Page, asset
from ncc_kernel.warm.page_kernel import PAGE, suits
from ncc_kernel.workbook.asking import ASKED

TYPED_IN = "data-widget="
"""What our template writes where a widget is to be: without one the kernel has done its work."""

LONGEST_SECONDS = 90.0
"""After which a page that is not finished is given up."""

UNFINISHED = (
    '<p class="fault" role="alert">This page could not be finished. Open it again; if that does '
    "not help, tell a coordinator when it was.</p>"
)


class WorkbookPage(Page, VoilaHandler):
    """`/w/<workbook>?country=PT&cycle=2024-1`."""

    policy = WORKBOOK

    async def get(self, name: str) -> None:
        """Write the page cell by cell, as the kernel makes them."""
        book = self.service.books.get(name)
        if book is None:
            raise HTTPError(HTTPStatus.NOT_FOUND)
        self.service.accounts.touch(self.session_token, at=self.service.now())
        opening = Opening(self.session_token)
        OPENING.set(opening)
        needed = False
        try:
            async with asyncio.timeout(LONGEST_SECONDS):
                async for html in self.get_generator(path=book.notebook):
                    needed = needed or TYPED_IN in html
                    self.write(html)
                    await self.flush()
        except TimeoutError:
            LOG.exception("A page was not finished: %s", name)
            await self.finish(UNFINISHED)
        finally:
            if not needed:
                for kernel_id in opening.kernels:
                    self.kernel_manager.end_soon(kernel_id)


def prelaunch(handler: WorkbookPage, notebook: Any, cwd: str) -> Any:  # noqa: ARG001  # Voila's
    """The notebook with its parameters, or a refusal; called by Voila before it starts a kernel."""
    service = handler.service
    book = _book_of(handler)
    parameters = admit(handler.account, handler.query(), book=book, catalogue=service.catalogue)
    country = parameters.country
    part = admit_part(handler.query(), book=book, catalogue=service.catalogue, country=country)
    told = OPENING.get().told
    told[ASKED] = part
    if suits([cell.source for cell in notebook.cells if cell.cell_type == "code"]):
        told[PAGE] = "yes"
    place = NAME_OF_ALL if country == EU else service.catalogue.country(country).name()
    # As papermill's own reader does, which takes a path; Voila has read the notebook already.
    notebook.metadata.setdefault("papermill", {})
    for cell in notebook.cells:
        cell.metadata.setdefault("tags", [])
    ready = parameterize_notebook(from_dict(notebook), parameters.as_dict())
    ready.metadata["ncc"] = {
        "title": f"{place}: {book.titled(parameters.topic)}, {parameters.cycle}",
        "place": place,
        "topic": (parameters.topic or "").replace("_", " and "),
        "person": handler.account.name,
        "xsrf": handler.xsrf_token.decode(),
        "assets": {name: asset(name) for name in ("look.css", "site.css", "page.js", "session.js")},
        "modules": {
            name: {"script": asset(f"{name}.js"), "style": asset(f"{name}.css")} for name in MODULES
        },
    }
    return ready


def _book_of(handler: WorkbookPage) -> Book:
    return handler.service.books[handler.path_args[0]]
