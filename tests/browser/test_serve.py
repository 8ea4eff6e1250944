"""As a new user would: the real server, its kernels and real browsers, from signing in to the brief."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from served import Person, Server, make_home, person, tab_to
from visitor import FORM

from ncc_kernel.model.guide import Guide

playwright_api = pytest.importorskip(
    "playwright.sync_api", reason="playwright is not installed: pip install -e .[dev]"
)

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, sample_file: Path) -> Iterator[Server]:
    made = make_home(tmp_path_factory.mktemp("served"), sample_file)
    made.start()
    yield made
    made.stop()


def fill_with_the_keyboard(who: Person, codes: list[str]) -> None:
    for at, code in enumerate(codes):
        tab_to(who.page, f"{code}:answer:none")
        for _ in range(1 + at % 6):
            who.page.keyboard.press("ArrowDown")
    who.saved()


def check(who: Person) -> None:
    """With the keyboard."""
    who.page.locator(".to-check button").focus()
    who.page.keyboard.press("Enter")
    who.page.get_by_role("heading", name="All answers").wait_for()


def submit(who: Person) -> str:
    """With the keyboard, from the check page; the reference on the receipt."""
    for wanted in ("Submit…", "Yes, submit now"):
        tab_to(who.page, wanted)
        who.page.keyboard.press("Enter")
    who.page.get_by_role("heading", name="Submitted: your receipt").wait_for()
    return who.page.locator(".receipt dl.facts dd").first.inner_text()


def test_a_self_assessment_goes_from_the_first_sign_in_to_the_brief(
    browser: "Browser", server: Server, guide: Guide
) -> None:
    codes = [one.code for one in guide.questions]
    faults: list[str] = []
    assert server.answers("MT") == {}

    with person(browser, server, "mia") as mia, person(browser, server, "coo") as coo:
        faults += mia.serious()
        tab_to(mia.page, "Self-assessment")
        mia.page.keyboard.press("Enter")
        mia.ready()
        fill_with_the_keyboard(mia, codes)
        given = [server.answers("MT")[code]["level"] for code in codes]
        assert given == [at % 6 for at in range(40)]
        tab_to(mia.page, "Check and submit")
        check(mia)
        first = submit(mia)
        faults += mia.serious()

        coo.open_form()
        faults += coo.serious()
        coo.page.get_by_label("Note to the team").fill("What shows the level of D1.1?")
        coo.page.get_by_role("button", name="Return with this note").click()

        mia.page.locator(".state", has_text="Returned").wait_for(timeout=3000)
        mia.page.get_by_role("link", name="Back to the form").click()
        mia.page.get_by_text("What shows the level of D1.1?").wait_for()
        faults += mia.serious()
        mia.field("D1.1", "evidence").fill("The minutes of May")
        mia.saved()
        check(mia)
        assert "The minutes of May" in mia.page.locator(".check").inner_text()
        faults += mia.serious()
        second = submit(mia)

        coo.page.locator(".state", has_text="Submitted").wait_for(timeout=3000)
        coo.page.get_by_role("button", name="Accept").click()
        mia.page.locator(".state", has_text="Accepted").wait_for(timeout=3000)
        for who in (mia, coo):
            who.page.goto(who.url("/"))
            assert "Accepted" in who.page.inner_text("main")
            faults += who.serious()

        assert first != second
        assert faults == []
        assert mia.said + coo.said == []
        assert [len(mia.lines), len(coo.lines)] == [1, 1]  # no line broke and was tied again
        assert mia.hosts | coo.hosts == {f"127.0.0.1:{server.port}"}

    words = ["run", "--country", "MT", "--country", "EU"]
    done = subprocess.run(
        [sys.executable, "-m", "ncc_kernel.cli.app", *words],
        env=server.environ, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr + done.stdout
    made = server.root / "reports" / "2024-1"
    for page in ("MT/brief.html", "MT/00_programme.html"):
        assert f", {second}" in (made / page).read_text(), page
        assert "accepted on" in (made / page).read_text(), page
    assert "accepted" in (made / "EU" / "overview.html").read_text()


def test_two_editors_see_each_other_and_lose_no_word(browser: "Browser", server: Server) -> None:
    with person(browser, server, "ana") as ana, person(browser, server, "rui") as rui:
        for who in (ana, rui):
            who.open_form("PT", "#D1.1")
            who.unfold("D1.1")
        ana.field("D1.2", "answer:4").check()
        rui.field("D2.1", "answer:1").check()
        rui.page.locator(".people", has_text="ana").first.wait_for(timeout=3000)

        ana.field("D1.1", "comment").fill("Seen from the house")
        rui.field("D1.1", "comment").fill("Seen from the street")
        ana.page.wait_for_timeout(1200)
        either = [who for who in (ana, rui) if who.page.locator(".conflict").count()]
        assert len(either) == 1
        late, early = either[0], rui if either[0] is ana else ana
        early.saved()
        shown = late.page.locator(".conflict table").inner_text()
        assert "Seen from the house" in shown
        assert "Seen from the street" in shown
        assert late.serious() == []

        late.page.get_by_role("button", name="Combine").click()
        late.page.get_by_role("button", name="Save the combination").click()
        late.saved()
        joined = playwright_api.expect(early.field("D1.1", "comment"))
        joined.to_have_value(re.compile(r"\n\n"), timeout=2000)
        for words in ("Seen from the house", "Seen from the street"):
            assert words in early.field("D1.1", "comment").input_value()
            assert words in server.answers("PT")["D1.1"]["comment"]
        assert ana.field("D2.1", "answer:1").is_checked()
        assert rui.field("D1.2", "answer:4").is_checked()
        assert ana.said + rui.said == []


def test_an_editor_never_gets_the_form_of_another_country(
    browser: "Browser", server: Server
) -> None:
    with person(browser, server, "ana") as ana:
        answer = ana.page.goto(ana.url(FORM.format("ES")))

        assert answer is not None
        assert answer.status == 403
        ana.page.wait_for_timeout(500)
        assert ana.page.locator("fieldset, [data-widget], #kernel").count() == 0
        assert ana.serious() == []
        for path in ("/files/ES/2024-1/answers.xlsx", "/w/01_self_assessment?country=es"):
            assert ana.page.request.get(ana.url(path)).status in {400, 403, 404}
