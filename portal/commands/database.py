"""The database as a command meets it: absent, empty, outdated, or ready."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from pathlib import Path

from sqlalchemy import inspect, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, DBAPIError, OperationalError

from portal.backend import Backend
from portal.db.engine import make_engine
from portal.db.version import is_current
from portal.domain.letter import Letterhead
from portal.errors import Refused, Unavailable
from portal.settings.effective import masked

_INSUFFICIENT_PRIVILEGE = "42501"  # PostgreSQL 15 documentation, appendix A
OUTDATED = "Схема базы данных другой версии. Сделайте копию базы и выполните: zhkh-portal migrate"


class Schema(Enum):
    """`OTHER` is older than this program, newer, or somebody else's."""

    ABSENT = "файла ещё нет"
    EMPTY = "таблиц ещё нет"
    OTHER = "не той версии"
    CURRENT = "актуальна"


def schema_of(address: str) -> Schema:
    """Looks only: an SQLite file that is not there is not made.  Raises Unavailable."""
    with answering(address):
        if _is_missing_file(address):
            return Schema.ABSENT
        engine = make_engine(address)
        try:
            with engine.connect() as connection:
                if is_current(connection):
                    return Schema.CURRENT
                return Schema.OTHER if inspect(connection).get_table_names() else Schema.EMPTY
        finally:
            engine.dispose()


def prepare(address: str) -> bool:
    """Make the schema where there is nothing yet; whether it was made.

    Raises Refused: there is another one, and changing it is a decision; Unavailable.
    """
    match schema_of(address):
        case Schema.ABSENT | Schema.EMPTY:
            from portal.db.migrate import upgrade  # noqa: PLC0415 - Alembic: a third of a start

            with answering(address):
                upgrade(address)
            return True
        case Schema.OTHER:
            raise Refused(OUTDATED)
        case Schema.CURRENT:
            return False


def demand(address: str) -> None:
    """Raises Refused unless the database is there with the present schema; Unavailable."""
    match schema_of(address):
        case Schema.ABSENT | Schema.EMPTY:
            raise Refused(f"Базы данных ещё нет: {masked(address)}. Выполните: zhkh-portal migrate")
        case Schema.OTHER:
            raise Refused(OUTDATED)
        case Schema.CURRENT:
            return


@contextmanager
def backend_of(address: str, letterhead: Letterhead | None = None) -> Iterator[Backend]:
    """The doorway for one command; with a `letterhead` residents get letters of what it does.
    Raises Unavailable when the database stops answering.
    """
    with answering(address):
        backend = Backend(address, letterhead=letterhead)
        try:
            yield backend
        finally:
            backend.close()


@contextmanager
def answering(address: str) -> Iterator[None]:
    """A database that is out of reach becomes Unavailable, with the driver's own words."""
    try:
        yield
    except (DBAPIError, ArgumentError, OSError) as fault:
        if not _is_out_of_reach(fault):
            raise
        words = " ".join(str(getattr(fault, "orig", None) or fault).split())
        raise Unavailable(
            f"База данных не отвечает: {masked(address)}. Причина: {words}"
        ) from fault


def _is_out_of_reach(fault: Exception) -> bool:
    """Down, no such database, no permission, not a database: not what a faulty query raises."""
    if isinstance(fault, DBAPIError):
        forbidden = getattr(fault.orig, "sqlstate", None) == _INSUFFICIENT_PRIVILEGE
        return forbidden or type(fault) in {OperationalError, DatabaseError}
    return not isinstance(fault, BrokenPipeError)  # who read our words has left: `… | head`


def _is_missing_file(address: str) -> bool:
    url = make_url(address)
    return url.get_backend_name() == "sqlite" and not Path(url.database or "").exists()
