"""«Расход средств»: what was charged in one month, and the twelve months around it."""

from dataclasses import dataclass, field
from datetime import date, datetime

from portal.domain.money import Money
from portal.domain.period import Period
from portal.domain.proof import Proof
from portal.domain.quantity import Price, Quantity
from portal.domain.telling.charge import told
from portal.domain.telling.told import Charged, Told


@dataclass(frozen=True, slots=True)
class MonthUsed:
    """What one service of an account came to in a month, corrections of that month included."""

    period: Period
    volume: Quantity | None
    """None where the charges count different things."""
    amount: Money


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
    proof: Proof = field(default_factory=dict)
    part: str = "base"
    for_period: Period | None = None
    """The month that it is for, where that is not the one in which it was posted."""
    compared: tuple[MonthUsed, ...] = ()
    """The service's month and the ones to compare it with; beside one line of the service."""

    @property
    def is_penalty(self) -> bool:
        return self.part == "penalty"

    @property
    def told(self) -> Told:
        """How the number came about, in words."""
        return told(
            Charged(
                self.unit, self.volume, self.price, self.amount, self.proof,
                self.taken_on, self.previous_on,
            )
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Statement:
    """One month (or a span of days) of one agreement, or of one of its accounts."""

    periodic: tuple[ChargeLine, ...]
    one_time: tuple[ChargeLine, ...]
    penalties: tuple[ChargeLine, ...] = ()

    @property
    def periodic_total(self) -> Money:
        return Money.total(line.amount for line in self.periodic)

    @property
    def one_time_total(self) -> Money:
        return Money.total(line.amount for line in self.one_time)

    @property
    def penalty_total(self) -> Money:
        return Money.total(line.amount for line in self.penalties)

    @property
    def total(self) -> Money:
        return self.periodic_total + self.one_time_total + self.penalty_total


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
