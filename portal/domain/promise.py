"""Обещанный платеж: a person's word that he will pay so much by a day.

It moves no money and stops no penalty: the operator knows, and the portal warns no more until then.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum, auto

from portal.domain.money import ZERO, Money
from portal.domain.period import day_text

DAYS_MAX = 90


class Standing(Enum):
    """What became of a promise."""

    ACTIVE = auto()
    KEPT = auto()
    OVERDUE = auto()


@dataclass(frozen=True, slots=True)
class PromiseTerms:
    """What an operator takes a person's word for.  `debt_max` None: of whatever debt."""

    amount_min: Money
    amount_max: Money
    days: int
    debt_max: Money | None = None


@dataclass(frozen=True, slots=True)
class Promise:
    """What was promised; `came_in` is what the agreement was paid since."""

    amount: Money
    promised_on: date
    due_on: date
    came_in: Money = ZERO

    @property
    def remainder(self) -> Money:
        return max(self.amount - self.came_in, ZERO)

    def standing(self, today: date) -> Standing:
        """Its day itself is still in time, and what is paid later keeps it too."""
        if not self.remainder:
            return Standing.KEPT
        return Standing.ACTIVE if today <= self.due_on else Standing.OVERDUE


class NoPromise(Exception):
    """Why nothing, or not this sum, can be promised; str() is the Russian sentence."""


@dataclass(frozen=True, slots=True)
class PromiseOffer:
    """What can be promised for one agreement today, or what was.

    `owed` is what its unpaid invoices ask for that are the operator's own; `promise` is one that
    is not kept yet, `terms` None: the operator takes none.
    """

    agreement_id: int
    agreement: str
    owed: Money
    today: date
    terms: PromiseTerms | None = None
    promise: Promise | None = None
    is_closed: bool = False

    @property
    def is_active(self) -> bool:
        return self.promise is not None and self.promise.standing(self.today) is Standing.ACTIVE

    @property
    def most(self) -> Money:
        """More than is owed is no promise but an advance."""
        return min(self.terms.amount_max, self.owed) if self.terms else ZERO

    @property
    def due_on(self) -> date:
        """By which day a promise of today is kept."""
        return self.today + timedelta(self.terms.days if self.terms else 0)

    @property
    def refusal(self) -> str:
        """Why nothing can be promised; empty where something can."""
        terms = self.terms
        if self.promise is not None:
            return _while_promised(self.promise, self.today)
        if terms is None or self.is_closed:
            return "По этому договору обещанных платежей нет"
        if not self.owed:
            return "Исполнителю всё оплачено, обещать нечего"
        if terms.debt_max is not None and self.owed > terms.debt_max:
            return (
                f"Долг {self.owed}, а обещать платеж можно, пока он не больше {terms.debt_max}. "
                "Договоритесь с управляющей компанией"
            )
        if self.owed < terms.amount_min:
            return f"Обещать можно от {terms.amount_min}, а долг всего {self.owed}: проще оплатить"
        return ""

    def judge(self, amount: Money) -> None:
        """Raises NoPromise."""
        if self.refusal:
            raise NoPromise(self.refusal)
        terms = self.terms
        if terms is not None and amount < terms.amount_min:
            raise NoPromise(f"Обещать можно не меньше {terms.amount_min}")
        if amount > self.most:
            why = "столько сейчас не оплачено" if self.most == self.owed else "больше не принимают"
            raise NoPromise(f"Обещать можно не больше {self.most}: {why}")


def promised_amount(text: str) -> Money:
    """What a person has typed for the sum: «1 234,50», «1234.5 ₽».  Raises NoPromise."""
    written = text.strip().removesuffix("₽").strip()
    if not written:
        raise NoPromise("Напишите, сколько заплатите")
    try:
        amount = Money.parse(written)
    except ValueError:
        raise NoPromise(f"«{written[:40]}» не сумма. Пишется так: 1 500,00") from None
    if amount <= ZERO:
        raise NoPromise("Сумма должна быть больше нуля")
    return amount


def _while_promised(promise: Promise, today: date) -> str:
    if promise.standing(today) is Standing.OVERDUE:
        return (
            f"Прежнее обещание не исполнено: до {day_text(promise.due_on)} ждали ещё "
            f"{promise.remainder}. Сначала оплатите их"
        )
    return f"Платеж уже обещан до {day_text(promise.due_on)}: осталось {promise.remainder}"
