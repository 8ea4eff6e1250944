"""A country's answers out as XLSX and back in: the same sheet and report as on the command line."""

import tempfile
from functools import partial
from pathlib import Path

from tornado.ioloop import IOLoop

from ncc_kernel.errors import Forbidden, Rejected
from ncc_kernel.model.parameters import Parameters, check_parameters
from ncc_kernel.model.permission import may
from ncc_kernel.serving.plain import Page
from ncc_kernel.store.answers_sheet import write_answers_sheet
from ncc_kernel.store.guarded import GuardedStore
from ncc_kernel.store.imports import Report, import_files

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
UPLOAD_LIMIT = 5 * 1024 * 1024
"""Bytes of an uploaded file; the start page says so before anything is sent."""

STARTS = {".xlsx": b"PK\x03\x04", ".csv": b""}
"""How the content begins of the kinds that are taken; a name alone proves nothing."""


class Files(Page):
    """Pages about one country's file in one cycle."""

    def place(self, country: str, cycle: str) -> Parameters:
        """The country and the cycle, when they exist and are this account's to read."""
        catalogue = self.service.catalogue
        cycles = [one.code for one in catalogue.cycles()]
        raw = {"country": country, "cycle": cycle}
        found = check_parameters(raw, countries=catalogue.codes, cycles=cycles)
        if not may(self.account, "read_form", country=found.country, kind="answer"):
            raise Forbidden(
                f"The answers of {found.country} are not open to you.",
                "the start page lists what is",
            )
        return found


class Download(Files):
    """`/files/<country>/<cycle>/answers.xlsx`."""

    async def get(self, country: str, cycle: str) -> None:
        """The sheet that a team fills offline."""
        place, service = self.place(country, cycle), self.service
        write = partial(
            write_answers_sheet, service.store, service.catalogue, place.country, place.cycle
        )
        content = await IOLoop.current().run_in_executor(None, write)
        self.set_header("Content-Type", XLSX)
        name = f"self-assessment-{place.country}-{place.cycle}.xlsx"
        self.set_header("Content-Disposition", f'attachment; filename="{name}"')
        self.finish(content)


class Upload(Files):
    """`/files/<country>/<cycle>/upload`."""

    async def post(self, country: str, cycle: str) -> None:
        """Take in what is good, and say of every other row why it is not."""
        place = self.place(country, cycle)
        if not may(self.account, "write", country=place.country, kind="answer"):
            raise Forbidden(f"You may not write for {place.country}.", "its editors may")
        given = self.request.files.get("file", [])
        if len(given) != 1:
            raise Rejected("No file came.", "choose one, then send it")
        name, content = str(given[0]["filename"]), bytes(given[0]["body"])
        suffix = check_file(name, content)
        take = partial(self._take, content, suffix, place)
        report = await IOLoop.current().run_in_executor(None, take)
        self.finish(self.page("uploaded.html", report=report, name=name[:80], place=place))

    def _take(self, content: bytes, suffix: str, place: Parameters) -> Report:
        service = self.service
        guarded = GuardedStore(service.store, service.accounts, self.session_token, service.now)
        with tempfile.TemporaryDirectory(prefix="ncc-upload-") as folder:
            path = Path(folder, f"upload{suffix}")
            path.write_bytes(content)
            return import_files(
                [path],
                store=guarded,
                catalogue=service.catalogue,
                author=self.account.name,
                at=service.now(),
                kind="answer" if suffix == ".csv" else None,
                defaults={"country": place.country, "cycle": place.cycle},
            )


def check_file(name: str, content: bytes) -> str:
    """The kind of the file by its ending, when the content fits it; else Rejected."""
    suffix = Path(name).suffix.lower()
    if suffix not in STARTS or not content.startswith(STARTS[suffix]):
        raise Rejected("This is no XLSX and no CSV file.", "send the file that you downloaded")
    if not content:
        raise Rejected("The file is empty.", "send the file that you filled")
    if len(content) > UPLOAD_LIMIT:
        raise Rejected(f"The file has more than {UPLOAD_LIMIT // 2**20} MB.", "send a smaller one")
    return suffix
