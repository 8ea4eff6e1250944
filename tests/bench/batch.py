"""Our batch and the way everybody knows, side by side, on the same notebooks and the same record.

    python tests/bench/batch.py                  all 27 countries, as the promise has it
    python tests/bench/batch.py --countries 3    a taste

What is measured, each from no process of ours alive unless it says so (see measure.py for how):

1. ours: `ncc run`, all workbooks of all countries, in a new NCC_HOME with the sample data; the warm
   template is started in it
2. ours again, nothing changed
3. ours once more, every page, with the template running; then after one answer of Portugal changed
4. one process: the same cells, charts and templates in a process that has imported all (one_process.py)
5. ploomber-engine in one process (ploomber.py), then one `jupyter nbconvert` with our template
6. `xargs -P2 papermill -k python3` over the same notebooks, then the same `jupyter nbconvert`

The peers (5 and 6) have an environment of their own, installed by pip as everybody installs it; it is
made once, in .venv-peers. Ours goes first, so that theirs finds the files in the machine's cache. All are
held to the same number of pages. The EU's reference values are taken in 1, so all show the same seq.
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
from peers import PEERS, make_peers

from ncc_kernel.model.book import BOOKS
from ncc_kernel.model.revision import EU
from ncc_kernel.paths import CHECKOUT
from ncc_kernel.store.catalogue import read_catalogue

BIN = Path(sys.executable).parent
HERE = Path(__file__).parent
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
    def runs(self) -> tuple[tuple[str, ...], ...]:
        """Every workbook with every country it is made for, and every topic where it has some."""
        programme = read_catalogue(CHECKOUT / "data").programme_of(CYCLE)
        return tuple(
            (book.name, code, *topic)
            for book in BOOKS
            for code in book.codes(self.countries)
            for topic in ([(one,) for one in book.topics(programme)] or [()])
        )

    @property
    def peer_env(self) -> dict[str, str]:
        """The same home, in the peers' environment."""
        return self.env | {"PATH": f"{PEERS / 'bin'}{os.pathsep}{self.env['PATH']}"}

    @property
    def lines(self) -> str:
        """The runs for the scripts of peers: workbook, country and topic, a line each."""
        return "".join(f"{' '.join(run)}\n" for run in self.runs)

    def measure(
        self,
        name: str,
        command: Sequence[str | Path],
        given: str = "",
        *,
        peer: bool = False,
        keep: bool = False,
    ) -> Figures:
        """What a command costs in this home; what it says is in a log of that name."""
        log = self.root / f"{name}.log"
        env = self.peer_env if peer else self.env
        return measure(command, env=env, cwd=self.root, log=log, given=given, keep=keep)


def main() -> None:
    """Measure and print."""
    countries, with_peers = _asked()
    if with_peers:
        make_peers()
    with tempfile.TemporaryDirectory(prefix="ncc-bench-") as folder:
        bench = Bench(Path(folder), countries)
        _do(bench.env, "ncc", "init", "--sample")
        print(f"{len(bench.runs)} pages, {len(countries)} countries, {os.cpu_count()} cores")
        print(f"\n{'':44}{'wall':>10}{'CPU':>10}{'peak PSS':>12}")
        ours = _told("ours, from nothing", ours_full(bench))
        nothing = _told("ours, nothing changed", ours_again(bench, "nothing"))
        _do(bench.env, "ncc", "run", "--force", "--country", "PT")  # starts a template
        warm = _told("ours, all again, template running", ours_again(bench, "warm", "--force"))
        change_one_answer(bench)
        one = _told("ours, one answer of PT changed, the same", ours_again(bench, "one-answer"))
        _do(bench.env, "ncc", "doctor", "--stop-template")
        single = _told("one warm process", one_process(bench))
        if with_peers:
            ploomber = _told("ploomber-engine, then one nbconvert", theirs_ploomber(bench))
            theirs = _told("xargs papermill, then one nbconvert", theirs_full(bench))
            print(
                f"\nFaster than papermill      {theirs.wall / ours.wall:.1f}x (wall), promised 8x"
            )
            print(
                f"Faster than ploomber       {ploomber.wall / ours.wall:.1f}x (wall), promised 2x"
            )
            print(f"Memory against papermill   {ours.memory / theirs.memory:.2f}x")
        print(f"CPU against one process    {ours.cpu / single.cpu:.2f}x, promised 1.5x at most")
        print(f"The same, template running {warm.cpu / single.cpu:.2f}x")
        print(f"Nothing changed            {nothing.wall:.2f} s, promised under 1 s")
        print(
            f"One answer changed         {one.wall / ours.wall:.1%} of all, promised {2 / 27:.1%}"
        )
        print(f"The same                   {one.wall / warm.wall:.1%} of all again, drawings kept")


