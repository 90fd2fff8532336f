"""Many rows of one table at once.

SQLAlchemy gets the ids of inserted rows in the order of its parameters only by inserting one row
after the other (SQLite), or a few hundred at a time with each value bound by itself (PostgreSQL).
A month of a large house is thousands of rows: here their ids are taken first and the rows follow
in one statement.  They are worked at by columns, most of which hold one kind of value.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from itertools import repeat
from typing import Any, Final

import orjson
from sqlalchemy import JSON, Dialect, Select, Table, func, select, text

from portal.db.session import Session

AT_ONCE: Final = 5000
"""Rows a statement: some megabytes."""

Columns = Mapping[str, Sequence[Any]]
"""The values of some rows, by the names of their columns."""
Processor = Callable[[Any], Any] | None


def insert_many(session: Session, table: Table, columns: Columns) -> list[int]:
    """Rows with all columns but the id; ids in their order.  The transaction must be one that
    writes: on SQLite no other may be beside it.
    """
    ids = reserved(session, table, len(next(iter(columns.values()))))
    put = _put_postgresql if session.is_postgresql else _put_sqlite
    put(session, table, {"id": ids} | _stored(table, session.connection.dialect, columns))
    return ids


def each(make: Processor, values: Sequence[Any]) -> Sequence[Any]:
    """What `make` makes of each; of one object that all of them are only once."""
    if make is None:
        return values
    first = values[0]
    if all(value is first for value in values):
        return [make(first)] * len(values)
    return list(map(make, values))


def _stored(table: Table, dialect: Dialect, columns: Columns) -> dict[str, Sequence[Any]]:
    """Without those that are NULL in all rows: the driver takes its time for each of them."""
    given = table.columns
    return {
        name: each(make, columns[name])
        for name, make in _processors(table, dialect)
        if given[name].server_default is not None or not _is_null(columns[name])
    }


def _is_null(values: Sequence[Any]) -> bool:
    return values[0] is None and values.count(None) == len(values)


def reserved(session: Session, table: Table, count: int) -> list[int]:
    """The ids that the database itself would give to as many rows.  The transaction must be one
    that writes.
    """
    if session.is_postgresql:
        asked = {"sequence": f"{table.name}_id_seq", "count": count}
        return list(session.scalars(_NEXT, asked))
    top = session.scalar(_top(table))
    return list(range(top + 1, top + 1 + count))


_NEXT: Final = text("SELECT nextval(CAST(:sequence AS regclass)) FROM generate_series(1, :count)")


@cache
def _top(table: Table) -> Select[Any]:
    return select(func.coalesce(func.max(table.c.id), 0))


def _put_sqlite(session: Session, table: Table, stored: Columns) -> None:
    statement = _by_places(table, tuple(stored))
    session.connection.exec_driver_sql(statement, list(zip(*stored.values(), strict=True)))


def _put_postgresql(session: Session, table: Table, stored: Columns) -> None:
    """As documents: a thousand parameters cost the driver more than the server a document."""
    names = tuple(stored)
    statement = _by_document(table, names, session.connection.dialect)
    rows = [dict(zip(names, row, strict=True)) for row in zip(*stored.values(), strict=True)]
    for first in range(0, len(rows), AT_ONCE):
        document = orjson.dumps(rows[first : first + AT_ONCE]).decode()
        session.connection.exec_driver_sql(statement, (document,))


@cache
def _processors(table: Table, dialect: Dialect) -> tuple[tuple[str, Processor], ...]:
    """What makes the stored value of each column.  In a document JSON stands as it is."""
    is_document = dialect.name == "postgresql"
    return tuple(
        (
            column.name,
            None
            if is_document and isinstance(column.type, JSON)
            else column.type.dialect_impl(dialect).bind_processor(dialect),
        )
        for column in table.columns
        if column.name != "id"
    )


@cache
def _by_places(table: Table, names: tuple[str, ...]) -> str:
    places = ", ".join(repeat("?", len(names)))
    return f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({places})"  # noqa: S608 - names


@cache
def _by_document(table: Table, names: tuple[str, ...], dialect: Dialect) -> str:
    listed = ", ".join(names)
    kinds = ", ".join(f"{name} {table.columns[name].type.compile(dialect)}" for name in names)
    return (
        f"INSERT INTO {table.name} ({listed}) SELECT {listed} "  # noqa: S608 - of our own tables
        f"FROM json_to_recordset(CAST(%s AS json)) AS document ({kinds})"
    )
