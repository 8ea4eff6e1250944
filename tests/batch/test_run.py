"""`ncc run` as a coordinator meets it: pages, ledger, what is said, and what is not made twice."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import TestHome

BOOK = "01_self_assessment"
TWO = ("--workbook", BOOK, "--country", "AT", "--country", "PT")


def page(home: TestHome, country: str, name: str = f"{BOOK}.html") -> Path:
    return home.reports() / country / name


def told(home: TestHome, *words: str) -> dict[str, str]:
    """What `ncc run --json` says of each run: country, or EU, and status."""
    done = home.ncc("run", "--json", *words)
    return {one["country"]: one["status"] for one in done.events if one["event"] == "run"}


def written(home: TestHome) -> dict[Path, tuple[int, int]]:
    """Every page and when and as which file it was written: a rename shows too."""
    pages = sorted(home.reports().rglob("*.html"))
    return {path: (path.stat().st_mtime_ns, path.stat().st_ino) for path in pages}


def test_each_page_lies_at_its_promised_path_with_index_and_ledger(home: TestHome) -> None:
    books = ("00_programme", "06_country_brief", "07_eu_overview")
    named = [word for book in books for word in ("--workbook", book)]

    done = home.ncc("run", *named, "--country", "MT", "--cycle", "2024-1")

    assert done.code == 0, done.err
    assert {str(path.relative_to(home.reports())) for path in home.reports().rglob("*.html")} == {
        "index.html",
        "MT/00_programme.html",
        "MT/brief.html",
        "EU/overview.html",
    }
    assert ">Malta: country brief<" in page(home, "MT", "brief.html").read_text("utf-8")
    index = (home.reports() / "index.html").read_text("utf-8")
    assert 'href="MT/brief.html"' in index
    assert 'href="EU/overview.html"' in index
    assert 'href="PT/brief.html"' not in index
    ledger = json.loads((home.reports() / "ledger.json").read_text("utf-8"))
    assert {name: run["status"] for name, run in ledger["runs"].items()} == {
        "00_programme/MT": "ok",
        "06_country_brief/MT": "ok",
        "07_eu_overview/EU": "ok",
    }


def test_json_is_one_object_a_line_and_a_second_run_makes_nothing(home: TestHome) -> None:
    first = home.ncc("run", "--json", *TWO)
    before = written(home)
    second = home.ncc("run", "--json", *TWO)

    run, summary = ["event", "workbook", "country", "status", "seconds", "html"], first.events[-1]
    assert [list(one) for one in first.events[:-1]] == [run, run]
    assert list(summary) == ["event", "ok", "failed", "fresh", "seconds"]
    assert (summary["ok"], summary["failed"], summary["fresh"]) == (2, 0, 0)
    assert {(one["country"], one["status"], one["html"]) for one in first.events[:-1]} == {
        ("AT", "ok", str(page(home, "AT"))),
        ("PT", "ok", str(page(home, "PT"))),
    }
    assert (first.code, second.code) == (0, 0)
    assert [one.get("status") for one in second.events] == ["fresh", "fresh", None]
    assert second.events[0]["html"] == str(page(home, "AT"))
    assert second.events[-1]["fresh"] == 2
    assert written(home) == before


def test_a_page_that_was_altered_or_is_gone_is_made_again(home: TestHome) -> None:
    home.ncc("run", *TWO)
    good = {code: page(home, code).read_bytes() for code in ("AT", "PT")}

    page(home, "AT").write_bytes(good["AT"].replace(b"Austria", b"Australia"))
    page(home, "PT").unlink()
    done = home.ncc("run", *TWO)

    assert done.code == 0
    assert {code: page(home, code).read_bytes() for code in ("AT", "PT")} == good


def test_a_change_in_one_country_makes_only_its_pages_and_the_eu_s(
    home: TestHome, tmp_path: Path
) -> None:
    chosen = (*TWO, "--country", "EU", "--workbook", "07_eu_overview")
    assert told(home, *chosen) == {"AT": "ok", "PT": "ok", "EU": "ok"}
    answers = home.ncc("export", "jsonl", "--kind", "answer", "--country", "PT").events
    entry = next(one for one in answers if one["payload"].get("level") == 2)

    entry["payload"]["level"] = 5
    entry["payload"]["comment"] = "We wrote this a minute ago."
    (tmp_path / "changed.jsonl").write_text(json.dumps(entry), encoding="utf-8")
    taken = home.ncc("import", tmp_path / "changed.jsonl")

    assert taken.code == 0
    assert "1 changed" in taken.out
    assert told(home, *chosen) == {"AT": "fresh", "PT": "ok", "EU": "ok"}
    assert "We wrote this a minute ago." in page(home, "PT").read_text("utf-8")
    assert told(home, *chosen) == {"AT": "fresh", "PT": "fresh", "EU": "fresh"}


def test_force_makes_fresh_pages_again_and_they_are_the_same_bytes(home: TestHome) -> None:
    one = ("--workbook", "00_programme", "--country", "MT")
    home.ncc("run", *one)
    before = page(home, "MT", "00_programme.html").read_bytes()

    assert told(home, *one) == {"MT": "fresh"}
    assert told(home, *one, "--force") == {"MT": "ok"}
    assert page(home, "MT", "00_programme.html").read_bytes() == before


def test_only_failed_finds_nothing_when_nothing_failed(home: TestHome) -> None:
    done = home.ncc("run", "--json", "--only-failed", *TWO)

    assert done.code == 0
    assert [(one["event"], one.get("ok")) for one in done.events] == [("summary", 0)]
    assert not page(home, "AT").exists()


IMPORTED = """
import json, sys
from ncc_kernel.cli.app import main
sys.argv = ["ncc", "run", *sys.argv[1:]]
try:
    main()
