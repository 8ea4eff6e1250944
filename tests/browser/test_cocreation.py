"""One case from challenge to decision, as a team enters it and as the brief tells it."""

import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from served import Person, Server, make_home, person

from ncc_kernel.model.revision import Draft
from ncc_kernel.store.log import Store

if TYPE_CHECKING:
    from playwright.sync_api import Browser

COCREATION = "/w/03_cocreation?country=MT&cycle=2024-1"
SCALING = "/w/04_scaling?country=MT&cycle=2024-1"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, sample_file: Path) -> Iterator[Server]:
    """Malta has nothing in the sample; here it has one challenge."""
    from datetime import UTC, datetime

    made = make_home(tmp_path_factory.mktemp("cocreation"), sample_file)
    challenge = {"title": "Living alone on Gozo", "objectives": ["ESO4.11"]}
    with Store(made.store_url) as store:
        draft = Draft("MT", "-", "challenge", "gozo", None, challenge)
        store.append([draft], author="mia", at=datetime(2024, 7, 1, 9, tzinfo=UTC))
    made.start()
    yield made
    made.stop()


def held(server: Server, kind: str) -> dict[str, Any]:
    with Store(server.store_url) as store:
        return {one.key: dict(one.payload or {}) for one in store.current(kind, country="MT")}


def until(true: Callable[[], object], what: str) -> None:
    end = time.monotonic() + 30
    while not true():
        assert time.monotonic() < end, what
        time.sleep(0.03)


class Entering:
    """A person at the form of one workbook."""

    def __init__(self, who: Person, server: Server, address: str) -> None:
        self.who, self.server, self.page = who, server, who.page
        self.page.goto(who.url(address))
        self.page.get_by_role("button", name=re.compile(r"^Add an? ")).first.wait_for()

    def add(self, tab: str, kind: str, said: Mapping[str, str | list[str]]) -> None:
        """A new entry of a kind: fields by their labels; a list is what is chosen from options."""
        before = held(self.server, kind)
        self.page.get_by_role("button", name=re.compile(rf"^{tab} \(")).click()
        self.page.get_by_role("button", name=re.compile(r"^Add an? ")).click()
        for label, value in said.items():
            self._say(label, value)
        self.page.get_by_role("button", name="Save", exact=True).click()
        until(lambda: len(held(self.server, kind)) > len(before), f"the {kind} is in the record")

    def _say(self, label: str, value: str | list[str]) -> None:
        field = self.page.get_by_label(re.compile(rf"^{re.escape(label)}(\s|$)")).first
        if field.is_hidden():
            self.page.locator("summary", has_text="More fields").click()
        if isinstance(value, list):
            field.fill(value[0])
            self.page.get_by_role("option").first.click()
        elif field.evaluate("one => one.tagName") == "SELECT":
            field.select_option(label=value)
        else:
            field.fill(value)


