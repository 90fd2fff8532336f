"""A database of today's program carried back into the schema of an earlier one."""

from collections.abc import Sequence

from alembic import command
from sqlalchemy import Connection, bindparam, func, inspect, select, text

from portal.backend import Backend
from portal.db.base import Base, table_of
from portal.db.engine import make_engine, writing
from portal.db.migrate import _config, upgrade
from portal.db.schema import METADATA
from portal.db.session import Session
from portal.services.audit import audit


def carried_back(backend: Backend, address: str, revision: str) -> str:
    """`address`, whose blank database gets the schema of `revision` and `backend`'s rows."""
    engine = make_engine(address)
    with writing(engine) as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        backend.read_now(lambda session: _carry(session, connection))
    engine.dispose()
    return address


def brought_up(
    before: Backend, address: str, revision: str, summed: Sequence[tuple[type[Base], str]]
) -> Backend:
    """`before` carried back and upgraded again: its sums hold, and its journal does."""
    upgrade(carried_back(before, address, revision))
    after = Backend(address, clock=before.clock)
    assert sums(after, summed) == sums(before, summed)
    assert after.read_now(audit) == ()
    continues_counting(after)
    return after


def sums(backend: Backend, summed: Sequence[tuple[type[Base], str]]) -> list[int]:
    """The sum of each column and how many rows there are."""

    def count(session: Session) -> list[int]:
        pairs = [(func.sum(table_of(model).c[name]), func.count()) for model, name in summed]
        return [
            number
            for (model, _), pair in zip(summed, pairs, strict=True)
            for number in session.execute(select(*pair).select_from(table_of(model))).one()
        ]

    return backend.read_now(count)


def continues_counting(backend: Backend) -> None:
    """PostgreSQL's sequences have not heard of the rows that were carried."""
    if backend.engine.dialect.name == "postgresql":
        with writing(backend.engine) as connection:
            for table in METADATA.sorted_tables:
                last = f"SELECT coalesce(max(id), 0) + 1 FROM {table.name}"
                connection.execute(text(f"SELECT setval('{table.name}_id_seq', ({last}), false)"))


def _carry(session: Session, there: Connection) -> None:
    looked = inspect(there)
    names = set(looked.get_table_names())
    for table in (table for table in METADATA.sorted_tables if table.name in names):
        columns = [table.c[each["name"]] for each in looked.get_columns(table.name)]
        rows = session.execute(select(*columns).order_by(table.c.id)).mappings().all()
        if not rows:
            continue
        words = ", ".join(column.name for column in columns)
        places = ", ".join(f":{column.name}" for column in columns)
        insertion = text(f"INSERT INTO {table.name} ({words}) VALUES ({places})").bindparams(
            *(bindparam(column.name, type_=column.type) for column in columns)
        )
        there.execute(insertion, [dict(row) for row in rows])
