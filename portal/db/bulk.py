"""Many rows of one table at once.

SQLAlchemy gets the ids of inserted rows in the order of its parameters only by inserting one row
after the other (SQLite), or a few hundred at a time with each value bound by itself (PostgreSQL).
A month of a large house is thousands of rows: here their ids are taken first and the rows follow
in one statement, twice as fast.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, Final

import orjson
from sqlalchemy import JSON, Dialect, Select, Table, func, select, text

from portal.db.session import Session

AT_ONCE: Final = 5000
"""Rows a statement: some megabytes."""

Row = Mapping[str, Any]
Processor = Callable[[Any], Any] | None


def insert_many(session: Session, table: Table, rows: Sequence[Row]) -> list[int]:
    """Rows that have a value for each column but the id; ids in their order.  The transaction must
    be one that writes: on SQLite no other may be beside it.
    """
    ids = reserved(session, table, len(rows))
    put = _put_postgresql if session.is_postgresql else _put_sqlite
    for first in range(0, len(rows), AT_ONCE):
        part = slice(first, first + AT_ONCE)
        put(session, table, ids[part], rows[part])
    return ids


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


def _put_sqlite(session: Session, table: Table, ids: Sequence[int], rows: Sequence[Row]) -> None:
    dialect = session.connection.dialect
    columns = _columns(table, dialect)
    stored = [
        (row_id, *[make(row[name]) if make else row[name] for name, make in columns])
        for row_id, row in zip(ids, rows, strict=True)
    ]
    session.connection.exec_driver_sql(_by_places(table), stored)


def _put_postgresql(
    session: Session, table: Table, ids: Sequence[int], rows: Sequence[Row]
) -> None:
    """As one document: a thousand parameters cost the driver more than the server a document."""
    dialect = session.connection.dialect
    columns = _columns(table, dialect)
    stored = [
        {"id": row_id, **{name: make(row[name]) if make else row[name] for name, make in columns}}
        for row_id, row in zip(ids, rows, strict=True)
    ]
    statement = _by_document(table, dialect)
    session.connection.exec_driver_sql(statement, (orjson.dumps(stored).decode(),))


@cache
def _columns(table: Table, dialect: Dialect) -> tuple[tuple[str, Processor], ...]:
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
def _by_places(table: Table) -> str:
    names = ["id", *(column.name for column in table.columns if column.name != "id")]
    places = ", ".join("?" for _ in names)
    return f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({places})"  # noqa: S608 - names


@cache
def _by_document(table: Table, dialect: Dialect) -> str:
    names = ", ".join(column.name for column in table.columns)
    kinds = ", ".join(f"{each.name} {each.type.compile(dialect)}" for each in table.columns)
    return (
        f"INSERT INTO {table.name} ({names}) SELECT {names} "  # noqa: S608 - of our own tables
        f"FROM json_to_recordset(CAST(%s AS json)) AS document ({kinds})"
    )
