"""Column types: the domain's values in, the domain's values out, integers in between."""

from datetime import UTC, datetime
from functools import lru_cache

from sqlalchemy import BigInteger, DateTime, Dialect, Integer, String
from sqlalchemy.types import TypeDecorator

from portal.domain.money import Money
from portal.domain.period import Period
from portal.domain.quantity import Price, Quantity

# SQLite gives only INTEGER PRIMARY KEY its row id.
WholeNumber = BigInteger().with_variant(Integer(), "sqlite")


class MoneyType(TypeDecorator[Money]):
    """Kopecks."""

    impl = WholeNumber
    cache_ok = True

    def process_bind_param(self, value: Money | None, dialect: Dialect) -> int | None:
        return None if value is None else value.kopecks

    def process_result_value(self, value: int | None, dialect: Dialect) -> Money | None:
        return None if value is None else Money(int(value))


class QuantityType(TypeDecorator[Quantity]):
    """Millionths of a unit."""

    impl = WholeNumber
    cache_ok = True

    def process_bind_param(self, value: Quantity | None, dialect: Dialect) -> int | None:
        return None if value is None else value.micro

    def process_result_value(self, value: int | None, dialect: Dialect) -> Quantity | None:
        return None if value is None else Quantity(int(value))


class PriceType(TypeDecorator[Price]):
    """Millionths of a rouble."""

    impl = WholeNumber
    cache_ok = True

    def process_bind_param(self, value: Price | None, dialect: Dialect) -> int | None:
        return None if value is None else value.micro

    def process_result_value(self, value: int | None, dialect: Dialect) -> Price | None:
        return None if value is None else Price(int(value))


class PeriodType(TypeDecorator[Period]):
    """«2014-05»: sorts as text in the order of time."""

    impl = String(7)
    cache_ok = True

    def process_bind_param(self, value: Period | None, dialect: Dialect) -> str | None:
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Period | None:
        return None if value is None else _parsed(value)


_parsed = lru_cache(maxsize=1024)(Period.parse)  # thousands of rows are of the same few months


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, stored in UTC; a naive one is a programmer's mistake."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise TypeError("a moment without a zone")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
