"""The record in the hands of a session: who may write what, when, and in whose name; on both databases."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ncc_kernel.errors import Forbidden, Rejected
from ncc_kernel.model.account import Account, Present
from ncc_kernel.model.revision import EU, EVERY_CYCLE, Draft
from ncc_kernel.store.accounts import Accounts
from ncc_kernel.store.guarded import GuardedStore
from ncc_kernel.store.log import Store

NOW = datetime(2024, 5, 6, 12, 0, tzinfo=UTC)
CYCLE = "2024-1"
LONG_AGO = datetime(1999, 1, 1, tzinfo=UTC)

PEOPLE = {
    "editor": Account("ed", "editor", "PT"),
    "reviewer": Account("re", "reviewer", "PT"),
    "coordinator": Account("co", "coordinator", None),
    "reader": Account("rd", "reader", "PT"),
}
PLACE = {"lat": 38.7, "lon": -9.1, "precision": "point"}
PAYLOADS: dict[str, dict[str, Any]] = {
    "answer": {"state": "answered", "level": 2},
    "draft": {"answer": "not_applicable"},
    "agent": {"name": "Casa", "type": "ngo", "place": PLACE},
    "initiative": {"title": "Horta"},
    "link": {"agent": "a", "target": "i", "kind": "leads"},
    "challenge": {"title": "Loneliness"},
    "reopen_request": {"note": "a level was wrong"},
    "reference": {"as_of": 1},
    "origin": {"store": "other", "illustrative": True},
}
KEYS = {"answer": "D1.1", "draft": "D1.1", "reopen_request": "self_assessment"}
PER_CYCLE = {"answer", "draft", "reopen_request", "reference"}


def entry(kind: str, country: str = "PT", **changed: Any) -> Draft:
    cycle = CYCLE if kind in PER_CYCLE else EVERY_CYCLE
    return Draft(country, cycle, kind, KEYS.get(kind, "k"), None, PAYLOADS[kind] | changed)


def step(state: str, *, seq: int = 10_000, base: int | None = None, country: str = "PT") -> Draft:
    payload = {"state": state, "reference": "PT-1", "digest": "0" * 64, "seq": seq, "note": "why"}
    return Draft(country, CYCLE, "submission", "self_assessment", base, payload)


@dataclass
class House:
    """A store with its people, each signed in, and a clock."""

    store: Store
    accounts: Accounts
    now: datetime = NOW
    hands: dict[str, GuardedStore] = field(default_factory=dict)

    def of(self, role: str) -> GuardedStore:
        if role not in self.hands:
            self.accounts.add(PEOPLE[role], password=None)
            self.accounts.open_session(PEOPLE[role], at=self.now, token=token_of(role))
            self.hands[role] = GuardedStore(
                self.store, self.accounts, token_of(role), lambda: self.now
            )
        return self.hands[role]

    def stands(self, state: str) -> None:
        """Bring the self-assessment there, by hand."""
        if state != "draft":
            self.put(step(state))

    def put(self, draft: Draft) -> int:
        """Past the guard: as the command line writes."""
        return self.store.append([draft], author="cli", at=NOW).written[0].seq


def token_of(role: str) -> str:
    return f"{role:-<40}"


def told(act: Callable[[], Any]) -> str:
    """What is said of it: "written", "conflict", or the first words of the refusal."""
    try:
        done = act()
    except Forbidden as fault:
        return fault.what
    return "written" if done.written else "conflict" if done.conflicts else "unchanged"


def save(hands: GuardedStore, *drafts: Draft) -> str:
    return told(lambda: hands.append(drafts, author="x", at=LONG_AGO))


@pytest.fixture
def house(store: Store) -> House:
    return House(store, Accounts(store.engine))


@pytest.fixture
def light(lite: Store) -> House:
    """The same on SQLite alone, for long tables: what they ask is asked of no database."""
    return House(lite, Accounts(lite.engine))


# Roles, countries, kinds

WRITTEN: list[tuple[str, str, str]] = [
    ("editor", "PT", "answer draft agent initiative link challenge"),
    ("editor", "ES", ""),
    ("editor", EU, ""),
    ("reviewer", "PT", ""),
    ("reviewer", "ES", ""),
    ("reviewer", EU, ""),
    ("coordinator", "PT", "agent initiative link challenge"),
    ("coordinator", "ES", "agent initiative link challenge"),
    ("coordinator", EU, "agent initiative link challenge"),
    ("reader", "PT", ""),
    ("reader", "ES", ""),
    ("reader", EU, ""),
]


@pytest.mark.parametrize(("role", "country", "kinds"), WRITTEN)
def test_each_role_writes_what_the_table_says_and_nothing_else(
    role: str, country: str, kinds: str, light: House
) -> None:
    hands = light.of(role)
    before = light.store.last_seq()

    written = {kind for kind in PAYLOADS if save(hands, entry(kind, country)) == "written"}

    assert written == set(kinds.split())
    recorded = light.store.changes(before)
    assert {one.kind for one in recorded} == written
    assert {(one.author, one.at) for one in recorded} <= {(PEOPLE[role].name, NOW)}


@pytest.mark.parametrize(("role", "country", "kinds"), WRITTEN)
def test_each_role_withdraws_no_more_than_it_writes(
    role: str, country: str, kinds: str, light: House
) -> None:
    hands = light.of(role)
    bases = {kind: light.put(entry(kind, country)) for kind in PAYLOADS if kind != "origin"}

    gone = {
        kind
        for kind, base in bases.items()
        if kind != "reopen_request"
        and save(hands, Draft(country, entry(kind).cycle, kind, KEYS.get(kind, "k"), base, None))
        == "written"
    }

    assert gone == set(kinds.split())


def test_the_whole_table_holds_on_each_database(house: House) -> None:
    for role, country, kinds in WRITTEN:
        hands = house.of(role)
        drafts = [replace(entry(kind, country), key=f"{role}.{kind}") for kind in PAYLOADS]

        written = {draft.kind for draft in drafts if save(hands, draft) == "written"}

        assert written == set(kinds.split()), (role, country)


STEPS: list[tuple[str, str, str]] = [
    # who, how it stands, what they may make of it at home
    ("editor", "draft", "submitted"),
    ("editor", "submitted", ""),
    ("editor", "returned", "submitted"),
    ("editor", "accepted", ""),
    ("editor", "reopened", "submitted"),
    ("reviewer", "draft", "submitted"),
    ("reviewer", "submitted", ""),
    ("reviewer", "returned", "submitted"),
    ("reviewer", "accepted", ""),
    ("reviewer", "reopened", "submitted"),
    ("coordinator", "draft", ""),
    ("coordinator", "submitted", "returned accepted reopened"),
    ("coordinator", "returned", ""),
    ("coordinator", "accepted", "reopened"),
    ("coordinator", "reopened", ""),
    ("reader", "draft", ""),
    ("reader", "submitted", ""),
    ("reader", "returned", ""),
    ("reader", "accepted", ""),
    ("reader", "reopened", ""),
]


@pytest.mark.parametrize(("role", "stands", "allowed"), STEPS)
def test_each_step_of_a_submission_is_taken_by_whom_and_when_the_table_says(
    role: str, stands: str, allowed: str, light: House
) -> None:
    hands = light.of(role)
    light.stands(stands)
    found = light.store.current("submission")
    base = found[0].seq if found else None

    taken = set()
    for state in ("submitted", "returned", "accepted", "reopened"):
        if state != stands and save(hands, step(state, base=base)) == "written":
            taken.add(state)
            back = light.store.current("submission")[0].seq
            undone = step(stands, base=back) if found else step("reopened", base=back)
            base = light.put(undone)

    assert taken == set(allowed.split())


@pytest.mark.parametrize("role", ["editor", "reviewer", "reader"])
@pytest.mark.parametrize("state", ["submitted", "returned", "accepted", "reopened"])
def test_no_one_but_a_coordinator_takes_a_step_elsewhere(
    role: str, state: str, light: House
) -> None:
    assert save(light.of(role), step(state, country="ES")).startswith(PEOPLE[role].name)


@pytest.mark.parametrize("role", list(PEOPLE))
def test_a_submission_is_never_withdrawn(role: str, light: House) -> None:
    light.of(role)
    base = light.put(step("submitted"))

    said = save(light.of(role), Draft("PT", CYCLE, "submission", "self_assessment", base, None))

    assert "may not" in said or "stays in the record" in said
    assert len(light.store.current("submission")) == 1


def test_a_submission_has_one_key(house: House) -> None:
    other = Draft("PT", CYCLE, "submission", "another", None, step("submitted").payload)

    assert save(house.of("editor"), other) == "What has been submitted stays in the record."


# How the form stands


def test_a_submission_closes_the_form_and_its_return_opens_it(house: House) -> None:
    hands = house.of("editor")
    [answer] = hands.append([entry("answer")], author="x", at=NOW).written
    [done] = hands.append([step("submitted")], author="x", at=NOW).written
    change = Draft("PT", CYCLE, "answer", "D1.1", answer.seq, {"state": "dont_know"})

    assert "is submitted: its answers stand" in save(hands, change)
    assert save(house.of("coordinator"), step("returned", base=done.seq)) == "written"
    assert save(hands, change) == "written"


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("draft", "written"),
        ("submitted", "The self-assessment of PT for 2024-1 is submitted: its answers stand"),
        ("returned", "written"),
        ("accepted", "The self-assessment of PT for 2024-1 is accepted: its answers stand"),
        ("reopened", "written"),
    ],
)
@pytest.mark.parametrize("kind", ["answer", "draft"])
def test_answers_are_taken_while_the_form_is_open(
    kind: str, state: str, said: str, light: House
) -> None:
    base = light.put(entry(kind, comment="before"))
    light.stands(state)
    change = Draft("PT", CYCLE, kind, "D1.1", base, PAYLOADS[kind])
    withdrawal = Draft("PT", CYCLE, kind, "D1.1", base, None)

    assert save(light.of("editor"), withdrawal, change).startswith(said)


def test_the_ecosystem_and_other_cycles_stay_open_after_a_submission(house: House) -> None:
    house.stands("submitted")

    assert save(house.of("editor"), entry("agent")) == "written"
    next_cycle = Draft("PT", "2024-2", "answer", "D1.1", None, PAYLOADS["answer"])
    assert save(house.of("editor"), next_cycle) == "written"


def test_a_submission_of_one_country_closes_no_other_form(house: House) -> None:
    house.put(step("submitted", country="ES"))

    assert save(house.of("editor"), entry("answer")) == "written"


@pytest.mark.parametrize(
    ("state", "said"),
    [("draft", "open already"), ("submitted", "written"), ("returned", "open already"),
     ("accepted", "written"), ("reopened", "open already")],
)  # fmt: skip
@pytest.mark.parametrize("role", ["editor", "reviewer"])
def test_only_what_is_closed_is_asked_to_be_reopened(
    role: str, state: str, said: str, light: House
) -> None:
    light.stands(state)

    assert said in save(light.of(role), entry("reopen_request"))


def test_a_coordinator_reopens_and_takes_the_request_away_at_once(house: House) -> None:
    base = house.put(step("submitted"))
    asked = house.put(entry("reopen_request"))
    gone = Draft("PT", CYCLE, "reopen_request", "self_assessment", asked, None)

    assert save(house.of("coordinator"), step("reopened", base=base), gone) == "written"

    assert house.store.current("reopen_request") == ()
    assert save(house.of("editor"), entry("answer")) == "written"


def test_a_submission_sent_twice_is_one(house: House) -> None:
    assert save(house.of("editor"), step("submitted")) == "written"
    assert save(house.of("editor"), step("submitted")) == "unchanged"
    assert save(house.of("editor"), step("submitted", seq=10_001)) == (
        "The self-assessment of PT is submitted; it cannot be submitted now."
    )


def test_a_submission_covers_every_answer_or_is_refused(house: House) -> None:
    checked_at = house.put(entry("answer"))
    later = house.put(Draft("PT", CYCLE, "answer", "D1.2", None, PAYLOADS["answer"]))

    assert "has changed since you checked" in save(
        house.of("editor"), step("submitted", seq=checked_at)
    )
    house.put(entry("agent"))
    house.put(entry("answer", "ES"))
    assert save(house.of("editor"), step("submitted", seq=later)) == "written"


def test_no_answer_slips_in_beside_a_submission(house: House) -> None:
    hands = house.of("editor")
    begin = threading.Barrier(2)
    for turn in range(12):
        key, said = f"D1.{turn}", {}
        answer = Draft("PT", CYCLE, "answer", key, None, PAYLOADS["answer"])
        covered = house.store.last_seq()
        found = house.store.current("submission")
        submission = step("submitted", seq=covered, base=found[0].seq if found else None)

        def run(name: str, draft: Draft) -> None:
            begin.wait()
            said[name] = save(hands, draft)  # noqa: B023  # joined before the next turn

        both = [
            threading.Thread(target=run, args=("answer", answer)),
            threading.Thread(target=run, args=("submission", submission)),
        ]
        for one in both:
            one.start()
        for one in both:
            one.join()

        assert sorted(value == "written" for value in said.values()) == [False, True], said
        if said["submission"] == "written":
            house.put(step("reopened", base=house.store.current("submission")[0].seq))


# Sessions


@pytest.mark.parametrize(
    "ending",
    [
        lambda house: house.accounts.end_session(token_of("editor")),
        lambda house: house.accounts.set_password("ed", "another long password"),
        lambda house: house.accounts.remove("ed"),
        lambda house: house.accounts.change(Account("ed", "editor", "ES")),
        lambda house: house.accounts.change(Account("ed", "reader", "PT")),
        lambda house: setattr(house, "now", NOW + timedelta(minutes=60)),
    ],
    ids=["sign-out", "new password", "removal", "other country", "lost role", "idle"],
)
def test_an_ended_session_writes_nothing_more(ending: Any, house: House) -> None:
    hands = house.of("editor")
    assert save(hands, entry("answer")) == "written"
    before = house.store.last_seq()

    ending(house)

    assert save(hands, entry("agent")) == "You are signed out: your session has ended."
    with pytest.raises(Forbidden, match="signed out"):
        hands.session()
    assert house.store.last_seq() == before


def test_saving_keeps_a_session_for_twelve_hours(house: House) -> None:
    hands = house.of("editor")
    for turn in range(1, 15):
        house.now = NOW + timedelta(minutes=50 * turn)
        assert save(hands, entry("agent", name=f"Casa {turn}")) in ("written", "conflict")

    house.now = NOW + timedelta(hours=12)
    assert save(hands, entry("initiative")).startswith("You are signed out")


@pytest.mark.parametrize("token", ["", "x" * 40, "\x00\ud800"])
def test_a_store_is_not_opened_with_a_token_of_no_session(token: str, house: House) -> None:
    with pytest.raises(Forbidden, match="signed out") as fault:
        GuardedStore(house.store, house.accounts, token, lambda: NOW)

    assert "sign in again" in fault.value.hint


# The append itself


def test_the_author_and_the_time_are_not_the_callers_to_say(house: House) -> None:
    done = house.of("editor").append([entry("answer")], author="somebody else", at=LONG_AGO)

    assert [(one.author, one.at) for one in done.written] == [("ed", NOW)]


def test_one_draft_that_may_not_be_keeps_all_from_being_written(house: House) -> None:
    before = house.store.last_seq()

    said = save(house.of("editor"), entry("answer"), entry("agent"), entry("answer", "ES"))

    assert said == "ed (editor of PT) may not change the answers of ES."
    assert house.store.last_seq() == before


def test_conflicts_come_back_as_from_any_store(house: House) -> None:
    base = house.put(entry("answer", level=1))
    house.put(Draft("PT", CYCLE, "answer", "D1.1", base, PAYLOADS["answer"] | {"level": 4}))
    mine = Draft("PT", CYCLE, "answer", "D1.1", base, PAYLOADS["answer"])

    done = house.of("editor").append([mine], author="x", at=NOW)

    (conflict,) = done.conflicts
    assert conflict.mine == mine
    assert conflict.theirs is not None
    assert (conflict.theirs.payload or {})["level"] == 4


def test_what_is_no_payload_is_still_rejected(house: House) -> None:
    with pytest.raises(Rejected):
        house.of("editor").append([entry("answer", level=7)], author="x", at=NOW)
    bad = Draft("PT", CYCLE, "account", "k", None, {})
    with pytest.raises(Rejected, match="not a kind"):
        house.of("editor").append([bad], author="x", at=NOW)


# Reading


@pytest.mark.parametrize(
    ("role", "seen"),
    [("editor", {"PT"}), ("reviewer", {"PT"}), ("coordinator", {"PT", "ES"}), ("reader", set())],
)
def test_what_others_have_half_typed_is_not_read(role: str, seen: set[str], house: House) -> None:
    seqs = {of: house.put(entry("draft", of)) for of in ("PT", "ES")}
    house.put(entry("answer", "ES"))
    hands = house.of(role)

    assert {one.country for one in hands.current("draft")} == seen
    assert {one.country for one in hands.changes(0) if one.kind == "draft"} == seen
    assert {of for of, seq in seqs.items() if hands.revision(seq)} == seen
    assert {of for of in seqs if hands.history("draft", of, CYCLE, "D1.1")} == seen
    assert [one.country for one in hands.current("answer")] == ["ES"]


def test_everything_else_reads_as_in_a_plain_store(house: House) -> None:
    hands = house.of("editor")
    save(hands, entry("answer"), entry("agent"))

    assert hands.current() == house.store.current()
    assert hands.changes(0) == house.store.changes(0)
    assert hands.tips() == house.store.tips()
    assert hands.last_seq() == house.store.last_seq()


def test_who_else_is_here_is_told_with_their_place(house: House) -> None:
    house.of("reviewer").touch(place="D2.1")
    house.of("coordinator").touch(place="D3.1", country="PT")

    assert house.of("editor").present("PT") == (Present("co", "D3.1"), Present("re", "D2.1"))
    assert house.of("editor").account == PEOPLE["editor"]
