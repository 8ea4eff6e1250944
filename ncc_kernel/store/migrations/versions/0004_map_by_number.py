"""The map's rows name what they belong to by numbers, so that a filter is counted quickly.

They hold nothing of their own: `rebuild` drops them, and makes them anew from the record.
"""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime

import sqlalchemy as sa
from alembic import op

from ncc_kernel.model.revision import Revision
from ncc_kernel.store.map_rows import rebuild

revision = "0004"
down_revision = "0003"

_PART = 10_000


def upgrade() -> None:
    """Make the tables in the shape of this release and fill them; the record is not touched."""
    rebuild(op.get_bind(), _recorded())


def _recorded() -> Iterator[Sequence[Revision]]:
    """The record's revisions in their order, some at a time."""
    names = ("seq", "at", "author", "country", "cycle", "kind", "key", "base", "payload")
    table = sa.table("revision", *(sa.column(name) for name in names))
    done = 0
    while True:
        query = sa.select(table).where(table.c.seq > done).order_by(table.c.seq).limit(_PART)
        rows = op.get_bind().execute(query).all()
        if not rows:
            return
        done = rows[-1].seq
        yield [_revision(row) for row in rows]


def _revision(row: sa.Row[tuple[object, ...]]) -> Revision:
    told = None if row.payload is None else json.loads(row.payload)
    place = row.country, row.cycle, row.kind, row.key
    return Revision(row.seq, datetime.fromisoformat(row.at), row.author, *place, row.base, told)
