"""`ncc user`: accounts from the command line, without a password ever being shown."""

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ncc_kernel.errors import SignInRefused
from ncc_kernel.model.account import Account
from ncc_kernel.store.accounts import Accounts
from tests.conftest import Ended, TestHome

SECRET = "correct horse battery"
NOW = datetime(2024, 5, 6, 12, 0, tzinfo=UTC)


def user(home: TestHome, *words: str, typed: str = "") -> Ended:
    """Run `ncc user` with something on its standard input."""
    done = subprocess.run(
        [sys.executable, "-m", "ncc_kernel.cli.app", "user", *words],
        env=home.environ, input=typed, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    shown = done.stdout + done.stderr
    assert not typed.strip() or typed.strip() not in shown
    assert "Traceback" not in shown
    return Ended(done.returncode, done.stdout, done.stderr)


def add(home: TestHome, *words: str, typed: str = SECRET + "\n") -> Ended:
    return user(home, "add", *words, "--password-stdin", typed=typed)


@pytest.fixture
def peopled(empty_home: TestHome) -> TestHome:
    with Accounts(empty_home.url) as accounts:
        accounts.add(Account("ana", "editor", "PT"), password=SECRET)
    return empty_home


def signs_in(home: TestHome, password: str) -> bool:
    with Accounts(home.url) as accounts:
        try:
            return accounts.check_password("ana", password, at=NOW).name == "ana"
        except SignInRefused:
            return False


def test_an_account_is_added_and_signs_in(empty_home: TestHome) -> None:
    done = add(empty_home, "ana", "--role", "editor", "--country", "Portugal")

    assert (done.code, done.out) == (0, "Added ana, editor of PT.\n")
    assert user(empty_home, "list").out.split() == ["ana", "editor", "PT"]
    assert signs_in(empty_home, SECRET)
    assert not signs_in(empty_home, SECRET + "\n")


def test_a_coordinator_has_no_country(peopled: TestHome) -> None:
    done = add(peopled, "co", "--role", "coordinator")

    assert (done.code, done.out) == (0, "Added co, coordinator.\n")


@pytest.mark.parametrize(
    ("words", "typed", "said"),
    [
        (("bea", "--role", "editor"), SECRET, "is of one country"),
        (("bea", "--role", "king"), SECRET, "is not a role"),
        (("bea", "--role", "editor", "--country", "UK"), SECRET, "27 member states"),
        (("ANA", "--role", "reader"), SECRET, "There is an account 'ANA' already."),
        (("bea", "--role", "reader"), "short pass", "The password is too short."),
        (("bea", "--role", "reader"), "", "The password is too short."),
        (("<b>", "--role", "reader"), SECRET, "cannot be the name"),
    ],
)
def test_what_cannot_be_is_misuse_and_told_in_a_sentence(
    words: tuple[str, ...], typed: str, said: str, peopled: TestHome
) -> None:
    done = add(peopled, *words, typed=typed)

    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert "Hint: " in done.err or "member states" in done.err
    with Accounts(peopled.url) as accounts:
        assert len(accounts.list_()) == 1


def test_without_a_terminal_the_password_has_to_come_from_the_input(peopled: TestHome) -> None:
    done = user(peopled, "passwd", "ana", typed=SECRET)

    assert done.code == 2
    assert "use --password-stdin" in done.err


def test_a_new_password_replaces_the_old_and_signs_out(peopled: TestHome) -> None:
    with Accounts(peopled.url) as accounts:
        accounts.open_session(Account("ana", "editor", "PT"), at=NOW, token="t" * 43)

    done = user(peopled, "passwd", "ana", "--password-stdin", typed="another long password\n")

    assert done.code == 0
    assert (signs_in(peopled, SECRET), signs_in(peopled, "another long password")) == (False, True)
    with Accounts(peopled.url) as accounts:
        assert accounts.session("t" * 43, at=NOW) is None


def test_a_role_is_changed_and_an_account_removed(peopled: TestHome) -> None:
    assert user(peopled, "role", "ana", "--role", "reviewer", "--country", "GR").code == 0
    assert user(peopled, "list").out.split() == ["ana", "reviewer", "EL"]

    assert user(peopled, "remove", "ana").code == 0

    assert "There is no account yet" in user(peopled, "list").err
    again = user(peopled, "remove", "ana")
    assert (again.code, "There is no account 'ana'" in again.err) == (2, True)


def test_without_a_store_the_hint_says_how_to_make_one(tmp_path: Path) -> None:
    done = user(TestHome(tmp_path), "list")

    assert (done.code, "ncc init" in done.err) == (2, True)
