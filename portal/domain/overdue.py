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
    """What a line asks when those in the resident's favour have paid their part of it; of a day on
    which money came and went back, what was more.
    """

    principal: Money = ZERO
    paid: tuple[Paid, ...] = ()
    returned: tuple[Paid, ...] = ()


def owed(lines: Sequence[Asked]) -> tuple[Owed, ...]:
    """Of each line of one bill, in their order.  A bill that asks for nothing is no debt."""
    amounts = [line.amount for line in lines]
    if Money.total(amounts) <= ZERO:
        return tuple(Owed() for _ in lines)
    principals = _net(amounts, amounts)
    gains: list[list[tuple[date, Money]]] = [[] for _ in lines]
    for day, gained in _gained(lines, principals):
        for line, part in zip(gains, gained, strict=True):
            line.append((day, part))
    return tuple(map(_owed, principals, gains))


def _owed(principal: Money, gains: Sequence[tuple[date, Money]]) -> Owed:
    paid = tuple(Paid(day, part) for day, part in gains if part > ZERO)
    returned = tuple(Paid(day, -part) for day, part in gains if part < ZERO)
    return Owed(principal, paid, returned)


def _gained(
    lines: Sequence[Asked], principals: Sequence[Money]
) -> Iterator[tuple[date, list[Money]]]:
    """What each line got on each day, below zero on a day on which more went back than came.
    Whatever a day's rounding says, a line never gets more than it asks nor gives back more than it
    has got, and gives back nothing but on such a day.
    """
    amounts = [line.amount for line in lines]
    before = [ZERO] * len(lines)
    had = ZERO
    for day in sorted({paid_on for line in lines for paid_on, _ in line.paid}):
        parts = [line.paid_by(day) for line in lines]
        has = Money.total(parts)
        bounds = zip(before, _net(parts, amounts), principals, strict=True)
        if has < had:
            so_far = [min(was, max(now, ZERO)) for was, now, _ in bounds]
        else:
            so_far = [max(was, min(now, most)) for was, now, most in bounds]
        yield day, [now - was for now, was in zip(so_far, before, strict=True)]
        before, had = so_far, has


def _net(parts: Sequence[Money], weights: Sequence[Money]) -> list[Money]:
    """`parts` above zero without what those below zero pay of them."""
    favour = -Money.total(min(part, ZERO) for part in parts)
    taken = split(favour, [max(weight.kopecks, 0) for weight in weights])
    return [max(part, ZERO) - less for part, less in zip(parts, taken, strict=True)]
