"""What all live pictures have in common: what is new in words, and a piece in its parts."""

import hashlib
import json
from collections.abc import Collection
from functools import partial

from markupsafe import Markup

from ncc_kernel.charts.figure import Figure, svg
from ncc_kernel.charts.markup import Piece, typed
from ncc_kernel.charts.theme import specification
from ncc_kernel.forms.live import Made, News, Parts
from ncc_kernel.model.kinds import kind_of, wholes
from ncc_kernel.model.revision import EVERY_CYCLE, NAME_OF_ALL, Revision, is_private
from ncc_kernel.store.log import Store
from ncc_kernel.workbook.reading import Reading


def news(
    read: Reading, since: int, until: int, *, kinds: Collection[str], shown: Collection[str] = ()
) -> News:
    """What was entered of these kinds where the page looks, without what is private.

    The pictures may differ after entries of `shown` too, which are not told.
    """
    found = read.store.changes(since, country=read.where, cycles=(EVERY_CYCLE,), until=until)
    ours = [one for one in found if one.kind in kinds or one.kind in shown]
    open_ones = [one for one in ours if _is_open(read.store, one, until)]
    changed = bool(open_ones) or any(_was_open(read.store, one) for one in ours)
    told = tuple(_sentence(read, one) for one in open_ones if one.kind in kinds)
    return News(told, changed)


def _is_open(store: Store, one: Revision, until: int) -> bool:
    """Whether anybody may know of it: neither it is private nor what it is part of."""
    if one.payload is None or is_private(one.payload):
        return False
    for kind, key in wholes(one.kind, one.payload):
        found = store.current(kind, key=key, as_of=until)
        # A key means the country's own entry before another's.
        whole = [other for other in found if other.country == one.country] or found
        if not any(_is_open(store, other, until) for other in whole):
            return False
    return True


def _was_open(store: Store, one: Revision) -> bool:
    """Whether what is gone or private now stood there before."""
    earlier = store.history(one.kind, one.country, one.cycle, one.key)
    before = [other for other in earlier if other.seq < one.seq]
    return bool(before) and before[-1].payload is not None and not is_private(before[-1].payload)


def _sentence(read: Reading, one: Revision) -> str:
    payload = one.payload or {}
    name = str(payload.get("name") or payload.get("title") or "")
    places = {country.code: country.name() for country in read.catalogue.countries}
    said = Markup("<strong>{}</strong>: {} {} {}").format(
        places.get(one.country, NAME_OF_ALL),
        "new" if one.base is None else "changed",
        kind_of(one.kind).label,
        typed(name) if name else "",
    )
    return str(said).strip()


def made(piece: Piece) -> Made:
    """The piece, not drawn yet."""
    return Made(_digest(piece), partial(_parts, piece))


def _digest(piece: Piece) -> str:
    """Of what is shown; a figure's source line names the seq and would always differ."""
    if not isinstance(piece, Figure):
        said = str(piece.html())
    else:
        chart = json.dumps(specification(piece.chart), sort_keys=True)
        data = json.dumps(piece.datasets, sort_keys=True)
        said = "\n".join((piece.finding, piece.measure, str(piece.table.html()), chart, data))
    return hashlib.sha256(said.encode()).hexdigest()


def _parts(piece: Piece) -> Parts:
    if not isinstance(piece, Figure):
        return Parts("", words=str(piece.html()) or "<p>Nothing to show yet.</p>")
    return Parts(
        piece.finding,
        piece.measure,
        str(svg(piece.chart, piece.datasets)),
        piece.source,
        str(piece.table.html()),
    )
