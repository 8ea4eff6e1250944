"""The pages around the form: every answer on paper, the start page, the plain pages, a fault's number."""

import io
import json
import re
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import nbformat
import openpyxl
import pytest
from visitor import PASSWORD, Site, Visitor

from ncc_kernel.model.account import Account
from ncc_kernel.model.revision import Draft
from ncc_kernel.paths import CHECKOUT
from ncc_kernel.store.accounts import Accounts
from ncc_kernel.store.log import Store

ANSWERS = "/files/PT/2024-1/answers.html"


@pytest.mark.parametrize(
    ("who", "status"),
    [("ana", 200), ("rui", 200), ("coo", 200), ("eva", 403), ("rea", 403), ("stranger", 302)],
)
def test_every_answer_is_for_the_team_and_the_coordinators(
    people: dict[str, Visitor], who: str, status: int
) -> None:
    assert people[who].ask(ANSWERS).status == status


def test_everything_on_paper_has_words_for_levels_and_who_and_when(
    site: Site, people: dict[str, Visitor]
) -> None:
    said = {"state": "answered", "level": 4, "comment": "<b>as</b> it is", "guide": "0.1"}
    with Store(site.url) as store:
        base = store.history("answer", "PT", "2024-1", "D1.1")[-1].seq
        draft = Draft("PT", "2024-1", "answer", "D1.1", base, said)
        store.append([draft], author="zé", at=datetime(2024, 5, 6, 12, 4, tzinfo=UTC))

    page = people["rui"].ask(ANSWERS).text

    first = page[page.index('id="D1.1"') : page.index('id="D1.2"')]
    assert re.search(r"<strong>4 [A-Z]\w+</strong>: [A-Z]", first)
    assert "&lt;b&gt;as&lt;/b&gt; it is" in first
    assert "<bdi>zé</bdi>, 6 May 2024, 12:04 UTC" in first
    assert page.count("<article") == 40


def test_an_upload_names_what_somebody_changed_meanwhile_and_leaves_it(
    site: Site, people: dict[str, Visitor]
) -> None:
    ana = people["ana"]
    book = openpyxl.load_workbook(io.BytesIO(ana.ask("/files/PT/2024-1/answers.xlsx").body))
    sheet = book["D2"]
    code, column = str(sheet["A2"].value), 6
    sheet.cell(2, column).value = "mine, from the train"
    filled = io.BytesIO()
    book.save(filled)
    with Store(site.url) as store:
        stands = store.history("answer", "PT", "2024-1", code)[-1]
        theirs = {**(stands.payload or {}), "comment": "theirs, from the office"}
        draft = Draft("PT", "2024-1", "answer", code, stands.seq, theirs)
        store.append([draft], author="rui", at=datetime.now(UTC))

    token = ana.ask("/").xsrf
    body = b"".join(
        [
            f'--edge\r\nContent-Disposition: form-data; name="_xsrf"\r\n\r\n{token}\r\n'.encode(),
            b'--edge\r\nContent-Disposition: form-data; name="file"; filename="a.xlsx"\r\n\r\n',
            filled.getvalue(),
            b"\r\n--edge--\r\n",
        ]
    )
    kind = {"Content-Type": "multipart/form-data; boundary=edge"}
    page = ana.ask("/files/PT/2024-1/upload", method="POST", body=body, headers=kind)

    assert page.status == 200
    assert "conflict" in page.text
    assert code in page.text
    with Store(site.url) as store:
        stands = store.history("answer", "PT", "2024-1", code)[-1]
    assert (stands.payload or {})["comment"] == "theirs, from the office"


def test_the_start_page_names_who_is_here_and_links_every_workbook(
    site: Site, people: dict[str, Visitor]
) -> None:
    people["rui"].ask("/")

    page = people["ana"].ask("/").text

    assert "On it now:" in page
    assert "<bdi>rui</bdi>" in page
    for book in ("00_programme", "01_self_assessment", "02_ecosystem_mapping", "06_country_brief"):
        assert f'href="/w/{book}?country=PT&amp;cycle=2024-1"' in page
    assert "13 agents" in page
    assert "New here? Read this first" in page


