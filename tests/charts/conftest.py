"""A page's HTML as a browser reads it, and one of each figure to look at."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from html.parser import HTMLParser

import pytest

from ncc_kernel.analysis.ecosystem import (
    Ecosystem,
    by_type,
    needs_and_capabilities,
)
from ncc_kernel.analysis.peers import peer_values
from ncc_kernel.analysis.profile import Profile, score_profile
from ncc_kernel.charts.ecosystem import counts_figure, map_figure, matches_figure
from ncc_kernel.charts.figure import Figure
from ncc_kernel.charts.profile import profile_figure, spread_figure
from ncc_kernel.charts.programme import programme_figure
from ncc_kernel.model.answer import Answer
from ncc_kernel.model.ecosystem import Agent, Place
from ncc_kernel.model.guide import Guide
from ncc_kernel.model.programme import Cycle, Event, Programme, Row, Step, Window
from ncc_kernel.model.vocabulary import Term, Vocabulary
from ncc_kernel.store.catalogue import Catalogue

VOID = ("br", "img", "meta", "link", "input", "hr", "col")


@dataclass
class Element:
    """One element of a page."""

    tag: str
    attributes: dict[str, str]
    children: list["Element | str"] = field(default_factory=list)

    def walk(self) -> Iterator["Element"]:
        yield self
        for child in self.children:
            if isinstance(child, Element):
                yield from child.walk()

    def all(self, tag: str) -> list["Element"]:
        return [one for one in self.walk() if one.tag == tag]

    def one(self, tag: str) -> "Element":
        (found,) = self.all(tag)
        return found

    @property
    def text(self) -> str:
        return "".join(one if isinstance(one, str) else one.text for one in self.children)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.stack = [Element("page", {})]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        made = Element(tag, {name: value or "" for name, value in attrs})
        self.stack[-1].children.append(made)
        if tag not in VOID:
            self.stack.append(made)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        made = Element(tag, {name: value or "" for name, value in attrs})
        self.stack[-1].children.append(made)

    def handle_endtag(self, tag: str) -> None:
        assert self.stack[-1].tag == tag, f"</{tag}> ends <{self.stack[-1].tag}>"
        self.stack.pop()

    def handle_data(self, data: str) -> None:
        self.stack[-1].children.append(data)


Parse = Callable[[object], Element]


@pytest.fixture(scope="session")
def parse() -> Parse:
    """HTML as elements; it fails on a tag that is not closed."""

    def read(html: object) -> Element:
        reader = _Reader()
        reader.feed(str(html))
        reader.close()
        (page,) = reader.stack
        return page

    return read


def _with_words(guide: Guide, words: str) -> Guide:
    named = {"name": words, "short": words[:22]}
    first, *others = guide.dimensions
    return guide.model_copy(
        update={"dimensions": (first.model_copy(update=named), *others), "status": words}
    )


def _profiles(guide: Guide) -> list[Profile]:
    return [
        score_profile(
            guide,
            {f"D1.{n}": Answer(state="answered", level=level) for n in range(1, 6)},
            country=f"C{level}",
            cycle="2024-1",
        )
        for level in (0, 1, 3, 4, 5)
    ]


def _profile(guide: Guide, words: str) -> Figure:
    guide = _with_words(guide, words)
    profiles = _profiles(guide)
    return profile_figure(
        guide,
        profiles[3],
        name=words,
        peers=peer_values(profiles),
        before=profiles[0],
        source=words,
    )


def _spread(guide: Guide, words: str) -> Figure:
    guide = _with_words(guide, words)
    profiles = _profiles(guide)
    return spread_figure(guide, profiles, peer_values(profiles), source=words)


def _programme(words: str) -> Figure:
    window = Window(first=date(2025, 2, 1), last=date(2025, 3, 31), source=words)
    other = Window(first=date(2025, 2, 1), last=date(2025, 4, 30), source="minutes")
    programme = Programme(
        year=2025,
        title=words,
        status=words,
        source=words,
        cycles=(Cycle(code="2025-1", label=words),),
        steps=(Step(number=1, code="s", name=words, about=words, windows=(window, other)),),
        rows=(Row(code="r", name=words, windows=(window,)),),
        events=(
            Event(
                code="e",
                name=words,
                mode="online",
                first=date(2025, 3, 1),
                last=date(2025, 3, 2),
                source=words,
            ),
        ),
    )
    return programme_figure(programme, today=date(2025, 3, 1), source=words)


def _map_of(words: str) -> Ecosystem:
    place = Place(name=words, lat=35.9, lon=14.4)
    return Ecosystem({"a": Agent(name=words, type=words, place=place)}, {}, {}, {})


def _counts(words: str) -> Figure:
    return counts_figure(
        by_type(_map_of(words)), finding=words, measure=words, words=None, source=words
    )


def _labels(words: str) -> Figure:
    terms = (Term(code="ngo", label=words),)
    vocabulary = Vocabulary(code="v", name=words, source=words, terms=terms)
    return counts_figure(
        (("ngo", 2), ("", 1)), finding=words, measure=words, words=vocabulary, source=words
    )


def _matches(words: str) -> Figure:
    labels = {"cocreation": words, "scaling": "Scaling", "evaluation": "Evaluation"}
    return matches_figure(needs_and_capabilities(_map_of(words)), labels=labels, source=words)


def _map(catalogue: Catalogue, words: str) -> Figure:
    shapes = catalogue.geometry()
    malta = [one for one in shapes["features"] if one["properties"]["code"] == "MT"]
    return map_figure(
        _map_of(words), name=words, shapes={**shapes, "features": malta}, source=words
    )


FIGURES = ("profile", "spread", "programme", "counts", "labels", "matches", "map")


@pytest.fixture(scope="session", params=FIGURES)
def drawn(
    request: pytest.FixtureRequest, guide: Guide, catalogue: Catalogue
) -> Callable[[str], Figure]:
    """Each figure in turn, with these words in every field that holds text."""
    made: dict[str, Callable[[str], Figure]] = {
        "profile": lambda words: _profile(guide, words),
        "spread": lambda words: _spread(guide, words),
        "programme": _programme,
        "counts": _counts,
        "labels": _labels,
        "matches": _matches,
        "map": lambda words: _map(catalogue, words),
    }
    return made[request.param]
