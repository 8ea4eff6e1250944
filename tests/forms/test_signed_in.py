"""The form of a page that someone signed in has opened: the store is asked at every write."""

from typing import Any

import pytest

from ncc_kernel.errors import Forbidden
from ncc_kernel.forms import desk
from ncc_kernel.model.account import Account
from ncc_kernel.store.accounts import Accounts
from ncc_kernel.workbook import open_workbook

TOKENS = {name: name * 20 for name in ("ana", "rui", "eva", "ole")}
ACCOUNTS = (
    Account("ana", "editor", "PT"),
    Account("rui", "reviewer", "PT"),
    Account("eva", "coordinator", None),
    Account("ole", "editor", "DK"),
)


@pytest.fixture
def accounts(home: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("NCC_HOME", str(home.root))
    monkeypatch.delenv("NCC_STORE", raising=False)
    with Accounts(home.url) as opened:
        for one in ACCOUNTS:
            opened.add(one, password=None)
            opened.open_session(one, at=desk.now(), token=TOKENS[one.name])
        yield opened


@pytest.fixture
def sit(accounts: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The session behind PT's form, as this person has it open."""

    def down(name: str) -> Any:
        monkeypatch.setenv("NCC_SESSION", TOKENS[name])
        return open_workbook("01_self_assessment", "PT", "2024-1", "edit").form().widget._session

    return down


def one(session: Any, **message: Any) -> Any:
    (reply,) = [one for one in session.receive({"id": 1, **message}) if one.get("id") == 1]
    return reply


def change(session: Any, comment: str) -> Any:
    value = session.receive({"do": "hello"})[0]["values"]["D1.1"]
    fields = value["fields"] | {"comment": comment}
    return one(session, do="change", question="D1.1", base=value["seq"], fields=fields)


def test_an_editor_writes_under_the_name_of_the_account(sit: Any) -> None:
    ana = sit("ana")

    said = ana.receive({"do": "hello"})[0]

    assert said["urls"] == {
        "xlsx": "/files/PT/2024-1/answers.xlsx",
        "print": "/files/PT/2024-1/answers.html",
        "evidence": "/files/PT/2024-1/evidence",
    }
    assert said["me"] == {"name": "ana", "role": "editor"}
    assert said["may"] == {"write": True, "submit": True, "review": False}
    assert (change(ana, "new")["is"], change(ana, "newer")["by"]) == ("saved", "ana")


@pytest.mark.parametrize("name", ["rui", "eva"])
def test_who_does_not_fill_in_reads_and_writes_nothing(sit: Any, name: str) -> None:
    said = change(sit(name), "mine")

    assert (said["is"], said["message"]) == ("refused", "This form is not yours to fill in.")


def test_the_form_of_another_country_is_not_shown(sit: Any) -> None:
    (said,) = sit("ole").receive({"do": "hello"})

    assert (said["is"], said["message"]) == ("refused", "This form is not yours to read.")


def test_who_is_signed_out_writes_nothing_more(sit: Any, accounts: Any) -> None:
    ana = sit("ana")
    ana.receive({"do": "hello"})
    accounts.end_session(TOKENS["ana"])

    said = one(ana, do="change", question="D1.1", base=None, fields={"answer": "1"})

    assert said["is"] == "refused"
    assert said["message"].startswith("You are signed out")


def test_who_is_no_longer_signed_in_opens_nothing(
    accounts: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NCC_SESSION", "x" * 40)

    with pytest.raises(Forbidden, match="You are signed out"):
        open_workbook("01_self_assessment", "PT", "2024-1", "edit")


def test_one_sees_who_else_is_here_and_where_and_comes_back_to_it(sit: Any) -> None:
    ana, rui = sit("ana"), sit("rui")
    ana.receive({"do": "place", "question": "D2.1"})

    seen = [told for told in rui.poll() if told["is"] == "present"]

    assert seen == [{"is": "present", "people": [{"name": "ana", "place": "D2.1"}]}]
    assert sit("ana").receive({"do": "hello"})[0]["place"] == "D2.1"


def test_a_whole_round_passes_through_the_guard(sit: Any) -> None:
    ana, rui, eva = sit("ana"), sit("rui"), sit("eva")
    change(ana, "first")

    submitted = one(rui, do="submit")
    closed = change(ana, "too late")
    asked = one(ana, do="ask_reopen", note="one more thing")
    returned = one(eva, do="review", decision="return", note="mend D1.1")
    mended = change(ana, "mended")
    again = one(ana, do="submit")
    accepted = one(eva, do="review", decision="accept", note="")
    reopened = one(eva, do="review", decision="reopen", note="for D1.1")

    assert [submitted["is"], closed["is"]] == ["receipt", "refused"]
    assert (asked["asked"], returned["state"], mended["is"]) == (
        "one more thing",
        "returned",
        "saved",
    )
    assert again["digest"] != submitted["digest"]
    assert (accepted["state"], reopened["state"]) == ("accepted", "reopened")


def test_the_state_stands_in_the_opening_and_in_the_overview(
    sit: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = one(sit("ana"), do="submit")["reference"]
    monkeypatch.delenv("NCC_SESSION")

    programme = open_workbook("00_programme", "PT", "2024-1", "brief").opening().html()
    other = open_workbook("00_programme", "ES", "2024-1", "brief").opening().html()
    overview = open_workbook("07_eu_overview", "EU", "2024-1", "brief").states().html()

    assert "<dt>Self-assessment</dt><dd>submitted on " in programme
    assert reference in programme
    assert "Self-assessment" not in other
    assert '<th scope="col">Self-assessment</th>' in overview
    assert "<td>submitted</td>" in overview
    assert "<td>draft</td>" in overview
