"""How one channel writes its registries, described by data: a profile."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from portal.imports.bank.layouts import Layout


class Holds(StrEnum):
    """What the lines of a registry are; debts are never credited to anybody."""

    PAYMENTS = "payments"
    DEBTS = "debts"


class Form(StrEnum):
    TEXT = "text"
    DBF = "dbf"


class Column(StrEnum):
    ACCOUNT = "account"
    EXTERNAL_ID = "external_id"
    DATE = "date"
    TIME = "time"
    AMOUNT = "amount"
    TRANSFERRED = "transferred"
    FEE = "fee"
    PAYER = "payer"
    ADDRESS = "address"
    PERIOD = "period"
    INVOICE = "invoice"
    COMMENT = "comment"
    PAYMENT_ORDER = "payment_order"

    @property
    def words(self) -> str:
        return WORDS[self]


WORDS: Final[Mapping[Column, str]] = {
    Column.ACCOUNT: "лицевой счет", Column.EXTERNAL_ID: "номер операции", Column.DATE: "дата",
    Column.TIME: "время", Column.AMOUNT: "сумма", Column.TRANSFERRED: "сумма перевода",
    Column.FEE: "комиссия", Column.PAYER: "плательщик", Column.ADDRESS: "адрес",
    Column.PERIOD: "период", Column.INVOICE: "счет", Column.COMMENT: "комментарий",
    Column.PAYMENT_ORDER: "платежное поручение",
}  # fmt: skip
Places = Mapping[Column, tuple[int | str, ...]]
"""Where a column stands: its place in a line, from one; or names of a table's field, the first
that is there.
"""


@dataclass(frozen=True, slots=True)
class ImportProfile:
    """`footer` is matched against whole lines wherever they stand, and finds the count and totals
    by groups named `count`, `total`, `transferred`, `fee`, `number` and `day`; lines that match
    `ignore` mean nothing, and of the skipped lines those that are not blank match `heading`.  Of
    several delimiters the first that divides a line well is taken.
    """

    key: str
    name: str
    holds: Holds
    form: Form
    encoding: str
    delimiters: tuple[str, ...]
    quote: str
    skip_lines: int
    heading: re.Pattern[str] | None
    ignore: re.Pattern[str] | None
    footer: re.Pattern[str] | None
    decimal_sep: str
    dates: tuple[Layout, ...]
    times: tuple[Layout, ...]
    columns: Places
    unique_key: tuple[Column, ...]
    """An operation's own number is unique in a file; what is made of other columns may repeat."""

    @property
    def needed(self) -> frozenset[Column]:
        """The columns without which a line is none."""
        must = {Column.ACCOUNT, Column.AMOUNT}
        if self.holds is Holds.PAYMENTS:
            must.add(Column.DATE)
        if len(self.unique_key) == 1:
            must.update(self.unique_key)
        return frozenset(must)

    @property
    def width(self) -> int:
        """How many columns a line must have at least."""
        places = (place for column in self.needed for place in self.columns[column])
        return max(place for place in places if isinstance(place, int))

    @property
    def counted(self) -> str:
        return "запись" if self.form is Form.DBF else "строка"
