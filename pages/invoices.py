"""«Счета»: what is to be paid and what has been, and each invoice opened."""

from asyncio import to_thread
from urllib.parse import urlencode

from markupsafe import Markup

from components.chrome import Crumb
from components.filters import Select, any_agreement_select, filters
from components.invoice_document import invoice_document
from components.invoice_list import invoice_list
from components.payment_qr import payment_qr
from components.refill_note import refill_note
from components.stack import stack
from pages.addresses import number, own_number, period
from pages.cabinet import cabinet, load, local_day, pay_address
from pages.screen import Asked, Screen
from portal.domain.bill import InvoiceDocument
from portal.services.bill_pages import InvoicesPage, invoices_page
from portal.services.invoices import invoice_document as load_document

ADDRESS, TITLE = "/invoices", "Счета"


async def invoices_list_page(asked: Asked) -> Screen:
    """`/invoices?agreement=…&period=…`."""
    agreement, month = number(asked.query, "agreement"), period(asked.query)
    person, found = await load(asked, invoices_page, agreement, month)
    narrowing = _filters(found, agreement, str(month or ""))
    note = refill_note(asked.flags.balance_refill_text)
    today = local_day(asked.now, person.timezone)
    is_narrowed = agreement is not None or month is not None
    listed = invoice_list(
        found.invoices, today, is_narrowed=is_narrowed, pay_at=_pay_at(asked, agreement=agreement)
    )
    return cabinet(asked, person, TITLE, stack(narrowing, listed, note))


async def invoice_page(asked: Asked) -> Screen:
    """`/invoices/{invoice}`: its lines, whom to pay, the payment QR.  Raises NotFound."""
    invoice_id = own_number(asked.parameters, "invoice")
    person, document = await load(asked, load_document, invoice_id)
    qr = await _qr(document)
    note = refill_note(asked.flags.balance_refill_text)
    today, pay_at = local_day(asked.now, person.timezone), _pay_at(asked, invoice=invoice_id)
    body = stack(invoice_document(document, qr, today, pay_at=pay_at), note)
    title = f"Счет {document.summary.number}"
    return cabinet(asked, person, title, body, (Crumb(TITLE, ADDRESS),))


async def _qr(document: InvoiceDocument) -> Markup:
    """A tenth of a second of work, which nobody else should wait for."""
    if not (document.summary.is_unpaid and document.qr_text):
        return Markup()
    return await to_thread(payment_qr, document.qr_text)


def _pay_at(asked: Asked, **chosen: int | None) -> str:
    """Where one pays, with the choice made already; empty where that is nowhere."""
    address = pay_address(asked.flags)
    named = {name: value for name, value in chosen.items() if value is not None}
    return f"{address}?{urlencode(named)}" if address and named else address


def _filters(found: InvoicesPage, agreement: int | None, month: str) -> Markup:
    everything = ("", "Все месяцы")
    months = tuple((str(each), each.title) for each in found.periods)
    selects = (
        *any_agreement_select(found.agreements, agreement),
        Select("period", "Месяц", (everything, *months), month),
    )
    return filters(ADDRESS, selects, {})
