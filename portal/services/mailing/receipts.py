"""Квитанции об оплате: a letter for each payment, written in the transaction that credits it."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import cache
from secrets import token_hex
from typing import Any, Final, TypeAlias
from zoneinfo import ZoneInfo

from sqlalchemy import Row, Select, select

from portal.db import journal
from portal.db.among import among, is_among, places_for, portions
from portal.db.base import table_of
from portal.db.incoming import PayChannel
from portal.db.invoices import Allocation, Invoice
from portal.db.outbox import Outbox
from portal.db.parties import Agreement, Operator, Resident
from portal.db.session import Session
from portal.documents.letter import Paid, receipt
from portal.domain.identity import ResidentId
from portal.domain.letter import Letterhead, wire_address
from portal.domain.money import Money
from portal.domain.profile import ContactFault
from portal.services.ledger import NewPayment
from portal.services.payments import channel_name

RECEIPT: Final = "receipt"
FRESH: Final = timedelta(days=31)
"""Whoever takes in the files of a year past writes no letters about it."""
_agreement, _operator, _resident = table_of(Agreement), table_of(Operator), table_of(Resident)
_allocation, _invoice, _channel = table_of(Allocation), table_of(Invoice), table_of(PayChannel)

Posted: TypeAlias = tuple[int, tuple[NewPayment, ResidentId]]
"""The id of a payment, itself, and whose it is."""
Applied: TypeAlias = dict[int, list[tuple[str, Money]]]
"""By payment, what each invoice got of it."""


def receipt_key(payment_id: int | str) -> str:
    """One receipt a payment, for ever."""
    return f"{RECEIPT}:{payment_id}"


def write_receipts(session: Session, posted: Sequence[Posted], now: datetime) -> None:
    """After the invoices were paid: each resident with an e-mail who wants to be told."""
    head = session.letterhead
    if head is None:
        return
    fresh = [each for each in posted if _is_news(each[1][0], now)]
    for some in portions(fresh):
        wanted = list(_wanted(session, some))
        if wanted:
            applied = _applied(session, [payment_id for payment_id, _, _ in wanted])
            names = _channel_names(session)
            rows = [_row(head, *each, applied, names, now) for each in wanted]
            journal.add_all(session, Outbox, rows)


def _is_news(new: NewPayment, now: datetime) -> bool:
    """Money that was held until now, too, however old it is."""
    return new.held_by is not None or now - new.paid_at <= FRESH


def _wanted(
    session: Session, posted: Sequence[Posted]
) -> Iterator[tuple[int, NewPayment, Row[Any]]]:
    agreements = sorted({new.agreement_id for _, (new, _) in posted})
    rows = session.execute(_whose(places_for(agreements)), among("agreement", agreements))
    whose = {row.id: row for row in rows if _is_postal(row.email)}
    for payment_id, (new, _) in posted:
        if new.agreement_id in whose:
            yield payment_id, new, whose[new.agreement_id]


def _is_postal(email: str) -> bool:
    """Whether letters get there: what was loaded long ago may be anything."""
    try:
        wire_address(email)
    except ContactFault:
        return False
    return True


def _row(
    head: Letterhead,
    payment_id: int,
    new: NewPayment,
    whose: Row[Any],
    applied: Applied,
    names: dict[str, str],
    now: datetime,
) -> dict[str, Any]:
    used = tuple(applied[payment_id])
    told = Paid(
        amount=new.amount,
        agreement=whose.number,
        operator=whose.name,
        paid_at=new.paid_at.astimezone(ZoneInfo(whose.timezone)),
        channel=channel_name(new.channel, names.get(new.channel)),
        external_id=new.external_id,
        applied_to=used,
        advance=new.amount - Money.total(amount for _, amount in used),
    )
    letter = receipt(told, head)
    return {
        "kind": RECEIPT, "key": receipt_key(payment_id), "resident_id": whose.resident_id,
        "address": whose.email, "subject": letter.subject, "body": letter.text,
        "message_id": f"<{RECEIPT}.{payment_id}.{token_hex(16)}@{head.sender.domain}>",
        "created_at": now,
    }  # fmt: skip


def _applied(session: Session, payment_ids: Sequence[int]) -> Applied:
    applied: Applied = defaultdict(list)
    asked = among("payment", payment_ids)
    for row in session.execute(_uses(places_for(payment_ids)), asked):
        applied[row.payment_id].append((row.number, row.amount))
    return applied


def _channel_names(session: Session) -> dict[str, str]:
    return {row.key: row.name for row in session.execute(_NAMES)}


_NAMES: Final = select(_channel.c.key, _channel.c.name)


@cache
def _whose(places: int) -> Select[Any]:
    return (
        select(
            _agreement.c.id, _agreement.c.number, _agreement.c.resident_id, _resident.c.email,
            _operator.c.name, _operator.c.timezone,
        )
        .join(_resident, _resident.c.id == _agreement.c.resident_id)
        .join(_operator, _operator.c.id == _agreement.c.operator_id)
        .where(
            is_among(_agreement.c.id, "agreement", places),
            _resident.c.email.is_not(None),
            _resident.c.wants_receipts,
        )
    )  # fmt: skip


@cache
def _uses(places: int) -> Select[Any]:
    return (
        select(_allocation.c.payment_id, _invoice.c.number, _allocation.c.amount)
        .join(_invoice, _invoice.c.id == _allocation.c.invoice_id)
        .where(is_among(_allocation.c.payment_id, "payment", places))
        .order_by(_invoice.c.period, _invoice.c.id)
    )
