"""What the bank is to be asked, and which payments it has not told the end of."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, bindparam, case, or_, select

from portal.db.base import table_of
from portal.db.incoming import PayChannel
from portal.db.invoices import Invoice
from portal.db.parties import Resident
from portal.db.paying import Intent, IntentEvent, IntentInvoice
from portal.db.session import Session
from portal.domain.money import Money
from portal.domain.paying import PayState, Step, Way
from portal.gateways.acquiring import Receipt
from portal.services.paying.steps import (
    address_of,
    external_id_of,
    intent_of,
    state_after,
    steps_of,
)

_NO_VAT: Final = 1
_ENDS: Final = tuple(step.value for step in Step if step is not Step.SENT)
_channel, _resident, _invoice = table_of(PayChannel), table_of(Resident), table_of(Invoice)
_intent, _event, _chosen = table_of(Intent), table_of(IntentEvent), table_of(IntentInvoice)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """An intent as the bank is to hear of it; `is_unasked`: nobody knows of an answer of it."""

    token: str
    channel: str
    shop_id: str
    base_url: str | None
    account: str
    amount: Money
    way: Way
    description: str
    receipt: Receipt | None
    begun_at: datetime
    origin: str | None
    state: PayState
    external_id: str | None
    confirmation_url: str | None
    is_unasked: bool


@dataclass(frozen=True, slots=True)
class Unended:
    """What the bank has not told the end of: a payment, or a request for a refund."""

    token: str
    begun_at: datetime
    is_refund: bool = False


def outgoing(session: Session, token: str) -> Outgoing:
    """Raises NotFound."""
    row = intent_of(session, token)
    steps = steps_of(session, row.id)
    shop = session.execute(_SHOP, {"intent": row.id}).one()
    return Outgoing(
        token=token,
        channel=row.channel,
        shop_id=shop.shop_id or "",
        base_url=shop.base_url,
        account=row.account,
        amount=row.amount,
        way=Way(row.way),
        description=_description(session, row),
        receipt=receipt_of(shop),
        begun_at=row.created_at,
        origin=row.origin,
        state=state_after(steps),
        external_id=external_id_of(steps),
        confirmation_url=address_of(steps),
        is_unasked=not steps,
    )


def unended(
    session: Session, before: datetime, since: datetime | None = None
) -> tuple[Unended, ...]:
    """Payments begun between these moments of which the bank has not told the end, the oldest
    first.
    """
    query = _UNENDED if since is None else _UNENDED.where(_intent.c.created_at >= since)
    rows = session.execute(query.where(_intent.c.created_at <= before))
    return tuple(Unended(row.token, row.created_at) for row in rows)


def meant(session: Session, channel_id: int, external_id: str, token: str) -> str | None:
    """The intent of the channel that a notification speaks of: by the bank's number, or by the
    token of ours that it carries.
    """
    asked = {"channel": channel_id}
    by_number = session.scalar(_BY_NUMBER, asked | {"number": external_id})
    found = by_number or session.scalar(_BY_TOKEN, asked | {"token": token})
    return None if found is None else str(found)


def _description(session: Session, row: Row[Any]) -> str:
    numbers = ", ".join(session.scalars(_NUMBERS, {"intent": row.id}))
    invoices = f", счета № {numbers}" if ", " in numbers else f", счет № {numbers}"
    return f"Оплата ЖКУ, договор {row.account}{invoices if numbers else ''}"


def receipt_of(shop: Row[Any]) -> Receipt | None:
    """Of a row that has the columns of the channel, and where the resident gets his receipts."""
    if not shop.has_receipts:
        return None
    return Receipt(shop.email or "", shop.phone or "", shop.vat_code or _NO_VAT, shop.tax_system)


def receipt_address() -> tuple[ColumnElement[Any], ...]:
    """Where the receipts of an intent go, for queries over its table and the residents'."""
    own = (_intent.c.receipt_email, _intent.c.receipt_phone)
    is_kept = or_(*(column.is_not(None) for column in own))
    now = (_resident.c.email, _resident.c.phone)
    return tuple(
        case((is_kept, kept), else_=present).label(present.name)
        for kept, present in zip(own, now, strict=True)
    )


# Made once and kept.
_SHOP: Final[Select[Any]] = (
    select(_channel, *receipt_address())
    .join(_intent, _intent.c.channel_id == _channel.c.id)
    .join(_resident, _resident.c.id == _intent.c.resident_id)
    .where(_intent.c.id == bindparam("intent"))
)
_NUMBERS: Final = (
    select(_invoice.c.number)
    .join(_chosen, _chosen.c.invoice_id == _invoice.c.id)
    .where(_chosen.c.intent_id == bindparam("intent"))
    .order_by(_chosen.c.position)
)
_UNENDED: Final[Select[Any]] = (
    select(_intent.c.token, _intent.c.created_at)
    .where(
        ~select(_event.c.id)
        .where(_event.c.intent_id == _intent.c.id, _event.c.state.in_(_ENDS))
        .exists()
    )
    .order_by(_intent.c.created_at, _intent.c.id)
)
_BY_NUMBER: Final = (
    select(_intent.c.token)
    .join(_event, _event.c.intent_id == _intent.c.id)
    .where(
        _intent.c.channel_id == bindparam("channel"),
        _event.c.external_id == bindparam("number"),
        _event.c.state.in_((Step.SENT.value, Step.PAID.value)),
    )
    .limit(1)
)
_BY_TOKEN: Final = select(_intent.c.token).where(
    _intent.c.channel_id == bindparam("channel"), _intent.c.token == bindparam("token")
)
