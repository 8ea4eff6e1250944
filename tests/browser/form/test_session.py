"""The browser's side and the kernel's side of the form, together on a real record."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from ncc_kernel.forms.scene import Allowed, Picture, Reach, Scene
from ncc_kernel.forms.session import FormSession
from ncc_kernel.model.revision import Appended, Draft

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page


def sessions(record: Any, guide: Any) -> Any:
    """Opens a session for a person; who is called Cora coordinates."""

    def now() -> datetime:
        return datetime.now(tz=UTC)

    def open_session(name: str) -> FormSession:
        def append(drafts: Sequence[Draft]) -> Appended:
            return record.append(drafts, author=name, at=now(), together=True)

        cora = name == "Cora"
        reach = Reach(
            since=lambda seq: record.changes(seq, country="PT", cycles=("2024-1",), limit=10**6),
            history=lambda kind, key: record.history(kind, "PT", "2024-1", key),
            append=append,
            now=now,
            allowed=lambda: Allowed(write=not cora, submit=not cora, review=cora),
            draw=lambda answers: Picture("<svg/>", "<table/>", f"{len(answers)} answers"),
            copy=lambda receipt, answers: f"<p>{len(answers)} answers, {receipt.by}</p>",
        )
        return FormSession(Scene(guide, "PT", "Portugal", "2024-1", name, "editor"), reach)

    return open_session


def opened(context: "BrowserContext", kernel: Any, name: str) -> "Page":
    page = context.new_page()
    page.goto(f"{kernel.url}?user={name}")
    page.locator("fieldset.statement").first.wait_for()
    return page


def test_filled_submitted_returned_mended_and_accepted(
    context: "BrowserContext", kernel: Any, empty_home: Any, guide: Any
) -> None:
    with empty_home.store() as record:
        kernel.open_session = sessions(record, guide)
        page, cora = opened(context, kernel, "Rui"), opened(context, kernel, "Cora")
        page.bring_to_front()  # a page behind another is drawn once a second
        page.locator('[id="D1.1:answer:3"]').check()
        page.locator('[id="D1.2:answer:not_applicable"]').check()
        submit_from(page)
        page.get_by_role("link", name="D1.2").first.click()
        page.locator('[id="D1.2:reason"]').fill("No regions.")
        submit_from(page)
        page.get_by_role("button", name="Submit…").click()
        page.get_by_role("button", name="Yes, submit now").click()
        page.get_by_role("heading", name="Submitted: your receipt").wait_for()
        assert page.locator(".copy").inner_text() == "2 answers, Rui"

        cora.bring_to_front()
        cora.get_by_label("Note to the team").fill("Say who agreed.")
        cora.get_by_role("button", name="Return with this note").click()
        page.bring_to_front()
        page.locator("blockquote", has_text="Say who agreed.").wait_for()
        page.get_by_role("link", name="Back to the form").click()
        page.locator('[id="D1.1"] details.more summary').click()
        page.locator('[id="D1.1:comment"]').fill("The ministry agreed.")
        submit_from(page)
        page.get_by_text("Changed since it was submitted last").wait_for()
        page.get_by_role("button", name="Submit…").click()
        page.get_by_role("button", name="Yes, submit now").click()
        page.get_by_role("heading", name="Submitted: your receipt").wait_for()

        cora.bring_to_front()
        cora.get_by_role("button", name="Accept").click()
        page.locator(".tag", has_text="Accepted").wait_for()

        payloads = [one.payload for one in record.history("answer", "PT", "2024-1", "D1.1")]
        assert [one.get("comment", "") for one in payloads if one] == ["", "The ministry agreed."]


def submit_from(page: "Page") -> None:
    page.locator(".to-check button").click()
    page.get_by_role("heading", name="All answers").wait_for()


def test_two_editors_meet_in_one_statement_and_both_texts_survive(
    context: "BrowserContext", kernel: Any, empty_home: Any, guide: Any
) -> None:
    with empty_home.store() as record:
        kernel.open_session = sessions(record, guide)
        rui, ana = opened(context, kernel, "Rui"), opened(context, kernel, "Ana")
        for page in (rui, ana):
            page.locator('[id="D1.1"] details.more summary').click()
        rui.locator('[id="D1.1:comment"]').fill("from Rui")
        ana.locator('[id="D1.1:comment"]').fill("from Ana")
        rui.wait_for_timeout(2500)
        (late,) = [one for one in (rui, ana) if one.locator(".conflict").count()]
        late.bring_to_front()
        late.get_by_role("button", name="Combine").click()
        late.get_by_role("button", name="Save the combination").click()
        late.locator(".says", has_text="Saved").wait_for()

        stands = record.history("draft", "PT", "2024-1", "D1.1")
        assert any("from Rui" in str(one) and "from Ana" in str(one) for one in stands)
