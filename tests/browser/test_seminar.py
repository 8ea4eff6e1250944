"""Registration, evaluation, follow-up and decision, as people enter them in a browser."""

import re
import time
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import pytest
from served import Person, Server, make_home, person

from ncc_kernel.store.log import Store

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PROGRAMME = "/w/00_programme?country=MT&cycle=2024-1"
SEMINAR = "/w/05_seminar?country=EU&cycle=2024-1&topic=financing"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, sample_file: Any) -> Iterator[Server]:
    made = make_home(tmp_path_factory.mktemp("seminar"), sample_file)
    made.start()
    yield made
    made.stop()


def held(server: Server, kind: str, country: str) -> list[dict[str, Any]]:
    with Store(server.store_url) as store:
        return [dict(one.payload or {}) for one in store.current(kind, country=country)]


def until(true: Callable[[], object], what: str) -> None:
    end = time.monotonic() + 30
    while not true():
        assert time.monotonic() < end, what
        time.sleep(0.03)


def add(
    who: Person, server: Server, tab: str, kind: str, country: str, said: Mapping[str, Any]
) -> dict[str, Any]:
    """A new entry by its labels; of what is in a list, a part of what is to be chosen."""
    before = len(held(server, kind, country))
    page = who.page
    page.get_by_role("button", name=re.compile(rf"^{tab} \(")).click()
    page.get_by_role("button", name=re.compile(r"^Add an? ")).click()
    for label, value in said.items():
        field = page.get_by_label(re.compile(rf"^{re.escape(label)}(\s|$)")).first
        if field.is_hidden():
            page.locator("summary", has_text="More fields").click()
        if isinstance(value, list):
            field.fill(value[0])
            page.locator("[role=option]:visible").first.click()
        elif field.evaluate("one => one.tagName") == "SELECT":
            field.select_option(label=value)
        else:
            field.fill(value)
    page.get_by_role("button", name="Save", exact=True).click()
    until(lambda: len(held(server, kind, country)) > before, f"the {kind} is in the record")
    return held(server, kind, country)[-1]


def open_page(who: Person, address: str) -> None:
    who.page.set_default_timeout(60_000)  # the first kernel may find the machine busy
    who.page.goto(who.url(address))
    who.page.get_by_role("button", name=re.compile(r"^Add an? ")).first.wait_for()


def test_a_team_registers_evaluates_follows_up_and_decides(
    browser: "Browser", server: Server
) -> None:
    with person(browser, server, "mia") as mia:
        open_page(mia, PROGRAMME)

        seat = add(
            mia,
            server,
            "Registrations for seminars",
            "registration",
            "MT",
            {"Seminar": ["Financing"], "How many people": "2"},
        )
        view = add(
            mia,
            server,
            "Evaluations of seminars",
            "evaluation",
            "MT",
            {"Seminar": ["Governance"], "It was useful for our work": "4 Much"},
        )
        follow = add(
            mia,
            server,
            "Follow-ups of seminars",
            "follow_up",
            "MT",
            {"What we do": "Ask the ministry", "After which seminar": ["Governance"]},
        )
        decision = add(
            mia,
            server,
            "Decisions",
            "decision",
            "MT",
            {"What was decided": "We begin", "On which day": "2024-06-21"},
        )
        faults = mia.serious()

    assert (seat["seminar"], seat["people"]) == ("seminar-financing", 2)
    assert (view["seminar"], view["useful"]) == ("seminar-governance", 4)
    assert (follow["title"], follow["seminar"]) == ("Ask the ministry", "seminar-governance")
    assert (decision["title"], decision["on"]) == ("We begin", "2024-06-21")
    assert faults == []


def test_a_coordinator_plans_a_seminar_and_a_team_sees_it_without_its_form(
    browser: "Browser", server: Server
) -> None:
    with person(browser, server, "coo") as coo, person(browser, server, "mia") as mia:
        open_page(coo, SEMINAR)
        said = {"Title": "Money for years", "Topic": "Financing of the centre"}
        add(coo, server, "Seminars", "seminar", "EU", said | {"First day": "2024-11-06"})

        mia.page.goto(mia.url(SEMINAR))
        mia.page.get_by_role("heading", name="Money for years").first.wait_for()
        forms = mia.page.get_by_role("button", name=re.compile(r"^Add an? ")).count()
        title = mia.page.title()

    assert forms == 0
    assert "Seminar on financing" in title


@pytest.mark.parametrize("topic", ["", "&topic=money", "&topic=financing&topic=communication"])
def test_a_topic_that_there_is_not_is_a_page_with_a_sentence(
    browser: "Browser", server: Server, topic: str
) -> None:
    with person(browser, server, "coo") as coo:
        answer = coo.page.goto(coo.url("/w/05_seminar?country=EU&cycle=2024-1" + topic))

        assert answer is not None
        assert answer.status == 400
        assert "topic" in coo.page.locator("main").inner_text()
