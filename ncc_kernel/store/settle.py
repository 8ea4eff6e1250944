"""Which candidates can stand: a country of the EU, no doubles, no reference into nothing.

What a field may hold is asked of the same files that the forms are made from (data/entries).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ncc_kernel.errors import Rejected
from ncc_kernel.model.country import parse_country
from ncc_kernel.model.entry_fields import items_at, kind_meant, open_words, put
from ncc_kernel.model.entry_form import EntryField, EntryForm, value_at
from ncc_kernel.model.field_shape import required
from ncc_kernel.model.kinds import PEOPLES_KINDS, kind_of
from ncc_kernel.model.notices import notices
from ncc_kernel.model.revision import EU, Draft, Payload, Revision
from ncc_kernel.model.vocabulary import Vocabulary
from ncc_kernel.store.candidates import Batch, Candidate, Refused
from ncc_kernel.store.catalogue import Catalogue
from ncc_kernel.store.log import check_draft

MARGIN = 0.3
"""Degrees around a country's drawn outline in which coordinates are believed."""

Box = tuple[float, float, float, float]


@dataclass
class Settled:
    """The candidates that can stand, with their country's code; the others with their reason."""

    taken: list[Candidate] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    notes: list[Refused] = field(default_factory=list)


def settle(
    batch: Batch, catalogue: Catalogue, current: Mapping[tuple[str, str, str, str], Revision]
) -> Settled:
    """Judge every candidate, agents before the initiatives and links that need them.

    They are taken out of the batch as they are judged: each may be as large as what comes of it.
    """
    return _Settling(batch, catalogue, current).run()


