"""How much there is and who was last at it: counted in the database, so that no entry is read for it."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from ncc_kernel.model.kinds import KINDS
from ncc_kernel.model.revision import Revision
from ncc_kernel.store.engine import in_words
from ncc_kernel.store.log import Store
from ncc_kernel.store.schema import current, revision


@dataclass(frozen=True, slots=True)
class Activity:
    """The entries of one kind that stand in one country, and the last change to any of them."""

    kind: str
    country: str
    count: int
    last: datetime
    by: str


def read_activity(
    store: Store, kinds: Collection[str], *, cycles: Collection[str], countries: Collection[str]
) -> tuple[Activity, ...]:
    """Of each kind and country that has any, in the order of the kinds."""
    of_kinds, joined = list(kinds), current.join(revision, current.c.seq == revision.c.seq)
    counted = (
        sa.select(
            current.c.kind,
            current.c.country,
            sa.func.count(revision.c.payload).label("entries"),
            sa.func.max(current.c.seq).label("last"),
        )
        .select_from(joined)
        .where(current.c.kind.in_(of_kinds), current.c.cycle.in_(list(cycles)))
        .where(current.c.country.in_(list(countries)))
        .group_by(current.c.kind, current.c.country)
        .subquery()
    )
    query = sa.select(counted, revision.c.at, revision.c.author).join_from(
        counted, revision, counted.c.last == revision.c.seq
    )
    with in_words("see: ncc status"), store.engine.connect() as connection:
        rows = connection.execute(query).all()
    return _ordered(
        Activity(row.kind, row.country, row.entries, datetime.fromisoformat(row.at), row.author)
        for row in rows
    )


def activity_in(changes: Iterable[Revision], kinds: Collection[str]) -> tuple[Activity, ...]:
    """The same of these revisions alone, oldest first: for who may not be told of all."""
    last = {one.address: one for one in changes if one.kind in kinds}
    newest = {(one.kind, one.country): one for one in sorted(last.values(), key=lambda o: o.seq)}
    counts = Counter((one.kind, one.country) for one in last.values() if one.payload is not None)
    return _ordered(
        Activity(*place, counts[place], one.at, one.author) for place, one in newest.items()
    )


def _ordered(found: Iterable[Activity]) -> tuple[Activity, ...]:
    order = list(KINDS)
    return tuple(sorted(found, key=lambda one: (order.index(one.kind), one.country)))
