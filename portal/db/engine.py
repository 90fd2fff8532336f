"""Connections: SQLite or PostgreSQL behind one address."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final

import orjson
import pysqlite3
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine import URL
from sqlalchemy.pool import PoolProxiedConnection

from portal.errors import Unavailable

# Older ones can lose committed pages when two connections checkpoint at the same instant:
# sqlite.org, release notes of 3.51.3, "WAL-reset bug".
SQLITE_FLOOR = (3, 51, 3)
# A silent server must not hold a thread for ever: seconds to connect, milliseconds of silence on
# the wire, milliseconds a statement (a load's largest takes seconds).  With the server's own 4 for
# a page out of turn, which is of turning disks, a table of a few pages is looked through from end
# to end: a session that once planned so the check of a foreign key does it as long as the table
# grows, and a month's charges take longer with each chunk.
_POSTGRESQL_LIMITS = {
    "connect_timeout": 5,
    "tcp_user_timeout": 15_000,
    "options": "-c statement_timeout=60000 -c random_page_cost=1.1",
}
# A fault is logged with its statement, never with the values: they are people's.
_COMMON: Final[dict[str, Any]] = {
    "pool_size": 8,
    "max_overflow": 8,
    "hide_parameters": True,
    "json_serializer": lambda value: orjson.dumps(value).decode(),
    "json_deserializer": orjson.loads,
}
_BEGIN: Final = ContextVar("_BEGIN", default="BEGIN")


class SqliteDialect(SQLiteDialect_pysqlite):
    """Begins transactions itself: the driver would only before the first change.  A "begin"
    listener could do it too, but each statement pays for an engine that has listeners.
    """

    supports_statement_cache = True

    def do_begin(self, dbapi_connection: PoolProxiedConnection) -> None:
        cursor = dbapi_connection.cursor()
        cursor.execute(_BEGIN.get())
        cursor.close()


registry.register("sqlite.zkh", __name__, SqliteDialect.__name__)


def make_engine(address: str) -> Engine:
    """An engine for `sqlite:///file`, or `postgresql://…` (through psycopg 3).

    Raises Unavailable: another kind of database, or an SQLite library with a known defect.
    """
    url = make_url(address)
    match url.get_backend_name():
        case "sqlite":
            return _sqlite_engine(url)
        case "postgresql":
            url = url.set(drivername="postgresql+psycopg")
            return create_engine(
                url, pool_pre_ping=True, connect_args=_POSTGRESQL_LIMITS, **_COMMON
            )
        case other:
            raise Unavailable(f"База данных вида «{other}» не поддерживается")


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that takes SQLite's write lock at once: one that begins by reading and then
    writes would fail at once instead of waiting its turn.
    """
    with engine.connect() as connection:
        token = _BEGIN.set("BEGIN IMMEDIATE")
        try:
            transaction = connection.begin()
        finally:
            _BEGIN.reset(token)
        with transaction:
            yield connection


def sqlite_version() -> str:
    return str(pysqlite3.sqlite_version)


def _sqlite_engine(url: URL) -> Engine:
    if pysqlite3.sqlite_version_info < SQLITE_FLOOR:
        raise Unavailable(f"SQLite {sqlite_version()} теряет данные, нужна 3.51.3 или новее")
    engine = create_engine(
        url.set(drivername="sqlite+zkh"),
        module=pysqlite3,
        connect_args={"timeout": 30, "check_same_thread": False},
        **_COMMON,
    )
    event.listen(engine, "connect", _prepare)
    return engine


def _prepare(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver has no types
    connection.isolation_level = None  # the driver begins nothing by itself; the dialect does
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
