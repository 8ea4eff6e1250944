"""A peer: every run by ploomber-engine, one after another in this process. Run by batch.py."""

import sys
from pathlib import Path

from ploomber_engine import execute_notebook

from ncc_kernel.paths import CHECKOUT


def main() -> None:
    """Run what stands on standard input, a workbook and a country a line."""
    out = Path(sys.argv[1])
    out.mkdir()
    for line in sys.stdin:
        book, country = line.split()
        execute_notebook(
            CHECKOUT / "workbooks" / f"{book}.ipynb",
            out / f"{book}-{country}.ipynb",
            parameters={"country": country, "cycle": "2024-1", "mode": "brief"},
            log_output=False,
            progress_bar=False,
        )


if __name__ == "__main__":
    main()
