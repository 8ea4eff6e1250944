"""Pictures that follow the record where somebody works, and stand still on a page."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from markupsafe import Markup

from ncc_kernel.analysis.ecosystem import is_private
from ncc_kernel.charts.figure import Figure, svg
from ncc_kernel.charts.markup import Html, Piece, typed
from ncc_kernel.model.kinds import KINDS, Area, kinds_in
from ncc_kernel.model.revision import EVERY_CYCLE, NAME_OF_ALL, Revision
from ncc_kernel.workbook.reading import Reading

Pictures = Mapping[str, Callable[[Reading], Piece]]
"""Pictures by their headings, in order; each is made from what was read."""


def following(read: Reading, pictures: Pictures, *areas: Area) -> Piece:
    """In edit mode pictures that change with the record; on a page the same pictures as they are."""
    if read.parameters.mode != "edit":
        return Html(Markup("").join(make(read).html() for make in pictures.values()))
    from ncc_kernel.forms.following import FollowingWidget  # noqa: PLC0415  # pages do without
    from ncc_kernel.forms.live import LiveReach, LiveSession  # noqa: PLC0415

    desk = _Desk(read, pictures, frozenset(kinds_in(*areas)))
    reach = LiveReach(read.store.last_seq, desk.news, dict, desk.view)
    session = LiveSession(reach, choices=(), chosen={}, seq=read.until)
    return _Following(read, pictures, FollowingWidget(session))


@dataclass(frozen=True, repr=False)
class _Following(Piece):
    """The widget, and the pictures as they are now where no widget is shown."""

    read: Reading
    pictures: Pictures
    widget: Any

    def html(self) -> Markup:
        return Markup("").join(make(self.read).html() for make in self.pictures.values())

    def _repr_mimebundle_(
        self,
        include: object = None,  # noqa: ARG002  # IPython's signature
        exclude: object = None,  # noqa: ARG002
    ) -> dict[str, Any]:
        """The widget for Jupyter and for our pages, words for what shows none."""
        words = "These pictures follow the record; they need a running notebook."
        bundle: dict[str, Any] = self.widget.bundle()
        return bundle | {"text/html": f"<p>{words}</p>", "text/plain": words}


@dataclass(frozen=True)
class _Desk:
    """What the pictures may ask of the record."""

    read: Reading
    pictures: Pictures
    kinds: frozenset[str]

    def news(self, since: int, until: int) -> Any:
        """What was entered, without what is private, and whether the pictures may differ."""
        from ncc_kernel.forms.live import News  # noqa: PLC0415

        found = self.read.store.changes(
            since, country=self.read.where, cycles=(EVERY_CYCLE,), until=until
        )
        ours = [one for one in found if one.kind in self.kinds or one.kind == "challenge"]
        told = [one for one in ours if one.payload is not None and not is_private(one)]
        return News(tuple(self._told(one) for one in told if one.kind in self.kinds), bool(ours))

    def _told(self, one: Revision) -> str:
        payload = one.payload or {}
        name = typed(str(payload.get("title") or payload.get("name") or ""))
        known = [c.name() for c in self.read.catalogue.countries if c.code == one.country]
        new = "new" if one.base is None else "changed"
        said = Markup("<strong>{}</strong>: {} {} {}")
        place = known[0] if known else NAME_OF_ALL
        return str(said.format(place, new, KINDS[one.kind].label, name)).strip()

    def view(self, _chosen: Mapping[str, str], seq: int) -> Any:
        """The pictures as the record was at that seq."""
        from ncc_kernel.forms.live import LivePicture, View  # noqa: PLC0415

        now = replace(self.read, until=seq)
        return View(
            "",
            "",
            tuple(
                LivePicture(f"picture-{number}", heading, partial(_made, make, now))
                for number, (heading, make) in enumerate(self.pictures.items())
            ),
        )


def _made(make: Callable[[Reading], Piece], now: Reading) -> Any:
    from ncc_kernel.forms.live import Made  # noqa: PLC0415

    piece = make(now)
    return Made(_digest(piece), partial(_parts, piece))


def _digest(piece: Piece) -> str:
    """Of what is shown; a figure's source line names the seq and would always differ."""
    if not isinstance(piece, Figure):
        return hashlib.sha256(str(piece.html()).encode()).hexdigest()
    chart = json.dumps(piece.chart.to_dict(validate=False), sort_keys=True)
    said = "\n".join((piece.finding, piece.measure, str(piece.table.html()), chart))
    return hashlib.sha256(said.encode()).hexdigest()


def _parts(piece: Piece) -> Any:
    from ncc_kernel.forms.live import Parts  # noqa: PLC0415

    if not isinstance(piece, Figure):
        return Parts("", words=str(piece.html()) or "<p>Nothing to show yet.</p>")
    return Parts(
        piece.finding,
        piece.measure,
        str(svg(piece.chart, piece.datasets)),
        piece.source,
        str(piece.table.html()),
    )
