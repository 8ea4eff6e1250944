"""Pictures that follow the record where somebody works, and stand still on a page."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from markupsafe import Markup

from ncc_kernel.charts.markup import Html, Piece
from ncc_kernel.model.kinds import Area, kinds_in
from ncc_kernel.workbook.reading import Reading
from ncc_kernel.workbook.widget_piece import WidgetPiece

WORDS = Markup("<p>These pictures follow the record; they need a running notebook.</p>")

Pictures = Mapping[str, Callable[[Reading], Piece]]
"""Pictures by their headings, in order; each is made from what was read."""


def following(read: Reading, pictures: Pictures, *areas: Area, environ: Mapping[str, str]) -> Piece:
    """In edit mode pictures that change with the record; on a page the same pictures as they are."""
    if read.parameters.mode != "edit":
        return Html(_still(read, pictures))
    from ncc_kernel.forms.desk import served  # noqa: PLC0415  # pages do without
    from ncc_kernel.forms.live import LiveReach, LiveSession, LiveWidget  # noqa: PLC0415  # pages do without

    desk = _Desk(read, pictures, frozenset(kinds_in(*areas)))
    reach = LiveReach(read.store.last_seq, desk.news, dict, desk.view)
    session = LiveSession(reach, choices=(), chosen={}, seq=read.until)
    return _Following(WORDS, LiveWidget(session, served=served(environ)), read, pictures)


def _still(read: Reading, pictures: Pictures) -> Markup:
    return Markup("").join(make(read).html() for make in pictures.values())


@dataclass(frozen=True, repr=False)
class _Following(WidgetPiece):
    """The widget, and on paper the pictures as they are now."""

    read: Reading
    pictures: Pictures

    def html(self) -> Markup:
        return _still(self.read, self.pictures)


@dataclass(frozen=True)
class _Desk:
    """What the pictures may ask of the record."""

    read: Reading
    pictures: Pictures
    kinds: frozenset[str]

    def news(self, since: int, until: int) -> Any:
        """What was entered, without what is private, and whether the pictures may differ."""
        from ncc_kernel.workbook.live_pieces import news  # noqa: PLC0415

        return news(self.read, since, until, kinds=self.kinds, shown=("challenge",))

    def view(self, _chosen: Mapping[str, str], seq: int) -> Any:
        """The pictures as the record was at that seq."""
        from ncc_kernel.forms.live import LivePicture, View  # noqa: PLC0415
        from ncc_kernel.workbook.live_pieces import made  # noqa: PLC0415

        now = replace(self.read, until=seq)

        def make(of: Callable[[Reading], Piece]) -> Any:
            return made(of(now))

        found = (
            LivePicture(f"picture-{number}", heading, partial(make, of))
            for number, (heading, of) in enumerate(self.pictures.items())
        )
        return View("", "", tuple(found))
