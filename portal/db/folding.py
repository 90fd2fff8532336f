"""Upper and lower case as one, for names that people type.

SQLite folds only Latin letters, PostgreSQL folds whatever its locale says: neither can be asked to
compare «дог-755» with «ДОГ-755».  So the folded name is a column of its own.
"""

from typing import Any

_UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZАБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ"
_TABLE = str.maketrans(_UPPER, _UPPER.lower())


def fold(text: str) -> str:
    """The Latin and the Russian alphabet in small letters; everything else as it is."""
    return text.translate(_TABLE)


def folded_from(name: str) -> dict[str, Any]:
    """The `info` of a column that holds the folded text of the column `name`."""
    return {"made_of": (name, fold)}
