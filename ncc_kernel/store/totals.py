"""The map in numbers, counted in the database: what is shown does not grow with what is recorded.

Private entries are counted nowhere.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from ncc_kernel.model.ecosystem import NEED_KINDS
from ncc_kernel.model.map_filter import MapFilter
from ncc_kernel.store.engine import in_words
from ncc_kernel.store.log import LAST, Store, payloads_of
from ncc_kernel.store.map_rows import ON_THE_MAP
from ncc_kernel.store.schema import map_entry, map_key, map_link, map_tag

MUCH = 2
"""The degree from which a need is pressing and a capability can help: 2 or 3 of 3."""

Row = tuple[Any, ...]
Rows = tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """How many entries of a kind there are in a country's region, of one type or at one stage.

    `sort` is an agent's type or an initiative's stage; it is empty where nothing was said, and
    so is a region that is not known.
    """

    kind: str
    country: str
    sort: str
    region: str
    count: int


@dataclass(frozen=True, slots=True)
class Support:
    """In one country, for one kind of support: who needs much, who can give, who said neither."""

    country: str
    kind: str
    needing: int
    offering: int
    unknown: int


@dataclass(frozen=True, slots=True)
class ChallengeTotal:
    """A challenge and how many initiatives name it."""

    key: str
    country: str
    title: str
    urgency: int | None
    severity: int | None
    feasibility: int | None
    initiatives: int


@dataclass(frozen=True, slots=True)
class Connected:
    """An agent and the number of its links."""

    key: str
    country: str
    name: str
    links: int


Where = tuple[sa.ColumnElement[bool], ...]

_chosen = sa.Table(
    "chosen",
    sa.MetaData(),
    sa.Column("number", sa.Integer, primary_key=True),
    prefixes=["TEMPORARY"],
)
"""On SQLite: the numbers of what the filter leaves of the kinds that it narrows."""


class Totals:
    """The counts of one part of the map, all of one moment; each method asks the database anew."""

    def __init__(self, connection: Connection, chosen: MapFilter) -> None:
        self._connection = connection
        self._chosen = chosen
        self._marked = False
        self._known: dict[str, bool] = {}

    def cells(self) -> tuple[Cell, ...]:
        """Agents, initiatives and challenges by country, type or stage, and region.

        What is asked most is summed from these: see `sum_cells`.
        """
        entry = map_entry.c
        by = (entry.country, entry.sort, entry.region)
        return tuple(Cell(kind, *row) for kind in ON_THE_MAP for row in self._counted(by, kind))

    def growth(self) -> Rows:
        """(kind, month such as 2024-05, count) of entries by the month of their first record."""
        months: Counter[tuple[str, str]] = Counter()
        for kind in ON_THE_MAP:
            for since, count in self._counted((map_entry.c.since,), kind):
                months[kind, since[:7]] += count
        return tuple((*which, count) for which, count in sorted(months.items()))

    def support(self) -> tuple[Support, ...]:
        """Needs of initiatives and capabilities of agents, for each country and kind of support."""
        entry = map_entry.c
        needs = [_sum(entry[f"needs_{of}"] >= MUCH) for of in NEED_KINDS]
        unknown = [_sum(entry[f"needs_{of}"].is_(None)) for of in NEED_KINDS]
        can = [_sum(entry[f"can_{of}"] >= MUCH) for of in NEED_KINDS]
        asked = self._entries("initiative", entry.country, *needs, *unknown)
        given = self._entries("agent", entry.country, *can)
        needing = {row[0]: row[1:] for row in self._rows(asked.group_by(entry.country))}
        giving = {row[0]: row[1:] for row in self._rows(given.group_by(entry.country))}
        kinds = len(NEED_KINDS)
        return tuple(
            Support(
                country,
                of,
                needing=needing.get(country, (0,) * 2 * kinds)[place],
                offering=giving.get(country, (0,) * kinds)[place],
                unknown=needing.get(country, (0,) * 2 * kinds)[kinds + place],
            )
            for country in sorted(needing.keys() | giving.keys())
            for place, of in enumerate(NEED_KINDS)
        )

    def challenges(self) -> tuple[ChallengeTotal, ...]:
        """Every challenge with how many initiatives name it, fewest first."""
        counts = self._named_by_initiatives()
        entry = map_entry.c
        scores = (entry.urgency, entry.severity, entry.feasibility)
        query = self._entries("challenge", map_key.c.key, entry.country, entry.seq, *scores)
        query = query.join(map_key, map_key.c.number == entry.number)
        rows = self._connection.execute(query).all()
        names = self._names([row.seq for row in rows])
        found = [
            ChallengeTotal(
                row.key,
                row.country,
                names[row.seq],
                row.urgency,
                row.severity,
                row.feasibility,
                counts.get(row.key, 0),
            )
            for row in rows
        ]
        return tuple(sorted(found, key=lambda one: (one.initiatives, one.country, one.key)))

    def links(self) -> Rows:
        """(country, kind of link, count) of links with both ends in this part of the map."""
        counts: Counter[tuple[str, str]] = Counter()
        for where in self._links():
            its = sa.select(map_link.c.country, map_link.c.sort).where(*where)
            # With a limit SQLite looks for the ends of the links and not for the order of groups.
            some = (
                its.limit(LAST).subquery()
                if self._narrows("agent", "initiative")
                else its.subquery()
            )
            query = sa.select(*some.c, sa.func.count()).group_by(*some.c)
            for row in self._connection.execute(query):
                counts[row[0], row[1]] += row[2]
        return tuple((*which, count) for which, count in sorted(counts.items()))

    def most_connected(self, limit: int = 10) -> tuple[Connected, ...]:
        """The agents with the most links, at either end of them; then by key."""
        link, ties = map_link.c, sa.func.count().label("ties")
        near = [
            sa.select(link.near.label("number"), ties).where(*where).group_by(link.near)
            for where in self._links()
        ]
        far = (
            sa.select(link.far, ties)
            .where(*self._between(to_agent=True), link.far != link.near)
            .group_by(link.far)
        )
        both = sa.union_all(*near, far).subquery()
        total = sa.func.sum(both.c.ties)
        place = sa.func.rank().over(order_by=total.desc()).label("place")
        ranked = sa.select(both.c.number, total.label("ties"), place).group_by(both.c.number)
        first = ranked.subquery()  # with all that are alike at the last place: keys tell which
        query = (
            sa.select(map_key.c.number, map_key.c.key, first.c.ties)
            .join(first, first.c.number == map_key.c.number)
            .where(first.c.place <= limit)
            .order_by(first.c.ties.desc(), map_key.c.key)
            .limit(limit)
        )
        top = self._connection.execute(query).all()
        found = self._entries("agent", map_entry.c.number, map_entry.c.country, map_entry.c.seq)
        found = found.where(map_entry.c.number.in_([row.number for row in top]))
        known = {row.number: row for row in self._connection.execute(found)}
        names = self._names([row.seq for row in known.values()])
        return tuple(
            Connected(key, known[number].country, names[known[number].seq], int(ties))
            for number, key, ties in top
            if number in known
        )

    def _counted(self, by: Sequence[sa.ColumnElement[Any]], kind: str) -> Rows:
        query = self._entries(kind, *by, sa.func.count())
        return self._rows(query.group_by(*by).order_by(*by))

    def _entries(self, kind: str, *columns: sa.ColumnElement[Any]) -> sa.Select[Any]:
        """From the entries of that kind in this part of the map that all may see."""
        query = sa.select(*columns).select_from(map_entry)
        here = (map_entry.c.kind == kind, map_entry.c.hidden == 0)
        return query.where(*here, *self._plainly(kind), *self._tagged(kind))

    def _named_by_initiatives(self) -> dict[str, int]:
        """How many initiatives of this part of the map name each challenge, by its key."""
        tag = map_tag.c
        query = sa.select(tag.value, sa.func.count())
        query = query.where(tag.field == "challenge", tag.kind == "initiative")
        if self._narrows("initiative"):
            query = query.where(tag.seq.in_(self._entries("initiative", map_entry.c.seq)))
        return {row[0]: row[1] for row in self._connection.execute(query.group_by(tag.value))}

    def _plainly(self, kind: str) -> Iterator[sa.ColumnElement[bool]]:
        """What the filter says of the entry's own columns."""
        chosen = self._chosen
        wanted = {"country": chosen.country, "tier": chosen.tier, "review": chosen.review}
        if kind != "challenge":
            wanted["region"] = chosen.region
            wanted["sort"] = chosen.type if kind == "agent" else chosen.stage
        for name, said in wanted.items():
            if said:
                yield map_entry.c[name] == said

    def _tagged(self, kind: str) -> Iterator[sa.ColumnElement[bool]]:
        """That an entry has the tags which the filter names."""
        wanted = {"objective": self._chosen.objective}
        if kind == "initiative":
            wanted["challenge"] = self._chosen.challenge
        for field, said in wanted.items():
            if said:
                tag = map_tag.alias().c
                having = (tag.field == field, tag.kind == kind, tag.value == said)
                yield map_entry.c.seq.in_(sa.select(tag.seq).where(*having))

    def _links(self) -> tuple[Where, ...]:
        """The links that all may see with both ends in this part of the map, in parts."""
        if self._narrows("agent") == self._narrows("initiative"):
            return (self._between(),)
        return self._between(to_agent=False), self._between(to_agent=True)

    def _between(self, *, to_agent: bool | None = None) -> Where:
        """Links to agents, to initiatives, or to both where both are narrowed or neither is."""
        link, ends = map_link.c, [map_link.c.open == 1]
        targets = {True: ("agent",), False: ("initiative",), None: ("agent", "initiative")}[
            to_agent
        ]
        if to_agent is not None:
            ends.append(link.to_agent == int(to_agent))
        near = self._narrows("agent")
        if near:
            ends.append(link.near.in_(self._numbers("agent")))
        if self._narrows(*targets):
            # Only one end is looked up in an index: with both, SQLite tries every pair.
            ends.append((link.far + 0 if near else link.far).in_(self._numbers(*targets)))
        return tuple(ends)

    def _numbers(self, *kinds: str) -> sa.Select[Any] | sa.CompoundSelect[Any]:
        """The numbers of the entries of these kinds in this part of the map."""
        if self._connection.dialect.name != "sqlite":
            return sa.union_all(*(self._entries(kind, map_entry.c.number) for kind in kinds))
        if not self._marked:
            _chosen.create(self._connection)
            for one in ("agent", "initiative"):
                if self._narrows(one):
                    # Two countries may use one key. In order, each goes to the end of the table.
                    its = self._entries(one, map_entry.c.number).order_by(map_entry.c.number)
                    mark = _chosen.insert().from_select([_chosen.c.number], its)
                    self._connection.execute(mark.prefix_with("OR IGNORE"))
            self._marked = True
        return sa.select(_chosen.c.number)

    def forget(self) -> None:
        """Take away what was marked to be counted from."""
        if self._marked:
            _chosen.drop(self._connection)

    def _narrows(self, *kinds: str) -> bool:
        """Whether the filter leaves out any entry of these kinds."""
        for kind in kinds:
            if kind not in self._known:
                self._known[kind] = self._leaves_out(kind)
        return any(self._known[kind] for kind in kinds)

    def _leaves_out(self, kind: str) -> bool:
        if any(True for _ in self._tagged(kind)):
            return True
        plainly = list(self._plainly(kind))
        if not plainly:
            return False
        entry = map_entry.c
        others = (entry.kind == kind, entry.hidden == 0, sa.not_(sa.and_(*plainly)))
        return bool(self._connection.execute(sa.select(sa.exists().where(*others))).scalar())

    def _rows(self, query: sa.Select[Any]) -> Rows:
        return tuple(tuple(row) for row in self._connection.execute(query))

    def _names(self, seqs: Sequence[int]) -> dict[int, str]:
        """What the entries at these seqs are called."""
        return {
            seq: str(payload.get("name") or payload.get("title") or "")
            for seq, payload in payloads_of(self._connection, seqs)
        }


def sum_cells(cells: Iterable[Cell], *by: str, kind: str | None = None) -> Rows:
    """The cells summed up by these of their names: `sum_cells(cells, "country", kind="agent")`."""
    sums: Counter[tuple[str, ...]] = Counter()
    for one in cells:
        if kind in (None, one.kind):
            sums[tuple(getattr(one, name) for name in by)] += one.count
    return tuple((*which, count) for which, count in sorted(sums.items()))


@contextmanager
def count_map(store: Store, chosen: MapFilter | None = None) -> Iterator[Totals]:
    """The totals of this part of the map, all read in one transaction."""
    with in_words("see: ncc status"), store.engine.connect() as connection, connection.begin():
        totals = Totals(connection, chosen or MapFilter())
        yield totals
        totals.forget()


def _sum(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.sum(sa.case((condition, 1), else_=0))
