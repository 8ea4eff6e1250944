"""What a workbook has read: one country (or the EU), one cycle, the record up to one seq."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from ncc_kernel.analysis.cocreation import Cocreation, Ref, read_cocreation, shared
from ncc_kernel.analysis.ecosystem import Ecosystem, read_ecosystem
from ncc_kernel.analysis.freshness import page_seq
from ncc_kernel.analysis.peers import Peers, peer_values
from ncc_kernel.analysis.privacy import open_to_all
from ncc_kernel.analysis.profile import Answers, Profile, score_profile
from ncc_kernel.analysis.recap import Recap, recap
from ncc_kernel.analysis.scaling import Portfolio, Standing, read_portfolio, standings
from ncc_kernel.model.answer import Answer
from ncc_kernel.model.book import Book
from ncc_kernel.model.ecosystem import Challenge
from ncc_kernel.model.guide import Guide
from ncc_kernel.model.kinds import kinds_in
from ncc_kernel.model.map_filter import EVERYTHING, MapFilter
from ncc_kernel.model.parameters import Parameters
from ncc_kernel.model.programme import Programme
from ncc_kernel.model.revision import EU, EVERY_CYCLE, NAME_OF_ALL, Revision, is_private
from ncc_kernel.store.catalogue import Catalogue
from ncc_kernel.store.log import Store
from ncc_kernel.store.totals import count_map, sum_cells
from ncc_kernel.workbook.reference import (
    Taken,
    read_answers,
    read_rules,
    read_taken,
    score_all,
)

if TYPE_CHECKING:
    from ncc_kernel.workbook.community import Community


@dataclass(frozen=True)
class Reading:
    """Everything the pieces of a page are made from; read once, when first asked for."""

    book: Book
    parameters: Parameters
    catalogue: Catalogue
    store: Store
    until: int
    part: MapFilter = EVERYTHING
    reader: str = ""
    """Who reads, where somebody is signed in."""

    @property
    def guide(self) -> Guide:
        """The self-assessment guide."""
        return self.catalogue.guide

    @property
    def name(self) -> str:
        """The country's name in English, or the EU's."""
        if self.parameters.country == EU:
            return NAME_OF_ALL
        return self.catalogue.country(self.parameters.country).name()

    @property
    def called(self) -> str:
        """The name as it stands within a sentence."""
        with_article = self.parameters.country in (EU, "NL")
        return f"the {self.name}" if with_article else self.name

    @property
    def begins(self) -> str:
        """The name as it begins a sentence."""
        return self.called[0].upper() + self.called[1:]

    @cached_property
    def programme(self) -> Programme:
        """The programme in which the cycle lies."""
        return self.catalogue.programme_of(self.parameters.cycle)

    @cached_property
    def previous(self) -> str | None:
        """The cycle before this one."""
        return self.catalogue.previous_cycle(self.parameters.cycle)

    @cached_property
    def seq(self) -> int:
        """The last revision that concerns this page."""
        return page_seq(self.store.tips(), country=self.parameters.country, cycles=self.cycles)

    @property
    def cycles(self) -> tuple[str, ...]:
        """The cycles that the page shows, and the entries that live across cycles."""
        return (self.parameters.cycle, EVERY_CYCLE, *((self.previous,) if self.previous else ()))

    @cached_property
    def answers(self) -> Answers:
        """The country's current answers in this cycle, by question."""
        return self._answers(self.parameters.cycle)

    @cached_property
    def profile(self) -> Profile:
        """The country's profile in this cycle."""
        return self._profile(self.parameters.cycle, self.answers)

    @cached_property
    def before(self) -> Profile | None:
        """The country's profile in the previous cycle, or None without one."""
        if self.previous is None:
            return None
        return self._profile(self.previous, self.answers_before)

    @cached_property
    def answers_before(self) -> Answers:
        """The country's answers in the previous cycle; none without one."""
        return self._answers(self.previous) if self.previous else {}

    @cached_property
    def peers(self) -> Peers:
        """The EU's reference values."""
        return peer_values(self._taken.profiles)

    @property
    def medians(self) -> Mapping[str, float]:
        """The EU's median level of each question, from the same answers."""
        return self._taken.medians

    @property
    def peers_as_of(self) -> int | None:
        """The seq at which they were taken."""
        return self._taken.as_of

    @cached_property
    def community(self) -> "Community":
        """Learning groups and mentors, from the answers that the EU's values are made from."""
        from ncc_kernel.workbook.community import make_community  # noqa: PLC0415  # takes scipy

        taken = self._taken
        rules = read_rules(self.store, self.parameters.cycle, as_of=self.until)
        return make_community(self.catalogue, taken.standings, rules=rules, as_of=taken.as_of)

    @cached_property
    def path_items(self) -> tuple[Revision, ...]:
        """The items of the country's learning path in this cycle."""
        return self._path_items(self.parameters.cycle)

    @cached_property
    def path_items_before(self) -> tuple[Revision, ...]:
        """The items of its learning path in the previous cycle; none without one."""
        return self._path_items(self.previous) if self.previous else ()

    @cached_property
    def profiles(self) -> tuple[Profile, ...]:
        """Every country's profile in this cycle, as it is now."""
        return score_all(self.guide, self.everyones_answers, cycle=self.parameters.cycle)

    @cached_property
    def everyones_answers(self) -> dict[str, Answers]:
        """Every country's answers in this cycle, as they are now."""
        return read_answers(
            self.store, self.catalogue.codes, cycle=self.parameters.cycle, as_of=self.until
        )

    @cached_property
    def entries(self) -> tuple[Revision, ...]:
        """The current entries of the map: the country's, or everybody's for the EU."""
        return self.store.current(country=self._where, cycle=EVERY_CYCLE, as_of=self.until)

    @cached_property
    def ecosystem(self) -> Ecosystem:
        """The map that these entries make, without private ones."""
        return read_ecosystem(self.entries)

    @cached_property
    def on_map(self) -> Counter[tuple[str, str]]:
        """How many entries of each country and kind all may see, counted in the database."""
        with count_map(self.store, MapFilter(country=self._where or "")) as totals:
            counts = Counter[tuple[str, str]]()
            for country, kind, count in sum_cells(totals.cells(), "country", "kind"):
                counts[country, kind] += count
            for country, _sort, count in totals.links():
                counts[country, "link"] += count
        return counts

    @cached_property
    def cocreation(self) -> Cocreation:
        """The entries of step 3: the country's, or everybody's for the EU."""
        return read_cocreation(self.of_kinds(*sorted(kinds_in("cocreation"))))

    @cached_property
    def portfolio(self) -> Portfolio:
        """The entries of step 4: the country's, or everybody's for the EU."""
        return read_portfolio(self.of_kinds(*sorted(kinds_in("scaling"))))

    @cached_property
    def standings(self) -> tuple[Standing, ...]:
        """How each practice of the portfolio stands."""
        return standings(self.portfolio)

    @cached_property
    def challenges(self) -> dict[Ref, Challenge]:
        """The challenges of the map without private ones, by country and key."""
        return shared(self.of_kinds("challenge"), "challenge", Challenge)

    @cached_property
    def initiative_challenges(self) -> dict[Ref, tuple[str, ...]]:
        """The challenges that each initiative names."""
        return challenges_named(self._initiatives)

    @cached_property
    def initiative_titles(self) -> dict[Ref, str]:
        """What each initiative is called, without private ones."""
        return _names(self._initiatives, "title")

    @cached_property
    def agent_names(self) -> dict[Ref, str]:
        """What each agent is called, without private ones."""
        return _names(self.of_kinds("agent"), "name")

    @cached_property
    def _initiatives(self) -> tuple[Revision, ...]:
        return self.of_kinds("initiative")

    def of_kinds(self, *kinds: str, everybody: bool = False) -> tuple[Revision, ...]:
        """The current entries of these kinds: the country's, or everybody's."""
        where = None if everybody else self._where
        return tuple(
            one
            for kind in kinds
            for one in self.store.current(kind, country=where, cycle=EVERY_CYCLE, as_of=self.until)
        )

    def of_cycle(self, kind: str, country: str | None = None) -> tuple[Revision, ...]:
        """The current entries of a kind that each cycle has its own of: the country's, or another's."""
        return self.store.current(
            kind,
            country=country or self.parameters.country,
            cycle=self.parameters.cycle,
            as_of=self.until,
        )

    @cached_property
    def changes(self) -> tuple[Revision, ...]:
        """What was recorded for this cycle and for the map, oldest first, without private entries.

        A page is read by others too, so not even their number is told.
        """
        return open_to_all(self._recorded(self._where))

    @cached_property
    def recap(self) -> Recap:
        """What happened so far."""
        return recap(self.changes)

    @cached_property
    def told(self) -> tuple[Revision, ...]:
        """The same with what was recorded for the working group, oldest first."""
        if self.parameters.country == EU:
            return self.changes
        all_s = open_to_all(self._recorded(EU))
        return tuple(sorted((*self.changes, *all_s), key=lambda one: one.seq))

    def _recorded(self, country: str | None) -> tuple[Revision, ...]:
        cycles = (self.parameters.cycle, EVERY_CYCLE)
        return self.store.changes(
            0, country=country, cycles=cycles, until=self.until, limit=1_000_000
        )

    @cached_property
    def submissions(self) -> dict[str, Revision]:
        """How the self-assessments of this cycle were handed in, by country."""
        cycle = self.parameters.cycle
        found = self.store.current("submission", country=self._where, cycle=cycle, as_of=self.until)
        return {one.country: one for one in found}

    @cached_property
    def illustrative(self) -> bool:
        """Whether the store holds invented data."""
        found = self.store.current("origin", country=EU, as_of=self.until)
        return any(one.payload is not None and one.payload["illustrative"] for one in found)

    @cached_property
    def _taken(self) -> Taken:
        return read_taken(self.store, self.catalogue, self.parameters.cycle)

    @property
    def where(self) -> str | None:
        """Whose entries the page is about: a country's, or everybody's."""
        return self._where

    @property
    def _where(self) -> str | None:
        return None if self.parameters.country == EU else self.parameters.country

    def _answers(self, cycle: str) -> Answers:
        found = self.store.current(
            "answer", country=self.parameters.country, cycle=cycle, as_of=self.until
        )
        known = {question.code for question in self.guide.questions}
        return {one.key: Answer.model_validate(one.payload) for one in found if one.key in known}

    def _path_items(self, cycle: str) -> tuple[Revision, ...]:
        return self.store.current(
            "path_item", country=self.parameters.country, cycle=cycle, as_of=self.until
        )

    def _profile(self, cycle: str, answers: Answers) -> Profile:
        return score_profile(self.guide, answers, country=self.parameters.country, cycle=cycle)


def _names(entries: Iterable[Revision], field: str) -> dict[Ref, str]:
    return {
        (one.country, one.key): str(one.payload[field])
        for one in entries
        if one.payload is not None and not is_private(one.payload)
    }


def challenges_named(initiatives: Iterable[Revision]) -> dict[Ref, tuple[str, ...]]:
    """The challenges that each of these initiatives names, without private ones."""
    return {
        (one.country, one.key): tuple((one.payload or {}).get("challenges", ()))
        for one in initiatives
        if not is_private(one.payload)
    }
