"""Many rows at once, as fast as each database takes them."""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

MANY = 200
"""Rows from which PostgreSQL takes a copy faster than statements."""

AT_ONCE = 10_000
"""Rows that are made ready before they are handed over."""

ROOM = 64 * 1024
"""KiB of a SQLite file kept at hand while much of it is written; else it is read again and again."""


def among(
    connection: Connection, column: sa.ColumnElement[Any], values: Iterable[str] | Iterable[int]
) -> sa.ColumnElement[bool]:
    """That the column has one of these values, however many: they are one parameter."""
    wanted = sorted(set(values))  # type: ignore[type-var]
    if connection.dialect.name == "sqlite":
        listed = sa.func.json_each(json.dumps(wanted)).table_valued("value")
        return column.in_(sa.select(listed.c.value))
    return column == sa.any_(sa.literal(wanted, sa.ARRAY(column.type)))


@contextmanager
def written_at_once(connection: Connection, *tables: sa.Table) -> Iterator[None]:
    """Around a writing of very many rows into these tables.

    SQLite gets room in memory for it. PostgreSQL looks at the tables at the end: until it has, it
    takes them for what they were, and may count for minutes what it counts in a moment.
    """
    if connection.dialect.name != "sqlite":
        yield
        for table in tables:
            connection.exec_driver_sql(f'ANALYZE "{table.name}"')
        return
    was = connection.exec_driver_sql("PRAGMA cache_size").scalar()
    connection.exec_driver_sql(f"PRAGMA cache_size = -{ROOM}")
    try:
        yield
    finally:
        connection.exec_driver_sql(f"PRAGMA cache_size = {was}")


def insert_rows(connection: Connection, table: sa.Table, rows: Iterable[tuple[Any, ...]]) -> None:
    """Insert rows whose values stand in the order of the table's columns."""
    names = [column.name for column in table.columns]
    coming = iter(rows)
    while some := list(islice(coming, AT_ONCE)):
        _insert(connection, table, names, some)


def _insert(
    connection: Connection, table: sa.Table, names: Sequence[str], rows: list[tuple[Any, ...]]
) -> None:
    if connection.dialect.name == "postgresql" and len(rows) >= MANY:
        _copy(connection, table.name, names, rows)
        return
    mark = "?" if connection.dialect.name == "sqlite" else "%s"
    columns, marks = ", ".join(f'"{name}"' for name in names), ", ".join([mark] * len(names))
    sql = f'INSERT INTO "{table.name}" ({columns}) VALUES ({marks})'  # noqa: S608  # names of ours
    connection.exec_driver_sql(sql, rows)


def _copy(
    connection: Connection, table: str, names: Sequence[str], rows: Sequence[tuple[Any, ...]]
) -> None:
    columns = ", ".join(f'"{name}"' for name in names)
    driver: Any = connection.connection.cursor()
    try:
        with driver.copy(f'COPY "{table}" ({columns}) FROM STDIN') as copy:
            for row in rows:
                copy.write_row(row)
    except connection.dialect.loaded_dbapi.Error as fault:
        raise sa.exc.OperationalError("COPY", None, fault) from fault
    finally:
        driver.close()
