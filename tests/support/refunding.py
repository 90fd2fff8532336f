"""What a test gives back of payments."""

from datetime import datetime

from sqlalchemy import func, select

from portal.backend import Backend
from portal.db.base import table_of
from portal.db.invoices import Allocation, Invoice
from portal.db.ledger import Payment
from portal.db.session import Session
from portal.domain.money import Money
from portal.services.incoming.refunding import Refunded, RefundOrder, refund
from portal.services.office.invoicing.allocating import allocate
from tests.builders import NOW, Flat, House
from tests.support.incoming import a_channel, an_order, pays


def refunds(
    backend: Backend, payment_id: int, amount: str = "", document: str = "в-1", at: datetime = NOW
) -> Refunded:
    """All that is left, unless told otherwise."""
    wanted = Money.parse(amount) if amount else None
    order = RefundOrder(document, wanted, at, payment_id=payment_id, officer="tests", note="Ошибка")
    return backend.write_now(refund, order, at)


def returns_held(
    backend: Backend, number: int, amount: str = "", document: str = "в-9"
) -> Refunded:
    wanted = Money.parse(amount) if amount else None
    order = RefundOrder(document, wanted, NOW, incoming_id=number, officer="tests", note="Не наш")
    return backend.write_now(refund, order, NOW)


def unpaid(backend: Backend) -> dict[str, str]:
    """What is open of each invoice, in roubles, by its number."""
    invoice, allocation = table_of(Invoice), table_of(Allocation)
    paid = (
        select(func.sum(allocation.c.amount))
        .where(allocation.c.invoice_id == invoice.c.id)
        .scalar_subquery()
    )

    def query(session: Session) -> dict[str, str]:
        rows = session.execute(select(invoice.c.number, invoice.c.total, paid.label("paid")))
        rest = {row.number: row.total - (row.paid or Money(0)) for row in rows}
        return {number: amount.plain for number, amount in rest.items() if amount}

    return backend.read_now(query)


def gives_back(house: House, flat: Flat) -> None:
    """Money of every kind: an advance, what paid an invoice, what a channel brought, what is
    nobody's.
    """
    channel = a_channel(house, "refunding")
    held = pays(house.backend, channel, an_order("DOM-97", number="21")).receipt.number
    pays(house.backend, channel, an_order(flat.number, number="22"))
    invoice = flat.an_invoice(opening="30")
    payment_id = flat.a_payment("40", stated=[invoice])
    house.writes(lambda session: allocate(session, [flat.id], NOW))
    refunds(house.backend, payment_id, "15")
    refunds(house.backend, _of_channel(house.backend, channel.key), document="22")
    returns_held(house.backend, held)


def _of_channel(backend: Backend, key: str) -> int:
    payment = table_of(Payment)
    query = select(payment.c.id).where(payment.c.channel == key)
    return backend.read_now(lambda session: session.scalars(query).one())
