"""Filling the form in a real browser: by keyboard, with what others do, and with what goes wrong."""

import re
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Locator, Page


def field(page: "Page", code: str, name: str) -> "Locator":
    return page.locator(f'[id="{code}:{name}"]')


def unfold(page: "Page", code: str) -> None:
    page.locator(f'[id="{code}"] details.more summary').click()


def says(page: "Page", words: str) -> None:
    page.locator(".says", has_text=words).wait_for()


def saved(page: "Page") -> None:
    page.locator(".says", has_text=re.compile(r"^Saved \d\d:\d\d:\d\d$")).wait_for()


def focused(page: "Page") -> str:
    return str(page.evaluate("document.activeElement.id || document.activeElement.textContent"))


def tab_to(page: "Page", wanted: str, *, most: int = 60) -> None:
    for _ in range(most):
        if focused(page) == wanted:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{wanted} is not reached by Tab; the focus is on {focused(page)}")


def test_the_keyboard_alone_fills_checks_and_submits(page: "Page", kernel: Any) -> None:
    codes = [q["code"] for d in kernel.guide["dimensions"] for q in d["questions"]]
    for at, code in enumerate(codes):
        tab_to(page, f"{code}:answer:none")
        for _ in range(1 + at % 6):
            page.keyboard.press("ArrowDown")

    saved(page)
    tab_to(page, "Check and submit")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="All answers").wait_for()
    tab_to(page, "Submit…")
    page.keyboard.press("Enter")
    tab_to(page, "Yes, submit now")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Submitted: your receipt").wait_for()

    assert [kernel.values[code]["fields"]["answer"] for code in codes] == [
        str(at % 6) for at in range(40)
    ]
    assert page.locator("dl.facts").inner_text().count("PT-2024-1-0001") == 1
    assert page.evaluate("document.activeElement.tagName") == "H2"


def test_a_pause_in_typing_saves_within_two_seconds(page: "Page", kernel: Any) -> None:
    unfold(page, "D1.1")
    field(page, "D1.1", "comment").type("Agreed in May")

    page.wait_for_timeout(1500)

    assert kernel.values["D1.1"]["fields"]["comment"] == "Agreed in May"
    saved(page)


def test_typing_on_while_a_save_is_under_way_is_no_conflict(page: "Page", kernel: Any) -> None:
    kernel.slow = 0.4
    unfold(page, "D1.1")
    field(page, "D1.1", "answer:2").check()

    field(page, "D1.1", "comment").fill("one")
    field(page, "D1.1", "answer:3").check()
    field(page, "D1.1", "comment").fill("two")
    saved(page)

    fields = kernel.values["D1.1"]["fields"]
    assert (fields["answer"], fields["comment"]) == ("3", "two")
    assert page.locator(".conflict").count() == 0


def test_a_dead_kernel_is_said_in_five_seconds_and_what_is_typed_is_sent_in_order_after_a_reload(
    page: "Page", kernel: Any
) -> None:
    unfold(page, "D1.1")
    kernel.kill()
    page.locator(".bar[data-kind=disconnected]").wait_for(timeout=5000)

    for code in ("D3.1", "D1.1", "D2.1"):
        field(page, code, "answer:4").check()
    field(page, "D1.1", "comment").fill("typed while nobody was there")
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    page.get_by_text("is not sent yet").wait_for()
    kernel.revive()
    saved(page)

    assert [one["question"] for one in kernel.told("change")] == ["D3.1", "D1.1", "D2.1"]
    assert kernel.values["D1.1"]["fields"]["comment"] == "typed while nobody was there"
    assert field(page, "D1.1", "comment").input_value() == "typed while nobody was there"
    assert page.evaluate("Object.keys(localStorage).filter(k => k.startsWith('ncc-form/'))") == []


def test_an_acknowledgement_that_was_lost_is_no_conflict(page: "Page", kernel: Any) -> None:
    field(page, "D1.1", "answer:1").check()
    saved(page)
    kernel.kill()
    field(page, "D1.1", "answer:2").check()
    kernel._keep("D1.1", kernel.told("change")[-1]["fields"] | {"answer": "2"}, "Rui")
    page.locator(".bar[data-kind=disconnected]").wait_for(timeout=5000)
    unfold(page, "D1.1")
    field(page, "D1.1", "comment").fill("and more")

    kernel.revive()
    saved(page)

    fields = kernel.values["D1.1"]["fields"]
    assert (fields["answer"], fields["comment"]) == ("2", "and more")


def test_leaving_is_warned_of_only_while_something_is_unsent(page: "Page", kernel: Any) -> None:
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    field(page, "D1.1", "answer:1").check()
    saved(page)
    page.reload()
    field(page, "D1.1", "answer:1").wait_for()
    assert asked == []

    kernel.kill()
    field(page, "D1.1", "answer:2").click()
    page.reload()

    assert asked == ["beforeunload"]


