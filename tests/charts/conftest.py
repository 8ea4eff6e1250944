"""A page's HTML as a browser reads it, and one of each figure to look at."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from html.parser import HTMLParser

import pytest

from ncc_kernel.analysis.coverage import covered, standings
from ncc_kernel.analysis.ecosystem import (
    Ecosystem,
    by_type,
    needs_and_capabilities,
)
from ncc_kernel.analysis.meetings import possible_meetings
from ncc_kernel.analysis.network import network_of
from ncc_kernel.analysis.peers import peer_values
from ncc_kernel.analysis.profile import Profile, score_profile
from ncc_kernel.analysis.regions import Placed
from ncc_kernel.analysis.scaling import Balance, Flow, Spot
from ncc_kernel.analysis.selection import Candidate, Proposal, Ranked
from ncc_kernel.analysis.standing import standing
from ncc_kernel.charts.cocreation import Measured, progress_figure
from ncc_kernel.charts.coverage import coverage_figure, gaps_figure, growth_figure
from ncc_kernel.charts.ecosystem import counts_figure, matches_figure
from ncc_kernel.charts.figure import Figure
from ncc_kernel.charts.groups import GroupTile, groups_figure, need_offer_figure
from ncc_kernel.charts.markup import Table, typed
from ncc_kernel.charts.meetings import between_figure, meetings_figure
from ncc_kernel.charts.network import connected_figure, network_figure
from ncc_kernel.charts.profile import profile_figure, spread_figure
from ncc_kernel.charts.programme import programme_figure
from ncc_kernel.charts.region_map import region_map_figure
from ncc_kernel.charts.scaling import balance_figure, flow_figure, grid_figure, ranking_figure
from ncc_kernel.charts.tiles import country_tiles_figure
from ncc_kernel.model.answer import Answer
from ncc_kernel.model.cocreation import Indicator
from ncc_kernel.model.ecosystem import Agent, ByKind, Challenge, Initiative, Link, Place
from ncc_kernel.model.guide import Guide
from ncc_kernel.model.programme import Cycle, Event, Programme, Row, Step, Window
from ncc_kernel.model.region import Region
from ncc_kernel.model.scaling import Practice
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


def _groups(words: str) -> Figure:
    table = Table("Groups", ("Country", "Why"), ((typed(words), typed(words)),))
    tiles = (
        GroupTile("PT", (0, 1), "A", compared=True),
        GroupTile("MT", (2, 3), "B", compared=False),
    )
    return groups_figure(tiles, finding=words, measure=words, table=table, source=words)


def _needs(guide: Guide, words: str) -> Figure:
    asked = {"D1.1": Answer(state="answered", level=1, needs=True)}
    one = standing(guide, asked, country="PT", cycle="2024-1")
    return need_offer_figure(
        _with_words(guide, words), [one], names={"PT": words}, finding=words, source=words
    )


def _map(words: str) -> Figure:
    square = (((14.0, 35.0), (14.0, 36.0), (15.0, 36.0), (15.0, 35.0), (14.0, 35.0)),)
    island = Region("PT20", "PT", words, (square,))
    regions = (Region("PT11", "PT", words, (square,)), island)
    return region_map_figure(
        {"PT11": 2, "PT20": 1},
        regions=regions,
        name=words,
        source=words,
        unplaced=1,
        dots=[(14.5, 35.5)],
        borders=(Region("PT", "PT", words, (square,)),),
    )


def _tied(words: str, more: int = 0) -> Ecosystem:
    """Two who could meet, two who have; and so many more pairs that only groups are drawn."""
    much = ByKind(scaling=3)
    agents = {f"a{n:03}": Agent(name=words, capabilities=much) for n in range(2 + more)}
    initiatives = {f"i{n:03}": Initiative(title=words, needs=much) for n in range(2 + more)}
    links = {
        f"l{n}": Link(agent=f"a{n:03}", target=f"i{n:03}", kind=words) for n in range(1 + more)
    }
    homes = {("agent", k): "PT" for k in agents} | {("initiative", k): "ES" for k in initiatives}
    return Ecosystem(agents, initiatives, links, {"c": Challenge(title=words, urgency=5)}, homes)


def _network(words: str, more: int = 0) -> Figure:
    return network_figure(network_of(_tied(words, more)), name=words, labels={}, source=words)


def _connected(words: str) -> Figure:
    made = connected_figure([(words, words, 2), (words, words, 1)], name=words, source=words)
    assert made is not None
    return made


def _gaps(words: str) -> Figure:
    return gaps_figure(standings(_tied(words)), name=words, source=words)


def _coverage(words: str) -> Figure:
    return coverage_figure(
        covered({("r", "c"): 3, ("", ""): 1}, rows=("r", "s"), columns=("c",)),
        name=words,
        what="region",
        plural="regions",
        rows={"r": words, "s": words},
        columns={"c": words},
        short={"c": words},
        source=words,
    )


def _growth(words: str) -> Figure:
    found = (("2024-01", {"agent": 1}), ("2024-02", {"agent": 3}))
    return growth_figure(found, name=words, labels={"agent": words}, source=words)


def _meetings(words: str) -> Figure:
    return meetings_figure(
        possible_meetings(_tied(words), Placed({}, {}), abroad=True),
        name=words,
        support={"scaling": words},
        countries={"PT": words, "ES": words},
        regions={},
        abroad=True,
        source=words,
    )


def _between(words: str) -> Figure:
    countries = {"PT": words, "ES": words}
    made = between_figure({("PT", "ES"): 2}, countries=countries, source=words)
    assert made is not None
    return made


def _tiles(words: str) -> Figure:
    places, names = {"PT": (0, 1), "ES": (1, 1)}, {"PT": words, "ES": words}
    return country_tiles_figure({"PT": 3}, places=places, names=names, source=words)


def _measured(words: str) -> Figure:
    one = Indicator(name=words, prototype="t", unit=words, baseline=1, target=5, result=4)
    return progress_figure([Measured(words, words, one)], source=words)


def _words(words: str, *codes: str) -> Vocabulary:
    terms = tuple(Term(code=code, label=words) for code in codes)
    return Vocabulary(code="v", name=words, source=words, terms=terms)


def _grid(words: str) -> Figure:
    spots = (Spot(7, 3, 2, 1), Spot(0, 1, 1, 0))
    return grid_figure(spots, 1, evidence=_words(words, "1", "3"), source=words)


def _balance(words: str) -> Figure:
    counted_in = Balance((("a", 2),), (("a", 1), ("", 1)), (("a", 2),), (("a", 2),))
    named = dict.fromkeys(("life_cycle", "scaling_type", "scale_level", "esf_objective"), _words(words, "a"))  # fmt: skip
    return balance_figure(counted_in, words=named, total=2, source=words)


def _flow(words: str) -> Figure:
    return flow_figure([Flow(("PT", "c"), words, 1, 2, 1, 0)], source=words)


def _ranking(words: str) -> Figure:
    practice = Practice(title=words, scaling_cost=10)
    candidate = Candidate(("PT", "r"), practice, {"c": 3}, ())
    proposal = Proposal((Ranked(1, candidate, 3.0),), frozenset({("PT", "r")}), 10, 0)
    table = Table(words, ("Practice", "Mean"), ((typed(words), 3.0),))
    return ranking_figure(proposal, finding=words, measure=words, table=table, source=words)


FIGURES = (
    "progress",
    "grid",
    "balance",
    "flow",
    "ranking",
    "profile",
    "spread",
    "programme",
    "counts",
    "labels",
    "matches",
    "map",
    "groups",
    "needs",
    "network",
    "groups of a network",
    "connected",
    "gaps",
    "coverage",
    "growth",
    "meetings",
    "between",
    "tiles",
)


@pytest.fixture(scope="session", params=FIGURES)
def drawn(
    request: pytest.FixtureRequest, guide: Guide, catalogue: Catalogue
) -> Callable[[str], Figure]:
    """Each figure in turn, with these words in every field that holds text."""
    made: dict[str, Callable[[str], Figure]] = {
        "progress": _measured,
        "grid": _grid,
        "balance": _balance,
        "flow": _flow,
        "ranking": _ranking,
        "profile": lambda words: _profile(guide, words),
        "spread": lambda words: _spread(guide, words),
        "programme": _programme,
        "counts": _counts,
        "labels": _labels,
        "matches": _matches,
        "groups": _groups,
        "needs": lambda words: _needs(guide, words),
        "map": _map,
        "network": _network,
        "groups of a network": lambda words: _network(words, 40),
        "connected": _connected,
        "gaps": _gaps,
        "coverage": _coverage,
        "growth": _growth,
        "meetings": _meetings,
        "between": _between,
        "tiles": _tiles,
    }
    return made[request.param]
