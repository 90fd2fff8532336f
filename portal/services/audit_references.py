"""The schema's own promises: it is the present one, and no reference leads nowhere."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Column, ForeignKey, Select, Table, select

from portal.db.schema import METADATA
from portal.db.session import Session
from portal.db.version import is_current
from portal.services.audit_finding import Finding, Rule


def schema_findings(session: Session) -> Iterator[Finding]:
    """A database that says it is of another version than this program."""
    if not is_current(session.connection):
        yield Finding(Rule.SCHEMA, "alembic_version", 0, "схема базы не той версии: нужен migrate")


def reference_findings(session: Session) -> Iterator[Finding]:
    """References to rows that are not there, though the databases should not let them arise: not
    streamed, for what finds nothing needs no cursor of the database's, and there are a hundred.
    """
    for reference in _references():
        for row in session.execute(reference.lost):
            place = f"{reference.target} {row.target_id}"
            sentence = f"{reference.column} ведет к {place}, а такой строки нет"
            yield Finding(Rule.REFERENCE, reference.table, row.id, sentence)


@dataclass(frozen=True, slots=True)
class _Reference:
    """A foreign key, and the query for rows whose target is not there."""

    table: str
    column: str
    target: str
    lost: Select[Any]


@cache
def _references() -> tuple[_Reference, ...]:
    """Built once: the aliases of all tables take their time."""
    return tuple(
        _reference(table, key)
        for table in METADATA.sorted_tables
        for key in sorted(table.foreign_keys, key=lambda key: key.parent.name)
    )


def _reference(table: Table, key: ForeignKey) -> _Reference:
    column: Column[int] = table.c[key.parent.name]
    target = key.column.table.alias("target")
    lost = (
        select(table.c.id, column.label("target_id"))
        .outerjoin(target, target.c.id == column)
        .where(column.is_not(None), target.c.id.is_(None))
    )
    return _Reference(table.name, column.name, key.column.table.name, lost)
