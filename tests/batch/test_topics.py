"""The seminar's workbook in the batch: a page for each topic, each a run of its own."""

import json
import shutil

from tests.conftest import TestHome

BOOK = ("--workbook", "05_seminar")
PAGES = [
    "05_seminar-communication.html",
    "05_seminar-financing.html",
    "05_seminar-governance_evaluation.html",
]


def made(home: TestHome) -> list[str]:
    return sorted(path.name for path in (home.reports() / "EU").glob("*.html"))


def test_each_topic_has_its_page_its_line_and_its_place_in_the_index(home: TestHome) -> None:
    first = home.ncc("run", "--json", *BOOK)
    second = home.ncc("run", "--json", *BOOK)

    assert first.code == 0, first.err
    assert made(home) == PAGES
    runs = [one for one in first.events if one["event"] == "run"]
    assert sorted(one["topic"] for one in runs) == [
        "communication",
        "financing",
        "governance_evaluation",
    ]
    assert second.events[-1] | {"seconds": 0} == {
        "event": "summary",
        "ok": 0,
        "failed": 0,
        "fresh": 3,
        "seconds": 0,
    }
    ledger = json.loads((home.reports() / "ledger.json").read_text("utf-8"))["runs"]
    assert ledger["05_seminar-financing/EU"]["page"] == "EU/05_seminar-financing.html"
    index = (home.reports() / "index.html").read_text("utf-8")
    assert 'href="EU/05_seminar-financing.html">Seminar on financing<' in index
    page = (home.reports() / "EU" / "05_seminar-financing.html").read_text("utf-8")
    assert ">European Union: seminar on financing<" in page


def test_one_topic_alone_can_be_made(home: TestHome) -> None:
    done = home.ncc("run", *BOOK, "-p", "topic=financing")

    assert done.code == 0, done.err
    assert made(home) == ["05_seminar-financing.html"]


def test_a_topic_that_is_none_is_misuse_and_nothing_is_written(home: TestHome) -> None:
    bad = home.ncc("run", *BOOK, "-p", "topic=../money")
    other = home.ncc("run", "--workbook", "06_country_brief", "-p", "topic=financing")

    assert (bad.code, other.code) == (2, 2)
    assert "'../money' is not a topic of this workbook." in bad.err
    assert "'topic' is not a parameter of a workbook." in other.err
    assert not home.reports().exists()


def test_a_topic_that_failed_is_named_and_made_again_alone(home: TestHome) -> None:
    notebook = home.own_workbooks() / "05_seminar.ipynb"
    whole = notebook.read_text("utf-8")
    broken = whole.replace(
        '"wb.seminar_needed()"', "\"1 / (wb._read.parameters.topic != 'financing')\""
    )
    assert broken != whole
    notebook.write_text(broken, "utf-8")

    failed = home.ncc("run", "--json", *BOOK)
    partial = home.reports() / "EU" / "05_seminar-financing.failed.ipynb"
    kept = partial.is_file()
    shutil.copy(notebook, home.root / "broken.ipynb")
    notebook.write_text(whole, "utf-8")
    mended = home.ncc("run", "--json", "--only-failed")

    assert (failed.code, kept, mended.code) == (1, True, 0)
    names = [one["topic"] for one in failed.events if one.get("status") == "failed"]
    assert names == ["financing"]
    assert made(home) == PAGES
    assert not partial.exists()
