"""A peer: every run by ploomber-engine, one after another in this process. Run by batch.py."""

import sys
from pathlib import Path

from ploomber_engine import execute_notebook

from ncc_kernel.paths import CHECKOUT


def main() -> None:
    """Run what stands on standard input, a workbook, a country and a topic a line."""
    out = Path(sys.argv[1])
    out.mkdir()
    for line in sys.stdin:
        book, country, *topic = line.split()
        named = dict(zip(("country", "topic"), (country, *topic), strict=False))
        execute_notebook(
            CHECKOUT / "workbooks" / f"{book}.ipynb",
            out / f"{'-'.join((book, country, *topic))}.ipynb",
            parameters=named | {"cycle": "2024-1", "mode": "brief"},
            log_output=False,
            progress_bar=False,
        )


if __name__ == "__main__":
    main()