class _Settling:
    def __init__(
        self,
        batch: Batch,
        catalogue: Catalogue,
        current: Mapping[tuple[str, str, str, str], Revision],
    ) -> None:
        self._catalogue = catalogue
        self._boxes = _boxes(catalogue)
        self._coded = {
            kind: tuple(of for of in form.fields if of.vocabulary)
            for kind, form in catalogue.entry_forms.items()
        }
        self._references = {kind: form.references for kind, form in catalogue.entry_forms.items()}
        self._cycles = tuple(cycle.code for cycle in catalogue.cycles())
        self._spelt: dict[str, str] = {}
        self._codes = {name: frozenset(one.codes) for name, one in catalogue.vocabularies.items()}
        self._current = current
        self._known: dict[tuple[str, str], tuple[str, ...]] = {}
        for kind, country, _cycle, key in current:
            if kind != "answer":
                self._know(kind, key, country)
        self._offered = {(one.kind, one.key) for one in batch.candidates if one.payload is not None}
        self._waiting: dict[str, list[Candidate]] = {}
        while batch.candidates:
            one = batch.candidates.pop()
            self._waiting.setdefault(one.kind if one.kind in PEOPLES_KINDS else "", []).append(one)
        self._questions = {question.code for question in catalogue.guide.questions}
        self._seen: dict[tuple[str, ...], Candidate] = {}
        self._why: dict[tuple[str, str], str] = {}
        self._out = Settled()

    def run(self) -> Settled:
        for kind in PEOPLES_KINDS:
            waiting = self._waiting.get(kind, [])
            while waiting:  # the last is the one that came first
                self._judge(waiting.pop())
        for one in reversed(self._waiting.get("", [])):
            self._refuse(one, f"Entries of kind {one.kind!r} cannot be imported.")
        return self._out

    def _judge(self, one: Candidate) -> None:
        try:
            country = self._placed(one)
            payload, notes = self._tidied(one, country)
            one = self._checked(one, country, payload)
            self._not_doubled(one)
        except Rejected as fault:
            self._refuse(one, fault.what)
            return
        if one.payload is None:
            self._known.pop((one.kind, one.key), None)
        else:
            self._know(one.kind, one.key, one.country)
        self._out.taken.append(one)
        self._out.notes += [one.told(note) for note in (*one.notes, *notes)]

    def _know(self, kind: str, key: str, country: str) -> None:
        self._known[kind, key] = tuple(dict.fromkeys((*self._known.get((kind, key), ()), country)))

    def _refuse(self, one: Candidate, reason: str) -> None:
        self._why.setdefault((one.kind, one.key), reason)
        self._out.refused.append(one.told(reason))

    def _checked(self, one: Candidate, country: str, payload: Payload | None) -> Candidate:
        """The candidate as it is recorded: a fault in it is its own, and no other row's."""
        kind = kind_of(one.kind)
        if kind.per_cycle and one.cycle not in self._cycles:
            known = ", ".join(self._cycles)
            raise Rejected(f"{one.cycle[:40]!r} is not a cycle; use one of {known}.")
        if one.kind == "answer" and one.key not in self._questions:
            raise Rejected(f"The guide has no question {one.key[:40]!r}.")
        cycle = kind.cycle(one.cycle)
        draft = check_draft(Draft(country, cycle, one.kind, one.key, None, payload))
        if draft.payload is not None:
            self._not_dangling(one, country, draft.payload)
        return one._replace(country=country, key=draft.key, cycle=cycle, payload=draft.payload)

    def _not_dangling(self, one: Candidate, country: str, payload: Payload) -> None:
        for of in self._references.get(one.kind, ()):
            if not (named := items_at(payload, of.path)):
                continue
            kind = kind_meant(one.kind, of, payload)
            for key in named:
                if self._is_there(of, kind, key, one.kind, country):
                    continue
                if key not in items_at(self._before(one, country), of.path):
                    why = self._why.get((kind, key))
                    told = f"was not taken: {why}" if why else "is not in the record or the files."
                    raise Rejected(f"{of.label}: the {kind} {key} {told}")

    def _is_there(self, field: EntryField, kind: str, key: str, of: str, country: str) -> bool:
        """Whether the entry that one of a kind names is on record, or comes and is not judged yet."""
        where = self._known.get((kind, key), ())
        if where:
            return field.any_country or country in where
        judged = PEOPLES_KINDS[: PEOPLES_KINDS.index(of)]
        return kind not in judged and (kind, key) in self._offered and (kind, key) not in self._why

    def _before(self, one: Candidate, country: str) -> Payload | None:
        """What the record says now of the entry that this candidate is about."""
        cycle = kind_of(one.kind).cycle(one.cycle)
        found = self._current.get((one.kind, country, cycle, one.key))
        return found.payload if found else None

    def _placed(self, one: Candidate) -> str:
        """The country that the entry is of."""
        if not one.key:
            raise Rejected("The row has no key.")
        if one.kind == "link" and one.payload is not None:
            return self._link_country(one.payload)
        if one.by_links:
            return self._country_by_links(one)
        kind = kind_of(one.kind)
        if kind.area in ("programme", "community") and one.country.strip().upper() == EU:
            return EU
        country = self._country(one.country)
        elsewhere = self._known.get((one.kind, one.key), ()) if kind.area == "map" else ()
        if elsewhere and country not in elsewhere:
            raise Rejected(f"The key {one.key} is already recorded in {elsewhere[0]}.")
        return country

    def _country(self, said: str) -> str:
        """The code of the country that is meant; each spelling is looked at once."""
        if said not in self._spelt:
            self._spelt[said] = parse_country(said, self._catalogue.countries).code
        return self._spelt[said]

    def _link_country(self, payload: dict[str, Any]) -> str:
        agent = ("agent", str(payload.get("agent", "")))
        target = (str(payload.get("target_kind", "initiative")), str(payload.get("target", "")))
        for kind, key in (agent, target):
            if (kind, key) not in self._known:
                why = self._why.get((kind, key))
                told = f"was not taken: {why}" if why else "is not in the record or the files."
                raise Rejected(f"Dangling link: the {kind} {key or '(none)'} {told}")
        return self._known[agent][0]

    def _country_by_links(self, one: Candidate) -> str:
        if (one.kind, one.key) in self._known:
            return self._known[one.kind, one.key][0]
        linked = [
            (link.payload.get("kind") != "leads", str(link.payload["agent"]))
            for link in self._links_to(one.key)
            if link.payload is not None
        ]
        for _follows, agent in sorted(linked):
            if ("agent", agent) in self._known:
                return self._known["agent", agent][0]
        if not linked:
            raise Rejected("No country: no organisation in the files is linked to it.")
        raise Rejected("No country: none of the organisations linked to it was taken.")

    def _links_to(self, key: str) -> Iterator[Candidate]:
        if not hasattr(self, "_links"):
            self._links: dict[str, list[Candidate]] = {}
            for one in reversed(self._waiting.get("link", [])):
                if one.payload and one.payload.get("agent"):
                    self._links.setdefault(str(one.payload.get("target")), []).append(one)
        return iter(self._links.get(key, ()))

    def _not_doubled(self, one: Candidate) -> None:
        marks: list[tuple[str, ...]] = [("key", one.kind, one.country, one.cycle, one.key)]
        # What went out of a record comes back as it was: doubles in it are for a person to merge.
        if one.kind == "agent" and one.payload and not one.based:
            site = str(one.payload.get("website", "")).casefold()
            marks.append(("same", one.name.casefold(), one.country, site))
        for mark in marks:
            if first := self._seen.get(mark):
                what = "key" if mark[0] == "key" else "name, country and web site"
                where = f" of {first.file}" if first.file != one.file else ""
                raise Rejected(f"Doubled: the same {what} as line {first.line}{where}.")
        self._seen |= dict.fromkeys(marks, one)

    def _tidied(self, one: Candidate, country: str) -> tuple[Payload | None, list[str]]:
        """What it says without values that cannot be true, and a note on each."""
        if one.payload is None:
            return None, []
        if one.kind == "answer":
            return {"guide": self._catalogue.guide.version} | one.payload, []
        payload, notes = dict(one.payload), []
        notes += self._tidy_website(payload)
        notes += self._tidy_place(payload, country)
        notes += self._tidy_codes(payload, one, country)
        notes += notices(one.kind, payload, self._catalogue.vocabularies)
        return payload, notes

    def _tidy_website(self, payload: dict[str, Any]) -> list[str]:
        site = str(payload.get("website", "")).strip()
        host = site.partition("://")[2] or site
        if not site or ("." in host.strip(".") and not any(c.isspace() for c in host)):
            return []
        payload.pop("website")
        return [f"The web site {site[:60]!r} is no address; left empty."]

    def _tidy_place(self, payload: dict[str, Any], country: str) -> list[str]:
        if not isinstance(payload.get("place"), dict):
            return []
        place = dict(payload["place"])
        payload["place"] = place
        if "lat" not in place and "lon" not in place:
            return []
        try:
            lat, lon = float(place["lat"]), float(place["lon"])
        except (KeyError, TypeError, ValueError):
            lat = lon = float("nan")
        if any(w <= lon <= e and s <= lat <= n for w, s, e, n in self._boxes[country]):
            place.setdefault("precision", "point")
            return []
        said = f"{place.pop('lat', '')}, {place.pop('lon', '')}"
        place.pop("precision", None)
        return [f"The coordinates {said} are not in {country} as drawn; left empty."]

    def _tidy_codes(self, payload: dict[str, Any], one: Candidate, country: str) -> list[str]:
        """Labels become codes; what is in no list is noted and left empty."""
        form = self._catalogue.entry_forms.get(one.kind)
        if form is None:
            return []
        notes: list[str] = []
        for of in self._coded[one.kind]:
            if _is_said(payload, of.path, self._codes[of.vocabulary]):
                continue  # nothing is said, or codes are: by far the most rows
            words = self._catalogue.vocabularies[of.vocabulary]
            kept = items_at(self._before(one, country), of.path)
            notes += _tidy_field(payload, form, of, words, kept)
        return notes


