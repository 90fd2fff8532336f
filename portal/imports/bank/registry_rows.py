"""The values in a registry's lines: whose money it is, how much and of which day."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Final, TypeVar

from portal.domain.money import Money
from portal.domain.period import Period
from portal.imports.bank.content import Complaints
from portal.imports.bank.layouts import Layout, moment
from portal.imports.bank.profile import Column, Holds, ImportProfile
from portal.imports.bank.registry_sources import Given
from portal.imports.book import amounts, kinds
from portal.imports.book.raw import Wrong, shown, string

T = TypeVar("T")
_COUNT_DIGITS: Final = 9
_NUMBER_MAX: Final = 100
_TEXT_MAX: Final = 500
_ISO = Layout.of("ГГГГ-ММ-ДД")
_NEEDLESS_ZEROS = re.compile(r"(?<=[.,]\d\d)0+$")
_MONTHS = (
    re.compile(r"(?P<month>\d\d)[./-]?(?P<year>\d{4})", re.ASCII),
    re.compile(r"(?P<year>\d{4})[./-]?(?P<month>\d\d)", re.ASCII),
    re.compile(r"(?P<month>\d\d)[./-]?(?P<short>\d\d)", re.ASCII),
)
_TEXTS: Final = (
    Column.EXTERNAL_ID, Column.PAYER, Column.ADDRESS, Column.INVOICE, Column.COMMENT,
    Column.PAYMENT_ORDER,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class RegistryRow:
    """One payment (or debt).  `key` is what it is known by when the file comes again; `period` is
    None also where its words are no month, which stand in `written`.
    """

    line: int
    key: str
    account: str
    amount: Money
    day: date | None
    time: time | None
    external_id: str
    transferred: Money | None
    fee: Money | None
    payer: str
    address: str
    period: Period | None
    invoice: str
    comment: str
    payment_order: str
    written: Given


@dataclass(frozen=True, slots=True)
class Control:
    """The registry's own totals; `number` and `day` are of the bank's payment order for all."""

    line: int
    count: int | None
    total: Money | None
    transferred: Money | None
    fee: Money | None
    number: str
    day: date | None


@dataclass(frozen=True, slots=True)
class Registry:
    """`control` is None for formats that have no totals: nothing proves that such a file is
    whole.
    """

    name: str
    profile: ImportProfile
    rows: tuple[RegistryRow, ...]
    control: Control | None

    @property
    def total(self) -> Money:
        return Money.total(row.amount for row in self.rows)


class RowReader:
    """Reads lines by a profile; what is wrong is complained of."""

    def __init__(self, profile: ImportProfile, complaints: Complaints) -> None:
        self._profile = profile
        self._complaints = complaints
        self._dates = (*profile.dates, _ISO)

    def row(self, line: int, given: Given) -> RegistryRow | None:
        values = _Line(line, given, self._complaints)
        needed, is_paid = self._profile.needed, self._profile.holds is Holds.PAYMENTS
        amount = values.read(Column.AMOUNT, self._positive if is_paid else self._money)
        account = values.read(Column.ACCOUNT, _number)
        moments = self._moment(values)
        texts = {column: values.text(column, must=column in needed) for column in _TEXTS}
        transferred, fee = (
            values.read(column, self._not_negative, must=False)
            for column in (Column.TRANSFERRED, Column.FEE)
        )
        if not values.is_whole or amount is None or account is None:
            return None
        key = self._key(texts | {Column.ACCOUNT: account}, amount, moments[0])
        return RegistryRow(
            line, key, account, amount, *moments, texts[Column.EXTERNAL_ID], transferred, fee,
            texts[Column.PAYER], texts[Column.ADDRESS], _period(given.get(Column.PERIOD, "")),
            texts[Column.INVOICE], texts[Column.COMMENT], texts[Column.PAYMENT_ORDER], given,
        )  # fmt: skip

    def control(self, line: int, match: re.Match[str]) -> Control:
        stated = {name: (text or "").strip() for name, text in match.groupdict().items()}

        def read(name: str, kind: Callable[[str], Money]) -> Money | None:
            written = stated.get(name, "")
            return self._complaints.attempt(line, name, lambda: kind(written)) if written else None

        return Control(
            line,
            self._complaints.attempt(line, "count", lambda: _count(stated.get("count", ""))),
            read("total", self._money),
            read("transferred", self._money),
            read("fee", self._money),
            stated.get("number", ""),
            self._complaints.attempt(line, "day", lambda: self._day(stated.get("day", ""))),
        )

    def _moment(self, values: "_Line") -> tuple[date | None, time | None]:
        must = Column.DATE in self._profile.needed
        day = values.read(Column.DATE, lambda text: moment(text, self._dates), must=must)
        clock = values.read(
            Column.TIME, lambda text: moment(text, self._profile.times)[1], must=False
        )
        return (day or (None, None))[0], clock or (day or (None, None))[1]

    def _key(self, texts: Mapping[Column, str], amount: Money, day: date | None) -> str:
        parts = {**texts, Column.AMOUNT: amount.plain, Column.DATE: day.isoformat() if day else ""}
        chosen = [parts.get(column, "") for column in self._profile.unique_key]
        if len(chosen) == 1:
            return chosen[0]
        return "/".join(part.replace("\\", "\\\\").replace("/", "\\/") for part in chosen)

    def _day(self, written: str) -> date | None:
        return moment(written, self._dates)[0] if written else None

    def _money(self, written: str) -> Money:
        return amounts.money(self._plain(written))

    def _positive(self, written: str) -> Money:
        return amounts.positive_money(self._plain(written))

    def _not_negative(self, written: str) -> Money:
        amount = self._money(written)
        if amount.kopecks < 0:
            raise Wrong("не может быть меньше нуля")
        return amount

    def _plain(self, written: str) -> str:
        """Another separator than the profile's may be one of thousands."""
        ours = self._profile.decimal_sep
        other = "." if ours == "," else ","
        if other in written:
            raise Wrong(f"{shown(written)} не сумма: копейки отделяет «{ours}»")
        return _NEEDLESS_ZEROS.sub("", written)


