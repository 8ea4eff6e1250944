"""Which candidates can stand: a country of the EU, no doubles, no link into nothing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ncc_kernel.errors import Rejected
from ncc_kernel.model.country import parse_country
from ncc_kernel.model.kinds import PEOPLES_KINDS, kind_of
from ncc_kernel.model.revision import Draft, Revision
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
    """Judge every candidate, agents before the initiatives and links that need them."""
    return _Settling(batch, catalogue, current).run()


class _Settling:
    def __init__(
        self,
        batch: Batch,
        catalogue: Catalogue,
        current: Mapping[tuple[str, str, str, str], Revision],
    ) -> None:
        self._batch = batch
        self._catalogue = catalogue
        self._boxes = _boxes(catalogue)
        self._known = {
            (kind, key): country for kind, country, _cycle, key in current if kind != "answer"
        }
        self._questions = {question.code for question in catalogue.guide.questions}
        self._seen: dict[tuple[str, ...], Candidate] = {}
        self._why: dict[tuple[str, str], str] = {}
        self._out = Settled()

    def run(self) -> Settled:
        for kind in PEOPLES_KINDS:
            for one in self._batch.candidates:
                if one.kind == kind:
                    self._judge(one)
        for one in self._batch.candidates:
            if one.kind not in PEOPLES_KINDS:
                self._refuse(one, f"Entries of kind {one.kind!r} cannot be imported.")
        return self._out

    def _judge(self, one: Candidate) -> None:
        try:
            one, notes = self._tidied(self._placed(one))
            one = self._checked(one)
            self._not_doubled(one)
        except Rejected as fault:
            self._refuse(one, fault.what)
            return
        if one.payload is None:
            self._known.pop((one.kind, one.key), None)
        else:
            self._known[one.kind, one.key] = one.country
        self._out.taken.append(one)
        self._out.notes += [one.told(note) for note in (*one.notes, *notes)]

    def _refuse(self, one: Candidate, reason: str) -> None:
        self._why.setdefault((one.kind, one.key), reason)
        self._out.refused.append(one.told(reason))

    def _checked(self, one: Candidate) -> Candidate:
        """The candidate as it is recorded: a fault in it is its own, and no other row's."""
        kind = kind_of(one.kind)
        cycles = [cycle.code for cycle in self._catalogue.cycles()]
        if kind.per_cycle and one.cycle not in cycles:
            raise Rejected(f"{one.cycle[:40]!r} is not a cycle; use one of {', '.join(cycles)}.")
        if one.kind == "answer" and one.key not in self._questions:
            raise Rejected(f"The guide has no question {one.key[:40]!r}.")
        cycle = kind.cycle(one.cycle)
        draft = check_draft(Draft(one.country, cycle, one.kind, one.key, None, one.payload))
        return replace(one, key=draft.key, cycle=cycle, payload=draft.payload)

    def _placed(self, one: Candidate) -> Candidate:
        if not one.key:
            raise Rejected("The row has no key.")
        if one.kind == "link" and one.payload is not None:
            return replace(one, country=self._link_country(one.payload))
        if one.by_links:
            return replace(one, country=self._country_by_links(one))
        country = parse_country(one.country, self._catalogue.countries).code
        elsewhere = self._known.get((one.kind, one.key)) if one.kind != "answer" else None
        if elsewhere not in (None, country):
            raise Rejected(f"The key {one.key} is already recorded in {elsewhere}.")
        return replace(one, country=country)

    def _link_country(self, payload: dict[str, Any]) -> str:
        agent = ("agent", str(payload.get("agent", "")))
        target = (str(payload.get("target_kind", "initiative")), str(payload.get("target", "")))
        for kind, key in (agent, target):
            if (kind, key) not in self._known:
                why = self._why.get((kind, key))
                told = f"was not taken: {why}" if why else "is not in the record or the files."
                raise Rejected(f"Dangling link: the {kind} {key or '(none)'} {told}")
        return self._known[agent]

    def _country_by_links(self, one: Candidate) -> str:
        if (one.kind, one.key) in self._known:
            return self._known[one.kind, one.key]
        linked = [
            (link.payload.get("kind") != "leads", str(link.payload["agent"]))
            for link in self._links_to(one.key)
            if link.payload is not None
        ]
        for _follows, agent in sorted(linked):
            if ("agent", agent) in self._known:
                return self._known["agent", agent]
        if not linked:
            raise Rejected("No country: no organisation in the files is linked to it.")
        raise Rejected("No country: none of the organisations linked to it was taken.")

    def _links_to(self, key: str) -> Iterator[Candidate]:
        if not hasattr(self, "_links"):
            self._links: dict[str, list[Candidate]] = {}
            for one in self._batch.candidates:
                if one.kind == "link" and one.payload and one.payload.get("agent"):
                    self._links.setdefault(str(one.payload.get("target")), []).append(one)
        return iter(self._links.get(key, ()))

    def _not_doubled(self, one: Candidate) -> None:
        marks: list[tuple[str, ...]] = [("key", one.kind, one.country, one.cycle, one.key)]
        if one.kind == "agent" and one.payload:
            site = str(one.payload.get("website", "")).casefold()
            marks.append(("same", one.name.casefold(), one.country, site))
        for mark in marks:
            if first := self._seen.get(mark):
                what = "key" if mark[0] == "key" else "name, country and web site"
                where = f" of {first.file}" if first.file != one.file else ""
                raise Rejected(f"Doubled: the same {what} as line {first.line}{where}.")
        self._seen |= dict.fromkeys(marks, one)

    def _tidied(self, one: Candidate) -> tuple[Candidate, list[str]]:
        """The candidate without values that cannot be true, and a note on each."""
        if one.payload is None:
            return one, []
        if one.kind == "answer":
            version = self._catalogue.guide.version
            return replace(one, payload={"guide": version} | one.payload), []
        payload, notes = dict(one.payload), []
        notes += self._tidy_website(payload)
        notes += self._tidy_place(payload, one.country)
        notes += self._tidy_codes(payload)
        return replace(one, payload=payload), notes

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
        west, south, east, north = self._boxes[country]
        if west <= lon <= east and south <= lat <= north:
            place.setdefault("precision", "point")
            return []
        said = f"{place.pop('lat', '')}, {place.pop('lon', '')}"
        place.pop("precision", None)
        return [f"The coordinates {said} are not in {country} as drawn; left empty."]

    def _tidy_codes(self, payload: dict[str, Any]) -> list[str]:
        notes = []
        for name, vocabulary in (("type", "actor_type"), ("stage", "life_cycle")):
            if said := str(payload.get(name, "")).strip():
                try:
                    payload[name] = self._catalogue.vocabularies[vocabulary].parse(said)
                except Rejected as fault:
                    payload.pop(name)
                    notes.append(f"{fault.what} Left empty.")
        return notes


def _boxes(catalogue: Catalogue) -> dict[str, Box]:
    """West, south, east and north of each country as drawn, with a margin, in degrees."""
    boxes = {}
    for shape in catalogue.geometry()["features"]:
        points = [p for polygon in shape["geometry"]["coordinates"] for p in polygon[0]]
        lons, lats = [p[0] for p in points], [p[1] for p in points]
        boxes[shape["properties"]["code"]] = (
            min(lons) - MARGIN,
            min(lats) - MARGIN,
            max(lons) + MARGIN,
            max(lats) + MARGIN,
        )
    return boxes
