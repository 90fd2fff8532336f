"""When the money came with which a cancelled bill pays another: the operator had it long before the
document that cancels, so who paid in time is not late when a bill is issued again.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from functools import cache
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from sqlalchemy import Row, Select, func, select

from portal.db.among import among, is_among, places_for
from portal.db.base import table_of
from portal.db.invoices import Allocation, Invoice
from portal.db.ledger import Payment, Refund
from portal.db.session import Session
from portal.domain.money import ZERO, Money, split

Came: TypeAlias = tuple[tuple[date, Money], ...]
"""The parts of a sum by the days on which they came."""
_Rows: TypeAlias = Mapping[int, list[Row[Any]]]
_allocation, _payment, _refund = table_of(Allocation), table_of(Payment), table_of(Refund)
_credit = table_of(Invoice).alias("credit")


def came_on(session: Session, invoice_ids: Collection[int], zone: ZoneInfo) -> Mapping[int, Came]:
    """By the allocations of these invoices that the document cancelling another is the source of;
    a statement for each time that a bill was issued again.
    """
    known: dict[int, list[Row[Any]]] = {}
    wanted = set(invoice_ids)
    while wanted:
        known |= {invoice_id: [] for invoice_id in wanted} | _read(session, wanted)
        wanted = {row.cancels_id for rows in known.values() for row in rows if row.cancels_id}
        wanted -= known.keys()
    found = {
        row.id: _of(row, known, zone)
        for invoice_id in invoice_ids
        for row in known[invoice_id]
        if row.cancels_id not in {None, invoice_id}
    }
    return {allocation_id: came for allocation_id, came in found.items() if came}


def _read(session: Session, invoice_ids: Collection[int]) -> dict[int, list[Row[Any]]]:
    found: dict[int, list[Row[Any]]] = defaultdict(list)
    query = _allocations(places_for(invoice_ids))
    for row in session.execute(query, among("invoice", invoice_ids)):
        found[row.invoice_id].append(row)
    return found


def _of(row: Row[Any], known: _Rows, zone: ZoneInfo) -> Came:
    """Of one allocation; nothing where it is not known."""
    if row.paid_at is not None:
        return ((row.paid_at.astimezone(zone).date(), row.amount),)
    if row.cancels_id is None:
        return ((row.issued_on, row.amount),)
    parts = _summed(
        part
        for one in known[row.cancels_id]
        if one.cancels_id != row.cancels_id  # what was unpaid of it, it has settled itself
        for part in _of(one, known, zone)
    )
    amounts = split(row.amount, [part.kopecks for _, part in parts]) if parts else ()
    return tuple((day, amount) for (day, _), amount in zip(parts, amounts, strict=True) if amount)


def _summed(parts: Iterable[tuple[date, Money]]) -> list[tuple[date, Money]]:
    """By the day; what was given back is no part of it any more."""
    sums: dict[date, Money] = defaultdict(lambda: ZERO)
    for day, part in parts:
        sums[day] += part
    return [(day, part) for day, part in sorted(sums.items()) if part > ZERO]


@cache
def _allocations(places: int) -> Select[Any]:
    """What a refund took back is of the day on which its payment came."""
    columns = (_allocation.c.id, _allocation.c.invoice_id, _allocation.c.amount)
    payment_id = func.coalesce(_allocation.c.payment_id, _refund.c.payment_id)
    return (
        select(*columns, _payment.c.paid_at, _credit.c.cancels_id, _credit.c.issued_on)
        .outerjoin(_refund, _refund.c.id == _allocation.c.refund_id)
        .outerjoin(_payment, _payment.c.id == payment_id)
        .outerjoin(_credit, _credit.c.id == _allocation.c.credit_id)
        .where(is_among(_allocation.c.invoice_id, "invoice", places))
        .order_by(_allocation.c.id)
    )
