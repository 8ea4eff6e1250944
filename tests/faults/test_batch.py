"""Faults of one country's run, and of the batch itself: the others finish, nothing is half done.

A workbook of these tests is a real notebook, cut down to its title and parameters, with cells that
misbehave for Austria alone. It holds a file of its home open, so that its process can be found
whatever it calls itself and whoever its parent is.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import nbformat
import psutil
import pytest

from ncc_kernel.paths import CHECKOUT
from tests.conftest import TestHome

BOOK = "00_programme"
TWO = ("--workbook", BOOK, "--country", "AT", "--country", "PT")
HOLD = """import os, signal, subprocess, sys, time
held = open(os.path.join(os.environ["NCC_HOME"], "held"), "a")
"""
ATTEMPT = 'attempt() if country == "AT" else "All is well."'
HEALTHY = (HOLD, '"All is well."')


def put_workbook(home: TestHome, *cells: str) -> None:
    """Put these code cells in place of all that follows the parameters."""
    if not (home.root / "workbooks").is_dir():
        home.own_workbooks()
    notebook = nbformat.read(CHECKOUT / "workbooks" / f"{BOOK}.ipynb", as_version=4)
    own = [nbformat.v4.new_code_cell(source, id=f"own-{n}") for n, source in enumerate(cells)]
    notebook.cells = [*notebook.cells[:2], *own]
    nbformat.write(notebook, home.root / "workbooks" / f"{BOOK}.ipynb")


def attempt(*lines: str) -> tuple[str, str, str]:
    """Cells that do this in Austria."""
    body = "".join(f"    {line}\n" for line in lines)
    return HOLD, f"def attempt():\n{body}", ATTEMPT


def page(home: TestHome, country: str) -> Path:
    return home.reports() / country / f"{BOOK}.html"


def processes_of(home: TestHome) -> list[str]:
    """Every process that this home's path shows in. Zombies are no processes any more."""
    return [str(one.cmdline()) for one in psutil.process_iter() if _is_of(one, str(home.root))]


def _is_of(process: psutil.Process, home: str) -> bool:
    # The warm template stays on purpose, and its forks have its command line and environment:
    # these are judged by where they are and what they hold open, which a template never is.
    try:
        if process.pid == os.getpid() or process.status() == psutil.STATUS_ZOMBIE:
            return False
        if home in process.cwd() or any(home in held.path for held in process.open_files()):
            return True
        words = process.cmdline()
        warm = any(word.startswith("ncc_kernel.warm") for word in words)
        return not warm and home in f"{words} {process.environ()}"
    except psutil.Error:
        return False


def left_after(home: TestHome, seconds: float) -> list[str]:
    """The processes that are still there after so long; sooner when there is none."""
    until = time.monotonic() + seconds
    while (left := processes_of(home)) and time.monotonic() < until:
        time.sleep(0.1)
    return left


@dataclass(frozen=True)
class Fault:
    """What one country's cell does, the limits it is given, and what is said of it."""

    lines: tuple[str, ...]
    cause: str
    limits: tuple[str, ...] = ()
    engines: tuple[str, ...] = ("cells",)


BOTH = ("cells", "kernel")
FAULTS = {
    "raises": Fault(
        ("raise ValueError('no such thing')",), "ValueError: no such thing", engines=BOTH
    ),
    "never ends": Fault(
        ("while True: time.sleep(9)",), "cell ran longer than 3 s", ("--cell-seconds", "3"), BOTH
    ),
    "never ends and will not be stopped": Fault(
        (
            "signal.signal(signal.SIGTERM, signal.SIG_IGN)",
            "while True:",
            "    try: time.sleep(9)",
            "    except BaseException: pass",
        ),
        "run took longer than 6 s",
        ("--run-seconds", "6"),
    ),
    "is killed, and had started a process": Fault(
        (
            "subprocess.Popen(['sleep', '61'], start_new_session=True)",
            "os.kill(os.getpid(), signal.SIGKILL)",
        ),
        "died",
        engines=BOTH,
    ),
    "leaves by the back door": Fault(("os._exit(0)",), "died"),
    "leaves by the front door": Fault(("sys.exit('enough')",), "SystemExit"),
}


CASES = [
    pytest.param(fault, engine, id=f"{name}, {engine}")
    for name, fault in FAULTS.items()
    for engine in fault.engines
]


