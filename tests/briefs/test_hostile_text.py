"""Whatever people type is shown as text, in every field of every kind, on every page."""

import html
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from html.parser import HTMLParser
from itertools import product
from typing import Any

import pytest

from ncc_kernel.cli.care import init
from ncc_kernel.model.guide import Guide
from ncc_kernel.model.kinds import KINDS
from ncc_kernel.model.revision import Draft
from ncc_kernel.store.log import Store

TEXTS = {
    "script": "<script>alert(1)</script>",
    "end of script": "</script></style></svg><img src=x onerror=alert(1)>",
    "file": "/etc/passwd",
    "template": "{{7*7}} {% raw %} ${7*7} #{7*7}",
    "formula": '=HYPERLINK("javascript:alert(1)","x")',
    "emoji": "\N{WOMAN}\N{ZERO WIDTH JOINER}\N{ROCKET} \N{REGIONAL INDICATOR SYMBOL LETTER P}",
    "right to left": "\N{RIGHT-TO-LEFT OVERRIDE}desrever \N{HEBREW LETTER SHIN}\N{HEBREW LETTER LAMED}",
    "link": "javascript:alert(1) [x](javascript:alert(2)) <a href='javascript:alert(3)'>x</a>",
    "attribute": '" onmouseover="alert(1)" title="',
    "entity": "&lt;b&gt; &amp;nbsp; &#x3C;script&#x3E;",
}
NEVER = {"script", "iframe", "object", "embed", "form", "input", "img", "base", "link", "template"}
COUNTRY, CYCLE = "PT", "2024-1"
PAGES = (
    ("00_programme", COUNTRY),
    ("01_self_assessment", COUNTRY),
    ("02_ecosystem_mapping", COUNTRY),
    ("06_country_brief", COUNTRY),
    ("07_eu_overview", "EU"),
)


class Shown(HTMLParser):
    """The tags, attributes and words of a page, as a browser would have them."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str]] = []
        self.words = ""
        self._style = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self._style = tag == "style"
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        self._style = self._style and tag != "style"

    def handle_data(self, data: str) -> None:
        if not self._style:
            self.words += data


def filled(kind: str, text: str, **fixed: Any) -> dict[str, Any]:
    """A payload of that kind with the text in every field that takes text."""
    payload: dict[str, Any] = {}
    for name, field in KINDS[kind].model.model_fields.items():
        annotation = str(field.annotation)
        if field.annotation is str:
            payload[name] = text
        elif name in {"objectives", "themes"}:
            payload[name] = [text]
        elif "Place" in annotation:
            payload[name] = {
                "name": text,
                "nuts": text,
                "nuts_version": text,
                "lat": 39.5,
                "lon": -8,
            }
    return payload | fixed


def drafts(guide: Guide) -> list[Draft]:
    """An entry of each kind for each text, and each text in an answer of each state."""
    texts = list(TEXTS.values())
    states: list[dict[str, Any]] = [
        {"state": "answered", "level": 1, "priority": 5, "target": 4},
        {"state": "answered", "level": 5, "offers": True},
        {"state": "not_applicable"},
        {"state": "dont_know"},
    ]
    given = [
        ("answer", question.code, filled("answer", text, **state))
        for question, (text, state) in zip(guide.questions, product(texts, states), strict=True)
    ]
    for n, text in enumerate(texts):
        given += [
            ("agent", f"a{n}", filled("agent", text)),
            ("initiative", f"i{n}", filled("initiative", text, challenges=[f"c{n}"])),
            ("link", f"l{n}", filled("link", text, agent=f"a{n}", target=f"i{n}")),
            ("challenge", f"c{n}", filled("challenge", text)),
        ]
    return [
        Draft(COUNTRY, KINDS[kind].cycle(CYCLE), kind, key, None, payload)
        for kind, key, payload in given
    ]


@pytest.fixture(scope="module")
def pages(
    tmp_path_factory: pytest.TempPathFactory, guide: Guide, make_page: Callable[[str, str], str]
) -> Iterator[dict[str, str]]:
    root = tmp_path_factory.mktemp("hostile")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NCC_HOME", str(root))
        patch.delenv("NCC_STORE", raising=False)
        init(sample=False)
        with Store(f"sqlite:///{root / 'data' / 'store' / 'ncc.sqlite'}") as store:
            for number, draft in enumerate(drafts(guide)):
                author = list(TEXTS.values())[number % len(TEXTS)]
                at = datetime(2024, 5, 6, tzinfo=UTC)
                assert store.append([draft], author=author, at=at).written
        yield {book: make_page(book, country) for book, country in PAGES}


def test_text_makes_no_element_no_handler_and_no_link(pages: dict[str, str]) -> None:
    for book, page in pages.items():
        shown = Shown(page)

        assert shown.tags & NEVER == set(), book
        assert [name for name, _ in shown.attributes if name.startswith("on")] == [], book
        targets = {v for n, v in shown.attributes if n in {"href", "src", "xlink:href", "action"}}
        assert {one for one in targets if not one.startswith("#")} == set(), book


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_text_is_shown_as_it_was_typed(pages: dict[str, str], text: str) -> None:
    shown = {book: Shown(page).words for book, page in pages.items()}

    # In an answer: reason, comment, evidence and its link; on the map: names, titles and places.
    assert shown["01_self_assessment"].count(text) >= 10
    assert shown["02_ecosystem_mapping"].count(text) >= 5


def test_nothing_is_worked_out_or_read_from_the_machine(pages: dict[str, str]) -> None:
    for book, page in pages.items():
        assert "root:x:" not in page, book
        assert not re.search(r"(?<!\d)49(?!\d)", Shown(page).words), book


def test_the_direction_of_what_was_typed_ends_with_it(pages: dict[str, str]) -> None:
    mark = "\N{RIGHT-TO-LEFT OVERRIDE}"
    for book, page in pages.items():
        words = html.unescape(re.sub(r"<svg.*?</svg>|<bdi>.*?</bdi>", "", page, flags=re.DOTALL))
        apart = re.sub("\N{FIRST STRONG ISOLATE}.*?\N{POP DIRECTIONAL ISOLATE}", "", words)

        assert mark in page or book in {"00_programme", "07_eu_overview"}
        assert mark not in apart, book
