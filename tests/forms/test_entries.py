"""Entries in the hands of one or more people: a message in, messages out, on a real record."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import pytest

from ncc_kernel.forms import desk
from ncc_kernel.forms.entries import EntriesSession
from ncc_kernel.model.account import Account
from ncc_kernel.model.kinds import kind_of
from ncc_kernel.model.revision import Draft
from ncc_kernel.paths import CHECKOUT
from ncc_kernel.store.accounts import Accounts
from ncc_kernel.store.catalogue import read_catalogue
from ncc_kernel.store.log import Store
from ncc_kernel.workbook import open_workbook

BOOK = "02_ecosystem_mapping"
TOKENS = {name: name * 20 for name in ("ana", "rui", "eva", "lea", "ole")}
ACCOUNTS = (
    Account("ana", "editor", "PT"),
    Account("rui", "editor", "PT"),
    Account("eva", "coordinator", None),
    Account("lea", "reader", "PT"),
    Account("ole", "editor", "DK"),
)
Row = dict[str, Any]


@dataclass
class Page:
    """One person's open page."""

    session: EntriesSession
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def hello(self) -> Row:
        return dict(self.session.receive({"do": "hello"})[0])

    def rows(self) -> dict[str, Row]:
        return {one["key"]: one for one in self.hello()["entries"]}

    def one(self, do: str, key: str, base: int | None = None, **more: Any) -> Row:
        """The one answer with the id of this message."""
        number = next(self.numbers)
        asked = {"id": number, "do": do, "kind": "agent", "key": key, "base": base} | more
        (reply,) = [one for one in self.session.receive(asked) if one.get("id") == number]
        return dict(reply)

    def empty(self, kind: str = "agent") -> Row:
        return dict(next(one for one in self.hello()["kinds"] if one["kind"] == kind)["empty"])

    def type(self, key: str, base: int | None = None, **given: Any) -> Row:
        shown = next((row for at, row in self.rows().items() if at == key), None)
        fields = ((shown or {}).get("typed") or (shown or {}).get("entry") or {}).get("fields")
        dotted = {path.replace("__", "."): value for path, value in given.items()}
        return self.one("change", key, base, fields=(fields or self.empty()) | dotted)

    def add(self, key: str, **given: Any) -> Row:
        return self.one("save", key, self.type(key, **given)["seq"])


Sit = Callable[..., Page]


@pytest.fixture
def record(empty_home: Any) -> Iterator[Store]:
    with empty_home.store() as opened:
        yield opened


@pytest.fixture
def sit(record: Store, empty_home: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sit]:
    """Someone signed in opens the map of a country."""
    monkeypatch.setenv("NCC_HOME", str(empty_home.root))
    monkeypatch.delenv("NCC_STORE", raising=False)
    with Accounts(empty_home.url) as accounts:
        for one in ACCOUNTS:
            accounts.add(one, password=None)
            accounts.open_session(one, at=desk.now(), token=TOKENS[one.name])

        def down(name: str = "ana", *kinds: str, country: str = "PT") -> Page:
            monkeypatch.setenv("NCC_SESSION", TOKENS[name])
            name_of_book = "07_eu_overview" if country == "EU" else BOOK
            book = open_workbook(name_of_book, country, "2024-1", "edit")
            return Page(book.entries_form(*(kinds or ("agent", "link"))).widget._session)

        yield down


def agents(record: Store) -> dict[str, Any]:
    return {one.key: one.payload for one in record.current("agent", country="PT")}


def test_what_is_typed_is_kept_and_is_no_entry_yet(sit: Sit, record: Store) -> None:
    ana = sit()

    kept = ana.type("a1", name="Ca")

    assert (kept["is"], kept["row"]["entry"], kept["row"]["typed"]["fields"]["name"]) == (
        "saved", None, "Ca",
    )  # fmt: skip
    assert agents(record) == {}
    assert sit().rows()["a1"]["typed"]["fields"]["name"] == "Ca"


def test_saving_makes_it_an_entry_and_nothing_is_half_typed_any_more(
    sit: Sit, record: Store
) -> None:
    ana = sit()

    saved = ana.add("a1", name=" Casa ", type="si_lab", place__name="Porto")

    assert (saved["is"], saved["row"]["typed"]) == ("saved", None)
    assert agents(record) == {"a1": {"name": "Casa", "type": "si_lab", "place": {"name": "Porto"}}}
    assert record.current("entry_draft") == ()
    assert [one.author for one in record.current("agent")] == ["ana"]