finally:
    heavy = {"pandas", "altair", "papermill", "nbconvert", "nbclient", "zmq", "IPython", "scipy"}
    print(json.dumps(sorted(heavy & set(sys.modules))))
"""


def test_with_nothing_to_make_nothing_heavy_is_imported(home: TestHome) -> None:
    one = ("--workbook", "00_programme", "--country", "MT", "--json")
    assert home.ncc("run", *one).code == 0

    done = subprocess.run(
        [sys.executable, "-c", IMPORTED, *one],
        env=home.environ,
        capture_output=True,
        text=True,
        check=True,
    )

    first, _summary, imported = done.stdout.splitlines()
    assert json.loads(first)["status"] == "fresh"
    assert json.loads(imported) == []


MISUSES = {
    "a workbook that is none": (("--workbook", "wrong"), "'wrong' is not a workbook."),
    "a country that is none": (("--country", "XX"), "'XX' is not a country"),
    "another spelling of a country": (("--country", "at"), "write AT"),
    "a path for a country": (("--country", "../../etc"), "'../../etc' is not a country"),
    "a country with a line end": (("--country", "AT\n"), r"'AT\n' is not a country"),
    "an empty country": (("--country", ""), "No country is given."),
    "a parameter spelt wrong": (("-p", "county=PT"), "did you mean country?"),
    "a parameter without value": (("-p", "country"), "-p country has no value."),
    "another mode": (("-p", "mode=edit"), "leave mode out"),
    "a cycle that is none": (("--cycle", "1999-9"), "'1999-9' is not a cycle"),
    "a path for a cycle": (("--cycle", "../2024-1"), "'../2024-1' is not a cycle"),
    "an empty cycle": (("--cycle", ""), "No cycle is given."),
    "an empty cycle as a parameter": (("-p", "cycle="), "No cycle is given."),
    "two cycles": (("--cycle", "2023-1", "-p", "cycle=2024-1"), "cycle is given twice"),
    "no place to run": (("--jobs", "0"), "--jobs"),
    "no time for a cell": (("--cell-seconds", "0"), "--cell-seconds"),
    "an option that is none": (("--forse",), "--forse"),
}


@pytest.mark.parametrize(("words", "said"), MISUSES.values(), ids=MISUSES)
def test_misuse_is_said_in_a_sentence_and_nothing_is_written(
    home: TestHome, words: tuple[str, ...], said: str
) -> None:
    book = () if "--workbook" in words else ("--workbook", "00_programme")
    country = () if "--country" in words else ("--country", "MT")

    done = home.ncc("run", *book, *country, *words, seconds=60)

    assert done.code == 2
    assert said in done.err
    assert "Traceback" not in done.err
    assert done.out == ""
    assert not (home.root / "reports").exists()


def test_a_run_without_a_store_says_how_to_make_one(tmp_path: Path) -> None:
    bare = TestHome(tmp_path)

    done = bare.ncc("run", "--country", "PT")

    assert done.code == 2
    assert "There is no store at" in done.err
    assert "ncc init" in done.err
    assert list(tmp_path.iterdir()) == []


def test_a_second_batch_on_the_same_cycle_is_refused_until_the_first_has_ended(
    home: TestHome,
) -> None:
    first = subprocess.Popen(
        [sys.executable, "-m", "ncc_kernel.cli.app", "run", "--jobs", "1"],
        env=home.environ,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert first.stdout is not None
    first.stdout.readline()  # the first of all pages is made; the others take a while

    second = home.ncc("run", *TWO)
    other = home.ncc("run", "--cycle", "2023-1", "--only-failed", *TWO)
    first.terminate()
    first.communicate()

    assert second.code == 2
    assert f"Another ncc run (process {first.pid}) is at work" in second.err
    assert other.code == 0, other.err
    assert home.ncc("run", *TWO).code == 0


def test_a_place_that_cannot_be_written_is_said_in_a_sentence(home: TestHome) -> None:
    # Modes stop nobody who is root, a file where a folder should be stops everybody.
    (home.root / "reports").write_text("in the way")

    done = home.ncc("run", *TWO)

    assert done.code == 2
    assert str(home.root / "reports") in done.err
    assert "Traceback" not in done.err
    assert (home.root / "reports").read_text() == "in the way"


@pytest.mark.skipif(os.getuid() == 0, reason="root may write everywhere, whatever the mode")
def test_a_country_s_folder_without_write_permission_fails_that_country_alone(
    home: TestHome,
) -> None:
    page(home, "AT").parent.mkdir(parents=True)
    page(home, "AT").parent.chmod(0o555)

    done = home.ncc("run", *TWO)

    assert done.code == 1
    assert page(home, "PT").is_file()
    assert "Permission denied" in done.out


def test_a_country_whose_folder_cannot_be_made_fails_alone(home: TestHome) -> None:
    home.reports().mkdir(parents=True)
    (home.reports() / "AT").write_text("in the way")

    done = home.ncc("run", *TWO)

    assert done.code == 1
    assert page(home, "PT").is_file()
    assert f"Failed: {BOOK} AT" in done.out
    assert "Traceback" not in done.err


def test_a_country_that_has_entered_nothing_gets_a_page_too(empty_home: TestHome) -> None:
    done = empty_home.ncc("run", "--workbook", "06_country_brief", "--country", "MT")

    assert done.code == 0, done.err
    text = page(empty_home, "MT", "brief.html").read_text("utf-8")
    assert ">Malta: country brief<" in text
    assert "Illustrative data" not in text


PROGRAMME_2025 = """
year = 2025
title = "A programme of another year"
status = "Agreed"
source = "A test"

