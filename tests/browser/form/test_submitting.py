"""Check page, submit, receipt and review; and what holds for every page: axe, narrow, paper."""

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page


def to_check(page: "Page") -> None:
    page.locator(".to-check button").click()
    page.get_by_role("heading", name="All answers").wait_for()


def submit(page: "Page") -> None:
    to_check(page)
    page.get_by_role("button", name="Submit…").click()
    page.get_by_role("button", name="Yes, submit now").click()
    page.get_by_role("heading", name="Submitted: your receipt").wait_for()


def test_errors_come_first_with_the_focus_and_link_to_their_fields(page: "Page") -> None:
    page.locator('[id="D2.3:answer:not_applicable"]').check()
    to_check(page)

    assert page.evaluate("document.activeElement.className") == "error-summary"
    assert page.get_by_role("button", name="Submit…").count() == 0
    assert page.locator(".warnings").inner_text().endswith("39 are not answered.")
    page.get_by_role("link", name="D2.3: Not applicable needs a reason.").click()
    assert page.evaluate("document.activeElement.id") == "D2.3:reason"


def test_submit_asks_once_and_a_double_click_submits_once(page: "Page", kernel: Any) -> None:
    kernel.slow = 0.2
    to_check(page)
    page.get_by_role("button", name="Submit…").click()
    assert "read-only for the whole team" in page.locator(".submit").inner_text()
    assert kernel.told("submit") == []

    page.get_by_role("button", name="Yes, submit now").dblclick()
    page.get_by_role("heading", name="Submitted: your receipt").wait_for()
    page.wait_for_timeout(300)

    assert len(kernel.told("submit")) == 1


def test_a_submit_that_died_on_the_way_is_sent_again_once(page: "Page", kernel: Any) -> None:
    to_check(page)
    page.get_by_role("button", name="Submit…").click()
    kernel.kill()
    page.get_by_role("button", name="Yes, submit now").click()
    page.locator(".bar[data-kind=disconnected]").wait_for(timeout=5000)

    kernel.revive()
    page.get_by_role("heading", name="Submitted: your receipt").wait_for()

    assert len(kernel.told("submit")) == 1


def test_what_was_typed_just_before_is_saved_before_the_submit(page: "Page", kernel: Any) -> None:
    kernel.slow = 0.1
    page.locator('[id="D1.1"] details.more summary').click()
    page.locator('[id="D1.1:comment"]').fill("at the last moment")
    submit(page)

    heard = [one["do"] for one in kernel.heard if one["do"] in {"change", "check", "submit"}]
    assert heard == ["change", "check", "submit"]
    assert kernel.values["D1.1"]["fields"]["comment"] == "at the last moment"


def test_back_goes_from_the_check_to_the_form_and_keeps_everything(page: "Page") -> None:
    page.locator('[id="D1.1:answer:3"]').check()
    to_check(page)

    page.go_back()

    assert page.locator('[id="D1.1:answer:3"]').is_checked()
    assert page.locator(".check").count() == 0


def test_the_receipt_can_be_copied_and_the_form_is_read_only(
    page: "Page", context: "BrowserContext"
) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    submit(page)
    page.get_by_role("button", name="Copy the receipt").click()
    page.get_by_text("Copied.").wait_for()

    assert "Reference: PT-2024-1-0001" in page.evaluate("navigator.clipboard.readText()")
    assert page.locator(".copy h3").inner_text() == "Your answers"
    page.get_by_role("link", name="Back to the form").click()
    assert page.locator('[id="D1.1:answer:3"]').is_disabled()
    assert page.locator(".to-check button").is_hidden()


def test_after_a_reload_the_receipt_is_still_there(page: "Page") -> None:
    submit(page)
    page.reload()

    page.get_by_role("heading", name="Submitted: your receipt").wait_for()
    assert "PT-2024-1-0001" in page.locator("dl.facts").inner_text()


def test_the_team_asks_to_reopen_with_a_note(page: "Page", kernel: Any) -> None:
    submit(page)
    page.locator(".state-area summary").click()
    page.get_by_role("button", name="Ask to reopen").click()
    assert "write a note first" in page.locator("#ask-reopen-message").inner_text()

    page.get_by_label("What has to change?").fill("A figure in D1.1 is wrong.")
    page.get_by_role("button", name="Ask to reopen").click()
    page.locator("#ask-reopen-message", has_text="Asked. The coordinator sees it").wait_for()

    assert kernel.told("ask_reopen")[0]["note"] == "A figure in D1.1 is wrong."


