"""Whose number a payer has typed: within the channel's operator alone."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Row, Select, String, bindparam, case, cast, func, select

from portal.db.base import table_of
from portal.db.folding import fold
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


@dataclass(frozen=True, slots=True)
class Holder:
    """The agreement in force that a number names."""

    agreement_id: int
    resident: ResidentId


@dataclass(frozen=True, slots=True)
class Found(Holder):
    """Also what a terminal may show of it; `balance` below zero is owed."""

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
    paid, owed = session.execute(_MOVED, {"agreement": row.id}).one()
    balance = (paid or ZERO) - (owed or ZERO)
    return Found(row.id, ResidentId(row.resident_id), payer_told(row.name), balance)


def holder_of(session: Session, channel: Channel, account: str, now: datetime) -> Holder | None:
    """Whose the money is; None: it is not known, or the agreement is closed."""
    row = _row(session, channel, account)
    if row is None or _is_closed(row, now):
        return None
    return Holder(row.id, ResidentId(row.resident_id))


def _row(session: Session, channel: Channel, account: str) -> Row[Any] | None:
    """Case does not count, unless it tells two apart."""
    name = tidy_name(account)
    asked = {"operator": channel.operator_id, "name": name, "folded": fold(name)}
    rows: Sequence[Row[Any]] = session.execute(_CALLED, asked).all()
    is_certain = len(rows) == 1 or (len(rows) > 1 and not rows[0].is_inexact)
    return rows[0] if is_certain else None


def _is_closed(row: Row[Any], now: datetime) -> bool:
    today = now.astimezone(ZoneInfo(row.timezone)).date()
    return row.closed_on is not None and row.closed_on <= today


def _is_shaped(pattern: str | None, account: str) -> bool:
    return pattern is None or _compiled(pattern).fullmatch(account) is not None


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _moved(side: ColumnElement[Any]) -> ColumnElement[Any]:
    owner = cast(bindparam("agreement", type_=_agreement.c.id.type), String)
    own = select(_side.c.id).where(_side.c.kind == "resident", _side.c.owner == owner)
    return (
        select(func.sum(_transfer.c.amount)).where(side == own.scalar_subquery()).scalar_subquery()
    )


# Made once and kept: they run with every message.
_IS_INEXACT = case((_agreement.c.number == bindparam("name"), 0), else_=1).label("is_inexact")
_CALLED: Final[Select[Any]] = (
    select(
        _agreement.c.id, _agreement.c.resident_id, _agreement.c.closed_on, _resident.c.name,
        _operator.c.timezone, _IS_INEXACT,
    )
    .join(_resident, _resident.c.id == _agreement.c.resident_id)
    .join(_operator, _operator.c.id == _agreement.c.operator_id)
    .where(
        _agreement.c.number_folded == bindparam("folded"),
        _agreement.c.operator_id == bindparam("operator"),
    )
    .order_by(_IS_INEXACT, _agreement.c.id)
)  # fmt: skip
_MOVED: Final[Select[Any]] = select(
    _moved(_transfer.c.credit_id).label("paid"), _moved(_transfer.c.debit_id).label("owed")
)