[[cycles]]
code = "2025-1"
label = "Spring round"

[[steps]]
number = 1
code = "listening"
name = "Listening to the regions"
about = "Each centre visits three regions."
windows = [{ first = 2025-02-03, last = 2025-05-16, source = "minutes" }]

[[steps]]
number = 2
code = "writing"
name = "Writing it down together"
about = "The group writes one paper."
windows = [
  { first = 2025-06-02, last = 2025-07-11, source = "minutes" },
  { first = 2025-06-16, last = 2025-09-26, source = "letter" },
]

[[events]]
code = "2025-lisbon"
name = "Meeting in Lisbon"
first = 2025-10-07
last = 2025-10-08
mode = "onsite"
source = "minutes"
"""


def test_another_year_is_a_new_file_and_no_code(home: TestHome) -> None:
    (home.own_data() / "programmes" / "2025.toml").write_text(PROGRAMME_2025, encoding="utf-8")

    done = home.ncc("run", "--cycle", "2025-1", "--country", "PT", "--workbook", "00_programme")

    assert done.code == 0, done.out + done.err
    text = (home.reports("2025-1") / "PT" / "00_programme.html").read_text("utf-8")
    for said in (
        "Listening to the regions",
        "3 February 2025 to 16 May 2025",
        "Writing it down together",
        "2 June 2025 to 11 July 2025",
        "16 June 2025 to 26 September 2025",
        "Meeting in Lisbon",
        "7 October 2025 to 8 October 2025",
        "A test. Agreed.",
    ):
        assert said in text
    assert "NCC beneficiaries kick-off" not in text  # an event of 2024
    assert not home.reports("2024-1").exists()
