"""A team records its learning path in a real browser, and the coordinator a rule for the groups."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect, sync_playwright
from visitor import FORM, PASSWORD, Site

from ncc_kernel.model.revision import Revision
from ncc_kernel.store.log import Store

PATIENT = 30_000


@pytest.fixture
def page(chromium: str) -> Iterator[Page]:
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser.new_page()
        browser.close()


def _open(page: Page, site: Site, name: str, path: str) -> None:
    page.goto(f"http://127.0.0.1:{site.port}/signin")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.goto(f"http://127.0.0.1:{site.port}{path}")


def _recorded(site: Site, kind: str, country: str) -> tuple[Revision, ...]:
    with Store(site.url) as store:
        return store.current(kind, country=country, cycle="2024-1")


def test_an_item_that_is_added_is_kept_and_stands_in_the_path(page: Page, site: Site) -> None:
    _open(page, site, "ana", FORM.format("PT"))
    page.get_by_role("button", name="Add an item").click(timeout=PATIENT)

    page.get_by_label("What you do").fill("We visit Finland")
    page.get_by_label("Kind (needed)").select_option("peer_visit")
    page.get_by_label("Statement", exact=True).last.fill("D2.3")
    page.get_by_label("Done by").fill("2024-09-30")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Added: “We visit Finland”.")).to_be_visible(timeout=PATIENT)

    page.reload()
    rows = page.get_by_role("row").filter(has_text="30 September 2024")
    expect(rows.filter(has_text="We visit Finland")).to_have_count(2, timeout=PATIENT)
    payloads = [one.payload for one in _recorded(site, "path_item", "PT")]
    assert {
        "title": "We visit Finland",
        "type": "peer_visit",
        "question": "D2.3",
        "due": "2024-09-30",
    } in payloads


def test_what_is_proposed_is_taken_over_with_one_press_and_a_save(page: Page, site: Site) -> None:
    _open(page, site, "ana", FORM.format("PT"))
    title = "Seminar: financing of the centre"
    proposed = page.get_by_role("button", name=f"Take over: {title}")
    proposed.click(timeout=PATIENT)
    expect(page.get_by_label("What you do")).to_have_value(title)

    page.get_by_label("Who leads").fill("the ministry")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text(f"Added: “{title}”.")).to_be_visible(timeout=PATIENT)

    expect(proposed).to_have_count(0)
    expect(page.get_by_role("button", name="Take over: ").first).to_be_visible()
    (taken,) = (
        one.payload
        for one in _recorded(site, "path_item", "PT")
        if one.payload and one.payload["title"] == title
    )
    assert taken["type"] == "seminar"
    assert taken["lead"] == "the ministry"
    assert taken["question"]


def test_a_coordinator_s_rule_is_recorded_with_its_reason(page: Page, site: Site) -> None:
    _open(page, site, "coo", "/w/07_eu_overview?country=EU&cycle=2024-1")
    page.get_by_role("button", name="Add a rule").click(timeout=PATIENT)

    page.get_by_label("Rule (needed)").select_option("apart")
    page.get_by_role("checkbox", name="Denmark").check()
    page.get_by_role("checkbox", name="Portugal").check()
    page.get_by_label("Reason").last.fill("They asked for it.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Added: “They asked for it.”.")).to_be_visible(timeout=PATIENT)

    payloads = [one.payload for one in _recorded(site, "group_rule", "EU")]
    assert {"rule": "apart", "countries": ["DK", "PT"], "reason": "They asked for it."} in payloads
