"""Two browsers, two countries: what one team enters is on the other's page, what is private is not."""

import statistics
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, Page, expect
from visitor import PASSWORD, Site, Visitor

from ncc_kernel.model.revision import EVERY_CYCLE, Draft
from ncc_kernel.store.log import Store

EU_PAGE = "/w/07_eu_overview?country=EU&cycle=2024-1"
COUNTRY = "/w/02_ecosystem_mapping?country={}&cycle=2024-1"
GENEROUS = 10.0
"""Seconds that the gate allows, on a machine that does many things at once."""

Opened = Callable[..., Page]
Enter = Callable[..., float]


@pytest.fixture(scope="module")
def site(start_site: Callable[..., Site]) -> Site:
    """A server that waits for a page which is slow to connect."""
    return start_site(idle=120)


@pytest.fixture
def opened(browser: Browser, site: Site) -> Iterator[Opened]:
    """A page in a browser of that person's own, once its pictures are there."""
    contexts = []

    def open_page(name: str, path: str) -> Page:
        context = browser.new_context(viewport={"width": 900, "height": 900})
        contexts.append(context)
        page = context.new_page()
        page.goto(f"http://127.0.0.1:{site.port}/signin")
        page.get_by_label("Name").fill(name)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.goto(f"http://127.0.0.1:{site.port}{path}")
        page.locator(".ncc-live").wait_for(timeout=60_000)
        expect(page.locator(".ncc-live .waiting")).to_have_count(0, timeout=60_000)
        page.locator('.ncc-live [data-picture="growth"]').wait_for(timeout=60_000)
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def enter(site: Site) -> Enter:
    """Put an agent on the map; the moment at which it was acknowledged."""

    def put(country: str, name: str, **more: Any) -> float:
        key = name.lower().replace(" ", "-")
        payload = {"name": name, **more}
        draft = Draft(country, EVERY_CYCLE, "agent", key, None, payload)
        with Store(site.url) as store:
            store.append([draft], author="ana", at=datetime.now(UTC))
        return time.monotonic()

    return put


def test_an_entry_of_one_country_is_on_anothers_eu_page_within_a_second(
    opened: Opened,
    enter: Enter,
    long_run: bool,  # noqa: FBT001  # pytest's way to hand over a fixture
) -> None:
    eva, ana = opened("eva", EU_PAGE), opened("ana", COUNTRY.format("PT"))
    took = []

    for n in range(20 if long_run else 3):
        enter("PT", f"Secret {n}", type="ngo", visibility="private")
        saved = enter("PT", f"Open house {n}", type="ngo")
        eva.get_by_text(f"Open house {n}", exact=True).first.wait_for(timeout=GENEROUS * 1000)
        took.append(time.monotonic() - saved)
        ana.get_by_text(f"Open house {n}", exact=True).first.wait_for(timeout=GENEROUS * 1000)

    print(f"median {statistics.median(took):.2f} s, longest {max(took):.2f} s")
    assert statistics.median(took) < (1.0 if long_run else GENEROUS)
    assert "Secret" not in eva.content()
    assert "Secret" not in ana.inner_text(".ncc-live")


def test_a_private_entry_of_another_country_changes_nothing_on_an_open_page(
    opened: Opened, enter: Enter
) -> None:
    eva = opened("eva", EU_PAGE)
    before = eva.inner_text(".ncc-live")

    enter("PT", "Hidden house", type="ngo", visibility="private")
    enter("PT", "Seen house", type="ngo")
    eva.get_by_text("Seen house", exact=True).wait_for(timeout=GENEROUS * 1000)

    agents = int(before.split(" agents, ")[0].split()[-1])
    expect(eva.locator(".ncc-live .counts")).to_contain_text(f"{agents + 1} agents", timeout=20_000)
    assert "Hidden house" not in eva.content()


def test_filter_and_focus_stay_while_others_enter(opened: Opened, enter: Enter) -> None:
    eva = opened("eva", EU_PAGE + "&type=media")
    map_picture = eva.locator('[data-picture="map"]')
    numbers = map_picture.locator("summary")
    numbers.press("Enter")
    eva.evaluate("document.activeElement.dataset.mine = 'yes'")
    before = eva.locator(".ncc-live .counts").inner_text()

    enter("PT", "Jornal novo", type="media", place={"nuts": "PT11"})
    eva.get_by_text("Jornal novo", exact=True).wait_for(timeout=GENEROUS * 1000)
    expect(eva.locator(".ncc-live .counts")).not_to_have_text(before, timeout=20_000)
    expect(map_picture.locator("td", has_text="PT11").locator("+ td")).not_to_have_text("no data")

    assert eva.evaluate("document.activeElement.dataset.mine") == "yes"
    assert map_picture.locator("details").evaluate("one => one.open")
    assert eva.get_by_label("Type of agent").input_value() == "media"
    assert "type=media" in eva.url


def test_a_part_of_the_map_is_chosen_by_keyboard_and_stands_in_the_address(opened: Opened) -> None:
    page = opened("ana", COUNTRY.format("PT"))

    page.get_by_label("ESF+ objective").focus()
    page.get_by_label("ESF+ objective").press("ArrowDown")
    page.locator(".ncc-live .said").get_by_text("Only entries with objective").wait_for()

    assert page.url.endswith("&objective=ESO4.1")
    page.get_by_role("button", name="Show everything").press("Enter")
    expect(page.locator(".ncc-live .said")).to_be_empty()
    assert "objective" not in page.url


def test_the_live_map_is_accessible(opened: Opened) -> None:
    page = opened("rea", EU_PAGE)

    script = Path(axe_playwright_python.__file__).parent / "axe.min.js"
    page.evaluate(script.read_text(encoding="utf-8"))
    told = page.evaluate("axe.run('.ncc-live')")

    found = [(one["id"], one["help"]) for one in told["violations"]]
    assert found == []


@pytest.mark.parametrize(
    ("path", "who", "status", "said"),
    [
        (COUNTRY.format("PT") + "&type=nonsense", "ana", 400, "is not a type on this map"),
        (COUNTRY.format("PT") + "&region=ES11", "ana", 400, "is not a region on this map"),
        (COUNTRY.format("PT") + "&type=ngo&type=media", "ana", 400, "is given 2 times"),
        (COUNTRY.format("PT") + "&colour=red", "ana", 400, "is not a parameter"),
        ("/w/00_programme?country=PT&cycle=2024-1&type=ngo", "ana", 400, "is not a parameter"),
        (EU_PAGE, "stranger", 302, ""),
        (EU_PAGE, "rea", 200, "data-widget="),
        (EU_PAGE + "&mode=brief&type=ngo", "eva", 200, "Only entries with type Association or NGO"),
    ],
)
def test_an_address_is_answered_with_the_part_it_asks_for_or_a_sentence(
    people: dict[str, Visitor], path: str, who: str, status: int, said: str
) -> None:
    answer = people[who].ask(path)

    assert answer.status == status
    assert said.replace("'", "&#39;") in answer.text
