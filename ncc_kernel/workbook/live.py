"""The live map, wired to the record and the charts."""

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from ncc_kernel.analysis.ecosystem import MAP_KINDS
from ncc_kernel.forms import desk
from ncc_kernel.forms.live import (
    Choice,
    LivePicture,
    LiveReach,
    LiveSession,
    LiveWidget,
    News,
    View,
)
from ncc_kernel.model.map_address import VOCABULARIES, chosen_in
from ncc_kernel.model.map_filter import MapFilter
from ncc_kernel.workbook.asking import check_part
from ncc_kernel.workbook.atlas import Ground
from ncc_kernel.workbook.live_pieces import made, news
from ncc_kernel.workbook.pictures import Picture, Pictures
from ncc_kernel.workbook.reading import Reading
from ncc_kernel.workbook.widget_piece import WidgetPiece

WORDS = Markup("<p>The map is live: it needs a running notebook to be shown.</p>")

LABELS = {
    "type": "Type of agent",
    "objective": "ESF+ objective",
    "stage": "Stage of initiative",
    "tier": "Tier",
    "region": "Region",
}


def live_map(read: Reading, environ: Mapping[str, str]) -> WidgetPiece:
    """The live map in the hands of whoever opened the page."""
    return WidgetPiece(WORDS, LiveWidget(make_session(read), served=desk.served(environ)))


def make_session(read: Reading) -> LiveSession:
    """The live map without its widget."""
    here = _Desk(read, Ground(read))
    return LiveSession(
        LiveReach(read.store.last_seq, here.news, here.check, here.view),
        choices=here.choices(),
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
        return news(self.read, since, until, kinds=MAP_KINDS)

    def view(self, chosen: Mapping[str, str], seq: int) -> View:
        """The pictures of that part of the map at that seq."""
        part = MapFilter(**chosen)
        pictures = Pictures(self.ground, self.ground.atlas(part, until=seq), part, seq)
        return View(pictures.counts(), pictures.said(), tuple(_live(one) for one in pictures))


def _live(one: Picture) -> LivePicture:
    return LivePicture(one.name, one.heading, lambda: made(one.make()))