def ours_full(bench: Bench) -> Figures:
    """All pages from nothing."""
    figures = ours_again(bench, "ours")
    _expect(bench, sorted((bench.root / "reports" / CYCLE).glob("*/*.html")))
    return figures


def ours_again(bench: Bench, name: str, *more: str) -> Figures:
    """`ncc run` as it stands now."""
    chosen = [word for code in (*bench.countries, EU) for word in ("--country", code)]
    books = [word for book in BOOKS for word in ("--workbook", book.name)]
    command = ["ncc", "run", "--jobs", JOBS, *books, *chosen, *more]
    return bench.measure(name, command, keep=name in ("warm", "one-answer"))


def one_process(bench: Bench) -> Figures:
    """The same cells, charts and templates, with nothing between them."""
    out = bench.root / "single"
    figures = bench.measure("single", [sys.executable, HERE / "one_process.py", out], bench.lines)
    _expect(bench, sorted(out.glob("*.html")))
    return figures


def theirs_ploomber(bench: Bench) -> Figures:
    """ploomber-engine for each notebook, in one process; then nbconvert once for all outputs."""
    out = bench.root / "ploomber"
    script = [PEERS / "bin" / "python", HERE / "ploomber.py", out]
    return bench.measure("ploomber", script, bench.lines, peer=True) + _converted(bench, out)


def theirs_full(bench: Bench) -> Figures:
    """papermill for each notebook, two at a time; then nbconvert once for all outputs."""
    out = bench.root / "theirs"
    out.mkdir()
    lines = "".join(f"{_papermill_line(out, *run)}\n" for run in bench.runs)
    command = ["xargs", f"-P{JOBS}", "-L1", "papermill"]
    return bench.measure("papermill", command, lines, peer=True) + _converted(bench, out)


def _converted(bench: Bench, out: Path) -> Figures:
    to_html = ["jupyter", "nbconvert", "--to", "html", "--template", "ncc_brief"]
    made = sorted(out.glob("*.ipynb"))
    figures = bench.measure(f"nbconvert-{out.name}", [*to_html, *made], peer=True)
    _expect(bench, sorted(out.glob("*.html")))
    return figures


def _papermill_line(out: Path, book: str, country: str, topic: str = "") -> str:
    notebook = CHECKOUT / "workbooks" / f"{book}.ipynb"
    parameters = f"-p country {country} -p cycle {CYCLE} -p mode brief -k python3"
    parameters += f" -p topic {topic}" if topic else ""
    return f"{notebook} {out / f'{book}-{country}{topic}.ipynb'} {parameters}"


def change_one_answer(bench: Bench) -> None:
    """Another level for one statement of Portugal, by export and import."""
    said = _do(bench.env, "ncc", "export", "jsonl", "--kind", "answer", "--country", "PT")
    answers = [json.loads(line) for line in said.splitlines()]
    entry = next(one for one in answers if one["payload"]["state"] == "answered")
    entry["payload"]["level"] = 5 - entry["payload"]["level"]
    changed = bench.root / "changed.jsonl"
    changed.write_text(json.dumps(entry) + "\n", encoding="utf-8")
    _do(bench.env, "ncc", "import", str(changed))


def _asked() -> tuple[tuple[str, ...], bool]:
    """For which countries, and whether beside the peers."""
    codes = read_catalogue(CHECKOUT / "data").codes
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--countries", type=int, default=len(codes), metavar="N")
    parser.add_argument("--no-peers", dest="peers", action="store_false", help="ours alone")
    given = parser.parse_args()
    wanted = given.countries
    others = [code for code in codes if code != "PT"]
    return tuple(sorted(["PT", *others[: max(0, wanted - 1)]])), given.peers


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


if __name__ == "__main__":
    main()