def _is_said(payload: dict[str, Any], path: str, codes: frozenset[str]) -> bool:
    """Whether what stands there is nothing, or codes and nothing else."""
    said = value_at(payload, path)
    if isinstance(said, list):
        return bool(said) and all(isinstance(item, str) and item in codes for item in said)
    return said is None or (isinstance(said, str) and said in codes)


def _tidy_field(
    payload: dict[str, Any],
    form: EntryForm,
    field: EntryField,
    words: Vocabulary,
    kept: tuple[str, ...],
) -> list[str]:
    said, codes, notes = value_at(payload, field.path), [], []
    if not isinstance(said, str | list):
        return []  # a number: the model judges it, and what is no value at all
    for item in [said] if isinstance(said, str) else said:
        text = str(item).strip()
        try:
            codes.append(text if text in kept or not text else words.parse(text))
        except Rejected as fault:
            if not open_words(form, field):
                return []  # the model has the list too, and refuses: a default would say too much
            if required(form.kind, field.path):
                raise Rejected(f"{field.label}: {fault.what} {fault.hint}.") from None
            notes.append(f"{fault.what} Left empty.")
    value: Any = codes if isinstance(said, list) else next(iter(codes), None)
    put(payload, field.path, value or None)
    return notes


def _boxes(catalogue: Catalogue) -> dict[str, tuple[Box, ...]]:
    """West, south, east and north of each part of each country, with a margin, in degrees."""
    return {
        shape["properties"]["code"]: tuple(
            _box(polygon[0]) for polygon in shape["geometry"]["coordinates"]
        )
        for shape in catalogue.geometry()["features"]
    }


def _box(outline: Sequence[Sequence[float]]) -> Box:
    lons, lats = [point[0] for point in outline], [point[1] for point in outline]
    return min(lons) - MARGIN, min(lats) - MARGIN, max(lons) + MARGIN, max(lats) + MARGIN
