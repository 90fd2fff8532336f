"""«Расход средств»: what was charged in one month, and the twelve months around it."""

from dataclasses import dataclass
from datetime import date, datetime

from portal.domain.money import Money
from portal.domain.period import Period
from portal.domain.quantity import Price, Quantity, cost


@dataclass(frozen=True, slots=True)
class ChargeLine:
    """One charge as it is shown.  A reversal has a negative amount and `is_reversal`."""

    charge_id: int
    account_id: int
    account_login: str
    tariff: str
    service: str
    unit: str
    is_periodic: bool
    amount: Money
    volume: Quantity
    price: Price
    posted_at: datetime
    is_reversal: bool
    value: str
    """The reading as a number, «12547»; empty without a reading."""
    taken_on: date | None
    previous_value: str
    previous_on: date | None
    photo_id: int | None = None
    """The photo of the meter that came with the reading, while it is kept."""

    @property
    def formula(self) -> str:
        """How the number came about: «14235 − 13721 = 514; 514 × 2,79 ₽ = 1 434,06 ₽».  A raised
        norm's excess and a recalculation are differences of rounded sums: a kopeck may lie between.
        """
        is_product = cost(self.volume, self.price) == self.amount
        equals = "=" if is_product else "≈"
        product = f"{self.volume} {self.unit} × {self.price} {equals} {self.amount}"
        if self.is_reversal or not self.value or not self.previous_value:
            return product
        if Quantity.parse(self.value) < Quantity.parse(self.previous_value):
            return f"{self.previous_value} → {self.value} через ноль = {self.volume}; {product}"
        return f"{self.value} − {self.previous_value} = {self.volume}; {product}"


@dataclass(frozen=True, slots=True)
class Statement:
    """One month (or a span of days) of one agreement, or of one of its accounts."""

    periodic: tuple[ChargeLine, ...]
    one_time: tuple[ChargeLine, ...]

    @property
    def periodic_total(self) -> Money:
        return Money.total(line.amount for line in self.periodic)

    @property
    def one_time_total(self) -> Money:
        return Money.total(line.amount for line in self.one_time)

    @property
    def total(self) -> Money:
        return self.periodic_total + self.one_time_total


@dataclass(frozen=True, slots=True)
class MonthTotal:
    """One bar of the chart."""

    period: Period
    total: Money


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a filter: an agreement or an account."""

    id: int
    title: str