def test_what_cannot_be_saved_is_kept_with_a_sentence_for_each_field(
    sit: Sit, record: Store
) -> None:
    ana = sit()

    said = ana.add("a1", type="wizard", place__lat="north")

    assert said["is"] == "invalid"
    assert set(said["messages"]) == {"name", "type", "place.lat"}
    assert said["row"]["typed"]["fields"]["place.lat"] == "north"
    assert agents(record) == {}


def test_saving_what_was_never_typed_says_what_is_needed(sit: Sit) -> None:
    assert sit().one("save", "a1")["messages"] == {"name": "Name: this is needed."}


def test_withdrawing_is_a_revision_and_so_is_bringing_it_back(sit: Sit, record: Store) -> None:
    ana = sit()
    ana.add("a1", name="Casa")

    gone = ana.one("withdraw", "a1", ana.rows()["a1"]["seq"])
    stood = agents(record)
    back = ana.one("restore", "a1", gone["seq"])

    assert (stood, gone["row"]["gone"]["fields"]["name"]) == ({}, "Casa")
    assert (back["row"]["entry"]["fields"]["name"], agents(record)) == (
        "Casa", {"a1": {"name": "Casa"}},
    )  # fmt: skip
    assert [one.payload is None for one in record.history("agent", "PT", "-", "a1")] == [
        False, True, False,
    ]  # fmt: skip


def test_what_was_withdrawn_can_be_brought_back_on_another_day(sit: Sit) -> None:
    ana = sit()
    ana.add("a1", name="Casa")
    ana.one("withdraw", "a1", ana.rows()["a1"]["seq"])

    rui = sit("rui")
    row = rui.rows()["a1"]
    back = rui.one("restore", "a1", row["seq"])

    assert row["gone"]["by"] == "ana"
    assert back["row"]["entry"]["fields"]["name"] == "Casa"


def test_what_is_typed_and_thrown_away_can_be_brought_back(sit: Sit) -> None:
    ana = sit()
    kept = ana.type("a1", name="Ca")

    gone = ana.one("withdraw", "a1", kept["seq"])
    back = ana.one("restore", "a1", gone["seq"])

    assert gone["row"]["typed"] is None
    assert back["row"]["typed"]["fields"]["name"] == "Ca"


def test_two_who_change_one_entry_see_both_versions(sit: Sit, record: Store) -> None:
    ana, rui = sit("ana"), sit("rui")
    base = ana.add("a1", name="Casa")["seq"]
    rui.hello()

    ana.type("a1", base, name="Casa do Povo")
    said = rui.one("change", "a1", base, fields=rui.empty() | {"name": "Casa Nova"})

    assert said["is"] == "conflict"
    assert said["mine"]["name"] == "Casa Nova"
    assert (said["theirs"]["fields"]["name"], said["theirs"]["by"]) == ("Casa do Povo", "ana")
    assert agents(record)["a1"]["name"] == "Casa"


def test_the_other_page_sees_a_new_entry_with_its_next_look(sit: Sit) -> None:
    ana, rui = sit("ana"), sit("rui")
    rui.hello()

    ana.add("a1", name="Casa")
    told = [one for one in rui.session.poll() if one["is"] == "changed"]

    assert [(one["row"]["key"], one["row"]["entry"]["by"]) for one in told] == [("a1", "ana")]
    assert [one for one in ana.session.poll() if one["is"] == "changed"] == []


def test_saving_what_somebody_else_changed_meanwhile_is_refused(sit: Sit, record: Store) -> None:
    ana, rui = sit("ana"), sit("rui")
    base = ana.type("a1", name="Casa")["seq"]
    rui.hello()
    rui.type("a1", base, name="Outra")

    said = ana.one("save", "a1", base)

    assert (said["is"], said["message"]) == ("refused", "rui changed this agent meanwhile.")
    assert agents(record) == {}


def test_a_deed_that_comes_again_is_done_once(sit: Sit, record: Store) -> None:
    ana = sit()
    base = ana.type("a1", name="Casa")["seq"]
    first = ana.one("save", "a1", base)

    again = sit().one("save", "a1", base)

    assert (first["seq"], again["is"], again["seq"]) == (first["seq"], "saved", first["seq"])
    assert len(record.history("agent", "PT", "-", "a1")) == 1