def test_the_start_page_counts_what_is_private_for_the_team_alone(
    site: Site, people: dict[str, Visitor]
) -> None:
    with Accounts(site.url) as accounts:
        accounts.add(Account("pia", "reader", "PT"), password=PASSWORD)
    reader = Visitor(site.port)
    assert reader.sign_in("pia").status == 303
    counted = re.compile(r"(\d+) agents")

    own, told = (counted.search(who.ask("/").text) for who in (people["ana"], reader))

    assert own
    assert told
    assert (own[1], told[1]) == ("13", "12")


@pytest.fixture
def ledger(site: Site) -> Iterator[Path]:
    path = site.root / "reports" / "2024-1" / "ledger.json"
    yield path
    path.unlink(missing_ok=True)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ({"status": "failed", "seq": 1}, "failed when it was made last"),
        ({"status": "ok", "seq": 1}, "older than the record"),
        ({"status": "ok", "seq": -1}, "up to date with the record"),
        (None, "published; when is not known"),
    ],
)
def test_the_start_page_says_how_old_the_brief_is(
    site: Site,
    people: dict[str, Visitor],
    ledger: Path,
    line: dict[str, object] | None,
    words: str,
) -> None:
    with Store(site.url) as store:
        newest = store.last_seq()
        stated = Draft("PT", "2024-1", "draft", "D9.9", None, {"comment": "x"})
        newest = store.append([stated], author="ana", at=datetime.now(UTC)).written[-1].seq
        undone = Draft("PT", "2024-1", "draft", "D9.9", newest, None)
        newest = store.append([undone], author="ana", at=datetime.now(UTC)).written[-1].seq
    if line is not None:
        line = {**line, "seq": newest if line["seq"] == -1 else line["seq"]}
        runs = {"06_country_brief/PT": line}
        ledger.write_text(json.dumps({"version": 1, "runs": runs}))

    page = people["ana"].ask("/").text

    assert words in page


@pytest.mark.parametrize("name", ["privacy", "contact", "accessibility"])
def test_the_plain_pages_are_there_for_strangers_and_linked_from_every_page(
    people: dict[str, Visitor], name: str
) -> None:
    assert people["stranger"].ask(f"/about/{name}").status == 200
    for path in ("/", "/w/00_programme?country=PT&cycle=2024-1"):
        assert f'href="/about/{name}"' in people["ana"].ask(path).text


def test_an_empty_contact_says_so(people: dict[str, Visitor]) -> None:
    assert "has not said how to be reached" in people["stranger"].ask("/about/contact").text


def test_a_cell_that_fails_shows_a_number_that_stands_in_the_log(
    start_site: Callable[..., Site],
) -> None:
    def broken(root: Path) -> None:
        shutil.copytree(CHECKOUT / "workbooks", root / "workbooks")
        path = root / "workbooks" / "00_programme.ipynb"
        notebook = nbformat.read(path, as_version=4)
        cell = nbformat.v4.new_code_cell("raise RuntimeError('the secret cause')")
        notebook.cells.insert(3, cell)
        nbformat.write(notebook, path)

    site = start_site(before=broken)
    ana = Visitor(site.port)
    ana.sign_in("ana")

    page = ana.ask("/w/00_programme?country=PT&cycle=2024-1").text

    found = re.findall(r'class="fault"[^<]*?Number ([0-9a-f]{8})', page)
    assert len(found) == 1
    assert "secret cause" not in page
    assert page.index('class="fault"') < page.index("<table")  # what comes after it still stands
    log = (site.root / "log").read_text()
    assert re.search(rf"Fault {found[0]} .*RuntimeError: the secret cause", log, re.DOTALL)
