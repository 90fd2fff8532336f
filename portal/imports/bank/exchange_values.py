"""What stands in the sections of 1CClientBankExchange: documents and turnovers with dates and
sums.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from portal.domain.money import ZERO, Money
from portal.imports.bank.content import Complaints
from portal.imports.bank.exchange_lines import PURPOSE, Section
from portal.imports.bank.layouts import Layout, moment
from portal.imports.book.amounts import money, positive_money
from portal.imports.book.raw import Wrong

_DAY: Final = (Layout.of("ДД.ММ.ГГГГ"),)
_NAMES: Final = ("ИНН", "КПП", "БИК", "Банк1")
_PAYER, _PAYEE = "Плательщик", "Получатель"


@dataclass(frozen=True, slots=True)
class Party:
    """One side of a document; `settlement_account` is named beside `account` when the bank pays
    through another.
    """

    name: str
    inn: str
    kpp: str
    account: str
    settlement_account: str
    bank: str
    bic: str

    @property
    def accounts(self) -> frozenset[str]:
        return frozenset({self.account, self.settlement_account} - {""})


@dataclass(frozen=True, slots=True)
class BankDocument:
    """`number` is a text: its zeros matter.  `written` are all its key lines."""

    line: int
    kind: str
    number: str
    day: date
    amount: Money
    payer: Party
    payee: Party
    debited_on: date | None
    credited_on: date | None
    purpose: str
    uin: str
    written: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Turnover:
    """A section of an account, for the days `first` to `last`."""

    line: int
    account: str
    first: date
    last: date
    opening: Money
    received: Money
    spent: Money
    closing: Money


class Values:
    """The values of a section; what is wrong with them is complained of."""

    def __init__(self, section: Section, complaints: Complaints) -> None:
        self._section = section
        self._complaints = complaints
        self.is_whole = True

    def text(self, *keys: str) -> str:
        """The first of these that is not empty; it must be there."""
        found = self._section.get(*keys)
        if not found:
            self._miss(keys[0])
        return found

    def day(self, key: str) -> date | None:
        written = self._section.get(key)
        try:
            return moment(written, _DAY)[0] if written else None
        except Wrong as wrong:
            self._refuse(key, wrong)
            return None

    def needed_day(self, key: str) -> date:
        """A day of no meaning where it is missing, and a complaint."""
        if not self._section.get(key):
            self._miss(key)
        return self.day(key) or date.min

    def amount(self, key: str) -> Money:
        """More than nothing."""
        return self._money(key, is_positive=True) if self.text(key) else ZERO

    def balance(self, key: str) -> Money:
        return self._money(key) if self.text(key) else ZERO

    def turnover(self, key: str) -> Money:
        """Banks leave out a sum of nothing; that it is nothing is proved by the documents."""
        return self._money(key) if self._section.get(key) else ZERO

    def _money(self, key: str, *, is_positive: bool = False) -> Money:
        try:
            return (positive_money if is_positive else money)(self._section.values[key])
        except Wrong as wrong:
            self._refuse(key, wrong)
            return ZERO

    def _miss(self, key: str) -> None:
        self.is_whole = False
        self._complaints.add(self._section.line, f"не хватает «{key}»")

    def _refuse(self, key: str, wrong: Wrong) -> None:
        self.is_whole = False
        self._complaints.add(self._section.line_of(key), f"«{key}»: {wrong}")


def document_of(section: Section, complaints: Complaints) -> BankDocument | None:
    """None, with complaints, when it has no number, day or sum, or one that is none."""
    values = Values(section, complaints)
    document = BankDocument(
        section.line,
        section.kind,
        values.text("Номер"),
        values.needed_day("Дата"),
        values.amount("Сумма"),
        _party(section, _PAYER),
        _party(section, _PAYEE),
        values.day("ДатаСписано"),
        values.day("ДатаПоступило"),
        _purpose(section),
        section.get("Код"),
        section.values,
    )
    return document if values.is_whole else None


def turnover_of(section: Section, header: Section, complaints: Complaints) -> Turnover | None:
    """Its days, where it has none, are those of the header."""
    for key in ("ДатаНачала", "ДатаКонца"):
        if not section.get(key) and header.get(key):
            section.values[key] = header.values[key]
    values = Values(section, complaints)
    turnover = Turnover(
        section.line,
        values.text("РасчСчет"),
        values.needed_day("ДатаНачала"),
        values.needed_day("ДатаКонца"),
        values.balance("НачальныйОстаток"),
        values.turnover("ВсегоПоступило"),
        values.turnover("ВсегоСписано"),
        values.balance("КонечныйОстаток"),
    )
    return turnover if values.is_whole else None


def _party(section: Section, who: str) -> Party:
    inn, kpp, bic, bank = (section.get(f"{who}{name}") for name in _NAMES)
    account, settlement = section.get(f"{who}Счет"), section.get(f"{who}РасчСчет")
    return Party(section.get(who, f"{who}1"), inn, kpp, account, settlement, bank, bic)


def _purpose(section: Section) -> str:
    """The lines 1 to 6 stand for a purpose that is not given whole."""
    parts = (section.get(f"{PURPOSE}{number}") for number in range(1, 7))
    return section.get(PURPOSE) or " ".join(part for part in parts if part)