def in_conflict(page: "Page", kernel: Any) -> "Locator":
    kernel.slow = 0.5
    unfold(page, "D1.1")
    field(page, "D1.1", "answer:2").check()
    field(page, "D1.1", "comment").fill("mine")
    kernel.save_as("Ana", "D1.1", answer="4", comment="theirs", needs=True)
    box = page.locator(".conflict")
    box.wait_for()
    kernel.slow = 0.0
    return box


def test_in_a_conflict_mine_can_stand(page: "Page", kernel: Any) -> None:
    box = in_conflict(page, kernel)
    says(page, "Not saved: D1.1 was changed by Ana too")
    assert box.locator("tbody th").all_inner_texts() == [
        "Answer",
        "Comment",
        "We need support on this",
    ]

    box.get_by_role("button", name="Keep mine").click()
    saved(page)

    assert kernel.told("resolve")[-1]["base"] == 1
    assert kernel.values["D1.1"]["fields"]["comment"] == "mine"
    assert page.locator(".conflict").count() == 0


def test_in_a_conflict_theirs_can_stand(page: "Page", kernel: Any) -> None:
    box = in_conflict(page, kernel)

    box.get_by_role("button", name="Take theirs").click()
    says(page, "saved")

    assert field(page, "D1.1", "comment").input_value() == "theirs"
    assert field(page, "D1.1", "answer:4").is_checked()
    assert kernel.told("resolve") == []
    assert kernel.values["D1.1"]["by"] == "Ana"


def test_in_a_conflict_both_can_be_combined(page: "Page", kernel: Any) -> None:
    box = in_conflict(page, kernel)

    box.get_by_role("button", name="Combine").click()
    box.get_by_label("Answer").select_option(label="Theirs: " + answer_words(kernel, 4))
    assert box.get_by_label("Comment").input_value() == "mine\n\ntheirs"
    box.get_by_label("Comment").fill("mine, and theirs")
    box.get_by_role("button", name="Save the combination").click()
    saved(page)

    fields = kernel.values["D1.1"]["fields"]
    assert (fields["answer"], fields["comment"], fields["needs"]) == (
        "4",
        "mine, and theirs",
        False,
    )


def answer_words(kernel: Any, level: int) -> str:
    words = kernel.guide["dimensions"][0]["questions"][0]["levels"][level]
    return f"{level} {kernel.guide['scale'][level]['name']}: {words}"


def test_what_others_save_appears_in_place_and_the_focus_stays(page: "Page", kernel: Any) -> None:
    field(page, "D2.1", "answer:none").focus()

    kernel.save_as("Ana", "D1.1", answer="4", comment="hers")
    page.get_by_text(re.compile(r"Ana changed this \d\d:\d\d")).wait_for()

    assert field(page, "D1.1", "answer:4").is_checked()
    assert focused(page) == "D2.1:answer:none"
    assert kernel.told("change") == []


def test_two_tabs_of_one_person_agree_and_lose_nothing(
    page: "Page", context: "BrowserContext", kernel: Any
) -> None:
    other = context.new_page()
    other.goto(kernel.url)
    unfold(other, "D1.1")
    kernel.kill()
    field(page, "D2.1", "answer:3").check()
    field(other, "D1.1", "comment").fill("from the other tab")

    kernel.revive()
    saved(page)
    saved(other)

    assert kernel.values["D2.1"]["fields"]["answer"] == "3"
    assert kernel.values["D1.1"]["fields"]["comment"] == "from the other tab"
    other.close()


def test_undo_takes_back_the_last_change(page: "Page", kernel: Any) -> None:
    field(page, "D1.1", "answer:2").check()
    page.wait_for_timeout(1100)
    field(page, "D1.1", "answer:5").check()
    page.get_by_role("button", name="Undo: D1.1 answer back to “2").wait_for()

    page.keyboard.press("Control+z")
    saved(page)
    assert kernel.values["D1.1"]["fields"]["answer"] == "2"

    page.get_by_role("button", name="Undo: D1.1 answer back to “Not answered”").click()
    page.wait_for_timeout(300)
    assert kernel.values["D1.1"]["fields"]["answer"] == ""


def test_hostile_text_is_shown_as_text(page: "Page", kernel: Any) -> None:
    nasty = "<img src=x onerror=\"document.title='pwned'\"><script>document.title='pwned'</script>"
    kernel.save_as(nasty, "D1.1", answer="4", comment=nasty)
    kernel.tell({"is": "present", "people": [{"name": nasty, "place": nasty}]})
    kernel.tell({"is": "state", "state": "returned", "note": nasty, "by": nasty, "at": "12:00"})
    page.get_by_text("Please mend what the note says").wait_for()
    page.locator(".to-check button").click()
    page.get_by_role("heading", name="All answers").wait_for()

    assert page.locator("img, #form script").count() == 0
    assert page.title() == "The form with a kernel that is played"
    assert nasty in page.locator(".answers").first.inner_text()


