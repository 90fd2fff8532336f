"""The sum that a resident types: within which bounds, and what it does to his invoices."""

import re
from dataclasses import dataclass
from typing import Final

from portal.domain.money import ZERO, Money

AMOUNT_MAX: Final = Money(10_000_000_00)
"""Ten million roubles, where a channel has no bound of its own: more is a slip of a finger."""
_LEAST: Final = Money(1)
_SIGNS_MAX: Final = 60
"""More is no sum, and the patterns below would look at it for minutes."""
_NO_SUM: Final = "Введите сумму цифрами, например 1 234,50"
_CURRENCY = re.compile(r"\s*(₽|р(?:уб(?:лей|ля|ль)?)?\.?)\s*$", re.IGNORECASE)
_UNFINISHED = re.compile(r"[.,]\s*$")
_TOO_FINE = re.compile(r"[\d\s]+[.,]\d{3,}", re.ASCII)


class WrongSum(ValueError):
    """A sum that cannot be paid; `sentence` says to the person why."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class PaySum:
    """`amount` is paid; `chosen` is what the chosen invoices ask for, `unpaid` what all of them do
    that can be paid together with these.
    """

    amount: Money
    chosen: Money
    unpaid: Money

    @property
    def left(self) -> Money:
        """Of the chosen invoices after a part of them is paid."""
        return max(self.chosen - self.amount, ZERO)

    @property
    def to_others(self) -> Money:
        """What is left over for invoices that were not chosen: nothing is ahead while they wait."""
        return min(max(self.amount - self.chosen, ZERO), self.unpaid - self.chosen)

    @property
    def ahead(self) -> Money:
        """What no invoice asks for yet."""
        return max(self.amount - self.unpaid, ZERO)


def sum_of(typed: str) -> Money | None:
    """«1 234,50», «1234.5», «500 ₽»; None of an empty field.  Raises WrongSum."""
    typed = typed.strip()
    if not typed:
        return None
    if len(typed) > _SIGNS_MAX:
        raise WrongSum(_NO_SUM)
    text = _UNFINISHED.sub("", _CURRENCY.sub("", typed))
    if _TOO_FINE.fullmatch(text):
        raise WrongSum("После запятой только копейки, две цифры: например 1 234,50")
    try:
        amount = Money.parse(text)
    except ValueError:
        raise WrongSum(_NO_SUM) from None
    if amount.kopecks <= 0:
        raise WrongSum("Сумма должна быть больше нуля")
    return amount


def ensure_within(amount: Money, low: Money | None, high: Money | None) -> None:
    """A bound that is None is none, but for nothing nobody pays.  Raises WrongSum."""
    least = low or _LEAST
    if amount < least:
        raise WrongSum(f"Так можно заплатить не меньше {least}")
    most = min(high or AMOUNT_MAX, AMOUNT_MAX)
    if amount > most:
        raise WrongSum(f"За один раз можно заплатить не больше {most}. Заплатите в два приема")
