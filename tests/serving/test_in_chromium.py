"""What a person sees in a real browser: the form is there, and nobody else is asked for anything."""

import contextlib
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import axe_playwright_python
import psutil
import pytest
from playwright.sync_api import Page, sync_playwright
from visitor import FORM, PASSWORD, Site, Visitor

from ncc_kernel.serving.app import transport_of_kernels
from ncc_kernel.store.accounts import Accounts


@pytest.fixture
def page(chromium: str) -> Iterator[Page]:
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser.new_page()
        browser.close()


def _sign_in(page: Page, site: Site) -> None:
    page.goto(f"http://127.0.0.1:{site.port}/signin")
    page.get_by_label("Name").fill("ana")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def test_nothing_is_asked_of_another_host_and_the_policy_is_kept(page: Page, site: Site) -> None:
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda one: said.append(one.text))
    page.on("pageerror", lambda fault: said.append(str(fault)))
    _sign_in(page, site)

    page.goto(f"http://127.0.0.1:{site.port}/w/00_programme?country=PT&cycle=2024-1")
    began = time.perf_counter()
    page.goto(f"http://127.0.0.1:{site.port}{FORM.format('PT')}", wait_until="commit")
    page.wait_for_selector("[data-widget] fieldset")

    print(f"page to form: {time.perf_counter() - began:.2f} s")
    hosts = {urlsplit(one.removeprefix("blob:")).netloc for one in asked}
    assert hosts == {f"127.0.0.1:{site.port}"}
    assert said == []


def test_a_file_is_added_in_the_form_listed_given_out_and_taken_away(
    page: Page, site: Site, tmp_path: Path
) -> None:
    minutes, fake = tmp_path / "minutes.txt", tmp_path / "fake.pdf"
    minutes.write_text("Minutes of the board")
    fake.write_text("no pdf")
    _sign_in(page, site)
    page.goto(f"http://127.0.0.1:{site.port}{FORM.format('PT')}")
    page.locator('[id="D1.3"] details.more > summary').click()
    field = page.locator('[id="D1.3:files"]')
    listed = page.locator('[id="D1.3"] .files-list li')
    assert "at most 5 MB each" in page.locator('[id="D1.3:files:hint"]').inner_text()

    field.set_input_files(str(fake))
    page.get_by_text("Error: not saved. What is in 'fake.pdf' is not PDF").wait_for()
    field.set_input_files(str(minutes))
    listed.wait_for()
    with page.expect_download() as started:
        listed.get_by_role("link", name="minutes.txt").click()

    assert started.value.suggested_filename == "minutes.txt"
    assert Path(started.value.path()).read_text() == "Minutes of the board"
    listed.get_by_role("button", name="Take away minutes.txt").click()
    listed.wait_for(state="detached")


def test_a_page_whose_kernel_is_killed_says_so_and_opens_again(page: Page, site: Site) -> None:
    _sign_in(page, site)
    page.goto(f"http://127.0.0.1:{site.port}{FORM.format('PT')}")
    page.wait_for_selector("[data-widget] fieldset")

    for one in _kernels_of(site):
        one.kill()
    page.get_by_role("button", name="Open it again").first.click(timeout=10_000)

    page.wait_for_selector("[data-widget] fieldset")
    page.locator(".says", has_text="Everything is saved").first.wait_for()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere kernels listen on ports")
def test_no_kernel_listens_where_others_on_the_machine_could_knock(page: Page, site: Site) -> None:
    _sign_in(page, site)
    page.goto(f"http://127.0.0.1:{site.port}{FORM.format('PT')}")
    page.wait_for_selector("[data-widget] fieldset")

    kernels = _kernels_of(site)

    assert kernels
    assert [one.net_connections("inet") for one in kernels] == [[] for _ in kernels]


