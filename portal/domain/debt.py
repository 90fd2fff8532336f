"""What is owed month by month, and which payments settled it."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from portal.domain.money import ZERO, Money
from portal.domain.period import Period


@dataclass(frozen=True, slots=True)
class Debt:
    """What one bill asks for without its penalty, on which there is no penalty.

    Raises ValueError: the principal is negative; a credit is a payment, not a debt.
    """

    period: Period
    due_on: date
    principal: Money
    is_capital_repair: bool = False

    def __post_init__(self) -> None:
        if self.principal < ZERO:
            raise ValueError(self.principal)


@dataclass(frozen=True, slots=True)
class Paid:
    """Money that came in; `period` is the month that the payer named.

    Raises ValueError: it is nothing, or less.
    """

    paid_on: date
    amount: Money
    period: Period | None = None

    def __post_init__(self) -> None:
        if self.amount <= ZERO:
            raise ValueError(self.amount)


@dataclass(frozen=True, slots=True)
class Layer:
    """A debt with what was paid of it, in order of time, and what of that went back to the payer on
    which day: from the day after it is owed again.

    Raises ValueError: on some day more was paid than is owed, or more went back than was paid.
    """

    debt: Debt
    paid: tuple[Paid, ...] = ()
    returned: tuple[Paid, ...] = ()

    def __post_init__(self) -> None:
        unpaid = self.debt.principal
        for _, amount in self.moves:
            unpaid -= amount
            if not ZERO <= unpaid <= self.debt.principal:
                raise ValueError(unpaid)

    @property
    def moves(self) -> tuple[tuple[date, Money], ...]:
        """What was paid on each day in order of time, below zero where more went back."""
        sums: dict[date, Money] = {}
        for part, sign in (*((p, 1) for p in self.paid), *((p, -1) for p in self.returned)):
            sums[part.paid_on] = sums.get(part.paid_on, ZERO) + Money(sign * part.amount.kopecks)
        return tuple(sorted(sums.items(), key=lambda each: each[0]))

    @property
    def unpaid(self) -> Money:
        return self.debt.principal - Money.total(amount for _, amount in self.moves)


@dataclass(frozen=True, slots=True)
class Settled:
    """Debts in the order in which they fell due; `advance` is what no debt needed."""

    layers: tuple[Layer, ...]
    advance: Money


@dataclass(slots=True)
class _Open:
    debt: Debt
    unpaid: Money
    paid: list[Paid] = field(default_factory=list)

    def take(self, payment: Paid, left: Money) -> Money:
        """What of `left` this debt does not need."""
        taken = min(left, self.unpaid)
        if taken:
            self.unpaid -= taken
            self.paid.append(replace(payment, amount=taken))
        return left - taken


def settled(debts: Iterable[Debt], payments: Iterable[Paid]) -> Settled:
    """The debts of one payer to one payee, paid in the order of time: of each payment first the
    month that the payer named, then whatever fell due first (ГК РФ, ст. 319.1).
    """
    by_age = sorted(debts, key=lambda debt: (debt.due_on, debt.period))
    still_open = [_Open(debt, debt.principal) for debt in by_age]
    advance = ZERO
    for payment in sorted(payments, key=lambda payment: payment.paid_on):
        advance += _pay(still_open, payment)
    return Settled(tuple(Layer(one.debt, tuple(one.paid)) for one in still_open), advance)


def _pay(still_open: list[_Open], payment: Paid) -> Money:
    left = payment.amount
    for one in sorted(still_open, key=lambda one: one.debt.period != payment.period):
        left = one.take(payment, left)
    return left
