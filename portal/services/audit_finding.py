"""What the audit says, and how its rules read: in bulk, a row at a time."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Result, Row, Select

from portal.db.session import Session

ROWS_AT_ONCE = 2000
# What reading a value raises that no column of its type can hold.
VALUE_FAULTS = (ValueError, TypeError, LookupError)


class Rule(StrEnum):
    """What was broken, in the words of the report and in the order in which it is told."""

    SCHEMA = "версия базы"
    UNREADABLE = "нечитаемые значения"
    JOURNAL = "журнал"
    REFERENCE = "ссылки"
    LEDGER = "проводки"
    BALANCE = "сальдо"
    INCOMING = "поступления"
    REFUND = "возвраты"
    CHARGE = "списания"
    PENALTY = "пени"
    MONTH = "начисления за месяц"
    READING = "показания"
    INVOICE = "счета"
    DOCUMENT = "номера и суммы счетов"
    ALLOCATION = "оплата счетов"
    SETTLEMENT = "расчеты с поставщиками"
    LETTER = "письма"
    PROMISE = "обещанные платежи"


@dataclass(frozen=True, slots=True)
class Finding:
    """One broken rule; `row_id` 0 concerns the table as a whole."""

    rule: Rule
    table: str
    row_id: int
    sentence: str

    def __str__(self) -> str:
        place = f"{self.table} {self.row_id}" if self.row_id else self.table
        return f"{place}: {self.sentence}"


def stream(session: Session, statement: Select[Any]) -> Iterator[Row[Any]]:
    """The rows of a large answer, without holding all of them."""
    with session.execute(statement.execution_options(yield_per=ROWS_AT_ONCE)) as rows:
        yield from _to_the_end(rows)


def stream_facts(session: Session, statement: Select[Any]) -> Iterator[dict[str, Any]]:
    """As `stream`, each row by the names of its columns."""
    with session.execute(statement.execution_options(yield_per=ROWS_AT_ONCE)) as rows:
        names = list(rows.keys())
        for row in _to_the_end(rows):
            yield dict(zip(names, row, strict=True))


def _to_the_end(rows: Result[Any]) -> Iterator[Row[Any]]:
    """Most answers are small: a part that is not full is the last, and no more is asked for."""
    size = ROWS_AT_ONCE
    while size == ROWS_AT_ONCE:
        part = rows.fetchmany(ROWS_AT_ONCE)
        size = len(part)
        yield from part
