"""Kernels and servers killed while somebody types, networks gone: nothing that was typed is lost."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from served import Person, Server, make_home, person

from ncc_kernel.store.log import Store

playwright_api = pytest.importorskip(
    "playwright.sync_api", reason="playwright is not installed: pip install -e .[dev]"
)

if TYPE_CHECKING:
    from playwright.sync_api import Browser

KEY_MILLISECONDS = 15
PAUSES = (805, 0, 1200, 790, 820, 850)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, sample_file: Path) -> Iterator[Server]:
    made = make_home(tmp_path_factory.mktemp("faults"), sample_file)
    made.start()
    yield made
    made.stop()


# The page notes what it saw acknowledged: what stood in the field at each "Saved".
WATCH = """() => {
  const says = document.querySelector(".says"), field = document.getElementById("D1.1:comment");
  window.acknowledged = [];
  new MutationObserver(() => {
    if (/^Saved /.test(says.textContent)) window.acknowledged.push(field.value.trim());
  }).observe(says, { childList: true, characterData: true, subtree: true });
}"""


def check_there_after_a_reload(who: Person, server: Server, typed: str) -> None:
    """What was typed stands in the form again, and in the record once the form says so."""
    who.page.reload()
    who.ready()

    assert who.field("D1.1", "comment").input_value() == typed
    who.saved()
    assert server.answers("MT")["D1.1"]["comment"] == typed


def type_through(who: Person, strike: Callable[[], None], number: int) -> tuple[str, set[str]]:
    """Type, strike in the middle, type on until it shows; all that was typed, and what was saved."""
    before, after = f"Life {number} begins.", " And it goes on."
    comment = who.field("D1.1", "comment")
    who.unfold("D1.1")
    who.page.evaluate(WATCH)
    comment.fill("")
    comment.press_sequentially(before, delay=KEY_MILLISECONDS)
    # From the last key to well after the save: it strikes before, while and after it is sent.
    who.page.wait_for_timeout(PAUSES[number % len(PAUSES)])
    strike()
    comment.press_sequentially(after, delay=KEY_MILLISECONDS)
    who.status.filter(has_text="Disconnected").wait_for(timeout=5000)
    assert who.page.inner_text("#connection") == ""  # one banner, the form's own
    return before + after, set(who.page.evaluate("window.acknowledged"))


def recorded(server: Server) -> set[str]:
    """Every comment on the first statement that the record ever held."""
    with Store(server.store_url) as store:
        found = [
            one
            for kind in ("answer", "draft")
            for one in store.history(kind, "MT", "2024-1", "D1.1")
        ]
    return {str((one.payload or {}).get("comment", "")).strip() for one in found}


def test_a_kernel_killed_while_somebody_types_loses_no_word(
    browser: "Browser",
    server: Server,
    long_run: bool,  # noqa: FBT001
) -> None:
    def strike() -> None:
        found = server.kernels()
        assert found
        for one in found:
            one.kill()

    acknowledged: set[str] = set()
    with person(browser, server, "mia") as mia:
        mia.open_form()
        for number in range(200 if long_run else 3):
            typed, saved = type_through(mia, strike, number)
            acknowledged |= saved

            check_there_after_a_reload(mia, server, typed)
        assert acknowledged
        assert acknowledged <= recorded(server)


def test_a_server_killed_while_somebody_types_loses_no_word(
    browser: "Browser",
    server: Server,
    long_run: bool,  # noqa: FBT001
) -> None:
    acknowledged: set[str] = set()
    with person(browser, server, "mia") as mia:
        mia.open_form()
        for number in range(1000, 1200 if long_run else 1003):
            typed, saved = type_through(mia, server.kill, number)
            acknowledged |= saved
            server.start()

            check_there_after_a_reload(mia, server, typed)
        assert acknowledged
        assert acknowledged <= recorded(server)


def test_what_is_typed_while_the_network_is_away_is_sent_in_order(
    browser: "Browser",
    server: Server,
    long_run: bool,  # noqa: FBT001
) -> None:
    with person(browser, server, "mia") as mia:
        mia.open_form()
        mia.unfold("D1.2")
        with Store(server.store_url) as store:
            before = store.last_seq()

        mia.context.set_offline(True)
        mia.status.filter(has_text="Disconnected").wait_for(timeout=5000)
        mia.field("D2.1", "answer:3").check()
        mia.field("D1.2", "comment").fill("first words")
        mia.field("D1.3", "answer:1").check()
        mia.field("D1.2", "comment").fill("last words")
        mia.page.wait_for_timeout(30_000 if long_run else 5_000)
        shown = mia.status.inner_text()
        mia.context.set_offline(False)
        mia.saved()

        assert shown.startswith("Disconnected")
        with Store(server.store_url) as store:
            sent = [one.key for one in store.changes(before, country="MT", cycles=("2024-1",))]
        assert sent == ["D2.1", "D1.2", "D1.3"]
        assert server.answers("MT")["D1.2"]["comment"] == "last words"
