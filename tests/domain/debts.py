"""Random debts and payments of one resident."""

from datetime import date, timedelta

from hypothesis import strategies as st

from portal.domain.debt import Debt, Layer, Paid
from portal.domain.money import Money
from portal.domain.period import Period

DUE = date(2026, 4, 15)
MARCH = Period(2026, 3)
YEAR_END = date(2026, 12, 31)

sums = st.integers(1, 10_000_00).map(Money)
days = st.dates(date(2026, 1, 1), date(2026, 12, 31))
periods = st.builds(Period, st.just(2026), st.integers(1, 8))
payments = st.lists(st.builds(Paid, days, sums, st.none() | periods), max_size=6)


def owed(kopecks: int, *, is_capital_repair: bool = False) -> Debt:
    """The bill of March 2026."""
    return Debt(MARCH, DUE, Money(kopecks), is_capital_repair)


def late(count: int) -> date:
    """The day number `count` of delay."""
    return DUE + timedelta(count)


def whole(kopecks: int, day: date, *, is_capital_repair: bool = False) -> Layer:
    """A debt that was paid at once."""
    debt = owed(kopecks, is_capital_repair=is_capital_repair)
    return Layer(debt, (Paid(day, Money(kopecks)),))


@st.composite
def bills(draw, count: int = 5) -> list[Debt]:
    """Of different months, in any order."""
    months = draw(st.lists(periods, max_size=count, unique=True))
    return [
        Debt(month, month.shifted(1).first_day.replace(day=15), draw(sums), draw(st.booleans()))
        for month in months
    ]