def test_a_coordinator_returns_with_a_note_and_the_team_can_write_again(
    page: "Page", context: "BrowserContext", kernel: Any
) -> None:
    submit(page)
    kernel.roles["Cora"] = {"write": False, "review": True}
    review = context.new_page()
    review.goto(f"{kernel.url}?user=Cora")
    review.get_by_role("button", name="Return with this note").click()
    assert "write a note first" in review.locator("#review-message").inner_text()
    review.get_by_label("Note to the team").fill("Say who agreed in D1.1.")
    review.get_by_role("button", name="Return with this note").click()
    review.locator(".tag", has_text="Returned").wait_for()

    page.locator(".tag", has_text="Returned").wait_for()
    assert page.locator("blockquote").inner_text() == "Say who agreed in D1.1."
    assert not review.locator('[id="D1.1:answer:3"]').is_enabled()
    page.get_by_role("link", name="Back to the form").click()
    assert page.locator('[id="D1.1:answer:3"]').is_enabled()


def test_a_page_that_is_refused_says_why(context: "BrowserContext", kernel: Any) -> None:
    words = {"is": "refused", "id": None, "message": "This is ES.", "hint": "open your own"}
    kernel._hello = lambda _name, _message: [words]
    page = context.new_page()
    page.goto(kernel.url)

    page.get_by_text("This is ES. What to do: open your own.").wait_for()


def faults(page: "Page", **options: Any) -> list[str]:
    """What axe finds serious or critical, with the places."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, options=options).response["violations"]
    return [
        f"{one['id']}: {node['target']} {node['failureSummary']}"
        for one in found
        if one["impact"] in {"serious", "critical"}
        for node in one["nodes"]
    ]


def the_form(page: "Page", _kernel: Any) -> None:
    page.locator('[id="D1.2:answer:not_applicable"]').check()
    page.locator('[id="D1.1:answer:3"]').check()
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")


def the_disconnected_form(page: "Page", kernel: Any) -> None:
    kernel.kill()
    page.locator(".bar[data-kind=disconnected]").wait_for()


def the_check(page: "Page", _kernel: Any) -> None:
    page.locator('[id="D1.3:answer:not_applicable"]').check()
    to_check(page)


def the_confirmation(page: "Page", _kernel: Any) -> None:
    to_check(page)
    page.get_by_role("button", name="Submit…").click()


def the_conflict(page: "Page", kernel: Any) -> None:
    kernel.slow = 0.5
    page.locator('[id="D1.1:answer:2"]').check()
    kernel.save_as("Ana", "D1.1", answer="4", comment="theirs " * 40)
    page.locator(".conflict").wait_for()


def the_combination(page: "Page", kernel: Any) -> None:
    the_conflict(page, kernel)
    page.get_by_role("button", name="Combine").click()


def the_receipt(page: "Page", _kernel: Any) -> None:
    submit(page)


def the_submitted_form(page: "Page", _kernel: Any) -> None:
    submit(page)
    page.get_by_role("link", name="Back to the form").click()
    page.locator(".state-area summary").click()


SIGHTS = [
    the_form,
    the_disconnected_form,
    the_check,
    the_confirmation,
    the_conflict,
    the_combination,
    the_receipt,
    the_submitted_form,
]


@pytest.mark.parametrize("sight", SIGHTS, ids=lambda one: one.__name__)
def test_axe_finds_nothing_serious_and_nothing_is_wider_than_a_phone(
    browser: "Browser", kernel: Any, sight: Any
) -> None:
    del kernel.guide["dimensions"][1:]  # axe looks at each control; five statements show them all
    page = browser.new_page(viewport={"width": 320, "height": 700})
    page.goto(kernel.url)
    page.locator("fieldset.statement").first.wait_for()
    sight(page, kernel)

    wide = page.evaluate("document.documentElement.scrollWidth")
    found = {"light": faults(page)}
    page.set_viewport_size({"width": 1000, "height": 900})
    page.emulate_media(color_scheme="dark")
    found["dark"] = faults(page, runOnly=["color-contrast"])

    assert found == {"light": [], "dark": []}
    assert wide <= 320
    page.close()


def test_on_paper_everything_is_open_and_closed_again_afterwards(page: "Page") -> None:
    page.locator('[id="D1.1"] details.more summary').click()
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator("details:not([open])").count() == 0

    page.evaluate("window.dispatchEvent(new Event('afterprint'))")

    assert page.locator('[id="D1.1"] details.more').evaluate("one => one.open")
    assert page.locator("fieldset details[open]").count() == 1


def test_nothing_is_asked_of_any_other_host(context: "BrowserContext", kernel: Any) -> None:
    asked: set[str] = set()
    page = context.new_page()
    page.on("request", lambda request: asked.add(request.url))
    page.goto(kernel.url)
    page.locator("fieldset.statement").first.wait_for()
    submit(page)

    assert {url for url in asked if not url.startswith(kernel.url)} == set()
