"""The demonstration: the manual's own example, and a house of 40 flats that lives today.

Both go through the same door as an operator's file.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from importlib.resources import files
from typing import Any

from portal.imports.book import Book, book_of
from portal.imports.demo.house import house_document

MANUAL = "manual.toml"


def demo_books(today: date) -> list[Book]:
    """What the demonstration's database is loaded with, in this order.  The same day gives the
    same books; another day's do not fit beside them, so a demonstration is loaded once.

    `today` is the house's (Moscow's); everything in the books lies before the end of it.
    """
    manual = tomllib.loads(files(__package__).joinpath(MANUAL).read_text("utf-8"))
    for resident in manual["residents"]:
        resident["must_change_password"] = False  # whoever looks at it signs in again and again
    return [_invented(MANUAL, manual), _invented("demo-house", house_document(today))]


def _invented(name: str, document: Mapping[str, Any]) -> Book:
    return replace(book_of(name, document), is_invented=True)
