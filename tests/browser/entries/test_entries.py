"""Entries of the map, as a team adds them: the real server, its kernels, real browsers."""

import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from served import Person, Server, focused, make_home, person, tab_to

from ncc_kernel.model.revision import Draft
from ncc_kernel.store.log import Store

if TYPE_CHECKING:
    from playwright.sync_api import Browser

MAP = "/w/02_ecosystem_mapping?country=MT&cycle=2024-1"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, sample_file: Path) -> Iterator[Server]:
    made = make_home(tmp_path_factory.mktemp("entries"), sample_file)
    made.start()
    yield made
    made.stop()


def open_map(who: Person) -> None:
    who.page.goto(who.url(MAP))
    who.page.get_by_role("button", name="Add an agent").wait_for()


def press(who: Person, words: str) -> None:
    """The button of that name, with the keyboard."""
    tab_to(who.page, words)
    who.page.keyboard.press("Enter")


def until(true: Callable[[], object], what: str) -> None:
    end = time.monotonic() + 20
    while not true():
        assert time.monotonic() < end, what
        time.sleep(0.02)


def says(who: Person, pattern: str) -> None:
    """Wait until the form says so of itself."""
    until(lambda: re.search(pattern, who.status.inner_text()), pattern)


def agents(server: Server) -> dict[str, Any]:
    with Store(server.store_url) as store:
        found = store.current("agent", country="MT")
    return {str((one.payload or {})["name"]): one for one in found}


def record(server: Server, *drafts: Draft) -> None:
    with Store(server.store_url) as store:
        store.append(drafts, author="t", at=datetime(2024, 5, 6, tzinfo=UTC))


def type_name(who: Person, text: str) -> None:
    """In place of what stands there; the form of an entry begins with its name."""
    who.page.get_by_label("Name (needed)").fill(text)


def test_an_agent_is_added_changed_withdrawn_and_brought_back_with_the_keyboard_alone(
    browser: "Browser", server: Server
) -> None:
    with person(browser, server, "mia") as mia:
        open_map(mia)
        faults = mia.serious()
        began = time.monotonic()
        press(mia, "Add an agent")
        mia.page.keyboard.type("Dar il-Poplu")
        mia.page.keyboard.press("Tab")
        mia.page.keyboard.type("Social innovation lab")
        mia.page.keyboard.press("Tab")
        mia.page.keyboard.type("Valletta")
        faults += mia.serious()
        mia.page.keyboard.press("Enter")
        until(lambda: "Dar il-Poplu" in agents(server), "it is in the record")
        print(f"added with the keyboard in {time.monotonic() - began:.1f} s")
        until(lambda: focused(mia.page) == "Add another agent", "the next one can be added")
        assert agents(server)["Dar il-Poplu"].payload == {
            "name": "Dar il-Poplu", "type": "si_lab", "place": {"name": "Valletta"},
        }  # fmt: skip

        press(mia, "Dar il-Poplu")
        mia.page.keyboard.press("End")
        mia.page.keyboard.type(" Valletta")
        mia.page.keyboard.press("Enter")
        until(lambda: "Dar il-Poplu Valletta" in agents(server), "the change is in the record")

        press(mia, "Dar il-Poplu Valletta")
        press(mia, "Withdraw…")
        press(mia, "Yes, withdraw it")
        until(lambda: "Dar il-Poplu Valletta" not in agents(server), "it is withdrawn")
        until(lambda: focused(mia.page) == "Undo", "it can be undone")
        mia.page.keyboard.press("Enter")
        until(lambda: "Dar il-Poplu Valletta" in agents(server), "it is back")

        faults += mia.serious()
        assert faults == []
        assert (mia.hosts, mia.said) == ({f"127.0.0.1:{server.port}"}, [])

    ran = server.root / "reports" / "2024-1" / "MT" / "02_ecosystem_mapping.html"
    run(server, "run", "--workbook", "02_ecosystem_mapping", "--country", "MT")
    assert "Dar il-Poplu Valletta" in ran.read_text(encoding="utf-8")


