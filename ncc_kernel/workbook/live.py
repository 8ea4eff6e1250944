"""The live map, wired to the record and the charts."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from markupsafe import Markup

from ncc_kernel.analysis.ecosystem import MAP_KINDS, is_private
from ncc_kernel.charts.figure import Figure, svg
from ncc_kernel.charts.markup import Piece, typed
from ncc_kernel.forms.live import (
    Choice,
    LivePicture,
    LiveReach,
    LiveSession,
    LiveWidget,
    Made,
    News,
    Parts,
    View,
)
from ncc_kernel.model.kinds import KINDS
from ncc_kernel.model.map_address import VOCABULARIES, chosen_in
from ncc_kernel.model.map_filter import MapFilter
from ncc_kernel.model.revision import EVERY_CYCLE, Revision
from ncc_kernel.workbook.asking import check_part
from ncc_kernel.workbook.atlas import Ground
from ncc_kernel.workbook.pictures import Picture, Pictures
from ncc_kernel.workbook.reading import Reading

LABELS = {
    "type": "Type of agent",
    "objective": "ESF+ objective",
    "stage": "Stage of initiative",
    "tier": "Tier",
    "region": "Region",
}


@dataclass(frozen=True, repr=False)
class LiveMap(Piece):
    """The live map, for Jupyter and Voila; the pictures as they are now where no widget is shown."""

    read: Reading
    widget: LiveWidget

    def html(self) -> Markup:
        """In words, for what shows no widget."""
        return Markup("<p>The map is live: it needs a running notebook to be shown.</p>")

    def _repr_mimebundle_(
        self,
        include: object = None,  # noqa: ARG002  # IPython's signature
        exclude: object = None,  # noqa: ARG002
    ) -> dict[str, Any]:
        """Both, for Jupyter."""
        words = {"text/html": str(self.html()), "text/plain": repr(self)}
        return self.widget.bundle() | words


def live_map(read: Reading, environ: Mapping[str, str]) -> LiveMap:
    """The live map in the hands of whoever opened the page."""
    del environ  # who reads is known to the store that the page was given
    return LiveMap(read, LiveWidget(make_session(read)))


def make_session(read: Reading) -> LiveSession:
    """The live map without its widget."""
    desk = _Desk(read, Ground(read))
    return LiveSession(
        LiveReach(read.store.last_seq, desk.news, desk.check, desk.view),
        choices=desk.choices(),
        chosen=chosen_in(read.part),
        seq=read.until,
    )


@dataclass(frozen=True)
class _Desk:
    """What the live map may ask of the record."""

    read: Reading
    ground: Ground

    def choices(self) -> tuple[Choice, ...]:
        """By what the map is narrowed."""
        vocabularies = self.read.catalogue.vocabularies
        told = [
            Choice(name, LABELS[name], tuple((t.code, t.label) for t in vocabularies[v].terms))
            for name, v in VOCABULARIES.items()
        ]
        regions = tuple((one.code, f"{one.name} ({one.code})") for one in self.ground.regions)
        return (*told, Choice("region", LABELS["region"], regions))

    def check(self, raw: Mapping[str, str]) -> Mapping[str, str]:
        """What is chosen, or ParameterRejected."""
        return chosen_in(check_part(raw, self.read.catalogue, self.read.parameters.country))

    def news(self, since: int, until: int) -> News:
        """What was entered on the map that this page shows, without what is private."""
        found = self.read.store.changes(
            since, country=self.ground.where, cycles=(EVERY_CYCLE,), until=until
        )
        on_map = [one for one in found if one.kind in MAP_KINDS]
        open_ones = [one for one in on_map if one.payload is not None and not is_private(one)]
        changed = bool(open_ones) or any(self._was_open(one) for one in on_map)
        return News(tuple(self._told(one) for one in open_ones), changed)

    def _was_open(self, one: Revision) -> bool:
        """Whether what is gone or private now stood on the map before."""
        earlier = self.read.store.history(one.kind, one.country, one.cycle, one.key)
        before = [other for other in earlier if other.seq < one.seq]
        return bool(before) and before[-1].payload is not None and not is_private(before[-1])

    def _told(self, one: Revision) -> str:
        payload = one.payload or {}
        name = str(payload.get("name") or payload.get("title") or "")
        what = KINDS[one.kind].label
        new = "new" if one.base is None else "changed"
        where = self.read.catalogue.country(one.country).name()
        named = typed(name) if name else Markup("")
        return str(Markup("<strong>{}</strong>: {} {} {}").format(where, new, what, named)).strip()

    def view(self, chosen: Mapping[str, str], seq: int) -> View:
        """The pictures of that part of the map at that seq."""
        part = MapFilter(**chosen)
        pictures = Pictures(self.ground, self.ground.atlas(part, until=seq), part, seq)
        made = tuple(_live(one) for one in pictures)
        return View(pictures.counts(), pictures.said(), made)


def _live(one: Picture) -> LivePicture:
    return LivePicture(one.name, one.heading, partial(_made, one))


def _made(one: Picture) -> Made:
    piece = one.make()
    return Made(_digest(piece), partial(_parts, piece))


def _digest(piece: Piece) -> str:
    """Of what the picture shows; its source line names the seq and would always differ."""
    if not isinstance(piece, Figure):
        said = str(piece.html())
    else:
        chart = json.dumps(piece.chart.to_dict(validate=False), sort_keys=True)
        data = json.dumps(piece.datasets, sort_keys=True)
        said = "\n".join((piece.finding, piece.measure, str(piece.table.html()), chart, data))
    return hashlib.sha256(said.encode()).hexdigest()


def _parts(piece: Piece) -> Parts:
    if not isinstance(piece, Figure):
        return Parts("", words=str(piece.html()))
    return Parts(
        piece.finding,
        piece.measure,
        str(svg(piece.chart, piece.datasets)),
        piece.source,
        str(piece.table.html()),
    )