def test_the_history_tells_who_changed_what(sit: Sit) -> None:
    ana, rui = sit("ana"), sit("rui")
    base = ana.add("a1", name="Casa")["seq"]
    rui.one("save", "a1", rui.type("a1", base, type="ngo")["seq"])

    told = ana.one("history", "a1")["told"]

    assert [(one["by"], one["did"], one["changes"]) for one in told] == [
        ("rui", "changed it", [{"path": "type", "was": "", "now": "ngo"}]),
        ("ana", "added it", []),
    ]


def test_a_reference_must_name_an_entry(sit: Sit) -> None:
    ana = sit()
    ana.add("a1", name="Casa")
    link = {"agent": "a1", "kind": "leads", "target": "nobody", "target_kind": "agent"}

    kept = ana.one("change", "l1", fields=ana.empty("link") | link, kind="link")
    said = ana.one("save", "l1", kept["seq"], kind="link")

    assert said["messages"] == {"target": "What was chosen is no agent on record: choose another."}


def test_a_code_outside_the_vocabulary_is_shown_and_survives_another_change(
    sit: Sit, record: Store
) -> None:
    raw = {"name": "Casa", "type": "wizardry", "place": {"nuts_version": "2021"}}
    record.append([Draft("PT", "-", "agent", "a1", None, raw)], author="old", at=desk.now())
    ana = sit()
    row = ana.rows()["a1"]

    saved = ana.one("save", "a1", ana.type("a1", row["seq"], size="12")["seq"])

    assert row["entry"]["fields"]["type"] == "wizardry"
    assert saved["is"] == "saved"
    assert agents(record)["a1"] == raw | {"size": "12"}


def test_a_coordinator_writes_and_a_reader_only_reads_what_is_not_private(
    sit: Sit, record: Store
) -> None:
    ana = sit()
    ana.add("a1", name="Casa")
    ana.add("a2", name="Secret", visibility="private")
    ana.type("a3", name="Half")

    lea, eva = sit("lea"), sit("eva")
    shown = [row["entry"]["fields"]["name"] for row in lea.rows().values() if row["entry"]]
    refused = lea.type("a1", name="Mine")
    saved = eva.add("a4", name="Eva's")

    assert shown == ["Casa"]
    assert "Half" not in str(lea.hello())
    assert "Secret" not in str(lea.one("history", "a2"))
    assert (refused["is"], refused["message"]) == ("refused", "The agents are not yours to write.")
    assert (saved["is"], agents(record)["a4"]) == ("saved", {"name": "Eva's"})