@pytest.mark.parametrize(("fault", "engine"), CASES)
def test_a_cell_that_fails_in_one_country_stops_nobody_else(
    home: TestHome, fault: Fault, engine: str
) -> None:
    put_workbook(home, *HEALTHY)
    assert home.ncc("run", *TWO).code == 0
    good = page(home, "AT").read_bytes()

    put_workbook(home, *attempt(*fault.lines))
    done = home.ncc("run", *TWO, *fault.limits, "--engine", engine, "--json", seconds=60)

    assert left_after(home, 5) == []
    assert done.code == 1
    ended = {one["country"]: one for one in done.events[:-1]}
    assert {code: one["status"] for code, one in ended.items()} == {"AT": "failed", "PT": "ok"}
    assert "All is well." in page(home, "PT").read_text("utf-8")
    assert ended["AT"]["html"] is None
    assert fault.cause in ended["AT"]["cause"]
    assert ended["AT"]["cell"].startswith("cell ")
    assert ended["AT"]["cell"].endswith(ATTEMPT)
    assert done.events[-1]["failed"] == 1
    folder = page(home, "AT").parent
    assert not page(home, "AT").exists()
    assert (folder / f"{BOOK}.previous.html").read_bytes() == good
    partial = nbformat.read(folder / f"{BOOK}.failed.ipynb", as_version=4)
    nbformat.validate(partial)
    assert ATTEMPT in [cell.source for cell in partial.cells]

    put_workbook(home, *HEALTHY)
    mended = home.ncc("run", "--only-failed", "--json")

    assert mended.code == 0
    assert [(one.get("country"), one.get("status")) for one in mended.events[:-1]] == [("AT", "ok")]
    assert page(home, "AT").read_bytes() == good
    assert [path.name for path in folder.iterdir()] == [f"{BOOK}.html"]


def test_a_failure_is_told_to_people_with_its_cell_and_cause_and_in_the_index(
    home: TestHome,
) -> None:
    put_workbook(home, *attempt("raise ValueError('no <such> thing')"))

    done = home.ncc("run", *TWO)

    assert done.code == 1
    failed = done.out[done.out.index("Failed: ") :]
    assert f"{BOOK} AT" in failed
    assert ATTEMPT in failed
    assert "ValueError: no <such> thing" in failed
    assert "ncc run --only-failed" in failed
    assert "1 made, 1 failed" in failed
    index = (home.reports() / "index.html").read_text("utf-8")
    assert "ValueError: no &lt;such&gt; thing" in index
    assert f'href="AT/{BOOK}.failed.ipynb"' in index


def test_a_broken_notebook_file_fails_in_words(home: TestHome) -> None:
    (home.own_workbooks() / f"{BOOK}.ipynb").write_text("{ half a file", encoding="utf-8")

    done = home.ncc("run", *TWO, "--workbook", "01_self_assessment")

    assert done.code == 1
    assert "2 made, 2 failed" in done.out
    assert f"Failed: {BOOK} AT" in done.out
    assert "Traceback" not in done.err


@pytest.mark.parametrize("engine", BOTH)
def test_a_process_that_a_cell_leaves_behind_ends_with_the_run(home: TestHome, engine: str) -> None:
    start = "subprocess.Popen(['sleep', '61'], env={}, cwd=os.environ['NCC_HOME'], start_new_session=True)"
    put_workbook(home, *attempt(start))

    done = home.ncc("run", *TWO, "--engine", engine)

    assert done.code == 0
    assert left_after(home, 5) == []


@pytest.mark.parametrize("engine", BOTH)
def test_what_one_country_s_cells_change_is_not_seen_in_the_next(
    home: TestHome, engine: str
) -> None:
    look = """import builtins, locale, random
import pandas
from pathlib import Path
[getattr(pandas, "trace", None), os.environ.get("TRACE"), sys.modules.get("trace_of_at"),
 getattr(builtins, "trace", None), Path("trace.txt").exists(), "elsewhere" in os.getcwd(),
 "trace" in sys.path, signal.getsignal(signal.SIGUSR1) == signal.SIG_IGN]"""
    leave = (
        "import builtins, pandas",
        "pandas.trace = builtins.trace = os.environ['TRACE'] = 'AT was here'",
        "sys.modules['trace_of_at'] = sys",
        "sys.path.append('trace')",
        "signal.signal(signal.SIGUSR1, signal.SIG_IGN)",
        "open('trace.txt', 'w').close()",
        "os.mkdir('elsewhere')",
        "os.chdir('elsewhere')",
    )
    hold, define, do = attempt(*leave)
    put_workbook(home, hold, look, define, do)

    done = home.ncc("run", *TWO, "--jobs", "1", "--json", "--engine", engine)

    assert [one.get("country") for one in done.events] == ["AT", "PT", None]
    for country in ("AT", "PT"):
        text = page(home, country).read_text("utf-8")
        assert "[None, None, None, None, False, False, False, False]" in text


