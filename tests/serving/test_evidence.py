"""Files of evidence over the wire: sent by the team, given to those who read its form, never run."""

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from visitor import Answer, Site, Visitor

from ncc_kernel.errors import Rejected
from ncc_kernel.model.revision import Draft
from ncc_kernel.store.accounts import Accounts
from ncc_kernel.store.evidence import Evidence
from ncc_kernel.store.guarded import GuardedStore
from ncc_kernel.store.log import Store

PLACE = "/files/PT/2024-1/evidence"
TEXT = "Minutes of the board, with ação".encode()


def send(
    who: Visitor,
    content: bytes = TEXT,
    *,
    name: str = "minutes.txt",
    question: str = "D1.1",
    token: str | None = None,
    place: str = PLACE,
) -> Answer:
    fields = {"_xsrf": who.ask("/").xsrf if token is None else token, "question": question}
    parts = [
        f'--edge\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
        for key, value in fields.items()
    ]
    head = f'--edge\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    body = b"".join([*parts, head.encode(), content, b"\r\n--edge--\r\n"])
    kind = {"Content-Type": "multipart/form-data; boundary=edge"}
    return who.ask(place, method="POST", body=body, headers=kind)


@pytest.fixture(scope="module")
def sent(people: dict[str, Visitor]) -> str:
    """The address of a file that ana has sent."""
    answer = send(people["ana"])
    assert answer.status == 200, answer.text
    return f"{PLACE}/{json.loads(answer.body)['file']['sha256']}"


@pytest.mark.parametrize(
    ("who", "status"),
    [("ana", 200), ("rui", 200), ("coo", 200), ("eva", 403), ("rea", 403), ("stranger", 302)],
)
def test_a_file_is_given_to_those_who_may_read_the_form(
    people: dict[str, Visitor], sent: str, who: str, status: int
) -> None:
    answer = people[who].ask(sent)

    assert answer.status == status
    assert (answer.body == TEXT) == (status == 200)


def test_a_file_is_a_download_in_which_nothing_runs(people: dict[str, Visitor], sent: str) -> None:
    headers = people["rui"].ask(sent).headers

    assert headers["Content-Disposition"].startswith('attachment; filename="minutes.txt"')
    assert headers["Content-Type"] == "text/plain; charset=utf-8"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'; sandbox" in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("who", "status"), [("rui", 403), ("coo", 403), ("eva", 403), ("rea", 403)]
)
def test_only_the_countrys_editors_send_files(
    people: dict[str, Visitor], who: str, status: int
) -> None:
    answer = send(people[who])

    assert answer.status == status
    assert json.loads(answer.body)["message"].endswith(".")


def test_a_file_needs_the_pages_own_value(people: dict[str, Visitor]) -> None:
    assert send(people["ana"], token="").status == 403
    assert send(people["ana"], token="2|1|2|3").status == 403


@pytest.mark.parametrize(
    ("name", "content", "question"),
    [
        ("a.pdf", b"no pdf", "D1.1"),
        ("a.html", b"<script></script>", "D1.1"),
        ("a.txt", b"", "D1.1"),
        ("a.txt", b"text", "D99.9"),
        ("a.txt", b"text", "../D1.1"),
    ],
)
def test_what_cannot_be_is_said_and_not_kept(
    site: Site, people: dict[str, Visitor], name: str, content: bytes, question: str
) -> None:
    before = sorted((site.root / "data" / "evidence").rglob("*"))

    answer = send(people["ana"], content, name=name, question=question)

    assert answer.status == 400
    assert json.loads(answer.body)["message"].endswith(".")
    assert sorted((site.root / "data" / "evidence").rglob("*")) == before


def test_a_file_larger_than_the_limit_is_refused(people: dict[str, Visitor]) -> None:
    answer = send(people["ana"], b"%PDF-" + b"0" * 5 * 1024 * 1024, name="a.pdf")

    assert answer.status == 400


@pytest.mark.parametrize("place", [PLACE, "/files/ES/2024-1/evidence", "/files/PT/2023-1/evidence"])
def test_a_digest_alone_gives_nothing(people: dict[str, Visitor], sent: str, place: str) -> None:
    other = hashlib.sha256(b"never sent").hexdigest()
    known = sent.rsplit("/", 1)[1]

    assert people["coo"].ask(f"{place}/{other}").status == 404
    assert people["coo"].ask(f"{place}/{known}").status == (200 if place == PLACE else 404)


def test_files_lie_beside_the_store_by_country_and_digest(site: Site, sent: str) -> None:
    kept = site.root / "data" / "evidence" / "PT" / sent.rsplit("/", 1)[1]

    assert kept.read_bytes() == TEXT


def test_a_closed_form_takes_no_file_and_keeps_no_content(site: Site, tmp_path: Path) -> None:
    def now() -> datetime:
        return datetime.now(UTC)

    with Store(site.url) as store, Accounts(site.url) as accounts:
        who = next(one for one in accounts.list_() if one.name == "eva")
        accounts.open_session(who, at=now(), token="e" * 43)
        guarded = GuardedStore(store, accounts, "e" * 43, now)
        evidence = Evidence(tmp_path, guarded, "ES", "2023-1")
        for number in range(10):
            evidence.add("D1.1", f"{number}.txt", b"%d" % number, author="eva", at=now())
        with pytest.raises(Rejected, match="10 files already"):
            evidence.add("D1.1", "11.txt", b"eleven", author="eva", at=now())
        handed_in = {"state": "submitted", "reference": "ES", "digest": "0" * 64, "seq": 10**6}
        submission = Draft("ES", "2023-1", "submission", "self_assessment", None, handed_in)
        store.append([submission], author="eva", at=now())
        kept = sorted(tmp_path.rglob("*"))

        with pytest.raises(Exception, match="answers stand as they are"):
            evidence.add("D1.2", "late.txt", b"late", author="eva", at=now())

    assert sorted(tmp_path.rglob("*")) == kept
