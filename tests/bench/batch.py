"""Our batch and the way everybody knows, side by side, on the same notebooks and the same record.

    python tests/bench/batch.py                  all 27 countries, as the promise has it
    python tests/bench/batch.py --countries 3    a taste

What is measured, one after the other, each from no process of ours alive (see measure.py for how):

1. ours: `ncc run`, all workbooks of all countries, in a new NCC_HOME with the sample data
2. theirs: `xargs -P2 papermill` over the same notebooks and parameters, then one `jupyter nbconvert`
   over all outputs with our template
3. ours again, nothing changed
4. ours again, after one answer of Portugal changed through `ncc import`

Ours goes first, so that theirs finds the files already in the machine's cache. Both are held to the
same number of pages. The EU's reference values are taken in 1, so 2 makes pages from the same seq.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from measure import Figures, measure

from ncc_kernel.model.book import BOOKS
from ncc_kernel.model.revision import EU
from ncc_kernel.paths import CHECKOUT
from ncc_kernel.store.catalogue import read_catalogue

BIN = Path(sys.executable).parent
CYCLE = "2024-1"
JOBS = "2"
MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Bench:
    """Where the bench works, and for which countries."""

    root: Path
    countries: tuple[str, ...]

    @property
    def env(self) -> dict[str, str]:
        """A home of its own; what is warm lives in it too, so nothing is warm at the start."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("NCC_")}
        path = f"{BIN}{os.pathsep}{kept.get('PATH', '')}"
        return kept | {"NCC_HOME": str(self.root), "NCC_WARM_DIR": str(self.root), "PATH": path}

    @property
    def runs(self) -> tuple[tuple[str, str], ...]:
        """Every workbook with every country it is made for."""
        return tuple((book.name, code) for book in BOOKS for code in book.codes(self.countries))

    def measure(self, name: str, command: Sequence[str | Path], given: str = "") -> Figures:
        """What a command costs in this home; what it says is in a log of that name."""
        log = self.root / f"{name}.log"
        return measure(command, env=self.env, cwd=self.root, log=log, given=given)


def main() -> None:
    """Measure and print."""
    countries = _countries()
    with tempfile.TemporaryDirectory(prefix="ncc-bench-") as folder:
        bench = Bench(Path(folder), countries)
        _do(bench.env, "ncc", "init", "--sample")
        print(f"{len(bench.runs)} pages, {len(countries)} countries, {os.cpu_count()} cores")
        print(f"\n{'':44}{'wall':>10}{'CPU':>10}{'peak PSS':>12}")
        ours, theirs = _told("ours, from nothing", ours_full(bench)), theirs_full(bench)
        _told("xargs papermill, then one nbconvert", theirs)
        nothing = _told("ours, nothing changed", ours_again(bench, "nothing"))
        change_one_answer(bench)
        one = _told("ours, one answer of PT changed", ours_again(bench, "one-answer"))
        _compare(ours, theirs, nothing, one)


def ours_full(bench: Bench) -> Figures:
    """All pages from nothing."""
    figures = ours_again(bench, "ours")
    _expect(bench, sorted((bench.root / "reports" / CYCLE).glob("*/*.html")))
    return figures


def ours_again(bench: Bench, name: str) -> Figures:
    """`ncc run` as it stands now."""
    chosen = [word for code in (*bench.countries, EU) for word in ("--country", code)]
    books = [word for book in BOOKS for word in ("--workbook", book.name)]
    return bench.measure(name, ["ncc", "run", "--jobs", JOBS, *books, *chosen])


def theirs_full(bench: Bench) -> Figures:
    """papermill for each notebook, two at a time; then nbconvert once for all outputs."""
    out = bench.root / "theirs"
    out.mkdir()
    lines = "".join(f"{_papermill_line(out, *run)}\n" for run in bench.runs)
    ran = bench.measure("papermill", ["xargs", f"-P{JOBS}", "-L1", "papermill"], lines)
    made = sorted(out.glob("*.ipynb"))
    to_html = ["jupyter", "nbconvert", "--to", "html", "--template", "ncc_brief"]
    converted = bench.measure("nbconvert", [*to_html, *made])
    _expect(bench, sorted(out.glob("*.html")))
    return ran + converted


def _papermill_line(out: Path, book: str, country: str) -> str:
    notebook = CHECKOUT / "workbooks" / f"{book}.ipynb"
    parameters = f"-p country {country} -p cycle {CYCLE} -p mode brief"
    return f"{notebook} {out / f'{book}-{country}.ipynb'} {parameters}"


def change_one_answer(bench: Bench) -> None:
    """Another level for one statement of Portugal, by export and import."""
    said = _do(bench.env, "ncc", "export", "jsonl", "--kind", "answer", "--country", "PT")
    answers = [json.loads(line) for line in said.splitlines()]
    entry = next(one for one in answers if one["payload"]["state"] == "answered")
    entry["payload"]["level"] = 5 - entry["payload"]["level"]
    changed = bench.root / "changed.jsonl"
    changed.write_text(json.dumps(entry) + "\n", encoding="utf-8")
    _do(bench.env, "ncc", "import", str(changed))


def _countries() -> tuple[str, ...]:
    codes = read_catalogue(CHECKOUT / "data").codes
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--countries", type=int, default=len(codes), metavar="N")
    wanted = parser.parse_args().countries
    others = [code for code in codes if code != "PT"]
    return tuple(sorted(["PT", *others[: max(0, wanted - 1)]]))


def _do(env: Mapping[str, str], *words: str) -> str:
    """Run what is not measured; its standard output."""
    done = subprocess.run(words, env=env, check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout


def _expect(bench: Bench, pages: Sequence[Path]) -> None:
    if len(pages) != len(bench.runs):
        raise SystemExit(f"{len(pages)} pages instead of {len(bench.runs)}: no fair figures.")


def _told(what: str, figures: Figures) -> Figures:
    memory = f"{figures.memory / MEGABYTE:.0f} MB"
    print(f"{what:44}{figures.wall:>8.1f} s{figures.cpu:>8.1f} s{memory:>12}", flush=True)
    return figures


def _compare(ours: Figures, theirs: Figures, nothing: Figures, one: Figures) -> None:
    print(f"\nFaster than theirs, wall   {theirs.wall / ours.wall:.1f}x")
    print(f"Less CPU than theirs       {theirs.cpu / ours.cpu:.1f}x")
    print(f"Memory against theirs      {ours.memory / theirs.memory:.2f}x")
    print(f"Nothing changed            {nothing.wall:.2f} s")
    print(f"One answer of PT changed   {one.wall / ours.wall:.1%} of the full run")


if __name__ == "__main__":
    main()
