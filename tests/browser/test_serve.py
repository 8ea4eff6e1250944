"""As a new user would: the real server, its kernels and real browsers, from signing in to the brief."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from served import Person, Server, make_home, person, tab_to

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


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator["Browser"]:
    with playwright_api.sync_playwright() as running:
        opened = running.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        yield opened
        opened.close()


def fill_with_the_keyboard(who: Person, codes: list[str]) -> None:
    for at, code in enumerate(codes):
        tab_to(who.page, f"{code}:answer:none")
        for _ in range(1 + at % 6):
            who.page.keyboard.press("ArrowDown")
    who.saved()


def check_and_submit(who: Person) -> str:
    """With the keyboard; the reference on the receipt."""
    for wanted in ("Check and submit", "Submit…", "Yes, submit now"):
        tab_to(who.page, wanted)
        who.page.keyboard.press("Enter")
        if wanted == "Check and submit":
            who.page.get_by_role("heading", name="All answers").wait_for()
    who.page.get_by_role("heading", name="Submitted: your receipt").wait_for()
    return who.page.locator("dl.facts dd").first.inner_text()


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
        first = check_and_submit(mia)
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
        mia.page.locator(".to-check button").click()
        mia.page.get_by_role("heading", name="All answers").wait_for()
        assert "The minutes of May" in mia.page.locator(".check").inner_text()
        faults += mia.serious()
        mia.page.locator("h2", has_text="Check your answers").focus()
        second = check_and_submit(mia)

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