def test_chance_is_not_the_same_in_two_countries(home: TestHome) -> None:
    roll = "import random\nprint()\n'rolled ' + str(random.random())"
    put_workbook(home, roll)

    home.ncc("run", *TWO)

    rolled = {page(home, c).read_text("utf-8").partition("rolled ")[2][:12] for c in ("AT", "PT")}
    assert len(rolled) == 2
    assert "" not in rolled


@pytest.mark.parametrize("engine", BOTH)
def test_what_a_cell_prints_reaches_neither_the_page_nor_the_terminal(
    home: TestHome, engine: str
) -> None:
    whisper = """import logging, warnings
print("\\x1b[31mthe password is 4711\\x1b[0m")
print("the password is 4711", file=sys.stderr)
os.write(1, b"the password is 4711\\n"); os.write(2, b"the password is 4711\\n")
os.system("echo the password is 4711; echo the password is 4711 >&2")
logging.error("the password is 4711"); warnings.warn("the password is 4711")
class Red:
    def __repr__(self): return "\\x1b[31mred words\\x1b[0m"
Red()"""
    put_workbook(home, HOLD, whisper)

    done = home.ncc("run", *TWO, "--engine", engine)

    text = page(home, "AT").read_text("utf-8")
    assert done.code == 0
    assert "red words" in text
    assert "\x1b" not in text
    assert "4711" not in text + done.out + done.err


WAIT = """held.write(country); held.flush()
while country == "PT" and not os.path.exists(os.path.join(os.environ["NCC_HOME"], "go")):
    time.sleep(0.1)
"All is well." """


@dataclass
class Batch:
    """A batch that was started and is in the middle of its work: Austria done, Portugal not."""

    home: TestHome
    process: "subprocess.Popen[str]"
    scratch: Path


@pytest.fixture
def in_the_middle(home: TestHome, tmp_path: Path) -> Batch:
    put_workbook(home, HOLD, WAIT)
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    # The template is the one that all tests share; only scratch files go elsewhere.
    own = {"TMPDIR": str(scratch), "NCC_WARM_DIR": tempfile.gettempdir()}
    process = subprocess.Popen(
        [sys.executable, "-m", "ncc_kernel.cli.app", "run", *TWO, "--json"],
        env=home.environ | own,
        cwd=home.root,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert json.loads(process.stdout.readline())["country"] == "AT"
    _until(lambda: "PT" in (home.root / "held").read_text())
    return Batch(home, process, scratch)


def _until(true: Callable[[], bool], seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until
        time.sleep(0.05)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_a_batch_that_is_stopped_keeps_what_was_finished_and_goes_on_later(
    in_the_middle: Batch, number: signal.Signals
) -> None:
    home, batch = in_the_middle.home, in_the_middle.process

    batch.send_signal(number)
    _out, err = batch.communicate(timeout=30)

    assert left_after(home, 30) == []
    assert batch.returncode == (-9 if number == signal.SIGKILL else 128 + number)
    assert "Traceback" not in err
    assert page(home, "AT").read_text("utf-8").rstrip().endswith("</html>")
    assert not page(home, "PT").exists()
    ledger = json.loads((home.reports() / "ledger.json").read_text("utf-8"))
    assert {name: run["status"] for name, run in ledger["runs"].items()} == {f"{BOOK}/AT": "ok"}
    if number != signal.SIGKILL:
        assert "what was finished is kept" in err
        assert list(in_the_middle.scratch.iterdir()) == []
        assert f'href="AT/{BOOK}.html"' in (home.reports() / "index.html").read_text("utf-8")

    (home.root / "go").touch()
    done = home.ncc("run", *TWO, "--json")

    assert done.code == 0
    assert {one["country"]: one["status"] for one in done.events[:-1]} == {
        "AT": "fresh",
        "PT": "ok",
    }
    assert [path.name for path in home.reports().rglob(".*")] == [".lock"]


def test_a_run_that_is_killed_from_outside_fails_alone(in_the_middle: Batch) -> None:
    home, batch = in_the_middle.home, in_the_middle.process
    held = str(home.root / "held")

    (worker,) = (one for one in psutil.process_iter() if _holds(one, held))
    worker.kill()
    out, _err = batch.communicate(timeout=30)

    assert batch.returncode == 1
    failed = json.loads(out.splitlines()[0])
    assert (failed["country"], failed["status"]) == ("PT", "failed")
    assert "died" in failed["cause"]
    assert page(home, "AT").is_file()
    assert left_after(home, 5) == []


def _holds(process: psutil.Process, path: str) -> bool:
    try:
        return any(held.path == path for held in process.open_files())
    except psutil.Error:
        return False
