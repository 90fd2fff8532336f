"""A registry of debts as Сбербанк takes it: «договор;ФИО;адрес;период;сумма», cp1251, the count and
the sum at the end.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from portal.domain.money import ZERO, Money
from portal.domain.period import Period

ENCODING: Final = "cp1251"
LINE_END: Final = "\r\n"
_DIVIDES: Final = ";"


@dataclass(frozen=True, slots=True)
class DebtLine:
    """What one agreement owes; `period` is that of its newest unpaid invoice."""

    agreement: str
    payer: str
    address: str
    period: Period
    amount: Money


def debts_lines(debts: Iterable[DebtLine]) -> Iterator[str]:
    count, total = 0, ZERO
    for each in debts:
        month = f"{each.period.month:02}{each.period.year:04}"
        words = (each.agreement, each.payer, each.address, month, each.amount.plain)
        yield _DIVIDES.join(map(_one_field, words))
        count, total = count + 1, total + each.amount
    yield f"={count}{_DIVIDES}{total.plain}"


def debts_file_name(inn: str, account: str, number: int, today: date) -> str:
    """«ИНН_РС_NNN_MMYY.txt»; `number` counts the registries of the month."""
    return f"{inn}_{account}_{number:03}_{today:%m%y}.txt"


def _one_field(words: str) -> str:
    """What would divide a line, or has no sign in the bank's alphabet, is replaced."""
    plain = " ".join(words.split()).replace(_DIVIDES, ",")
    return plain.encode(ENCODING, "replace").decode(ENCODING)
