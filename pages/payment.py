"""«Оплата»: what to pay and by which way; then what became of it, and the receipt."""

from asyncio import to_thread
from collections.abc import Mapping
from secrets import token_hex
from urllib.parse import urlencode

from markupsafe import Markup

from components.chrome import Crumb
from components.filters import agreement_select, filters
from components.pay_form import pay_form
from components.pay_other import pay_other
from components.pay_status import STATE_WORDS, pay_status
from components.refill_note import refill_note
from components.stack import stack
from pages.addresses import PAYMENT, number, numbers
from pages.cabinet import cabinet, load
from pages.screen import Asked, Screen
from portal.domain.pay_offer import PayOffer
from portal.services.paying.offers import AMOUNT_FIELD, Wanted, pay_offer
from portal.services.paying.receipts import Again, pay_receipt

TITLE = "Оплата"
PAYMENTS = Crumb("Платежи", "/payments")


async def payment_page(asked: Asked) -> Screen:
    """`/payment?agreement=…&invoice=…&invoice=…&amount=…`: without an invoice all that are unpaid.

    Raises NotFound.
    """
    invoices = numbers(asked.every("invoice")) or None
    amount = asked.query.get(AMOUNT_FIELD, "")
    return await payment_screen(asked, Wanted(number(asked.query, "agreement"), invoices, amount))


async def payment_screen(
    asked: Asked, wanted: Wanted, errors: Mapping[str, str] | None = None, key: str = ""
) -> Screen:
    """The page with what was chosen and typed, and what was wrong with it."""
    person, (offer, wrong) = await load(asked, pay_offer, wanted, asked.now)
    values = {AMOUNT_FIELD: wanted.amount_typed, "way": wanted.way}
    form = pay_form(offer, key or token_hex(16), values, {**wrong, **(errors or {})})
    other = await to_thread(pay_other, offer)  # a code is long in drawing
    note = refill_note(asked.flags.balance_refill_text)
    body = stack(_agreements(offer), form, other, note)
    return cabinet(asked, person, TITLE, body, (PAYMENTS,))


async def paid_page(asked: Asked) -> Screen:
    """`/payment/{token}`.  Raises NotFound."""
    person, (told, again) = await load(asked, pay_receipt, asked.parameters["token"])
    body = pay_status(told, person.timezone, again=_address(again))
    return cabinet(asked, person, STATE_WORDS[told.state].title, body, (PAYMENTS,))


def _agreements(offer: PayOffer) -> Markup:
    """Nothing to ask of somebody who has one."""
    if len(offer.agreements) < 2:  # noqa: PLR2004 - nothing to choose from
        return Markup()
    return filters(PAYMENT, (agreement_select(offer.agreements, offer.agreement.id),), {})


def _address(again: Again) -> str:
    invoices = [("invoice", str(each)) for each in again.invoice_ids]
    if again.agreement_id is None:
        return PAYMENT
    return f"{PAYMENT}?{urlencode([('agreement', str(again.agreement_id)), *invoices])}"
