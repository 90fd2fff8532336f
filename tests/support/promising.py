"""An operator who takes residents' word, and residents who give it."""

from datetime import date, datetime, timedelta

from portal.backend import Backend
from portal.db.promises import Promise, PromiseTerms
from portal.domain.money import Money
from portal.services.promising import Word, promise
from tests.builders import NOW, Flat, House

DAYS = 10
DUE = date(2026, 12, 4)
"""Of a promise of the builders' today."""


def takes_promises(
    house: House, least: str = "100", most: str = "5000", debt_max: str | None = "20000"
) -> None:
    house.adds(
        PromiseTerms, operator_id=house.operator_id, amount_min=Money.parse(least),
        amount_max=Money.parse(most), days=DAYS,
        debt_max=None if debt_max is None else Money.parse(debt_max),
    )  # fmt: skip


def promises(
    backend: Backend,
    flat: Flat,
    amount: str = "1000",
    *,
    key: str = "k" * 32,
    due_on: date = DUE,
    now: datetime = NOW,
) -> None:
    word = Word(key, flat.id, Money.parse(amount), due_on)
    backend.write_now(promise, flat.person.id, word, now)


def has_promised(flat: Flat, amount: str, days_ago: int) -> None:
    """At the builders' time of the day."""
    made = flat.house.now - timedelta(days_ago)
    flat.house.adds(
        Promise, agreement_id=flat.id, key=flat.house.unique("promise-of-a-form"),
        amount=Money.parse(amount), promised_on=made.date(),
        due_on=made.date() + timedelta(DAYS), created_at=made,
    )  # fmt: skip