class _Line:
    def __init__(self, line: int, given: Given, complaints: Complaints) -> None:
        self._line, self._given, self._complaints = line, given, complaints
        self.is_whole = True

    def read(self, column: Column, kind: Callable[[str], T], *, must: bool = True) -> T | None:
        written = self._given.get(column, "")
        if not written:
            if must:
                self.is_whole = False
                self._complaints.add(self._line, f"не хватает поля «{column.words}»")
            return None
        found = self._complaints.attempt(self._line, column.words, lambda: kind(written))
        self.is_whole = self.is_whole and found is not None
        return found

    def text(self, column: Column, *, must: bool) -> str:
        return self.read(column, lambda text: string(text, _TEXT_MAX), must=must) or ""


def _number(written: str) -> str:
    number = kinds.key(written)
    if len(number) > _NUMBER_MAX:
        raise Wrong(f"слишком длинно: {len(number)} знаков, а можно {_NUMBER_MAX}")
    return number


def _count(written: str) -> int | None:
    if not written:
        return None
    if not written.isascii() or not written.isdigit() or len(written) > _COUNT_DIGITS:
        raise Wrong(f"{shown(written)} не количество")
    return int(written)


def _period(written: str) -> Period | None:
    """«10.2026», «102026», «1026» or «2026-10»: the payer's own words, which may be anything."""
    for shape in _MONTHS:
        if match := shape.fullmatch(written):
            parts = match.groupdict()
            year = int(parts.get("year") or 0) or 2000 + int(parts["short"])
            try:
                return Period(year, int(parts["month"]))
            except ValueError:
                continue
    return None
