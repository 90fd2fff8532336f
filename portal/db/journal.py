"""Writing rows so that no row can later vanish or change unnoticed.

Every row goes in (or, for descriptive data, is changed) through this module, which notes a
digest of its content.  When the transaction ends, `seal` stores them all in one `AuditRecord`.
The audit compares the tables with those claims: a row that is missing, altered or that nobody
wrote through here is named.  It guards against accidents and hands in the database, not against
somebody who rewrites the journal as well.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import Column, Table, insert, select, update
from sqlalchemy.sql.dml import ReturningInsert

from portal.db.audit_records import AuditRecord
from portal.db.base import Base, table_of
from portal.db.bulk import Columns, insert_many, reserved
from portal.db.digest import digest, digests
from portal.db.session import Session

Row = Mapping[str, Any]
# A claim is a digest; of a changed row followed by the one that it replaces, so that the journal
# lacks no link: "a1b2<c3d4".
REPLACES = "<"
ITSELF = "itself"
# From so many rows on it pays to ask for their ids first.
MANY: Final = 16
_CLAIMS = "claims"
_CHANGES = "changes"


def add(session: Session, model: type[Base], **values: Any) -> int:  # noqa: ANN401 - columns
    """Insert one row and claim it; columns that are not named are NULL.  Returns its id."""
    table = table_of(model)
    row = _whole(table, values)
    row_id = session.execute(_insertion(table), row).scalar_one()
    _claims(session, table)[str(row_id)] = digest(table, row)
    return int(row_id)


def add_all(session: Session, model: type[Base], rows: Sequence[Row]) -> list[int]:
    """Insert many rows of one table at once; ids in the order of `rows`."""
    if not rows:
        return []
    table = table_of(model)
    if len(rows) >= MANY:
        return _add_columns(session, table, len(rows), _columns(table, rows))
    whole = [_whole(table, row) for row in rows]
    if len(rows) == 1:
        ids = [int(session.execute(_insertion(table), whole[0]).scalar_one())]
    else:
        ids = [int(row_id) for row_id in session.execute(_insertions(table), whole).scalars()]
    claims = _claims(session, table)
    claims.update({str(i): digest(table, row) for i, row in zip(ids, whole, strict=True)})
    return ids


def add_columns(session: Session, model: type[Base], columns: Columns) -> list[int]:
    """`add_all` of rows that are at hand by columns."""
    count = len(next(iter(columns.values()), ()))
    if count >= MANY:
        return _add_columns(session, table_of(model), count, columns)
    rows = zip(*columns.values(), strict=True)
    return add_all(session, model, [dict(zip(columns, row, strict=True)) for row in rows])


def _add_columns(session: Session, table: Table, count: int, columns: Columns) -> list[int]:
    _refuse_unknown(table, columns)
    nothing = {name: [absent] * count for name, absent in _nothing(table).items()}
    whole: dict[str, Sequence[Any]] = {**nothing, **columns}
    for name, (source, make) in _made_columns(table):
        whole[name] = [None if value is None else make(value) for value in whole[source]]
    ids = insert_many(session, table, whole)
    _claims(session, table).update(zip(map(str, ids), digests(table, whole), strict=True))
    return ids


def add_numbered(session: Session, model: type[Base], row_of: Callable[[int], Row]) -> int:
    """Insert one row whose columns tell its own id, as `row_of` makes them of it."""
    table = table_of(model)
    (row_id,) = reserved(session, table, 1)
    row = _whole(table, row_of(row_id))
    session.execute(insert(table), row | {"id": row_id})
    _claims(session, table)[str(row_id)] = digest(table, row)
    return row_id


def change(session: Session, model: type[Base], row_id: int, **values: Any) -> None:  # noqa: ANN401 - columns
    """Change descriptive columns of one row and claim its new content.  Money, readings and
    prices are never changed: for them there is only `add`.
    """
    table = table_of(model)
    claims = _claims(session, table)
    ours = claims.get(str(row_id)) or REPLACES + _stored_digest(session, table, row_id)
    changed = dict(values) | _made(table, values)
    session.execute(update(table).where(table.c.id == row_id).values(changed))
    _, mark, replaced = ours.partition(REPLACES)
    claims[str(row_id)] = _stored_digest(session, table, row_id) + mark + replaced


def note(session: Session, **changes: object) -> None:
    """Words for the audit record of this transaction, such as before and after."""
    session.info.setdefault(_CHANGES, {}).update(changes)


def seal(session: Session, actor: str, action: str, at: datetime) -> int | None:
    """Store this transaction's audit record, if it wrote anything; its id.  The record vouches for
    itself as well: under its own table it claims the digest of all the rest.
    """
    claims = session.info.pop(_CLAIMS, {})
    changes = session.info.pop(_CHANGES, {})
    if not claims and not changes:
        return None
    table = table_of(AuditRecord)
    row = {"actor": actor, "action": action, "at": at, "changes": changes, "claims": claims}
    claims[_name(table)] = {ITSELF: digest(table, row)}
    return int(session.execute(_insertion(table), row).scalar_one())


def _stored_digest(session: Session, table: Table, row_id: int) -> str:
    # Locked: a writer beside us must not change what this one says that it has replaced.
    whole = select(table).where(table.c.id == row_id).with_for_update(key_share=True)
    row = session.execute(whole).mappings().one()
    return digest(table, dict(row))


@cache
def _insertion(table: Table) -> ReturningInsert[tuple[Any]]:
    return insert(table).returning(table.c.id)


@cache
def _insertions(table: Table) -> ReturningInsert[tuple[Any]]:
    return insert(table).returning(table.c.id, sort_by_parameter_order=True)


def _whole(table: Table, values: Row) -> dict[str, Any]:
    _refuse_unknown(table, values)
    row = _nothing(table) | dict(values)
    return row | _made(table, row)


def _columns(table: Table, rows: Sequence[Row]) -> Columns:
    nothing, names = _nothing(table), dict.fromkeys(name for row in rows for name in row)
    return {name: [row.get(name, nothing.get(name)) for row in rows] for name in names}


def _refuse_unknown(table: Table, values: Row) -> None:
    unknown = values.keys() - _nothing(table).keys()
    if unknown:
        raise KeyError(f"{table.name}: {sorted(unknown)}")


@cache
def _nothing(table: Table) -> dict[str, Any]:
    """A row of NULLs, and of what later columns have where nothing is said of them."""
    columns: list[Column[Any]] = list(table.columns)
    return {column.name: column.info.get("absent") for column in columns if column.name != "id"}


def _made(table: Table, values: Row) -> dict[str, Any]:
    """The columns that are made of those in `values`."""
    return {
        name: None if values[source] is None else make(values[source])
        for name, (source, make) in _made_columns(table)
        if source in values
    }


@cache
def _made_columns(table: Table) -> tuple[tuple[str, Any], ...]:
    columns: list[Column[Any]] = list(table.columns)
    return tuple(
        (column.name, column.info["made_of"]) for column in columns if "made_of" in column.info
    )


def _claims(session: Session, table: Table) -> dict[str, str]:
    claims: dict[str, dict[str, str]] = session.info.setdefault(_CLAIMS, {})
    return claims.setdefault(_name(table), {})


def _name(table: Table) -> str:
    """SQLAlchemy's names are of a class of their own, which is no key in JSON."""
    return str(table.name)