def test_where_paths_are_too_long_for_sockets_kernels_listen_on_ports(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", "/" + "long" * 15)

    assert transport_of_kernels() == "tcp"


def test_a_page_finds_a_server_that_was_killed_and_started_again(
    page: Page, start_site: Callable[..., Site]
) -> None:
    site = start_site()
    _sign_in(page, site)
    page.goto(f"http://127.0.0.1:{site.port}{FORM.format('PT')}")
    page.wait_for_selector("[data-widget] fieldset")

    site.process.kill()
    page.get_by_text("Disconnected").first.wait_for(timeout=5_000)
    assert page.inner_text("#connection") == ""  # one banner, the form's own
    start_site(site)
    page.get_by_role("button", name="Open it again").first.click(timeout=20_000)

    page.wait_for_selector("[data-widget] fieldset")


def _kernels_of(site: Site) -> list[psutil.Process]:
    """The kernels whose sockets the server holds: forks, so no child of it."""
    found = []
    for one in psutil.process_iter(["pid"]):
        with contextlib.suppress(psutil.Error):
            if one.pid not in (site.process.pid, os.getpid()) and str(site.root) in _open_files(
                one
            ):
                found.append(one)
    return found


def _open_files(process: psutil.Process) -> str:
    return " ".join(file.path for file in process.open_files())


@pytest.mark.parametrize("who", ["ana", "coo"])
def test_the_pages_around_the_form_are_accessible(page: Page, site: Site, who: str) -> None:
    visitor = Visitor(site.port)
    visitor.sign_in(who)
    line = {"name": "ncc_session", "value": visitor.cookies["ncc_session"]}
    found = []

    for path in (
        "/signin",
        "/",
        "/nothing",
        "/password",
        "/about/privacy",
        "/about/contact",
        "/about/accessibility",
        "/files/PT/2024-1/answers.html",
    ):
        page.goto(f"http://127.0.0.1:{site.port}{path}")
        page.context.add_cookies([{**line, "url": page.url}])
        page.reload()
        found += _serious(page)

    assert found == []


def _serious(page: Page) -> list[str]:
    script = Path(axe_playwright_python.__file__).parent / "axe.min.js"
    page.evaluate(script.read_text(encoding="utf-8"))
    told = page.evaluate("axe.run()")
    return [
        f"{page.url}: {one['id']}: {one['help']}"
        for one in told["violations"]
        if one["impact"] in ("serious", "critical")
    ]


def test_a_person_who_is_signed_out_elsewhere_is_told_so(page: Page, site: Site) -> None:
    _sign_in(page, site)
    page.goto(f"http://127.0.0.1:{site.port}{FORM.format('PT')}")
    page.wait_for_selector("[data-widget] fieldset")

    with Accounts(site.url) as accounts:
        accounts.set_password("ana", PASSWORD)

    page.get_by_role("button", name="Sign in again").first.click(timeout=10_000)
    page.get_by_role("heading", name="Sign in").wait_for()
    assert "01_self_assessment" in page.url  # and from there back to the form


def test_a_link_from_elsewhere_opens_the_page_for_who_is_signed_in(page: Page, site: Site) -> None:
    _sign_in(page, site)
    page.get_by_text("You are signed in as").wait_for()

    page.goto(f"http://localhost:{site.port}/about/privacy")  # another site, to a browser
    page.evaluate(f"location.href = 'http://127.0.0.1:{site.port}/'")

    page.get_by_text("You are signed in as").wait_for()


def test_a_page_warns_before_the_session_ends_and_one_can_stay(page: Page, site: Site) -> None:
    _sign_in(page, site)
    page.get_by_text("You are signed in as").wait_for()
    page.goto(f"http://127.0.0.1:{site.port}/password")  # unlike the start page, no sign of life
    _age(site, "acted", minutes=56)

    page.reload()
    box = page.locator("#leaving", has_text="You will be signed out in 4 minutes")
    box.wait_for()
    assert _serious(page) == []
    page.get_by_role("button", name="Stay signed in").click()

    page.locator("#leaving").wait_for(state="hidden")
    _age(site, "opened", minutes=12 * 60 - 2)
    page.reload()
    page.locator("#leaving", has_text="a session lasts 12 hours").wait_for()
    assert page.locator("#leaving button").count() == 0


def _age(site: Site, column: str, *, minutes: int) -> None:
    """As if this had been so long ago, for every session of ana."""
    then = (_now() - timedelta(minutes=minutes)).isoformat(timespec="microseconds")
    with sqlite3.connect(site.root / "data" / "store" / "ncc.sqlite") as database:
        database.execute(f"UPDATE session SET {column} = ? WHERE name = 'ana'", (then,))
    database.close()


def test_the_first_start_prints_a_link_that_lets_in_once(site: Site) -> None:
    with Accounts(site.url) as accounts:
        accounts.one_time_link("coo", at=_now(), token="k" * 43)
    first, second = Visitor(site.port), Visitor(site.port)

    short = first.send("/first", key="k" * 43, password="short")
    entered = first.send("/first", key="k" * 43, password="correct horse battery 2")
    again = second.send("/first", key="k" * 43, password="correct horse battery 3")

    assert (short.status, entered.status, again.status) == (403, 303, 403)
    assert first.ask("/").status == 200


def test_a_port_in_use_is_a_sentence(site: Site) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ncc_kernel.cli.app", "serve", "--port", str(site.port)],
        env={"NCC_HOME": str(site.root), "PATH": ""},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 2
    assert "cannot listen" in done.stderr
    assert "Traceback" not in done.stderr


def _now() -> datetime:
    return datetime.now(UTC)
