"""What of a bill's lines is a debt, and when it was paid.

A line in the resident's favour pays the others in proportion (see `settlement.shares`), so no
penalty is reckoned of what it pays.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from portal.domain.debt import Paid
from portal.domain.money import ZERO, Money, split


@dataclass(frozen=True, slots=True)
class Asked:
    """A line of a bill with what was paid of it and when; below zero in the resident's favour."""

    amount: Money
    paid: tuple[tuple[date, Money], ...] = ()

    def paid_by(self, day: date) -> Money:
        return Money.total(part for paid_on, part in self.paid if paid_on <= day)


@dataclass(frozen=True, slots=True)
class Owed:
    """What a line asks when those in the resident's favour have paid their part of it."""

    principal: Money = ZERO
    paid: tuple[Paid, ...] = ()


def owed(lines: Sequence[Asked]) -> tuple[Owed, ...]:
    """Of each line of one bill, in their order.  A bill that asks for nothing is no debt."""
    amounts = [line.amount for line in lines]
    if Money.total(amounts) <= ZERO:
        return tuple(Owed() for _ in lines)
    principals = _net(amounts, amounts)
    parts = zip(*_paid(lines, principals), strict=True)
    paid = [tuple(part for part in each if part is not None) for each in parts]
    return tuple(map(Owed, principals, paid or [()] * len(lines)))


def _paid(lines: Sequence[Asked], principals: Sequence[Money]) -> Iterator[list[Paid | None]]:
    """What each line got on each day.  Whatever a day's rounding says, a line never gets more than
    it asks nor gives back what it has got.
    """
    amounts = [line.amount for line in lines]
    before = [ZERO] * len(lines)
    for day in sorted({paid_on for line in lines for paid_on, _ in line.paid}):
        net = _net([line.paid_by(day) for line in lines], amounts)
        so_far = [max(had, min(has, most)) for had, has, most in
                  zip(before, net, principals, strict=True)]  # fmt: skip
        gained = [has - had for has, had in zip(so_far, before, strict=True)]
        yield [Paid(day, part) if part else None for part in gained]
        before = so_far


def _net(parts: Sequence[Money], weights: Sequence[Money]) -> list[Money]:
    """`parts` above zero without what those below zero pay of them."""
    favour = -Money.total(min(part, ZERO) for part in parts)
    taken = split(favour, [max(weight.kopecks, 0) for weight in weights])
    return [max(part, ZERO) - less for part, less in zip(parts, taken, strict=True)]
