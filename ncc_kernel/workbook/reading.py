"""What a workbook has read: one country (or the EU), one cycle, the record up to one seq."""

from dataclasses import dataclass
from functools import cached_property

from ncc_kernel.analysis.ecosystem import Ecosystem, read_ecosystem
from ncc_kernel.analysis.freshness import page_seq
from ncc_kernel.analysis.peers import Peers
from ncc_kernel.analysis.profile import Answers, Profile, score_profile
from ncc_kernel.analysis.recap import Recap, recap
from ncc_kernel.model.answer import Answer
from ncc_kernel.model.book import Book
from ncc_kernel.model.guide import Guide
from ncc_kernel.model.parameters import Parameters
from ncc_kernel.model.programme import Programme
from ncc_kernel.model.revision import EU, EVERY_CYCLE, NAME_OF_ALL, Revision
from ncc_kernel.store.catalogue import Catalogue
from ncc_kernel.store.log import Store
from ncc_kernel.workbook.reference import read_answers, read_peers, score_all


@dataclass(frozen=True)
class Reading:
    """Everything the pieces of a page are made from; read once, when first asked for."""

    book: Book
    parameters: Parameters
    catalogue: Catalogue
    store: Store
    until: int

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
        return self._peers[0]

    @cached_property
    def peers_as_of(self) -> int | None:
        """The seq at which they were taken."""
        return self._peers[1]

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
    def shared(self) -> tuple[Revision, ...]:
        """The entries of the map without private ones: what may be counted by country."""
        return tuple(
            one for one in self.entries if (one.payload or {}).get("visibility") != "private"
        )

    @cached_property
    def changes(self) -> tuple[Revision, ...]:
        """What was recorded for this cycle and for the map, oldest first."""
        cycles = (self.parameters.cycle, EVERY_CYCLE)
        return self.store.changes(
            0, country=self._where, cycles=cycles, until=self.until, limit=1_000_000
        )

    @cached_property
    def recap(self) -> Recap:
        """What happened so far."""
        return recap(self.changes)

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
    def _peers(self) -> tuple[Peers, int | None]:
        return read_peers(self.store, self.catalogue, self.parameters.cycle)

    @property
    def _where(self) -> str | None:
        return None if self.parameters.country == EU else self.parameters.country

    def _answers(self, cycle: str) -> Answers:
        found = self.store.current(
            "answer", country=self.parameters.country, cycle=cycle, as_of=self.until
        )
        known = {question.code for question in self.guide.questions}
        return {one.key: Answer.model_validate(one.payload) for one in found if one.key in known}

    def _profile(self, cycle: str, answers: Answers) -> Profile:
        return score_profile(self.guide, answers, country=self.parameters.country, cycle=cycle)
