"""What a resident means to pay, judged and stored before anybody is asked for money."""

import secrets
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import Row, Select, bindparam, func, select

from portal.db import journal
from portal.db.base import table_of
from portal.db.incoming import PayChannel
from portal.db.parties import Agreement, Operator, Resident
from portal.db.paying import Intent, IntentInvoice
from portal.db.session import Session
from portal.domain.identity import ResidentId
from portal.domain.incoming import Unspoken
from portal.domain.money import Money
from portal.domain.pay_sum import WrongSum, ensure_within
from portal.domain.paying import PayOrder
from portal.errors import Invalid, NotFound, Refused
from portal.services.ids import ensure_possible
from portal.services.invoices import invoices
from portal.services.paying.steps import chosen_of
from portal.services.submission import ensure_key

RECENT_MAX: Final = 30
"""Payments that one resident may begin within an hour: the bank counts what we ask of it."""
_TOKEN_BYTES: Final = 24
_AN_HOUR: Final = timedelta(hours=1)
_OTHER = "Эта форма уже отправлена с другими значениями. Откройте оплату заново"
_TOO_OFTEN = "Слишком много начатых оплат за час. Повторите позже или заплатите по реквизитам"
_NO_CONTACT = "Укажите в «Профиле» почту или телефон: туда придет чек"
_intent = table_of(Intent)
_channel, _agreement = table_of(PayChannel), table_of(Agreement)
_operator, _resident = table_of(Operator), table_of(Resident)


def begin(session: Session, resident: ResidentId, order: PayOrder, key: str, now: datetime) -> str:
    """Store the intent; its token.  Nothing has been asked of the bank yet.

    A repeat of the form's key gets the first token.  Raises Invalid (`way`, `amount`, `invoice`),
    Refused, and NotFound for what is another's.
    """
    ensure_key(key)
    first = session.execute(_BY_KEY, {"resident": resident, "key": key}).one_or_none()
    if first is not None:
        return _repeated(session, first, order)
    channel = _open_channel(session, resident, order, now)
    _judge_amount(channel, order.amount)
    _judge_invoices(session, resident, order)
    _judge_haste(session, resident, now)
    return _stored(session, resident, channel, order, key, now)


def _stored(
    session: Session,
    resident: ResidentId,
    channel: Row[Any],
    order: PayOrder,
    key: str,
    now: datetime,
) -> str:
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    intent_id = journal.add(
        session, Intent, token=token, key=key, channel_id=channel.id, resident_id=resident,
        agreement_id=order.agreement_id, amount=order.amount, way=order.way.value,
        origin=order.origin, created_at=now,
        receipt_email=channel.email if channel.has_receipts else None,
        receipt_phone=channel.phone if channel.has_receipts else None,
    )  # fmt: skip
    chosen = [
        {"intent_id": intent_id, "position": position, "invoice_id": invoice_id}
        for position, invoice_id in enumerate(order.invoice_ids, 1)
    ]
    journal.add_all(session, IntentInvoice, chosen)
    return token


def _repeated(session: Session, first: Row[Any], order: PayOrder) -> str:
    chosen = chosen_of(session, first.id)
    stored = (first.channel, first.way, first.agreement_id, first.amount, chosen)
    asked = (order.channel, order.way, order.agreement_id, order.amount, order.invoice_ids)
    if stored != asked:
        raise Refused(_OTHER)
    return str(first.token)


def _open_channel(
    session: Session, resident: ResidentId, order: PayOrder, now: datetime
) -> Row[Any]:
    """The operator's own, of an agreement in force of the resident's."""
    asked = {
        "agreement": ensure_possible(order.agreement_id), "resident": resident,
        "channel": order.channel,
    }  # fmt: skip
    row = session.execute(_OF_AGREEMENT, asked).one_or_none()
    if row is None:
        raise NotFound
    if row.closed_on is not None and row.closed_on <= now.astimezone(ZoneInfo(row.timezone)).date():
        raise Refused(f"Договор {row.number} закрыт: заплатите по реквизитам")
    if not row.is_open or order.way not in ways_of(row.ways):
        raise Invalid("way", "Этот способ оплаты сейчас недоступен. Выберите другой")
    if row.has_receipts and not (row.email or row.phone):
        raise Refused(_NO_CONTACT)
    return row


def ways_of(written: str | None) -> tuple[str, ...]:
    """The ways of a channel, as its table has them."""
    return tuple(each.strip() for each in (written or "").split(",") if each.strip())


def _judge_amount(channel: Row[Any], amount: Money) -> None:
    try:
        ensure_within(amount, channel.amount_min, channel.amount_max)
    except WrongSum as wrong:
        raise Invalid("amount", wrong.sentence) from None


def _judge_invoices(session: Session, resident: ResidentId, order: PayOrder) -> None:
    own = {each.invoice_id: each for each in invoices(session, resident, order.agreement_id)}
    if not set(order.invoice_ids) <= own.keys():
        raise NotFound
    for invoice in (own[each] for each in order.invoice_ids):
        if invoice.payee:
            raise Invalid("invoice", f"Счет № {invoice.number} оплачивают прямо поставщику")
        if not invoice.is_unpaid:
            raise Invalid("invoice", f"Счет № {invoice.number} уже не ждет оплаты")
    if len(set(order.invoice_ids)) != len(order.invoice_ids):
        raise Invalid("invoice", "Один и тот же счет выбран дважды")


def _judge_haste(session: Session, resident: ResidentId, now: datetime) -> None:
    asked = {"resident": resident, "since": now - _AN_HOUR}
    if (session.scalar(_RECENT, asked) or 0) >= RECENT_MAX:
        raise Refused(_TOO_OFTEN)


# Made once and kept.
_BY_KEY: Final[Select[Any]] = (
    select(_intent, _channel.c.key.label("channel"))
    .join(_channel, _channel.c.id == _intent.c.channel_id)
    .where(_intent.c.resident_id == bindparam("resident"), _intent.c.key == bindparam("key"))
)
_RECENT: Final = (
    select(func.count())
    .select_from(_intent)
    .where(
        _intent.c.resident_id == bindparam("resident"), _intent.c.created_at > bindparam("since")
    )
)
_OF_AGREEMENT: Final[Select[Any]] = (
    select(
        _channel, _agreement.c.number, _agreement.c.closed_on, _operator.c.timezone,
        _resident.c.email, _resident.c.phone,
    )
    .select_from(_agreement)
    .join(_operator, _operator.c.id == _agreement.c.operator_id)
    .join(_resident, _resident.c.id == _agreement.c.resident_id)
    .join(_channel, _channel.c.operator_id == _operator.c.id)
    .where(
        _agreement.c.resident_id == bindparam("resident"),
        _agreement.c.id == bindparam("agreement"),
        _channel.c.key == bindparam("channel"),
        _channel.c.dialect == Unspoken.YOOKASSA.value,
    )
)  # fmt: skip
