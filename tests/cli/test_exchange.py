"""`ncc import` and `ncc export` from the command line: what is told, what is written, exit codes."""

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import TestHome

AGENTS = """key,country,name,type
a-1,PT,Rede das Aldeias,company
a-2,XX,Nowhere Lab,company
a-3,PT,,company
a-4,Greece,"=HYPERLINK(""http://x"")",university
"""


@pytest.fixture
def agents(tmp_path: Path) -> Path:
    path = tmp_path / "agents.csv"
    path.write_text(AGENTS, encoding="utf-8")
    return path


def test_an_import_takes_what_is_good_and_names_every_other_row(
    empty_home: TestHome, agents: Path
) -> None:
    done = empty_home.ncc("import", agents, "--kind", "agent", "--author", "Ana")
    again = empty_home.ncc("import", agents, "--kind", "agent")

    assert (done.code, again.code) == (0, 0)
    assert "agents.csv: 4 rows; 2 new, 0 changed, 0 as before, 2 not taken." in done.out
    assert "Not taken: agents.csv, line 3, Nowhere Lab: 'XX' is not a country" in done.out
    assert "Not taken: agents.csv, line 4, a-3: name: " in done.out
    assert "0 new, 0 changed, 2 as before, 2 not taken." in again.out
    with empty_home.store() as store:
        taken = store.current("agent")
    assert [(one.country, one.key, one.author) for one in taken] == [
        ("EL", "a-4", "Ana"),
        ("PT", "a-1", "Ana"),
    ]


def test_a_dry_run_says_the_same_and_writes_nothing(empty_home: TestHome, agents: Path) -> None:
    dry = empty_home.ncc("import", agents, "--kind", "agent", "--dry-run")

    assert dry.code == 0
    assert "2 new" in dry.out
    assert "A dry run: nothing was written." in dry.out
    with empty_home.store() as store:
        assert store.current("agent") == ()


def test_a_report_lists_the_rows_not_taken_as_a_table(
    empty_home: TestHome, agents: Path, tmp_path: Path
) -> None:
    report = tmp_path / "a new folder" / "report.csv"

    empty_home.ncc("import", agents, "--kind", "agent", "--report", report)

    with report.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["taken"], row["file"], row["line"], row["name"]) for row in rows] == [
        ("no", "agents.csv", "3", "Nowhere Lab"),
        ("no", "agents.csv", "4", "a-3"),
    ]
    assert "XX" in rows[0]["reason"]


def test_what_was_exported_comes_back_unchanged(empty_home: TestHome, tmp_path: Path) -> None:
    (tmp_path / "agents.csv").write_text(AGENTS, encoding="utf-8")
    empty_home.ncc("import", tmp_path / "agents.csv", "--kind", "agent")

    for format_ in ("csv", "jsonl", "xlsx"):
        out = tmp_path / f"out.{format_}"
        made = empty_home.ncc("export", format_, "--kind", "agent", "-o", out)
        back = empty_home.ncc("import", out)

        assert (made.code, made.out) == (0, f"Written to {out}\n")
        assert back.code == 0, back.err
        assert "2 rows; 0 new, 0 changed, 2 as before, 0 not taken." in back.out
    cells = [
        cell for row in csv.reader(io.StringIO((tmp_path / "out.csv").read_text())) for cell in row
    ]
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t"))] == []


def test_an_export_to_standard_output_is_the_data_and_nothing_else(home: TestHome) -> None:
    done = home.ncc("export", "jsonl", "--kind", "answer", "--country", "PT")

    entries = [json.loads(line) for line in done.out.splitlines()]
    assert (done.code, done.err) == (0, "")
    assert {(one["kind"], one["country"]) for one in entries} == {("answer", "PT")}
    assert {one["cycle"] for one in entries} == {"2024-1"}


def test_the_sheet_a_team_fills_goes_out_and_comes_back(home: TestHome, tmp_path: Path) -> None:
    sheet = tmp_path / "pt.xlsx"

    made = home.ncc("export", "xlsx", "--kind", "answer", "--country", "PT", "-o", sheet)
    back = home.ncc("import", sheet)

    assert (made.code, back.code) == (0, 0)
    assert "0 new, 0 changed, 40 as before, 0 not taken." in back.out


def test_an_export_into_a_pipe_that_closes_early_says_nothing(home: TestHome) -> None:
    done = subprocess.run(
        f"'{sys.executable}' -m ncc_kernel.cli.app export jsonl | head -n 1",
        shell=True,
        env=home.environ,
        capture_output=True,
        text=True,
        check=True,
    )

    assert json.loads(done.stdout)["kind"] == "answer"
    assert "Traceback" not in done.stderr


MISUSES = {
    "a kind that is none": (("import", "agents.csv", "--kind", "agnt"), "'agnt' is not a kind"),
    "a file that is not there": (("import", "gone.csv"), "gone.csv cannot be read"),
    "a file of no kind we read": (("import", "agents.pdf"), "agents.pdf is of no kind"),
    "columns that nobody named": (("import", "agents.csv"), "columns that we do not know"),
    "a mapping that is not there": (
        ("import", "agents.csv", "--mapping", "gone.toml"),
        "There is no mapping at gone.toml",
    ),
    "a mapping that is none": (
        ("import", "agents.csv", "--mapping", "agents.csv"),
        "agents.csv is not readable TOML",
    ),
    "a default country that is none": (
        ("import", "agents.csv", "--kind", "agent", "--country", "XX"),
        "'XX' is not a country",
    ),
    "a default cycle that is none": (
        ("import", "agents.csv", "--kind", "agent", "--cycle", "1999-9"),
        "'1999-9' is not a cycle",
    ),
    "a format that is none": (("export", "docx"), "'docx' is not a format."),
    "an export of no kind": (("export", "csv", "--kind", "agnt"), "'agnt' is not a kind"),
    "an export of no country": (("export", "csv", "--country", "XX"), "'XX' is not a country"),
    "an export of no cycle": (("export", "csv", "--cycle", "1"), "'1' is not a cycle"),
    "a place that is a folder": (("export", "csv", "-o", "folder"), "folder cannot be used"),
    "a place in a file": (("export", "csv", "-o", "agents.csv/x"), "agents.csv"),
    "no file at all": (("import",), "Missing argument"),
}


@pytest.mark.parametrize(("words", "said"), MISUSES.values(), ids=MISUSES)
def test_misuse_is_said_in_a_sentence_and_nothing_is_written(
    empty_home: TestHome, words: tuple[str, ...], said: str
) -> None:
    root = empty_home.root  # where the command is run
    (root / "agents.csv").write_text(AGENTS, encoding="utf-8")
    (root / "agents.pdf").write_bytes(b"%PDF-1.7")
    (root / "folder").mkdir()

    done = empty_home.ncc(*words)

    assert done.code == 2
    assert said in done.err
    assert "Traceback" not in done.err
    assert done.out == ""
    with empty_home.store() as store:
        assert [one.kind for one in store.current()] == ["origin"]
    assert {path.name for path in root.iterdir()} == {"data", "agents.csv", "agents.pdf", "folder"}


def test_one_file_that_cannot_be_read_stops_no_other(empty_home: TestHome, agents: Path) -> None:
    done = empty_home.ncc("import", agents, "gone.csv", "--kind", "agent")

    assert done.code == 1
    assert "2 new" in done.out
    assert "gone.csv cannot be read" in done.err
