"""Accounts and sessions, on both databases: who is let in, for how long, and what is kept of it."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from ncc_kernel.errors import NoStore, Rejected, SignInRefused, StoreVersion
from ncc_kernel.model.account import Account, Present
from ncc_kernel.store.accounts import Accounts
from ncc_kernel.store.log import Store
from ncc_kernel.store.passwords import NOBODYS, fits, hash_password, is_outdated, parse_password
from ncc_kernel.store.schema import account, metadata, sign_in_failure

NOW = datetime(2024, 5, 6, 12, 0, tzinfo=UTC)
ANA = Account("Ana Silva", "editor", "PT")
BEA = Account("bea", "editor", "PT")
CO = Account("co", "coordinator", None)
SECRET = "correct horse battery"
TOKEN, OTHER = "t" * 43, "o" * 43

H12, H1, S = timedelta(hours=12), timedelta(minutes=60), timedelta(seconds=1)


@pytest.fixture(scope="session")
def kept() -> str:
    """The hash of the secret, made once: it is meant to take its time."""
    return hash_password(SECRET)


@pytest.fixture
def accounts(store_url: str, kept: str) -> Iterator[Accounts]:
    """Three people; only Ana has a password."""
    with Accounts(store_url) as opened:
        _people(opened, kept)
        yield opened


@pytest.fixture
def light(lite: Store, kept: str) -> Accounts:
    """The same on SQLite alone, for what no database has a part in."""
    opened = Accounts(lite.engine)
    _people(opened, kept)
    return opened


def _people(accounts: Accounts, kept: str) -> None:
    for who in (ANA, BEA, CO):
        accounts.add(who, password=None)
    with accounts._engine.begin() as connection:
        mine = account.c.name == ANA.name
        connection.execute(account.update().where(mine).values(password=kept))


def enter(
    accounts: Accounts, name: str = ANA.name, password: str = SECRET, at: datetime = NOW
) -> str:
    """Who is let in, or what is said."""
    try:
        return accounts.check_password(name, password, at=at).name
    except SignInRefused as fault:
        return str(fault)


def everything_kept(accounts: Accounts) -> str:
    """All that the database holds, of every table, as one text."""
    with accounts._engine.connect() as connection:
        rows = [
            tuple(row)
            for table in metadata.sorted_tables
            for row in connection.execute(sa.select(table))
        ]
    return repr(rows)


def signed_in(accounts: Accounts, *, at: datetime, token: str = TOKEN) -> bool:
    return accounts.session(token, at=at) is not None


# Accounts


def test_accounts_are_listed_by_name(accounts: Accounts) -> None:
    assert accounts.list_() == (ANA, BEA, CO)


def test_an_account_that_is_added_with_a_password_signs_in_with_it(accounts: Accounts) -> None:
    zoe = Account("zoe", "reader", None)
    accounts.add(zoe, password=SECRET)

    assert accounts.check_password("Zoe", SECRET, at=NOW) == zoe
    with pytest.raises(Rejected, match="too short"):
        accounts.add(Account("yan", "reader", None), password="short")
    assert accounts.list_() == (ANA, BEA, CO, zoe)


@pytest.mark.parametrize("name", ["Ana Silva", "ANA  SILVA", "ana silva"])
def test_two_light_cannot_look_alike(light: Accounts, name: str) -> None:
    with pytest.raises(Rejected, match="already"):
        light.add(Account(name, "reader", None), password=None)

    assert light.list_() == (ANA, BEA, CO)


def test_an_account_that_is_not_there_is_told_in_words(accounts: Accounts) -> None:
    for act in (
        lambda: accounts.remove("zoe"),
        lambda: accounts.set_password("zoe", SECRET),
        lambda: accounts.change(Account("zoe", "reader", None)),
        lambda: accounts.one_time_link("zoe", at=NOW, token=TOKEN),
        lambda: accounts.remove("a\x00"),
    ):
        with pytest.raises(Rejected, match="There is no account"):
            act()


def test_a_database_without_a_store_has_no_accounts(tmp_path: Any) -> None:
    with pytest.raises(NoStore):
        Accounts(f"sqlite:///{tmp_path / 'none.sqlite'}")


def test_an_older_store_has_to_be_migrated_first(store_url: str) -> None:
    with Store(store_url) as store, store.engine.begin() as raw:
        raw.exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")

    with pytest.raises(StoreVersion, match="0001") as fault:
        Accounts(store_url)

    assert fault.value.hint == "run: ncc migrate"


# Passwords


@pytest.mark.parametrize(
    "password",
    [
        "",
        "elevenchars",
        "a" * 12,
        "abababababababab",
        "Ana Silva" + "x" * 1000,
        "ana silvaANA SILVA",
    ],
)
def test_a_weak_or_endless_password_is_refused_without_being_repeated(password: str) -> None:
    with pytest.raises(Rejected) as fault:
        parse_password(password, ANA.name)

    assert not password or password not in str(fault.value)


def test_a_phrase_is_a_good_password() -> None:
    assert parse_password("twelve chars", ANA.name) == "twelve chars"


def test_a_password_is_kept_as_argon2id_with_the_usual_parameters() -> None:
    kept = hash_password(SECRET)

    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert kept != hash_password(SECRET)
    assert (fits(SECRET, kept), fits(SECRET + "x", kept), fits(SECRET, None)) == (
        True,
        False,
        False,
    )


def test_what_nobodys_name_is_compared_with_costs_as_much_as_a_real_one() -> None:
    assert not is_outdated(NOBODYS)


@pytest.mark.parametrize("typed", ["cafe\u0301 au lait, s'il", "caf\xe9 au lait, s'il"])
def test_a_password_typed_on_another_keyboard_fits(typed: str) -> None:
    assert fits(typed, hash_password(parse_password("caf\xe9 au lait, s'il", "ana")))


# Signing in


def test_name_and_password_let_in(accounts: Accounts) -> None:
    assert accounts.check_password("Ana Silva", SECRET, at=NOW) == ANA
    assert accounts.check_password(" ana silva", SECRET, at=NOW) == ANA


def test_every_refusal_is_the_same_sentence(accounts: Accounts) -> None:
    said = {
        enter(accounts, password="wrong password here"),
        enter(accounts, name="nobody"),
        enter(accounts, name="bea"),  # has no password yet
        enter(accounts, password=""),
        enter(accounts, name=""),
        enter(accounts, name="a\x00b\ud800", password="\x00\ud800"),
        enter(accounts, name="' OR 1=1 --"),
        enter(accounts, name="x" * 1_000_000, password="y" * 1_000_000),
    }

    assert len(said) == 1
    assert said.pop().startswith("Name and password do not let you in.")


def test_after_ten_wrong_passwords_even_the_right_one_waits(
    accounts: Accounts, store_url: str
) -> None:
    for _ in range(9):
        enter(accounts, password="wrong password here")
    assert enter(accounts) == ANA.name  # nine are forgiven, and forgotten
    for _ in range(10):
        enter(accounts, password="wrong password here")

    with Accounts(store_url) as another_process:
        assert enter(another_process, at=NOW + 1 * S).startswith("Name and password")
        assert enter(another_process, at=NOW + 29 * S).startswith("Name and password")
        assert enter(another_process, at=NOW + 30 * S) == ANA.name


def test_the_delay_grows_to_a_quarter_of_an_hour_and_no_further(light: Accounts) -> None:
    at, waits = NOW, []
    for _ in range(10):
        enter(light, name="nobody", at=at)
    while len(waits) < 7:
        assert _last(light) == at  # what was tried during a wait does not prolong it
        wait = next(
            seconds
            for seconds in (30, 60, 120, 240, 480, 900, 9999)
            if _is_looked_at(light, "nobody", at + seconds * S)
        )
        at += wait * S
        waits.append(wait)

    assert waits == [30, 60, 120, 240, 480, 900, 900]


def _is_looked_at(accounts: Accounts, name: str, at: datetime) -> bool:
    before = _wrong(accounts)
    enter(accounts, name=name, at=at)
    return _wrong(accounts) > before


def _wrong(accounts: Accounts) -> int:
    with accounts._engine.connect() as connection:
        return connection.execute(sa.select(sa.func.sum(sign_in_failure.c.wrong))).scalar() or 0


def _last(accounts: Accounts) -> datetime:
    with accounts._engine.connect() as connection:
        last = connection.execute(sa.select(sign_in_failure.c.last)).scalar_one()
    return datetime.fromisoformat(last)


def test_many_wrong_passwords_at_once_are_no_way_around_the_delay(accounts: Accounts) -> None:
    ats = [NOW + timedelta(milliseconds=(7 * n) % 24) for n in range(24)]

    with ThreadPoolExecutor(8) as crowd:
        list(crowd.map(lambda at: enter(accounts, password="wrong password here", at=at), ats))

    assert _wrong(accounts) == 10


def test_wrong_passwords_of_one_name_delay_no_other(light: Accounts) -> None:
    for _ in range(10):
        enter(light, name="nobody")

    assert enter(light) == ANA.name


def test_a_name_is_delayed_however_it_is_spelt(light: Accounts) -> None:
    for name in ["Ana Silva", "ANA SILVA", " ana  silva ", "aNA silva", "Ana\tSilva"] * 2:
        enter(light, name=name, password="wrong password here")

    assert enter(light, at=NOW + S).startswith("Name and password")


def test_wrong_passwords_are_forgotten_after_a_day(light: Accounts) -> None:
    for _ in range(10):
        enter(light, password="wrong password here")
    enter(light, name="bea", at=NOW + timedelta(days=1, seconds=1))

    assert _wrong(light) == 1


def test_a_password_hashed_with_weaker_parameters_is_hashed_anew(accounts: Accounts) -> None:
    weak = argon2_weak(SECRET)
    with accounts._engine.begin() as connection:
        connection.execute(account.update().values(password=weak))

    assert enter(accounts) == ANA.name

    with accounts._engine.connect() as connection:
        kept = dict(
            tuple(row) for row in connection.execute(sa.select(account.c.name, account.c.password))
        )
    assert not is_outdated(kept[ANA.name])
    assert fits(SECRET, kept[ANA.name])
    assert kept["bea"] == weak


def argon2_weak(password: str) -> str:
    import argon2

    return argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(password)


def test_neither_password_nor_token_is_anywhere_in_the_database(accounts: Accounts) -> None:
    enter(accounts)
    accounts.open_session(ANA, at=NOW, token=TOKEN)
    accounts.one_time_link("bea", at=NOW, token=OTHER)
    enter(accounts, password="wrong password here")

    kept = everything_kept(accounts)

    assert "Ana Silva" in kept
    for secret in (SECRET, "wrong password here", TOKEN, OTHER):
        assert secret not in kept


def test_a_fault_of_the_database_tells_no_hash(accounts: Accounts) -> None:
    with accounts._engine.begin() as raw, pytest.raises(sa.exc.IntegrityError) as fault:
        raw.execute(account.insert().values(name="x", folded="bea", role="r", password="HASH"))

    assert "HASH" not in str(fault.value)


# Links


def test_a_link_lets_in_once(accounts: Accounts) -> None:
    accounts.one_time_link("BEA", at=NOW, token=TOKEN)

    assert accounts.use_link(TOKEN, at=NOW + S) == BEA
    with pytest.raises(SignInRefused, match="once"):
        accounts.use_link(TOKEN, at=NOW + S)


def test_a_link_lets_in_for_a_day_and_only_with_its_token(accounts: Accounts) -> None:
    accounts.one_time_link("bea", at=NOW, token=TOKEN)

    for token, at in ((OTHER, NOW), ("", NOW), (TOKEN, NOW + timedelta(hours=24))):
        with pytest.raises(SignInRefused, match="within a day"):
            accounts.use_link(token, at=at)


def test_only_one_of_two_at_once_gets_in_by_a_link(accounts: Accounts) -> None:
    accounts.one_time_link("bea", at=NOW, token=TOKEN)

    def use(_turn: int) -> int:
        try:
            return int(accounts.use_link(TOKEN, at=NOW) == BEA)
        except SignInRefused:
            return 0

    with ThreadPoolExecutor(8) as crowd:
        assert sum(crowd.map(use, range(8))) == 1


# Sessions


def test_a_session_names_its_person(accounts: Accounts) -> None:
    accounts.open_session(ANA, at=NOW, token=TOKEN)

    found = accounts.session(TOKEN, at=NOW + S)

    assert found is not None
    assert (found.account, found.opened, found.acted) == (ANA, NOW, NOW)
    assert found.ends == NOW + H1


@pytest.mark.parametrize(
    "token", ["", OTHER, TOKEN[:-1], TOKEN + "t", TOKEN.upper(), "%", "\x00\ud800"]
)
def test_no_other_token_is_signed_in(light: Accounts, token: str) -> None:
    light.open_session(ANA, at=NOW, token=TOKEN)

    assert not signed_in(light, at=NOW, token=token)


def test_a_token_that_could_be_guessed_is_refused(light: Accounts) -> None:
    with pytest.raises(Rejected, match="too short"):
        light.open_session(ANA, at=NOW, token="1234")
    with pytest.raises(Rejected, match="too short"):
        light.one_time_link("bea", at=NOW, token="1234")


def test_a_session_ends_after_sixty_idle_minutes(light: Accounts) -> None:
    light.open_session(ANA, at=NOW, token=TOKEN)

    assert signed_in(light, at=NOW + H1 - S)
    assert not signed_in(light, at=NOW + H1)


def test_acting_keeps_a_session_and_twelve_hours_end_it_all_the_same(accounts: Accounts) -> None:
    accounts.open_session(ANA, at=NOW, token=TOKEN)
    for minutes in range(50, 720, 50):
        accounts.touch(TOKEN, at=NOW + timedelta(minutes=minutes), place="D1.1")

    assert signed_in(accounts, at=NOW + H12 - S)
    assert not signed_in(accounts, at=NOW + H12)


def test_a_page_that_is_merely_open_does_not_keep_a_session(light: Accounts) -> None:
    light.open_session(ANA, at=NOW, token=TOKEN)
    for minutes in range(1, 60):
        light.touch(TOKEN, at=NOW + timedelta(minutes=minutes), acted=False)

    assert light.present("PT", at=NOW + H1 - S) == (Present("Ana Silva", ""),)
    assert not signed_in(light, at=NOW + H1)


def test_an_ended_session_is_not_touched_back_to_life(accounts: Accounts) -> None:
    accounts.open_session(ANA, at=NOW, token=TOKEN)
    accounts.touch(TOKEN, at=NOW + H1, place="D1.1")

    assert not signed_in(accounts, at=NOW + H1)


@pytest.mark.parametrize(
    "ending",
    [
        lambda it: it.end_session(TOKEN),
        lambda it: it.set_password("ana silva", "another long password"),
        lambda it: it.remove("ana silva"),
        lambda it: it.change(Account("Ana Silva", "reader", "PT")),
        lambda it: it.change(Account("ana silva", "editor", "ES")),
    ],
    ids=["sign-out", "new password", "removal", "other role", "other country"],
)
def test_a_session_ends_at_once(accounts: Accounts, ending: Any) -> None:
    accounts.open_session(ANA, at=NOW, token=TOKEN)
    accounts.open_session(BEA, at=NOW, token=OTHER)

    ending(accounts)

    assert not signed_in(accounts, at=NOW)
    assert signed_in(accounts, at=NOW, token=OTHER)


def test_signing_out_ends_this_session_and_no_other_of_the_same_person(accounts: Accounts) -> None:
    accounts.open_session(ANA, at=NOW, token=TOKEN)
    accounts.open_session(ANA, at=NOW, token=OTHER)

    accounts.end_session(TOKEN)

    assert not signed_in(accounts, at=NOW)
    assert signed_in(accounts, at=NOW, token=OTHER)


def test_a_new_password_ends_links_and_replaces_the_old_one(accounts: Accounts) -> None:
    accounts.one_time_link("ana silva", at=NOW, token=TOKEN)

    accounts.set_password("ana silva", "another long password")

    assert enter(accounts).startswith("Name and password")
    assert enter(accounts, password="another long password") == ANA.name
    with pytest.raises(SignInRefused):
        accounts.use_link(TOKEN, at=NOW)


def test_who_was_removed_or_changed_since_the_password_was_checked_gets_no_session(
    accounts: Accounts,
) -> None:
    who = accounts.check_password("Ana Silva", SECRET, at=NOW)
    accounts.change(Account("Ana Silva", "reader", "PT"))
    with pytest.raises(SignInRefused):
        accounts.open_session(who, at=NOW, token=TOKEN)
    accounts.remove("Ana Silva")
    with pytest.raises(SignInRefused):
        accounts.open_session(who, at=NOW, token=TOKEN)


def test_a_removed_name_that_is_given_again_opens_no_old_session(accounts: Accounts) -> None:
    accounts.open_session(ANA, at=NOW, token=TOKEN)
    accounts.remove(ANA.name)
    accounts.add(ANA, password=None)

    assert not signed_in(accounts, at=NOW)


def test_sessions_whose_time_is_over_are_cleared_away(accounts: Accounts) -> None:
    accounts.open_session(ANA, at=NOW, token=TOKEN)
    accounts.open_session(BEA, at=NOW + H12, token=OTHER)

    assert everything_kept(accounts).count("2024-05-06T12:00:00") == 1  # the origin's alone


# Who is here


def test_who_is_here_is_told_with_their_place(accounts: Accounts) -> None:
    accounts.open_session(ANA, at=NOW, token=TOKEN)
    accounts.open_session(CO, at=NOW, token=OTHER)
    accounts.touch(TOKEN, at=NOW, place="D1.1")

    assert accounts.present("PT", at=NOW) == (Present("Ana Silva", "D1.1"),)
    accounts.touch(OTHER, at=NOW, place="D2.3", country="PT")
    assert accounts.present("PT", at=NOW) == (Present("Ana Silva", "D1.1"), Present("co", "D2.3"))
    assert accounts.present("PT", at=NOW, besides="co") == (Present("Ana Silva", "D1.1"),)
    assert accounts.present("ES", at=NOW) == ()


def test_who_gave_no_sign_of_life_for_a_while_is_not_here(accounts: Accounts) -> None:
    accounts.open_session(ANA, at=NOW, token=TOKEN)

    assert accounts.present("PT", at=NOW + 75 * S) != ()
    assert accounts.present("PT", at=NOW + 76 * S) == ()
    accounts.touch(TOKEN, at=NOW + 80 * S, acted=False)
    assert accounts.present("PT", at=NOW + 81 * S) != ()


def test_one_person_in_two_browsers_is_here_once_where_last_seen(accounts: Accounts) -> None:
    accounts.open_session(ANA, at=NOW, token=TOKEN)
    accounts.open_session(ANA, at=NOW, token=OTHER)
    accounts.touch(OTHER, at=NOW + S, place="D2.1")
    accounts.touch(TOKEN, at=NOW + 2 * S, place="D1.1")

    assert accounts.present("PT", at=NOW + 3 * S) == (Present("Ana Silva", "D1.1"),)


def test_a_sign_of_life_is_written_twice_a_minute_at_most_unless_they_moved(
    accounts: Accounts,
) -> None:
    accounts.open_session(ANA, at=NOW, token=TOKEN)
    writes: list[float] = []
    seconds = 0.0

    def count(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.startswith("UPDATE"):
            writes.append(seconds)

    sa.event.listen(accounts._engine, "before_cursor_execute", count)
    for turn in range(60):
        seconds = turn * 2
        place = "D1.1" if seconds < 100 else "D1.2"
        accounts.touch(TOKEN, at=NOW + timedelta(seconds=seconds), place=place)

    assert writes == [0, 30, 60, 90, 100]


def test_a_place_of_any_length_and_content_is_no_fault(accounts: Accounts) -> None:
    accounts.open_session(ANA, at=NOW, token=TOKEN)

    accounts.touch(TOKEN, at=NOW, place="\x00\ud800" + "ß" * 100_000)

    assert accounts.present("PT", at=NOW) == (Present("Ana Silva", "ß" * 120),)
