"""Whether a reference that hardly any row has is missing.

Where such a column has a unique index, SQLite takes NULL for one value more, expects a single row
of it, and goes through that index rather than through the right one: through nearly the whole
table, for each row of the other side.  An expression of the column no index answers.
"""

from typing import Any, Final

from sqlalchemy import ColumnElement, func, literal_column

_NOBODY: Final[ColumnElement[int]] = literal_column("0")
"""Ids begin with 1."""


def is_unset(reference: ColumnElement[Any]) -> ColumnElement[bool]:
    """`reference IS NULL`, for a unique column of ids."""
    return func.coalesce(reference, _NOBODY) == _NOBODY
