"""Penalty (пени) for paying late: ЖК РФ, ст. 155, ч. 14 and 14.1.

Days of delay are counted from the day after the one by which the bill was to be paid.  A part of
the debt is charged for until the day on which it was paid, that day included.  What went back to
the payer is owed again from the day after (ГК РФ, ст. 191), as late as the rest of the bill is.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from portal.domain.debt import Debt, Layer
from portal.domain.money import NBSP, ZERO, Money
from portal.domain.penalty_rules import Grade, RateDay, Rules
from portal.domain.percent import Percent
from portal.domain.proof import Proof
from portal.domain.proven import Proven
from portal.domain.quantity import SCALE
from portal.domain.rounding import nearest
from portal.domain.timeline import Days, pieces
from portal.domain.wording import counted

METHOD = Proven.PENALTY.value
_FORMULA = "долг × ставка за год × число дней ÷ делитель; сумма строк, каждая округлена до копейки"
_RULE = "Жилищный кодекс РФ, статья 155, часть 14"
_CAPITAL_REPAIR_RULE = "Жилищный кодекс РФ, статья 155, часть 14.1"
_DAY = timedelta(1)


@dataclass(frozen=True, slots=True)
class Row:
    """Days that are charged alike; `paid_on` is the day on which this part of the debt was paid,
    None of what is unpaid.
    """

    days: Days
    debt: Money
    rate: Percent
    divisor: int
    paid_on: date | None

    @property
    def amount(self) -> Money:
        """Rounded once to the kopeck, half up."""
        exact = self.debt.kopecks * self.rate.micro * self.days.count
        return Money(nearest(exact, 100 * SCALE * self.divisor))

    @property
    def product(self) -> str:
        """«5 000,00 ₽ × 9,5 % ÷ 300 × 60 дней»."""
        days = counted(self.days.count, "день", "дня", "дней")
        return f"{self.debt} × {self.rate} ÷{NBSP}{self.divisor} × {self.days.count}{NBSP}{days}"

    def __str__(self) -> str:
        """«5 000,00 ₽ × 9,5 % ÷ 300 × 60 дней (с 16 мая по 14 июля 2026) = 95,00 ₽»."""
        return f"{self.product} ({self.days}) = {self.amount}"


@dataclass(frozen=True, slots=True)
class Penalty:
    """Of one layer of debt, for all its days of delay up to `through`."""

    layer: Layer
    through: date
    rows: tuple[Row, ...]

    @property
    def total(self) -> Money:
        """Never negative."""
        return Money.total(row.amount for row in self.rows)

    def beyond(self, charged: Money) -> Money:
        """What is still to be charged when `charged` has been for this layer; negative where a
        payment that became known late, or a lower rate on its day, takes some of it back.
        """
        return self.total - charged

    @property
    def proof(self) -> Proof:
        debt = self.layer.debt
        return {
            "method": METHOD,
            "inputs": {
                "period": str(debt.period),
                "due_on": debt.due_on.isoformat(),
                "debt": debt.principal.kopecks,
                "through": self.through.isoformat(),
                "rows": [_inputs(row) for row in self.rows],
            },
            "formula": _FORMULA,
            "rule": _CAPITAL_REPAIR_RULE if debt.is_capital_repair else _RULE,
        }


def _inputs(row: Row) -> dict[str, str | int | None]:
    """Money in kopecks, the rate in millionths of a per cent."""
    return {
        "first": row.days.first.isoformat(),
        "last": row.days.last.isoformat(),
        "days": row.days.count,
        "debt": row.debt.kopecks,
        "rate": row.rate.micro,
        "divisor": row.divisor,
        "amount": row.amount.kopecks,
        "paid_on": row.paid_on.isoformat() if row.paid_on is not None else None,
    }


def penalty(layer: Layer, through: date, rules: Rules) -> Penalty:
    """As it stands at the end of the day `through`: later payments are not known yet.  What was
    paid on one day is one part of the debt, and every part has its own rows.

    Raises UnknownRate.
    """
    rows = (row for part in _parts(layer, through) for row in _rows(layer.debt, part, rules))
    return Penalty(layer, through, tuple(rows))


@dataclass(frozen=True, slots=True)
class _Part:
    """Some of a debt, charged for up to `last`; from `since`, where it had been paid before."""

    amount: Money
    last: date
    paid_on: date | None
    since: date | None = None


def _parts(layer: Layer, through: date) -> Iterator[_Part]:
    """What is paid goes first to what has been owed longest."""
    still_owed: list[tuple[Money, date | None]] = [(layer.debt.principal, None)]
    for day, moved in layer.moves:
        if day > through:
            break
        if moved < ZERO:
            still_owed.append((-moved, day + _DAY))
        left = max(moved, ZERO)
        while left:
            owed, since = still_owed.pop(0)
            part = min(owed, left)
            yield _Part(part, day, day, since)
            if part < owed:
                still_owed.insert(0, (owed - part, since))
            left -= part
    for owed, since in still_owed:
        if owed:
            yield _Part(owed, through, None, since)


def _rows(debt: Debt, part: _Part, rules: Rules) -> Iterator[Row]:
    for grade, late in _graded(debt.due_on, part.last, rules.grades_of(debt)):
        for days in _since(late, part.since):
            for charged in _without(days, rules.exempt):
                for alike in _alike(charged, rules):
                    day = part.last if rules.rate_day is RateDay.PAYMENT else alike.first
                    rate = rules.rate_on(day)
                    yield Row(alike, part.amount, rate, grade.divisor, part.paid_on)


def _since(days: Days, first: date | None) -> Iterator[Days]:
    """Those of `days` that are not before `first`."""
    if first is None or first <= days.last:
        yield Days(max(days.first, first or days.first), days.last)


def _alike(days: Days, rules: Rules) -> tuple[Days, ...]:
    return (days,) if rules.rate_day is RateDay.PAYMENT else pieces(days, [rules.rates])


def _graded(due_on: date, last: date, grades: tuple[Grade, ...]) -> Iterator[tuple[Grade, Days]]:
    for grade, following in zip(grades, (*grades[1:], None), strict=True):
        first = due_on + grade.first_day * _DAY
        end = last if following is None else min(last, due_on + (following.first_day - 1) * _DAY)
        if first <= end:
            yield grade, Days(first, end)


def _without(days: Days, exempt: Iterable[Days]) -> Iterator[Days]:
    """What is left of `days`, in order."""
    first = days.first
    for gap in sorted(exempt):
        if gap.last < first or days.last < gap.first:
            continue
        if first < gap.first:
            yield Days(first, gap.first - _DAY)
        first = gap.last + _DAY
    if first <= days.last:
        yield Days(first, days.last)
