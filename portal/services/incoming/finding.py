"""Whose number a payer has typed: within the channel's operator alone."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Row, Select, String, bindparam, cast, func, select

from portal.db.among import among, is_among, places_for, portions
from portal.db.base import table_of
from portal.db.folding import fold
from portal.db.invoices import Allocation, Invoice
from portal.db.ledger import LedgerAccount, Transfer
from portal.db.parties import Agreement, Operator, Resident
from portal.db.session import Session
from portal.domain.identity import ResidentId
from portal.domain.incoming import Refusal, payer_told
from portal.domain.money import ZERO, Money
from portal.services.incoming.channels import Channel
from portal.services.sign_in import tidy_name

_agreement, _resident, _operator = table_of(Agreement), table_of(Resident), table_of(Operator)
_side, _transfer = table_of(LedgerAccount), table_of(Transfer)
_allocation, _invoice = table_of(Allocation), table_of(Invoice)


@dataclass(frozen=True, slots=True)
class Holder:
    """The agreement in force that a number names."""

    agreement_id: int
    resident: ResidentId


@dataclass(frozen=True, slots=True)
class Called(Holder):
    """An agreement in force or closed, under its own number."""

    number: str
    is_closed: bool


@dataclass(frozen=True, slots=True)
class Found(Holder):
    """Also what a terminal may show of it; `balance` is with the operator alone, to whom the
    terminal's money goes, and below zero it is owed.
    """

    payer: str
    balance: Money

    @property
    def to_pay(self) -> Money:
        return max(-self.balance, ZERO)


def find(session: Session, channel: Channel, account: str, now: datetime) -> Found | Refusal:
    """What a `check` is answered: writes nothing."""
    if not channel.is_open:
        return Refusal.FORBIDDEN
    if not _is_shaped(channel.account_pattern, tidy_name(account)):
        return Refusal.BAD_ACCOUNT
    row = _row(session, channel, account)
    if row is None:
        return Refusal.NOT_FOUND
    if _is_closed(row, now):
        return Refusal.CLOSED
    paid, owed, others = session.execute(_MOVED, {"agreement": row.id}).one()
    balance = (paid or ZERO) - (owed or ZERO) - (others or ZERO)
    return Found(row.id, ResidentId(row.resident_id), payer_told(row.name), balance)


def holder_of(session: Session, channel: Channel, account: str, now: datetime) -> Holder | None:
    """Whose the money is; None: it is not known, or the agreement is closed."""
    row = _row(session, channel, account)
    if row is None or _is_closed(row, now):
        return None
    return Holder(row.id, ResidentId(row.resident_id))


def is_same_number(one: str, other: str) -> bool:
    """Whether what was typed the first and the second time is the same."""
    return fold(tidy_name(one)) == fold(tidy_name(other))


def called(
    session: Session, operator_id: int, numbers: Iterable[str], now: datetime
) -> dict[str, Called]:
    """The agreements that these numbers name, closed ones too; without those that name none."""
    names = {number: tidy_name(number) for number in numbers}
    rows: dict[str, list[Row[Any]]] = defaultdict(list)
    folded = sorted({fold(name) for name in names.values()})
    for some in portions(folded):
        asked = {"operator": operator_id} | among("folded", some)
        for row in session.execute(_called(places_for(some)), asked):
            rows[row.number_folded].append(row)
    meant = {number: _meant(rows[fold(name)], name) for number, name in names.items()}
    return {
        number: Called(row.id, ResidentId(row.resident_id), row.number, _is_closed(row, now))
        for number, row in meant.items()
        if row is not None
    }


def _row(session: Session, channel: Channel, account: str) -> Row[Any] | None:
    name = tidy_name(account)
    asked = {"operator": channel.operator_id} | among("folded", [fold(name)])
    return _meant(session.execute(_called(1), asked).all(), name)


def _meant(rows: Sequence[Row[Any]], name: str) -> Row[Any] | None:
    """Case does not count, unless it tells two apart."""
    fitting = [row for row in rows if row.number == name] or rows
    return fitting[0] if len(fitting) == 1 else None


def _is_closed(row: Row[Any], now: datetime) -> bool:
    today = now.astimezone(ZoneInfo(row.timezone)).date()
    return row.closed_on is not None and row.closed_on <= today


def _is_shaped(pattern: str | None, account: str) -> bool:
    return pattern is None or _compiled(pattern).fullmatch(account) is not None


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _moved(side: ColumnElement[Any], other: ColumnElement[Any]) -> ColumnElement[Any]:
    """Without what is between the resident and suppliers whom he pays directly."""
    own = select(_side.c.id).where(_side.c.kind == "resident", _side.c.owner == cast(_ID, String))
    directly = select(_side.c.id).where(_side.c.kind == "supplier_direct")
    return (
        select(func.sum(_transfer.c.amount))
        .where(side == own.scalar_subquery(), other.not_in(directly))
        .scalar_subquery()
    )


def _paid_to_others() -> ColumnElement[Any]:
    """What of the payments went to suppliers who are paid directly."""
    return (
        select(func.sum(_allocation.c.amount))
        .join(_invoice, _invoice.c.id == _allocation.c.invoice_id)
        .where(
            _invoice.c.agreement_id == _ID,
            _invoice.c.supplier_id.is_not(None),
            _allocation.c.credit_id.is_(None),
        )
        .scalar_subquery()
    )


# Made once and kept: they run with every message.
@cache
def _called(places: int) -> Select[Any]:
    return (
        select(
            _agreement.c.id, _agreement.c.number, _agreement.c.number_folded,
            _agreement.c.resident_id, _agreement.c.closed_on, _resident.c.name,
            _operator.c.timezone,
        )
        .join(_resident, _resident.c.id == _agreement.c.resident_id)
        .join(_operator, _operator.c.id == _agreement.c.operator_id)
        .where(
            is_among(_agreement.c.number_folded, "folded", places),
            _agreement.c.operator_id == bindparam("operator"),
        )
        .order_by(_agreement.c.id)
    )  # fmt: skip


_ID: Final[ColumnElement[int]] = bindparam("agreement", type_=_agreement.c.id.type)
_MOVED: Final[Select[Any]] = select(
    _moved(_transfer.c.credit_id, _transfer.c.debit_id).label("paid"),
    _moved(_transfer.c.debit_id, _transfer.c.credit_id).label("owed"),
    _paid_to_others().label("others"),
)
