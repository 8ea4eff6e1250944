"""The form of entries, wired to the record and whoever is signed in."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from markupsafe import Markup

from ncc_kernel.charts.markup import Html, Piece, paragraph
from ncc_kernel.forms import desk
from ncc_kernel.forms.entries import EntriesSession
from ncc_kernel.forms.entries_scene import EntriesReach, EntriesScene
from ncc_kernel.forms.entries_widget import EntriesWidget
from ncc_kernel.forms.scene import Allowed
from ncc_kernel.model.entry_form import EntryForm
from ncc_kernel.model.kinds import kind_of
from ncc_kernel.model.permission import may
from ncc_kernel.model.revision import EVERY_CYCLE, Appended, Draft, Payload, Revision, is_private
from ncc_kernel.store.guarded import GuardedStore
from ncc_kernel.workbook.company import in_company
from ncc_kernel.workbook.reading import Reading
from ncc_kernel.workbook.widget_piece import WidgetPiece

MANY = 1_000_000

Offers = Mapping[str, Sequence[Payload]]
"""What entries of a kind are proposed to be."""


def entries_form(
    read: Reading,
    forms: tuple[EntryForm, ...],
    words: Markup,
    environ: Mapping[str, str],
    offers: Offers,
) -> Piece:
    """The form of these kinds, in the hands of whoever opened the page; words for a stranger."""
    made = _EntriesDesk(read, forms, desk.author(environ), offers)
    if not all(made.allowed(one.kind).read for one in forms):
        whose = f"These are added and changed by the team of {read.called}."
        return Html(paragraph(whose, "quiet"))
    return WidgetPiece(words, EntriesWidget(made.session(), served=desk.served(environ)))


@dataclass(frozen=True)
class _EntriesDesk:
    """A country's entries in the hands of one person: everything the form may do to the world."""

    read: Reading
    forms: tuple[EntryForm, ...]
    author: str
    offers: Offers

    def session(self) -> EntriesSession:
        """The form without its widget."""
        return EntriesSession(self.scene(), self.reach())

    def scene(self) -> EntriesScene:
        """What the form is about."""
        read, guarded = self.read, self._guarded
        here = guarded.session() if guarded else None
        cycle = read.parameters.cycle
        return EntriesScene(
            forms=self.forms,
            named=read.catalogue.entry_forms,
            vocabularies=read.catalogue.vocabularies,
            cycles={one.kind: kind_of(one.kind).cycle(cycle) for one in self.forms},
            country=read.parameters.country,
            country_name=read.name,
            cycle=cycle,
            name=here.account.name if here else self.author,
            place=here.place if here else None,
            illustrative=read.illustrative,
            offers=self.offers,
        )

    def reach(self) -> EntriesReach:
        """Through what it reads and writes."""
        guarded, country = self._guarded, self.read.parameters.country
        reach = EntriesReach(
            since=self._since,
            history=self._history,
            append=self._append,
            now=desk.now,
            allowed=self.allowed,
        )
        if self._abroad:
            reach = replace(reach, elsewhere=self._elsewhere)
        return reach if guarded is None else in_company(reach, guarded, country)

    @property
    def _guarded(self) -> GuardedStore | None:
        return self.read.store if isinstance(self.read.store, GuardedStore) else None

    @property
    def _cycles(self) -> tuple[str, str]:
        return self.read.parameters.cycle, EVERY_CYCLE

    @cached_property
    def _abroad(self) -> frozenset[str]:
        """The kinds of which other countries' entries may be chosen."""
        fields = (one for form in self.forms for one in form.references if one.any_country)
        return frozenset(kind for one in fields for kind in one.of)

    def _since(self, seq: int) -> Sequence[Revision]:
        country = self.read.parameters.country
        found = self.read.store.changes(seq, country=country, cycles=self._cycles, limit=MANY)
        return list(self._visible(found))

    def _elsewhere(self, seq: int) -> Sequence[Revision]:
        """What is private to another country comes as withdrawn, whoever asks."""
        store, home = self.read.store, self.read.parameters.country
        if seq:
            found = store.changes(seq, cycles=self._cycles, limit=MANY)
        else:
            found = tuple(one for kind in sorted(self._abroad) for one in store.current(kind))
        return [
            replace(one, payload=None) if is_private(one.payload) else one
            for one in sorted(found, key=lambda one: one.seq)
            if one.kind in self._abroad and one.country != home and one.cycle in self._cycles
        ]

    def _history(self, kind: str, key: str) -> Sequence[Revision]:
        country, cycle = self.read.parameters.country, self.read.parameters.cycle
        under = kind_of(kind).cycle(cycle)
        if kind == "entry_draft":  # it lies beside its entry
            under = kind_of(key.partition(":")[0]).cycle(cycle)
        return list(self._visible(self.read.store.history(kind, country, under, key)))

    def _visible(self, found: Iterable[Revision]) -> Iterable[Revision]:
        """What is private to the country, only for those of its team."""
        if self._reads_private:
            return found
        return (replace(one, payload=None) if is_private(one.payload) else one for one in found)

    @property
    def _reads_private(self) -> bool:
        if self._guarded is None:
            return True
        country = self.read.parameters.country
        return may(self._guarded.account, "read_private", country=country, kind="")

    def _append(self, drafts: Sequence[Draft]) -> Appended:
        return self.read.store.append(drafts, author=self.author, at=desk.now(), together=True)

    def allowed(self, kind: str) -> Allowed:
        """What this person may do with entries of that kind, as the record says now."""
        if self._guarded is None:
            return Allowed(write=True)
        account, country = self._guarded.session().account, self.read.parameters.country
        return Allowed(
            read=may(account, "read_form", country=country, kind=kind),
            write=may(account, "write", country=country, kind=kind),
        )