def test_a_refused_change_stays_and_can_be_tried_again(page: "Page", kernel: Any) -> None:
    kernel.refuse = "You are signed out."
    field(page, "D1.1", "answer:2").check()
    says(page, "Not saved: D1.1. You are signed out. What to do: sign in again.")

    kernel.refuse = None
    page.get_by_role("button", name="Try again").click()
    saved(page)

    assert kernel.values["D1.1"]["fields"]["answer"] == "2"
    assert page.locator(".refused").first.inner_text() == ""


def test_a_missing_reason_is_said_at_its_field_after_one_has_left(
    page: "Page", kernel: Any
) -> None:
    field(page, "D1.1", "answer:not_applicable").check()
    saved(page)
    message = page.locator('[id="D1.1:reason:message"]')
    assert message.inner_text() == ""

    field(page, "D2.1", "answer:none").focus()

    assert message.inner_text() == "Error: Not applicable needs a reason."
    reason = field(page, "D1.1", "reason")
    assert reason.get_attribute("aria-invalid") == "true"
    assert "D1.1:reason:message" in (reason.get_attribute("aria-describedby") or "")


def test_progress_counts_what_applies(page: "Page") -> None:
    field(page, "D1.1", "answer:2").check()
    field(page, "D1.2", "answer:not_applicable").check()
    field(page, "D1.3", "answer:dont_know").check()

    words = "1 of 4 answered, 1 don't know, 1 not applicable"
    assert page.locator('label[for="D1:progress"]').inner_text() == words
    assert page.locator('[id="D1:progress"]').evaluate("one => one.value / one.max") == 0.25


def test_the_picture_follows_within_a_second(page: "Page") -> None:
    field(page, "D1.1", "answer:2").check()

    page.get_by_text("Portugal has answered 1 statements.").wait_for(timeout=1000)

    assert page.locator(".picture svg rect").get_attribute("width") == "10"


def test_one_comes_back_to_where_one_was(context: "BrowserContext", kernel: Any) -> None:
    kernel.place = "D3.2"
    page = context.new_page()
    page.goto(kernel.url)
    page.locator("fieldset.statement").first.wait_for()

    assert focused(page) == "D3.2"
    assert page.locator('[id="D3.2"]').evaluate("one => one.getBoundingClientRect().top") < 200


@pytest.mark.parametrize("link", ["D4.2", "D4.2:comment"])
def test_a_deep_link_opens_at_its_field(context: "BrowserContext", kernel: Any, link: str) -> None:
    kernel.place = "D3.2"
    page = context.new_page()
    page.goto(f"{kernel.url}#{link}")
    page.locator("fieldset.statement").first.wait_for()

    assert focused(page) == link
    assert field(page, "D4.2", "comment").is_visible() == link.endswith("comment")


def test_what_is_seen_stays_where_it_is_when_the_rest_is_laid_out(
    context: "BrowserContext", kernel: Any
) -> None:
    def top(code: str) -> float:
        box = page.locator(f'[id="{code}"]').bounding_box()
        assert box is not None
        return float(box["y"])

    page = context.new_page()
    page.goto(kernel.url)
    page.locator("fieldset.statement").first.wait_for()
    page.evaluate("document.querySelector('.to-check').scrollIntoView({ block: 'center' })")
    page.wait_for_timeout(300)  # what comes into view is laid out by the browser first
    before = page.locator(".to-check").bounding_box()
    page.locator(".ncc-form.whole").wait_for()
    after = page.locator(".to-check").bounding_box()
    page.close()
    page = context.new_page()
    page.goto(f"{kernel.url}#D6.3")
    page.locator("fieldset.statement").first.wait_for()
    at_first = top("D6.3")
    page.locator(".ncc-form.whole").wait_for()
    at_rest = top("D6.3")
    page.evaluate("location.hash = '#D2'")
    page.wait_for_function("document.activeElement.id === 'D2'")

    assert before
    assert after
    assert abs(before["y"] - after["y"]) < 2
    assert 0 <= at_first < 200
    assert abs(at_rest - at_first) < 2
    assert 0 <= top("D2") < 200


def test_last_cycle_and_median_stand_beside_and_can_be_hidden(page: "Page") -> None:
    beside = page.get_by_text("Last cycle: level 2 · EU median: 2.5")
    assert beside.is_visible()

    page.get_by_label("Show last cycle's level and the EU median").uncheck()
    page.reload()
    page.locator("fieldset.statement").first.wait_for()

    assert not beside.is_visible()


def test_a_page_that_was_signed_out_sends_what_is_kept_once_one_is_signed_in_again(
    page: "Page", kernel: Any
) -> None:
    greet = kernel._hello
    kernel._hello = lambda _name, _message: [
        {"is": "refused", "message": "You are signed out.", "hint": "sign in again"}
    ]
    kernel.kill()
    page.locator(".bar[data-kind=disconnected]").wait_for()
    field(page, "D1.1", "answer:2").check()
    kernel.revive()
    says(page, "You are signed out. What to do: sign in again.")
    assert kernel.values == {}

    kernel._hello = greet
    saved(page)

    assert kernel.values["D1.1"]["fields"]["answer"] == "2"