def run(server: Server, *words: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ncc_kernel.cli.app", *words],
        env=server.environ, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def test_two_at_one_entry_see_both_versions_and_combine_them(
    browser: "Browser", server: Server
) -> None:
    with person(browser, server, "mia") as mia, person(browser, server, "max") as rival:
        open_map(mia)
        open_map(rival)
        press(mia, "Add an agent")
        type_name(mia, "Għaqda")
        mia.page.get_by_role("button", name="Save").click()
        began = time.monotonic()
        rival.page.get_by_role("button", name="Għaqda", exact=True).wait_for()
        print(f"the other page shows it after {time.monotonic() - began:.2f} s")

        for who in (mia, rival):
            who.page.get_by_role("button", name="Għaqda", exact=True).click()
            who.page.get_by_label("Name (needed)").wait_for()
        hold = rival.page.evaluate_handle("() => window")  # the page stays as it is
        type_name(mia, "Għaqda Ħamrun")
        type_name(rival, "Għaqda Sliema")
        until(
            lambda: mia.page.locator(".conflict").count() + rival.page.locator(".conflict").count(),
            "a conflict is shown",
        )
        late = mia if mia.page.locator(".conflict").count() else rival
        table = late.page.locator(".conflict table").inner_text()
        late.page.get_by_role("button", name="Combine").click()
        late.page.get_by_role("button", name="Keep the combination").click()
        says(late, r"^Draft kept")
        late.page.get_by_role("button", name="Save", exact=True).click()
        until(lambda: any("Sliema" in name and "Ħamrun" in name for name in agents(server)), "both")

        hold.dispose()
        assert "Għaqda Ħamrun" in table
        assert "Għaqda Sliema" in table


def test_what_is_typed_when_the_kernel_is_killed_is_there_after_a_reload(
    browser: "Browser", server: Server
) -> None:
    with person(browser, server, "mia") as mia:
        open_map(mia)
        press(mia, "Add an agent")
        mia.page.keyboard.type("Half a na")
        says(mia, r"^Draft kept")
        found = server.kernels()
        assert found
        for one in found:
            one.kill()
        mia.page.keyboard.type("me, and more")
        mia.page.locator('.bar[data-kind="disconnected"]').wait_for(timeout=5000)
        mia.page.on("dialog", lambda dialog: dialog.accept())
        mia.page.reload()

        name = mia.page.get_by_label("Name (needed)")
        name.wait_for()

        assert name.input_value() == "Half a name, and more"
        says(mia, r"^Draft kept")
        press(mia, "Back to the list")
        assert "not saved yet" in mia.page.locator("table.entries").inner_text()
        assert "Half a name, and more" not in agents(server)


def test_what_may_be_the_same_is_said_and_a_link_is_made_by_searching(
    browser: "Browser", server: Server
) -> None:
    known = "Kunsill tal-Komunità"
    record(server, Draft("MT", "-", "agent", "council", None, {"name": known}))
    with person(browser, server, "mia") as mia:
        open_map(mia)
        press(mia, "Add an agent")
        type_name(mia, "KUNSILL TAL-KOMUNITA")
        mia.page.get_by_text("There is an agent of this name already").wait_for()
        mia.page.get_by_role("button", name="Throw away").click()
        mia.page.get_by_text("Thrown away:").wait_for()

        mia.page.get_by_role("button", name="Links").click()
        press(mia, "Add a link")
        mia.page.keyboard.type(known[:6])
        mia.page.locator("[role=option]").first.wait_for()
        faults = mia.serious()
        mia.page.keyboard.press("Enter")
        mia.page.locator(".chosen li").first.wait_for()
        mia.page.get_by_role("button", name="Save", exact=True).click()
        mia.page.get_by_role("heading", name="It cannot be saved yet").wait_for()
        faults += mia.serious()

        missing = mia.page.locator(".error-summary li").all_inner_texts()
        assert missing == [
            "What it does there: this is needed.",
            "Initiative, or other agent: this is needed.",
        ]
        assert faults == []


def test_two_thousand_entries_are_found_by_typing(browser: "Browser", server: Server) -> None:
    drafts = [
        Draft("MT", "-", "agent", f"many-{at}", None, {"name": f"Agent number {at}"})
        for at in range(2000)
    ]
    record(server, *drafts)
    with person(browser, server, "mia") as mia:
        open_map(mia)
        began = time.monotonic()
        search = mia.page.get_by_role("searchbox", name="Search")
        search.fill("number 1234")
        mia.page.get_by_role("button", name="Agent number 1234", exact=True).wait_for()
        print(f"found among 2 000 in {time.monotonic() - began:.2f} s")

        assert mia.page.locator("table.entries tbody tr").count() == 1
        search.fill("")
        assert mia.page.locator("table.entries tbody tr").count() == 50
