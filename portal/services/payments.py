"""Платежи: what was paid, when and through what."""

from collections import defaultdict
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, bindparam, func, literal, select

from portal.db.base import table_of
from portal.db.incoming import PayChannel
from portal.db.invoices import Allocation, Invoice
from portal.db.ledger import Payment, Refund
from portal.db.parties import Agreement, Operator
from portal.db.session import Session
from portal.db.types import MoneyType
from portal.domain.bill import PaymentLine
from portal.domain.identity import ResidentId
from portal.domain.money import ZERO
from portal.services.agreements import ensure_own
from portal.services.ids import ensure_possible
from portal.services.ledger_refunds import given_back

CHANNELS = {
    "cash": "касса",
    "bank": "банк",
    "card": "карта",
    "sbp": "СБП",
    "terminal": "терминал",
}

_payment, _allocation, _invoice = table_of(Payment), table_of(Allocation), table_of(Invoice)
_agreement, _operator = table_of(Agreement), table_of(Operator)
_channel, _refund = table_of(PayChannel), table_of(Refund)


def _of_resident(*columns: ColumnElement[Any]) -> Select[Any]:
    return (
        select(*columns)
        .join(_agreement, _agreement.c.id == _payment.c.agreement_id)
        .join(_operator, _operator.c.id == _agreement.c.operator_id)
        .where(_agreement.c.resident_id == bindparam("resident"))
    )


# Made once and kept: writing them anew costs more than running them.
_MOMENTS = _of_resident(_payment.c.paid_at, _operator.c.timezone)
_NEWEST_FIRST = (
    _of_resident(
        *_payment.columns,
        _agreement.c.number,
        _operator.c.timezone,
        _channel.c.name.label("channel_name"),
        given_back().label("refunded"),
    )
    .outerjoin(_channel, _channel.c.key == _payment.c.channel)
    .order_by(_payment.c.paid_at.desc(), _payment.c.id.desc())
)
_OF_AGREEMENT = _NEWEST_FIRST.where(_agreement.c.id == bindparam("agreement"))
_PAYER = func.coalesce(_allocation.c.payment_id, _refund.c.payment_id)
_APPLIED = (
    select(_PAYER.label("payment_id"), _invoice.c.number)
    .select_from(_allocation)
    .join(_invoice, _invoice.c.id == _allocation.c.invoice_id)
    .join(_agreement, _agreement.c.id == _invoice.c.agreement_id)
    .outerjoin(_refund, _refund.c.id == _allocation.c.refund_id)
    .where(_agreement.c.resident_id == bindparam("resident"))
    .group_by(_PAYER, _invoice.c.id, _invoice.c.number, _invoice.c.period)
    .having(func.sum(_allocation.c.amount) > literal(ZERO, MoneyType))
    .order_by(_invoice.c.period, _invoice.c.id)
)


def payments(
    session: Session,
    resident: ResidentId,
    agreement_id: int | None = None,
    year: int | None = None,
) -> tuple[PaymentLine, ...]:
    """Newest first; `year` is the operator's own calendar's.

    Raises NotFound: `agreement_id` is not the resident's.
    """
    asked: dict[str, int] = {"resident": resident}
    if agreement_id is not None:
        asked["agreement"] = ensure_possible(agreement_id)
    statement = _NEWEST_FIRST if agreement_id is None else _OF_AGREEMENT
    rows = session.execute(statement, asked).all()
    if not rows:
        ensure_own(session, resident, agreement_id)
    applied = _applied(session, resident)
    return tuple(
        PaymentLine(
            payment_id=row.id,
            agreement=row.number,
            paid_at=row.paid_at,
            channel=channel_name(row.channel, row.channel_name),
            external_id=row.external_id,
            amount=row.amount,
            applied_to=tuple(applied[row.id]),
            refunded=row.refunded,
        )
        for row in rows
        if year is None or row.paid_at.astimezone(ZoneInfo(row.timezone)).year == year
    )


def channel_name(key: str, given: str | None) -> str:
    """A payment system's channel has the name that its operator gave it."""
    return given or CHANNELS.get(key) or f"другой способ ({key})"


def payment_years(session: Session, resident: ResidentId) -> tuple[int, ...]:
    """The years that have payments, newest first."""
    rows = session.execute(_MOMENTS, {"resident": resident})
    years = {row.paid_at.astimezone(ZoneInfo(row.timezone)).year for row in rows}
    return tuple(sorted(years, reverse=True))


def _applied(session: Session, resident: ResidentId) -> defaultdict[int, list[str]]:
    """The numbers of the invoices that have something of each of the resident's payments."""
    rows = session.execute(_APPLIED, {"resident": resident})
    applied: defaultdict[int, list[str]] = defaultdict(list)
    for row in rows:
        applied[row.payment_id].append(row.number)
    return applied
