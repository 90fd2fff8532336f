"""What the demonstration's database is loaded with, through the same door as an operator's file."""

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from importlib.resources import files
from typing import Any

from portal.db.session import Session
from portal.domain.period import Period
from portal.imports.book import Book, book_of
from portal.imports.demo.afterwards import mistaken_payments
from portal.imports.demo.house import house_document
from portal.imports.demo.payments import payments
from portal.imports.demo.timeline import Timeline

MANUAL = "manual.toml"


def demo_books(today: date) -> list[Book]:
    """In this order.  The same day gives the same books; another day's do not fit beside them, so
    a demonstration is loaded once.

    `today` is the house's (Moscow's); everything in the books lies before the end of it.
    """
    manual = tomllib.loads(files(__package__).joinpath(MANUAL).read_text("utf-8"))
    for resident in manual["residents"]:
        resident["must_change_password"] = False  # whoever looks at it signs in again and again
    return [_invented(MANUAL, manual), _invented("demo-house", house_document(today))]


def payments_book(session: Session, time: Timeline, period: Period) -> Book:
    """Of the month after `period`, whose bills were issued."""
    return _invented(f"demo-payments-{period}", {"payments": payments(session, time, period)})


def mistaken_book(now: datetime) -> Book:
    """Of a sum that goes back."""
    return _invented("demo-mistaken", {"payments": mistaken_payments(now)})


def _invented(name: str, document: Mapping[str, Any]) -> Book:
    return replace(book_of(name, document), is_invented=True)
