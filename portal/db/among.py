"""`column IN (…)` for a list that comes with the call.

SQLAlchemy's own list parameters are written out anew at each execution, which costs more than
running a small statement does.  Here a statement has a fixed number of places, a power of two, and
is made once; the places that are left over repeat the last value.

Lists are of some thousands at most: SQLite takes 32 766 parameters a statement, PostgreSQL 65 535.
"""

from collections.abc import Collection, Iterator, Sequence
from typing import Any, Final, TypeVar

from sqlalchemy import ColumnElement, bindparam

T = TypeVar("T")
AT_ONCE: Final = 1000


def portions(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """Of a list of any length the lists that one statement takes."""
    for start in range(0, len(values), AT_ONCE):
        yield values[start : start + AT_ONCE]


def places_for(values: Collection[object]) -> int:
    """The smallest power of two that has room for all of them."""
    return 1 << (max(len(values), 1) - 1).bit_length()


def is_among(column: ColumnElement[Any], name: str, places: int) -> ColumnElement[bool]:
    """A condition that `among(name, …)` gives the values of.  No values: nothing is among them."""
    return column.in_([bindparam(f"{name}_{place}", type_=column.type) for place in range(places)])


def among(name: str, values: Collection[Any]) -> dict[str, Any]:
    """The parameters of `is_among(…, name, places_for(values))`."""
    padded = list(values) or [None]
    padded += padded[-1:] * (places_for(values) - len(padded))
    return {f"{name}_{place}": value for place, value in enumerate(padded)}
