"""From the bytes of a CSV file to rows of known shape; whatever is wrong in them is collected."""

import csv
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from portal.domain.money import Money
from portal.domain.period import Period
from portal.domain.quantity import Quantity
from portal.imports.book import amounts, kinds
from portal.imports.book.faults import BookFaults, Fault, unreadable
from portal.imports.book.raw import Wrong

_DELIMITERS: Final = ";,\t"
_MONTH = re.compile(r"(?P<month>\d{2})\.(?P<year>\d{4})|(?P<iso>\d{4}-\d{2})", re.ASCII)
_DAYS: Final = ("%d.%m.%Y", "%Y-%m-%d")


@dataclass(frozen=True, slots=True)
class UsageRow:
    """A record of the other system, under its own number; `account` and `service` are words as
    they stand in the file.
    """

    line: int
    account: str
    service: str
    period: Period
    external_id: str
    volume: Quantity
    amount: Money | None


@dataclass(frozen=True, slots=True)
class UsageTable:
    """A file as it was read, with the faults that can be seen without a database."""

    name: str
    rows: tuple[UsageRow, ...]
    faults: tuple[Fault, ...]


def read_usage(path: Path) -> UsageTable:
    """Separated by «;», «,» or tabs, in UTF-8 or windows-1251; the first line names the columns.

    Raises BookFaults: it cannot be opened, or has no such columns or no row.
    """
    try:
        content = path.read_bytes()
    except OSError as fault:
        raise unreadable(path, fault) from None
    return usage_of(path.name, content)


def usage_of(name: str, content: bytes) -> UsageTable:
    """Raises BookFaults."""
    lines = _text(content).splitlines(keepends=True)
    delimiter = _delimiter(lines[0]) if lines else ""
    if not delimiter:
        listed = ", ".join(f"«{column.title}»" for column in _COLUMNS.values())
        raise BookFaults([f"{name}: в первой строке нет названий столбцов: {listed}"])
    rows: list[UsageRow] = []
    faults: list[Fault] = []
    try:
        for line, given in _lines(lines, delimiter):
            row, wrong = _row(line, given)
            faults += [(line, sentence) for sentence in wrong]
            rows += [row] if row is not None else []
    except csv.Error as fault:
        raise BookFaults([f"{name}: это не таблица CSV ({fault})"]) from None
    if not rows and not faults:
        raise BookFaults([f"{name}: в файле нет ни одной записи"])
    return UsageTable(name, tuple(rows), tuple(faults))


def _text(content: bytes) -> str:
    """What is no UTF-8 comes from an old Windows, where every byte is some letter or other."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1251", errors="replace")


def _delimiter(heading: str) -> str:
    """The one that divides the first line into our columns; empty where none does."""
    for delimiter in _DELIMITERS:
        if not _REQUIRED.difference(_names(next(csv.reader([heading], delimiter=delimiter)))):
            return delimiter
    return ""


def _names(headings: list[str]) -> list[str]:
    """Our names of the columns; of a column that means nothing here an empty one."""
    return [_BY_HEADING.get(heading.strip().casefold(), "") for heading in headings]


def _lines(lines: list[str], delimiter: str) -> Iterator[tuple[int, Mapping[str, str]]]:
    """What stands in each line that is not blank, by our names."""
    reader = csv.reader(lines, delimiter=delimiter)
    names = _names(next(reader))
    for cells in reader:
        if any(cell.strip() for cell in cells):
            given = zip(names, cells, strict=False)  # a short line lacks its last fields
            yield reader.line_num, {name: cell.strip() for name, cell in given if name}


def _row(line: int, given: Mapping[str, str]) -> tuple[UsageRow | None, list[str]]:
    values: dict[str, Any] = {"line": line, "amount": None}
    faults = []
    for name, column in _COLUMNS.items():
        written = given.get(name, "")
        if not written:
            faults += [f"не хватает поля «{column.title}»"] if name in _REQUIRED else []
            continue
        try:
            values[name] = column.kind(written)
        except Wrong as wrong:
            faults.append(f"поле «{column.title}»: {wrong}")
    return (None, faults) if faults else (UsageRow(**values), [])


def _period(written: str) -> Period:
    """«2026-10», «10.2026», or any day of the month."""
    try:
        if match := _MONTH.fullmatch(written):
            period = Period.parse(match["iso"] or f"{match['year']}-{match['month']}")
        else:
            period = _month_of_day(written)
    except ValueError:
        raise Wrong(f"«{written[:40]}» не месяц. Пишется так: 2026-10 или 31.10.2026") from None
    kinds.day(period.first_day)
    return period


def _month_of_day(written: str) -> Period:
    for shape in _DAYS:
        try:
            return Period.of(datetime.strptime(written, shape).date())  # noqa: DTZ007 - a day only
        except ValueError:
            continue
    raise ValueError(written)


@dataclass(frozen=True, slots=True)
class _Column:
    title: str
    kind: Callable[[str], object]
    others: tuple[str, ...]


_COLUMNS: Final[Mapping[str, _Column]] = {
    "account": _Column("логин", kinds.key, ("учетная запись", "учётная запись", "account")),
    "service": _Column("услуга", kinds.text, ("service",)),
    "period": _Column("месяц", _period, ("период", "дата", "month", "period", "date")),
    "external_id": _Column("номер", kinds.key, ("№", "id", "external_id")),
    "volume": _Column("объем", amounts.counted, ("объём", "количество", "volume")),
    "amount": _Column("сумма", amounts.money, ("amount",)),
}
_REQUIRED: Final = frozenset(_COLUMNS) - {"amount"}
_BY_HEADING: Final = {
    word: name for name, column in _COLUMNS.items() for word in (column.title, *column.others)
}
