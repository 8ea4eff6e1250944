"""What stands of each entry of a country, kept up to date from the record's changes alone.

Beside an entry may stand what is being typed: an `entry_draft`, shared by the team. The version
of both together is the last seq of either, withdrawals too; it only grows.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from ncc_kernel.model.entry_fields import Fields, dangling, fields_of, payload_of
from ncc_kernel.model.entry_form import EntryForm
from ncc_kernel.model.revision import Draft, Payload, Revision
from ncc_kernel.model.typed_entry import TypedEntry, Value

HALF = "entry_draft"
LONGEST_KEY = 120

At = tuple[str, str]
"""Kind and key."""


def half_key(kind: str, key: str) -> str:
    """The key under which what is typed of an entry is kept."""
    plain = f"{kind}:{key}"
    if len(plain) <= LONGEST_KEY:
        return plain
    return f"{kind}:{hashlib.sha256(key.encode()).hexdigest()[:40]}"


@dataclass(frozen=True, slots=True)
class ShownEntry:
    """An entry as it was last recorded, and what is typed of it; `gone` is what was withdrawn."""

    form: EntryForm
    key: str
    entry: Revision | None = None
    half: Revision | None = None
    gone: Revision | None = None

    @property
    def last(self) -> Revision | None:
        """The revision that made it what it is."""
        made = [one for one in (self.entry, self.half) if one is not None]
        return max(made, key=lambda one: one.seq, default=None)

    @property
    def seq(self) -> int | None:
        """The version: what a change is based on."""
        return self.last.seq if self.last else None

    @property
    def payload(self) -> Payload | None:
        """The entry, or None while there is none."""
        return self.entry.payload if self.entry else None

    @property
    def typed(self) -> Fields | None:
        """What is typed and not saved, where something is."""
        if self.half is None or self.half.payload is None:
            return None
        return self.settled | dict(TypedEntry.model_validate(self.half.payload).fields)

    @property
    def settled(self) -> Fields:
        """The fields of the entry itself, or of an empty form."""
        return fields_of(self.form, self.payload)

    @property
    def fields(self) -> Fields:
        """What the form shows: what is typed, or the entry."""
        return self.typed or self.settled

    @property
    def nothing(self) -> bool:
        """Whether there is neither an entry nor anything typed."""
        return self.payload is None and self.typed is None

    def to_keep(self, given: Fields, *, country: str, cycle: str) -> list[Draft]:
        """The drafts that keep these fields as typed; the entry stands in them as it is.

        Both are taken together, so whoever changed either of them meanwhile is not overwritten.
        """
        half = None
        if given != self.settled:
            half = TypedEntry(kind=self.form.kind, key=self.key, fields=dict(given))
        kept = half.model_dump(mode="json") if half else None
        return self._both(self.payload, kept, country=country, cycle=cycle)

    def to_save(self, country: str, cycle: str) -> list[Draft]:
        """The drafts by which what is typed takes the entry's place."""
        return self._both(self.proposed, None, country=country, cycle=cycle)

    def to_stand(self, payload: Payload | None, *, country: str, cycle: str) -> list[Draft]:
        """The drafts that withdraw the entry or bring it back."""
        return self._both(payload, None, country=country, cycle=cycle)

    @property
    def proposed(self) -> Payload:
        """The entry that what is typed would make."""
        return payload_of(self.form, self.fields, self.payload)

    def _both(
        self, payload: Payload | None, half: Payload | None, *, country: str, cycle: str
    ) -> list[Draft]:
        kind, key = self.form.kind, self.key
        typed = Draft(country, cycle, HALF, half_key(kind, key), _seq(self.half), half)
        return [Draft(country, cycle, kind, key, _seq(self.entry), payload), typed]


def _seq(made: Revision | None) -> int | None:
    return made.seq if made else None


class EntriesStanding:
    """The last revision of each entry of one country, and of what is typed of it."""

    def __init__(self, forms: Mapping[str, EntryForm], also: Iterable[str] = ()) -> None:
        self.seq = 0
        self._forms = forms
        self._also = frozenset(also)
        self._last: dict[At, Revision] = {}
        self._halves: dict[str, Revision] = {}
        self._gone: dict[At, Revision] = {}
        self._about: dict[str, At] = {}

    def take(self, revisions: Iterable[Revision]) -> set[At]:
        """Follow these revisions; which entries they are about."""
        changed: set[At] = set()
        for one in revisions:
            at = self._take_half(one) if one.kind == HALF else self._take_entry(one)
            if at is not None:
                changed.add(at)
        return changed

    def _take_entry(self, one: Revision) -> At | None:
        at = one.kind, one.key
        before = self._last.get(at)
        if one.kind not in self._forms and one.kind not in self._also:
            return None
        if before is not None and before.seq >= one.seq:
            return None
        if one.payload is None and before is not None and before.payload is not None:
            self._gone[at] = before
        self._last[at] = one
        self._about[half_key(*at)] = at
        return at

    def _take_half(self, one: Revision) -> At | None:
        before = self._halves.get(one.key)
        if before is not None and before.seq >= one.seq:
            return None
        if one.payload is not None:
            self._about[one.key] = str(one.payload["kind"]), str(one.payload["key"])
        at = self._about.get(one.key)
        self._halves[one.key] = one
        return at if at is not None and at[0] in self._forms else None

    def shown(self, kind: str, key: str) -> ShownEntry:
        """What the form shows of that entry."""
        at = kind, key
        entry = self._last.get(at)
        gone = self._gone.get(at) if entry is not None and entry.payload is None else None
        return ShownEntry(self._forms[kind], key, entry, self._halves.get(half_key(*at)), gone)

    def entries(self) -> Iterator[ShownEntry]:
        """Every entry that has a form here: recorded, only typed, or withdrawn."""
        for kind, key in dict.fromkeys((*self._last, *self._about.values())):
            if kind in self._forms:
                yield self.shown(kind, key)

    def names(self) -> Iterator[Revision]:
        """The entries that others may refer to and that have no form here."""
        for (kind, _key), one in self._last.items():
            if kind not in self._forms and one.payload is not None:
                yield one

    def last(self, kind: str, key: str) -> list[Revision]:
        """The last revision of that entry, if it has any."""
        found = self._last.get((kind, key))
        return [] if found is None else [found]

    def unknown(self) -> set[At]:
        """What is referred to and is no entry here."""
        return {
            (kind, key)
            for shown in self.entries()
            for payload in (shown.payload, shown.proposed if shown.typed else None)
            if payload is not None
            for _field, kind, key in dangling(shown.form, payload, self.has, before=None)
        }

    def has(self, kind: str, key: str) -> bool:
        """Whether there is such an entry now."""
        found = self._last.get((kind, key))
        return found is not None and found.payload is not None


def as_typed(form: EntryForm, given: Mapping[str, Value], key: str) -> Fields:
    """The fields as they are kept: made showable, without those that the form does not have."""
    kept = TypedEntry(kind=form.kind, key=key, fields=dict(given)).fields
    empty = fields_of(form, None)
    return {path: kept.get(path, value) for path, value in empty.items()}
