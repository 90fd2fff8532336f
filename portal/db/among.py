"""`column IN (…)` for a list that comes with the call.

SQLAlchemy's own list parameters are written out anew at each execution, which costs more than
running a small statement does.  Here a short list has a fixed number of places, a power of two, so
that a statement is made once; the places that are left over repeat the last value.  A longer list
is one parameter: both drivers and both databases take their time for each.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any, Final, Self, TypeVar

import orjson
from sqlalchemy import Boolean, ColumnElement, Dialect, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.operators import OperatorType
from sqlalchemy.types import UserDefinedType

T = TypeVar("T")
AT_ONCE: Final = 1000
_FEW: Final = 16


def portions(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """Of a list of any length the lists that one statement takes."""
    for start in range(0, len(values), AT_ONCE):
        yield values[start : start + AT_ONCE]


def places_for(values: Collection[object]) -> int:
    """The smallest power of two that has room for all of them."""
    return 1 << (max(len(values), 1) - 1).bit_length()


def is_among(column: ColumnElement[Any], name: str, places: int) -> ColumnElement[bool]:
    """A condition that `among(name, …)` gives the values of: numbers or texts.  No values: nothing
    is among them.
    """
    if places > _FEW:
        return _Among(column, bindparam(f"{name}_listed", type_=_Listed()))
    return column.in_([bindparam(f"{name}_{place}", type_=column.type) for place in range(places)])


def among(name: str, values: Collection[Any]) -> dict[str, Any]:
    """The parameters of `is_among(…, name, places_for(values))`."""
    padded = list(values) or [None]
    if len(padded) > _FEW:
        return {f"{name}_listed": padded}
    padded += padded[-1:] * (places_for(values) - len(padded))
    return {f"{name}_{place}": value for place, value in enumerate(padded)}


class _Listed(UserDefinedType[Any]):
    """A list in the words of the database: a document of SQLite's, an array of PostgreSQL's."""

    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], str]:
        return _array if dialect.name == "postgresql" else _document


def _document(values: Sequence[Any]) -> str:
    return orjson.dumps(values).decode()


def _array(values: Sequence[Any]) -> str:
    return "{" + ",".join(map(_element, values)) + "}"


def _element(value: int | str | None) -> str:
    if not isinstance(value, str):
        return "NULL" if value is None else str(value)
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


class _Among(FunctionElement[bool]):
    type = Boolean()
    inherit_cache = True

    def self_group(self, against: OperatorType | None = None) -> Self:  # noqa: ARG002 - whichever
        """Bare: as any other function SQLite would be asked for `… = 1`, for which it looks
        through the whole table.
        """
        return self


@compiles(_Among, "sqlite")
def _among_document(element: _Among, compiler: SQLCompiler, **how: Any) -> str:  # noqa: ANN401 - its own
    column, values = (compiler.process(clause, **how) for clause in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({values}))"  # noqa: S608 - of our own columns


@compiles(_Among, "postgresql")
def _among_array(element: _Among, compiler: SQLCompiler, **how: Any) -> str:  # noqa: ANN401 - its own
    """Cast to what the column is: a parameter of no kind is planned as the array that it is."""
    column, values = (compiler.process(clause, **how) for clause in element.clauses)
    kind = next(iter(element.clauses)).type.compile(compiler.dialect)
    return f"{column} = ANY (CAST({values} AS {kind}[]))"
