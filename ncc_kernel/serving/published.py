"""How the published briefs stand: read from what the batch wrote down, against the record as it is."""

import json
from dataclasses import dataclass
from typing import Any

from ncc_kernel.analysis.freshness import page_seq
from ncc_kernel.model.book import book_named
from ncc_kernel.model.revision import EVERY_CYCLE
from ncc_kernel.serving.service import Service

BRIEF = "06_country_brief"


@dataclass(frozen=True, slots=True)
class Published:
    """A brief as it was published last: where it lies, and in words how old it is."""

    address: str
    words: str


def read_published(service: Service, cycle: str, codes: tuple[str, ...]) -> dict[str, Published]:
    """The brief of each of these countries."""
    runs = _ledger(service, cycle)
    tips = service.store.tips()
    before = service.catalogue.previous_cycle(cycle)
    cycles = (cycle, EVERY_CYCLE, *((before,) if before else ()))
    return {
        code: _published(
            service,
            cycle,
            code,
            runs.get(f"{BRIEF}/{code}"),
            page_seq(tips, country=code, cycles=cycles),
        )
        for code in codes
    }


def _published(
    service: Service, cycle: str, code: str, line: dict[str, Any] | None, newest: int
) -> Published:
    page = book_named(BRIEF).path(code)
    there = (service.home.cycle_reports(cycle) / page).is_file()
    address = f"/reports/{cycle}/{page}" if there else ""
    if line is not None and line.get("status") == "failed":
        return Published(address, "failed when it was made last; a coordinator is to look")
    if not there:
        return Published("", "not published yet")
    if line is None:
        return Published(address, "published; when is not known")
    if line.get("seq") == newest:
        return Published(address, "up to date with the record")
    return Published(address, "older than the record: entries have come since")


def _ledger(service: Service, cycle: str) -> dict[str, dict[str, Any]]:
    """The batch's lines by run; nothing where there are none that can be read."""
    path = service.home.cycle_reports(cycle) / "ledger.json"
    try:
        runs = json.loads(path.read_text(encoding="utf-8"))["runs"]
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return runs if isinstance(runs, dict) else {}
