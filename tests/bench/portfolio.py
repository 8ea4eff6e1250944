"""10 000 practices across the EU: how long the pieces of steps 3 and 4 take. Promise: 2 s.

python tests/bench/portfolio.py
"""

import os
import random
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from ncc_kernel.model.revision import Draft
from ncc_kernel.paths import CHECKOUT
from ncc_kernel.store.catalogue import read_catalogue
from ncc_kernel.store.log import Store
from ncc_kernel.store.migrate import migrate
from ncc_kernel.store.samples import load_samples
from ncc_kernel.workbook import open_workbook

PRACTICES = 10_000
PAGES = {
    ("07_eu_overview", "EU"): ("cocreation_and_scaling",),
    ("04_scaling", "PT"): ("portfolio_charts", "selection", "decisions", "practices", "offers"),
}


def main() -> None:
    """Fill a store with invented practices, then make each page's pieces twice and print the second."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data" / "store"
        data.mkdir(parents=True)
        os.environ["NCC_HOME"] = folder
        _fill(f"sqlite:///{data / 'ncc.sqlite'}")
        for (book, country), names in PAGES.items():
            for attempt in ("first", "again"):
                wall, cpu = time.perf_counter(), time.process_time()
                wb = open_workbook(book, country, "2024-1", "brief")
                size = sum(len(str(getattr(wb, name)().html())) for name in names)
                wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
                print(
                    f"{book} {country} {attempt}: {wall:.2f} s ({cpu:.2f} s CPU), {size / 1000:.0f} kB"
                )


def _fill(url: str) -> None:
    chance = random.Random("ncc-bench-portfolio")
    codes = read_catalogue(CHECKOUT / "data").codes
    migrate(url)
    with Store(url) as store:
        load_samples(store, CHECKOUT / "data")
        drafts = [_practice(chance, codes[n % len(codes)], n) for n in range(PRACTICES)]
        store.append(drafts, author="bench", at=datetime(2024, 7, 1, tzinfo=UTC))


def _practice(chance: random.Random, country: str, number: int) -> Draft:
    payload = {
        "title": f"Practice {number} (sample)",
        "readiness": chance.randint(0, 9),
        "readiness_shown": chance.choice(["", "Report"]),
        "evidence": chance.randint(1, 5),
        "evidence_shown": "Study",
        "objectives": [chance.choice(["ESO4.1", "ESO4.8", "ESO4.11"])],
        "stage": "scale",
        "scaling_type": chance.choice(["out", "up", "deep"]),
        "scaling_level": chance.choice(["local", "regional", "state"]),
        "scaling_cost": chance.randint(1, 99) * 1000,
    }
    return Draft(country, "-", "practice", f"bench-{number}", None, payload)


if __name__ == "__main__":
    main()