def run(server: Server) -> Path:
    """The three pages, printed; where they are."""
    books = ("03_cocreation", "04_scaling", "06_country_brief")
    words = [part for book in books for part in ("--workbook", book)]
    done = subprocess.run(
        [sys.executable, "-m", "ncc_kernel.cli.app", "run", *words, "--country", "MT"],
        env=server.environ,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return server.root / "reports" / "2024-1" / "MT"


def test_a_case_is_entered_step_by_step_and_the_brief_tells_it_with_links_both_ways(
    browser: "Browser", server: Server
) -> None:
    with person(browser, server, "mia") as mia:
        at = Entering(mia, server, COCREATION)
        mia.page.locator('[data-picture="picture-0"] .words').wait_for()
        at.add("Co-creation processes", "process", {
            "Title": "Doors of Gozo", "Challenge it works on": ["Living"], "Phase": "Deliver",
        })  # fmt: skip
        mia.page.get_by_text("1 of 1 process is in the phase").wait_for()  # the picture follows
        at.add("Prototypes", "prototype", {
            "Title": "A bell", "Process": ["Doors"], "Decision": "Stop", "Reason": "Nobody rang.",
        })  # fmt: skip
        at.add("Prototypes", "prototype", {
            "Title": "A bench", "Process": ["Doors"], "Decision": "Scale", "Reason": "All sat down.",
        })  # fmt: skip
        faults = mia.serious()

        at = Entering(mia, server, SCALING)
        at.add("Practices", "practice", {
            "Title": "Benches", "Prototype it comes from": ["bench"],
            "Readiness": "7 Works near everyday conditions",
            "Level of evidence": "Data show change, cause not shown",
        })  # fmt: skip
        at.add("Decisions on practices", "selection", {
            "Practice": ["Ben"], "Decision": "Scale it", "Day": "2024-07-02",
            "Reason": "Three towns ask for it.",
            "Who saw it differently, and why": "The treasurer: money is short.",
        })  # fmt: skip
        faults += mia.serious()
        assert (faults, mia.said) == ([], [])

        brief = run(server) / "brief.html"
        page = mia.page
        page.goto(brief.as_uri())
        story = page.locator("ol.lead").filter(has_text="The challenge is")
        assert [one.split(". (")[0] for one in story.locator("li").all_inner_texts()] == [
            "The challenge is “Living alone on Gozo”",
            "People have worked on it together in the process “Doors of Gozo”, now in the phase “deliver”",
            "It led to 2 prototypes: “A bell” was stopped (Nobody rang), and “A bench” was found ready to scale",
            "The practice is “Benches”, with readiness 7 of 9 (claimed) and evidence 2 of 5 (claimed)",
            "On 2 July 2024 it was decided: scale it (Three towns ask for it); dissent is on record",
        ]  # fmt: skip
        story.get_by_role("link", name="next: the decision").click()
        assert page.url.endswith("#case.selection")
        story.get_by_role("link", name="the entry").last.click()
        back = ["Benches", "A bench", "Doors of Gozo", "Living alone on Gozo"]
        assert walked(mia, "Scale it", back) == [
            "selection",
            "practice",
            "prototype",
            "process",
            "challenge",
        ]
        forth = ["Doors of Gozo", "A bench", "Benches", "Scale it"]
        assert walked(mia, "Living alone on Gozo", forth) == [
            "challenge",
            "process",
            "prototype",
            "practice",
            "selection",
        ]


def test_a_template_of_another_country_is_copied_once_and_keeps_where_it_came_from(
    browser: "Browser", server: Server
) -> None:
    with person(browser, server, "max") as rival:
        page = rival.page
        page.goto(rival.url(COCREATION))
        template = page.get_by_label("Template", exact=True)
        template.select_option(index=0)
        country = template.locator("option").first.get_attribute("value")
        page.get_by_label("For your challenge").select_option(label="Living alone on Gozo")
        page.get_by_role("button", name="Copy the template").click()
        page.get_by_text("Copied: it stands among your processes now").wait_for()
        page.get_by_role("button", name="Copy the template").click()
        page.get_by_text("was copied for that challenge already").wait_for()
        faults = rival.serious()

    copies = [one for one in held(server, "process").values() if one.get("origin")]
    assert [(one["origin_country"] + ":" + one["origin"]) for one in copies] == [country]
    assert (copies[0]["challenge"], copies[0]["phase"]) == ("gozo", "discover")
    assert (faults, rival.said) == ([], [])


def walked(who: Person, begins: str, links: list[str]) -> list[str]:
    """The kinds of the places that one comes through, link after link, each beside the last place."""
    kinds = [_here(who, begins)]
    for words in links:
        mark = who.page.url.partition("#")[2]
        place = who.page.locator(f'[id="{mark}"]')
        near = place.locator(
            "xpath=ancestor::tr | ancestor::h3/following-sibling::div[position()<5]"
        )
        near.get_by_role("link", name=re.compile(rf"^{re.escape(words)}")).first.click()
        kinds.append(_here(who, words))
    return kinds


def _here(who: Person, words: str) -> str:
    mark = who.page.url.partition("#")[2]
    place = who.page.locator(f'[id="{mark}"]')
    assert words in place.inner_text()
    return mark.partition(".")[0]
