"""Upper and lower case as one, the same on both databases.

SQLite folds only Latin letters, PostgreSQL folds whatever its locale says: neither can be asked to
compare «дог-755» with «ДОГ-755».  So the letters are named: the Latin and the Russian alphabet.
"""

from typing import Any

from sqlalchemy import ColumnElement, String
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

_UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZАБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ"
_LOWER = _UPPER.lower()
_TABLE = str.maketrans(_UPPER, _LOWER)


class Folded(FunctionElement[str]):
    """`Folded(column)`: deterministic and made of built-in functions, so an index can hold it."""

    type = String()
    inherit_cache = True
    name = "folded"

    def __init__(self, column: ColumnElement[Any]) -> None:
        super().__init__(column)


def fold(text: str) -> str:
    """What `Folded` makes of `text`."""
    return text.translate(_TABLE)


@compiles(Folded, "postgresql")
def _translate(element: Folded, compiler: Any, **options: Any) -> str:  # noqa: ANN401 - SQLAlchemy's
    column = compiler.process(element.clauses, **options)
    return f"translate({column}, '{_UPPER}', '{_LOWER}')"


@compiles(Folded, "sqlite")
def _replace(element: Folded, compiler: Any, **options: Any) -> str:  # noqa: ANN401 - SQLAlchemy's
    text = f"lower({compiler.process(element.clauses, **options)})"
    for upper, lower in zip(_UPPER, _LOWER, strict=True):
        if not upper.isascii():
            text = f"replace({text}, '{upper}', '{lower}')"
    return text