def test_another_countrys_list_is_not_shown(
    sit: Sit, record: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    sit().add("a1", name="Casa")

    monkeypatch.setenv("NCC_SESSION", TOKENS["ole"])
    piece = open_workbook(BOOK, "PT", "2024-1", "edit").entries_form("agent")

    assert "added and changed by the team of Portugal" in str(piece.html())
    assert not hasattr(piece, "widget")


def test_who_loses_the_role_reads_and_writes_nothing_more(
    sit: Sit, record: Store, empty_home: Any
) -> None:
    ana = sit()
    base = ana.add("a1", name="Casa")["seq"]

    with Accounts(empty_home.url) as accounts:
        accounts.remove("ana")
    (hello,) = ana.session.receive({"do": "hello"})
    change = ana.one("change", "a1", base, fields={"name": "Mine"})

    assert (hello["is"], change["is"]) == ("refused", "refused")
    assert agents(record) == {"a1": {"name": "Casa"}}


def test_other_countries_entries_may_be_chosen_and_private_ones_never_arrive(
    sit: Sit, record: Store
) -> None:
    abroad = [
        Draft("ES", "-", "agent", "e1", None, {"name": "Casa Abierta"}),
        Draft("ES", "-", "agent", "e2", None, {"name": "Oculta", "visibility": "private"}),
    ]
    done = record.append(abroad, author="t", at=desk.now())
    ana = sit()
    everything = ana.hello()
    found = ana.one("find", "", kinds=["agent"], words="ABIERTÁ casa")
    hidden = ana.one("find", "", kinds=["agent"], words="oculta")
    others = ana.one("find", "", kinds=["challenge", "answer"], words="")

    closed = {"name": "Casa Abierta", "visibility": "private"}
    draft = Draft("ES", "-", "agent", "e1", done.written[0].seq, closed)
    record.append([draft], author="t", at=desk.now())
    told = [one for one in ana.session.poll() if one["is"] == "names"]

    assert "Oculta" not in str(everything)
    assert found["names"] == [
        {"kind": "agent", "key": "e1", "name": "Casa Abierta", "country": "ES"}
    ]
    assert (hidden["names"], others["names"]) == ([], [])
    assert [(one["key"], one["name"]) for one in told[0]["names"]] == [("e1", "")]


def test_a_link_may_lead_to_another_country_and_its_name_is_there_after_a_reload(
    sit: Sit, record: Store
) -> None:
    abroad = Draft("ES", "-", "agent", "e1", None, {"name": "Casa Abierta"})
    record.append([abroad], author="t", at=desk.now())
    ana = sit()
    ana.add("a1", name="Casa")
    link = {"agent": "a1", "kind": "partners", "target": "e1", "target_kind": "agent"}

    kept = ana.one("change", "l1", fields=ana.empty("link") | link, kind="link")
    saved = ana.one("save", "l1", kept["seq"], kind="link")
    names = sit().hello()["names"]

    assert (saved["is"], saved["row"]["typed"]) == ("saved", None)
    assert [(one["key"], one["name"], one["country"]) for one in names] == [
        ("e1", "Casa Abierta", "ES")
    ]


def test_entries_of_a_cycle_are_recorded_under_it(sit: Sit, record: Store) -> None:
    kinds = [one for one, form in _per_cycle_forms()]
    if not kinds:
        pytest.skip("no kind with a form is of one cycle")
    kind = kinds[0]
    eva = sit("eva", kind)
    path = eva.hello()["kinds"][0]["fields"][0]["path"]

    eva.one("change", "k1", fields=eva.empty(kind) | {path: "x"}, kind=kind)

    assert [one.cycle for one in record.current("entry_draft")] == ["2024-1"]
    assert list(sit("eva", kind).rows()) == ["k1"]


def _per_cycle_forms() -> list[tuple[str, Any]]:
    forms = read_catalogue(CHECKOUT / "data").entry_forms
    return [
        (kind, form)
        for kind, form in forms.items()
        if kind_of(kind).per_cycle
        and kind_of(kind).area in ("map", "community", "cocreation", "scaling", "programme")
        and form.fields[0].control in ("line", "prose")
    ]


def test_the_eu_has_entries_of_its_own_for_coordinators_alone(
    sit: Sit, record: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    eva = sit("eva", country="EU")
    saved = eva.add("a1", name="Network of centres")
    monkeypatch.setenv("NCC_SESSION", TOKENS["ana"])
    piece = open_workbook("07_eu_overview", "EU", "2024-1", "edit").entries_form("agent")

    assert saved["is"] == "saved"
    assert [one.country for one in record.current("agent")] == ["EU"]
    assert not hasattr(piece, "widget")


def test_every_kind_that_has_a_form_can_be_shown(sit: Sit) -> None:
    told = sit("eva", *(path.stem for path in (CHECKOUT / "data/entries").glob("*.toml"))).hello()

    assert len(json.dumps(told)) > 10_000
    for kind in told["kinds"]:
        assert {one["path"] for one in kind["fields"]} <= set(kind["empty"])


@pytest.mark.parametrize(
    "message",
    [
        None,
        [],
        {"do": "conquer", "id": 1},
        {"do": "change", "id": 1},
        {"do": "change", "id": 1, "kind": "answer", "key": "D1.1"},
        {"do": "change", "id": 1, "kind": "agent", "key": ["a"], "fields": {}},
        {"do": "change", "id": 1, "kind": "agent", "key": "a1", "fields": "x"},
        {"do": "change", "id": 1, "kind": "agent", "key": "a1", "fields": {"name": {"x": 1}}},
        {"do": "change", "id": 1, "kind": "agent", "key": "a/../b", "fields": {"name": "x"}},
        {"do": "change", "id": 1, "kind": "agent", "key": "a1", "fields": {"name": "x" * 10_001}},
        {"do": "restore", "id": 1, "kind": "agent", "key": "nothing"},
    ],
)
def test_what_is_wrong_is_refused_in_a_sentence_and_writes_nothing(
    sit: Sit, record: Store, message: Any
) -> None:
    ana = sit()
    before = record.last_seq()

    (reply,) = ana.session.receive(message)

    assert reply["is"] == "refused"
    assert reply["message"].endswith(".")
    assert record.last_seq() == before


def test_on_a_page_there_is_no_form_and_where_no_widget_shows_there_are_words(sit: Sit) -> None:
    page = open_workbook(BOOK, "PT", "2024-1", "brief").entries_form("agent")
    sit()
    form = open_workbook(BOOK, "PT", "2024-1", "edit").entries_form("agent")

    assert str(page.html()) == ""
    assert "ncc export xlsx --kind agent --country PT" in str(form.html())
