"""Pages of steps 3 and 4, and what the brief and the overview say of them."""

import re
import subprocess
import sys
from datetime import UTC, datetime
from html import unescape
from typing import Any

import pytest

from ncc_kernel.model.revision import Draft
from ncc_kernel.workbook import open_workbook

NOW = datetime(2024, 7, 1, tzinfo=UTC)
PIECES = {
    "03_cocreation": ("cocreation_summary", "cocreation_charts", "processes", "templates"),
    "04_scaling": ("portfolio_charts", "selection", "decisions", "practices", "offers"),
}


@pytest.fixture
def here(home: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """This process stands in a home with the sample data."""
    monkeypatch.setenv("NCC_HOME", str(home.root))
    monkeypatch.delenv("NCC_STORE", raising=False)
    return home


def words_of(piece: Any) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", str(piece.html()))).split())


def page(book: str, country: str, mode: str = "brief") -> str:
    wb = open_workbook(book, country, "2024-1", mode)
    return " ".join(words_of(getattr(wb, name)()) for name in PIECES[book])


def record(here: Any, country: str, *entries: tuple[str, str, dict[str, Any]]) -> None:
    with here.store() as store:
        drafts = [
            Draft(country, "-", kind, key, _seq(store, kind, country, key), payload)
            for kind, key, payload in entries
        ]
        assert len(store.append(drafts, author="t", at=NOW).written) == len(drafts)


def _seq(store: Any, kind: str, country: str, key: str) -> int | None:
    found = store.current(kind, country=country, key=key)
    return found[0].seq if found else None


@pytest.mark.parametrize("book", PIECES)
def test_a_country_with_nothing_is_told_how_to_begin(here: Any, book: str) -> None:
    said = page(book, "MT")

    assert "How to begin:" in said
    assert "Three fields are enough" in said


def test_a_readiness_without_evidence_is_claimed_until_something_shows_it(here: Any) -> None:
    record(here, "MT", ("practice", "r", {"title": "Benches", "readiness": 7, "evidence": 3}))
    claimed = open_workbook("04_scaling", "MT", "2024-1", "brief")

    shown = {"readiness_shown": "Report", "evidence_shown": "Study"}
    more = {"title": "Benches", "readiness": 7, "evidence": 3} | shown
    record(here, "MT", ("practice", "r", more))
    proven = open_workbook("04_scaling", "MT", "2024-1", "brief")

    assert "0 of 1 practices work near everyday conditions with a cause shown; 1 more claims so." in words_of(claimed.portfolio_charts())  # fmt: skip
    assert "7 claimed" in words_of(claimed.practices())
    assert "1 of 1 practices works near everyday conditions with a cause shown." in words_of(proven.portfolio_charts())  # fmt: skip
    assert "7 claimed" not in words_of(proven.practices())


def test_who_is_private_is_not_named_by_key_either(here: Any) -> None:
    hidden = {"visibility": "private"}
    record(
        here,
        "MT",
        ("agent", "secret-lab", {"name": "Secret Lab"} | hidden),
        ("agent", "open-lab", {"name": "Open Lab"}),
        ("initiative", "secret-idea", {"title": "Secret idea"} | hidden),
        (
            "practice",
            "r",
            {
                "title": "Benches",
                "initiative": "secret-idea",
                "partners": ["secret-lab", "open-lab"],
            },
        ),
        ("process", "p", {"title": "P", "challenge": "c"}),
        ("commitment", "m", {"title": "Pay", "process": "p", "authority": "secret-lab"}),
    )

    said = page("03_cocreation", "MT") + page("04_scaling", "MT")

    assert "Partners Open Lab" in said
    assert "secret" not in said.lower()


def test_a_cost_that_nobody_said_is_not_taken_for_none(here: Any) -> None:
    scored = {"practice": "r", "criterion": "c", "points": 4}
    record(
        here,
        "MT",
        ("practice", "r", {"title": "Benches", "readiness": 5, "effort": 3}),
        ("criterion", "c", {"name": "Reach", "weight": 1}),
        ("score", "s", scored),
        ("selection_round", "o", {"title": "First", "most": 1}),
    )

    said = words_of(open_workbook("04_scaling", "MT", "2024-1", "brief").selection())

    assert "take 3 days, without 1 that do not say their cost or days" in said


def test_a_level_that_is_changed_stays_told_as_it_was(here: Any) -> None:
    record(here, "MT", ("practice", "r", {"title": "Benches", "readiness": 3}))
    record(here, "MT", ("practice", "r", {"title": "Benches", "readiness": 5}))

    said = words_of(open_workbook("04_scaling", "MT", "2024-1", "brief").practices())

    assert "Benches readiness 3 5 1 July 2024" in said


def test_the_printed_page_of_a_country_stands_still_when_another_country_enters_something(
    here: Any,
) -> None:
    before = [page(book, "PT") for book in PIECES]

    offered = {"title": "Our way", "challenge": "at-challenge-1", "template": True}
    record(here, "AT", ("process", "new", offered))
    record(here, "AT", ("practice", "new", {"title": "New", "readiness": 9, "objectives": ["ESO4.1"]}))  # fmt: skip

    assert [page(book, "PT") for book in PIECES] == before
    assert "Our way" in page("03_cocreation", "PT", "edit")


def test_what_is_private_is_on_no_page(here: Any) -> None:
    record(
        here,
        "PT",
        ("process", "secret", {"title": "Hush", "challenge": "pt-challenge-1", "visibility": "private"}),
        ("prototype", "under", {"title": "Hush too", "process": "secret"}),
        ("practice", "quiet", {"title": "Hush as well", "visibility": "private"}),
    )  # fmt: skip

    overview = open_workbook("07_eu_overview", "EU", "2024-1", "brief")

    assert "Hush" not in page("03_cocreation", "PT") + page("04_scaling", "PT")
    assert "Hush" not in words_of(overview.cocreation_and_scaling())


def test_the_proposal_the_criteria_and_what_was_left_aside_are_all_told(here: Any) -> None:
    said = page("04_scaling", "PT")

    assert "This is a proposal from the country's own criteria; people decide." in said
    assert "Criteria and their weights" in said
    assert re.search(r"\d of \d candidates fit the budget of", said)
    assert "It stays as good as any other choice at" in said
    assert "What people decided" in said


def test_contradicting_limits_are_told_on_the_page(here: Any) -> None:
    record(here, "PT", ("selection_round", "later", {"title": "R", "day": "2024-06-30", "budget": 1, "must": ["pt-practice-1"]}))  # fmt: skip

    said = page("04_scaling", "PT")

    assert "Nothing can be proposed." in said
    assert "must be among those chosen, but cannot be: decided on 2024-05-15: to be scaled." in said


HOSTILE = '<script>alert(1)</script><a href="javascript:x">'


def test_what_people_type_is_text_on_every_page(here: Any) -> None:
    record(
        here,
        "MT",
        ("challenge", "c", {"title": HOSTILE}),
        ("process", "p", {"title": HOSTILE, "challenge": "c", "question": HOSTILE, "ethics": HOSTILE}),
        ("session", "s", {"title": HOSTILE, "process": "p", "decided": HOSTILE}),
        ("commitment", "m", {"title": HOSTILE, "process": "p", "authority_name": HOSTILE}),
        ("prototype", "t", {"title": HOSTILE, "process": "p", "reason": HOSTILE, "verdict": "stop"}),
        ("indicator", "i", {"name": HOSTILE, "prototype": "t", "baseline": 0, "target": 2, "result": 1}),
        ("practice", "r", {"title": HOSTILE, "prototype": "t", "owner": HOSTILE, "readiness": 1, "evidence": 1, "summary": HOSTILE}),
        ("component", "k", {"name": HOSTILE, "practice": "r", "readiness": 0}),
        ("criterion", "z", {"name": HOSTILE, "weight": 1}),
        ("score", "o", {"practice": "r", "criterion": "z", "points": 3}),
        ("selection", "d", {"practice": "r", "outcome": "wait", "day": "2024-05-01", "reason": HOSTILE, "dissent": HOSTILE}),
    )  # fmt: skip

    html = "".join(
        str(getattr(open_workbook(book, "MT", "2024-1", "brief"), name)().html())
        for book, names in PIECES.items()
        for name in names
    )
    brief = open_workbook("06_country_brief", "MT", "2024-1", "brief")
    html += str(brief.cocreation_and_scaling().html())

    assert html.count("&lt;script&gt;") > 20
    assert "<script" not in html
    assert 'href="javascript' not in html


def test_a_batch_with_nothing_to_do_does_without_the_solver() -> None:
    modules = "ncc_kernel.cli.run, ncc_kernel.batch.plan, ncc_kernel.workbook.reference"
    code = f"import sys, {modules}; print('scipy' in sys.modules, 'altair' in sys.modules)"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.split() == ["False", "False"]
