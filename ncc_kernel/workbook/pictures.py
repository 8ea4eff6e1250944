"""The map's pictures, in the order of the page: each has its finding as title, and its table."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from markupsafe import Markup

from ncc_kernel.analysis.atlas import Atlas
from ncc_kernel.analysis.coverage import covered
from ncc_kernel.analysis.ecosystem import NOT_SAID, Counts
from ncc_kernel.analysis.summary import counted
from ncc_kernel.charts.coverage import coverage_figure, gaps_figure, growth_figure
from ncc_kernel.charts.ecosystem import counts_figure, isolated, matches_figure
from ncc_kernel.charts.markup import Html, Piece, folded, paragraph
from ncc_kernel.charts.meetings import between_figure, meetings_figure
from ncc_kernel.charts.network import (
    bridges_finding,
    bridges_table,
    connected_figure,
    network_figure,
)
from ncc_kernel.charts.region_map import region_map_figure
from ncc_kernel.charts.tiles import country_tiles_figure
from ncc_kernel.model.map_address import chosen_in
from ncc_kernel.model.map_filter import MapFilter
from ncc_kernel.model.vocabulary import Vocabulary
from ncc_kernel.workbook.atlas import Ground

UNKNOWN_TYPE = "other"

LARGE = (
    "This map is too large to be read entry by entry: choose a country's page, or narrow the map."
)


@dataclass(frozen=True)
class Picture:
    """One picture of the map: its name in the page, its heading, and how it is made.

    `under` says that it stands below the one before it, where pictures stand side by side.
    """

    name: str
    heading: str
    make: Callable[[], Piece]
    under: bool = False


@dataclass(frozen=True)
class Pictures:
    """All pictures of one part of the map at one moment."""

    ground: Ground
    atlas: Atlas
    part: MapFilter
    seq: int

    def __iter__(self) -> Iterator[Picture]:
        """The pictures that this page has, in their order."""
        yield Picture("map", "Where agents are", self.map)
        if self.ground.everywhere:
            yield Picture("tiles", "Country by country", self.tiles)
        yield Picture("network", "Who is linked with whom", self.network)
        yield Picture("connected", "Most connected", self.connected)
        yield Picture("bridges", "Bridges", self.bridges, under=True)
        yield Picture("gaps", "Challenges and initiatives", self.gaps)
        yield Picture("coverage", "Blank spots", self.coverage)
        yield Picture("needs", "Needs and capabilities", self.needs)
        yield Picture("stages", "Stages of initiatives", self.stages)
        yield Picture("meetings", "Who could meet whom", self.meetings)
        if self.ground.everywhere:
            yield Picture("abroad", "Who could meet whom across borders", self.abroad)
            yield Picture("between", "What countries can give each other", self.between)
        yield Picture("types", "Types of agents", self.types)
        yield Picture("growth", "Growth", self.growth)

    def counts(self) -> str:
        """How much is on this part of the map, in a sentence."""
        one = self.atlas
        return (
            f"{counted(one.agents, 'agent')}, {counted(one.initiatives, 'initiative')}, "
            f"{counted(one.links, 'link')} and {counted(one.challenges, 'challenge')}."
        )

    def said(self) -> str:
        """Which part of the map this is, in a sentence; empty for the whole."""
        chosen = [self._chosen(name, code) for name, code in chosen_in(self.part).items()]
        return f"Only entries with {'; '.join(chosen)}." if chosen else ""

    def _chosen(self, name: str, code: str) -> str:
        if name == "region":
            return f"region {self._region_names.get(code, code)}"
        words = self._words({"type": "actor_type", "objective": "esf_objective"}.get(name, ""))
        if words is None:
            words = self._words("life_cycle" if name == "stage" else "tier")
        return f"{name} {words.label(code) if words else code}"

    def _words(self, name: str) -> Vocabulary | None:
        return self.ground.read.catalogue.vocabularies.get(name)

    @cached_property
    def _region_names(self) -> Mapping[str, str]:
        return self.ground.finder.names

    @property
    def _name(self) -> str:
        return self.ground.read.called

    @property
    def _source(self) -> str:
        only = f" {self.said()}" if self.said() else ""
        return (
            f"Ecosystem map of {self._name}, entries shared with the working group, "
            f"record {self.seq}.{only}"
        )

    @cached_property
    def _labels(self) -> dict[str, str]:
        """Types of agents and stages of initiatives in words."""
        both = [self.ground.read.catalogue.vocabularies[v] for v in ("actor_type", "life_cycle")]
        return {code: words.label(code) for words in both for code in words.codes}

    @cached_property
    def _countries(self) -> dict[str, str]:
        catalogue = self.ground.read.catalogue
        return {code: catalogue.country(code).name() for code in catalogue.codes}

    @property
    def _abroad(self) -> Mapping[str, str]:
        """The names of countries on the page of all; where it is one country's it goes without."""
        return self._countries if self.ground.everywhere else {}

    @cached_property
    def _support(self) -> dict[str, str]:
        kinds = self.ground.read.catalogue.vocabularies["need_kind"]
        return {code: kinds.label(code) for code in kinds.codes}

    def map(self) -> Piece:
        """Where agents are, by region."""
        found = dict(self.atlas.by_region)
        return region_map_figure(
            found,
            regions=self.ground.regions,
            name=self._name,
            source=self._source,
            unplaced=found.pop(NOT_SAID, 0),
            dots=() if self.ground.everywhere else self.atlas.dots,
            borders=self.ground.borders,
        )

    def tiles(self) -> Piece:
        """Agents by country, a tile each."""
        catalogue = self.ground.read.catalogue
        places = {code: catalogue.country(code).tile for code in catalogue.codes}
        return country_tiles_figure(
            self.atlas.by_country, places=places, names=self._countries, source=self._source
        )

    def network(self) -> Piece:
        """Who is linked with whom."""
        if self.atlas.network is None:
            return Nothing(LARGE)
        if not self.atlas.network.edges:
            return Nothing(
                f"No link between agents and initiatives of {self._name} is recorded yet. A link "
                "says who leads, funds, delivers or advises what; the network is drawn from links."
            )
        return network_figure(
            self.atlas.network, name=self._name, labels=self._labels, source=self._source
        )

    def connected(self) -> Piece:
        """Who has the most links."""
        rows = [
            (name, "Initiative" if sort == "initiative" else self._labels.get(sort, sort), links)
            for name, sort, links in self.atlas.connected
        ]
        made = connected_figure(rows, name=self._name, source=self._source)
        return made or Nothing("No entry has a link yet.")

    def bridges(self) -> Piece:
        """Without whom others would be cut off."""
        if self.atlas.network is None:
            return Nothing(LARGE)
        said = paragraph(
            Markup("<strong>{}</strong>").format(bridges_finding(self.atlas.bridges, self._name))
        )
        if not self.atlas.bridges:
            return Html(said)
        table = bridges_table(self.atlas.bridges, self._labels, self._abroad)
        return Html(said + folded(table.caption, table.html()))

    def gaps(self) -> Piece:
        """Challenges beside their initiatives."""
        if not self.atlas.standings:
            return Nothing(
                f"No challenge of {self._name} is recorded yet. Begin with those that the European "
                "Semester names for the country; initiatives then say which they work on."
            )
        return gaps_figure(
            self.atlas.standings, name=self._name, source=self._source, countries=self._abroad
        )

    def needs(self) -> Piece:
        """Needs beside capabilities."""
        matches = self.atlas.matches
        if not any(match.needing or match.offering for match in matches):
            return Nothing("No entry says yet what it needs much of, or what it can give.")
        return matches_figure(matches, labels=self._support, source=self._source)

    def meetings(self) -> Piece:
        """Who could meet whom within a country."""
        return self._meetings(abroad=False)

    def abroad(self) -> Piece:
        """Who could meet whom across borders."""
        return self._meetings(abroad=True)

    def _meetings(self, *, abroad: bool) -> Piece:
        if self.atlas.network is None:
            return Nothing(LARGE)
        found = self.atlas.abroad if abroad else self.atlas.meetings
        if not found.best:
            return Nothing(
                "No pressing need meets a capability that it is not linked with yet. Needs and "
                "capabilities for co-creation, scaling and evaluation are given with each entry."
            )
        within = "each country" if self.ground.everywhere and not abroad else self._name
        return meetings_figure(
            found,
            name=within,
            support=self._support,
            countries=self._countries,
            regions=self._region_names,
            abroad=abroad,
            several=self.ground.everywhere,
            source=self._source,
        )

    def between(self) -> Piece:
        """What countries could give each other."""
        made = between_figure(self.atlas.between, countries=self._countries, source=self._source)
        return made or Nothing("No country says yet that it can give what another needs.")

    def coverage(self) -> Piece:
        """Agents by place and part of society."""
        types = self.ground.read.catalogue.vocabularies["actor_type"]
        parents = {term.code: term.parent or UNKNOWN_TYPE for term in types.terms}
        everywhere = self.ground.everywhere
        counts: Counter[tuple[str, str]] = Counter()
        for (row, sort), count in (self.atlas.states if everywhere else self.atlas.grid).items():
            counts[row, parents.get(sort, NOT_SAID)] += count
        helix = self.ground.read.catalogue.vocabularies["helix"]
        columns = [code for code in helix.codes if code in parents.values()]
        rows = self._countries if everywhere else self._region_names
        short = {"acad": "Research", "ind": "Business", "gov": "Public", "civ": "Civic"}
        known = {**{code: helix.label(code) for code in columns}, UNKNOWN_TYPE: "Other"}
        return coverage_figure(
            covered(counts, rows=tuple(rows), columns=(*columns, UNKNOWN_TYPE)),
            name=self._name,
            what="country" if everywhere else "region",
            plural="countries" if everywhere else "regions",
            rows=rows,
            columns=known,
            short=known | {code: said for code, said in short.items() if code in known},
            source=self._source,
        )

    def types(self) -> Piece:
        """Agents by type."""
        words = self.ground.read.catalogue.vocabularies["actor_type"]
        said = dict(self.atlas.types)
        blank = tuple(code for code in words.codes if code not in said and said)
        finding = most_frequent("type", "agents", self.atlas.types, words)
        return self._bars(self.atlas.types, finding, "Agents by type.", words, blank)

    def stages(self) -> Piece:
        """Initiatives by stage."""
        words = self.ground.read.catalogue.vocabularies["life_cycle"]
        finding = most_frequent("stage", "initiatives", self.atlas.stages, words)
        measure = "Initiatives by stage of their life cycle."
        return self._bars(self.atlas.stages, finding, measure, words)

    def _bars(
        self,
        counts: Counts,
        finding: str,
        measure: str,
        words: Vocabulary,
        blank: tuple[str, ...] = (),
    ) -> Piece:
        if not any(code and count for code, count in counts):
            return Nothing(finding)
        return counts_figure(
            counts, finding=finding, measure=measure, words=words, source=self._source, blank=blank
        )

    def growth(self) -> Piece:
        """The map over time."""
        if not self.atlas.growth:
            return Nothing(f"Nothing is on the map of {self._name} yet.")
        if len(self.atlas.growth) == 1:
            ((month, _counts),) = self.atlas.growth
            return Nothing(
                f"All entries of {self._name} were first recorded in one month, {month}."
            )
        labels = {"agent": "Agents", "initiative": "Initiatives", "link": "Links"}
        return growth_figure(self.atlas.growth, name=self._name, labels=labels, source=self._source)


@dataclass(frozen=True, repr=False)
class Nothing(Piece):
    """In place of a picture for which there is nothing yet: why, and how to begin."""

    why: str

    def html(self) -> Markup:
        """The sentence."""
        return paragraph(self.why, "quiet")


def most_frequent(what: str, plural: str, counts: Counts, words: Vocabulary) -> str:
    """Which type or stage most entries have, in a sentence."""
    total = sum(count for _code, count in counts)
    most = max((count for code, count in counts if code), default=0)
    if not most:
        return f"The {plural} do not say their {what} yet."
    named = [isolated(words, code) for code, count in counts if code and count == most]
    if len(named) == 1:
        return f"The most frequent {what} is \N{LEFT DOUBLE QUOTATION MARK}{named[0]}\N{RIGHT DOUBLE QUOTATION MARK}: {most} of {total} {plural}."
    return f"No {what} stands out: the {len(named)} most frequent have {most} of {total} {plural} each."
