"""«Платежи»: what came in, by which way, and what it paid."""

from markupsafe import Markup

from components.filters import Select, any_agreement_select, filters
from components.pay_status import pay_cleared, pay_waiting
from components.payment_list import pay_link, payment_list
from components.promise import promise_card
from components.refill_note import refill_note
from components.stack import stack
from pages.addresses import number
from pages.cabinet import ACCOUNT, cabinet, is_promise_open, load, pay_address
from pages.screen import Asked, Screen
from portal.services.bill_pages import PaymentsPage, payments_page

ADDRESS, TITLE = "/payments", "Платежи"


async def payments_list_page(asked: Asked) -> Screen:
    """`/payments?agreement=…&year=…`."""
    agreement, year = number(asked.query, "agreement"), number(asked.query, "year")
    person, found = await load(asked, payments_page, agreement, year, asked.now)
    narrowing = _filters(found, agreement, str(year or ""))
    note = refill_note(asked.flags.balance_refill_text)
    waiting = pay_waiting(found.begun.awaited, person.timezone)
    cleared = pay_cleared(found.begun.cleared, person.timezone)
    listed = payment_list(found.payments, person.timezone, found.begun.receipts)
    promise = _promise(asked, found)
    pay = pay_link(pay_address(asked.flags))
    body = stack(pay, waiting, cleared, narrowing, listed, promise, note)
    return cabinet(asked, person, TITLE, body, (ACCOUNT,))


def _promise(asked: Asked, found: PaymentsPage) -> Markup:
    if not (found.takes_promises and is_promise_open(asked.flags)):
        return Markup()
    return promise_card(asked.flags.promised_payment_text)


def _filters(found: PaymentsPage, agreement: int | None, year: str) -> Markup:
    years = tuple((str(each), str(each)) for each in found.years)
    selects = (
        *any_agreement_select(found.agreements, agreement),
        Select("year", "Год", (("", "Все годы"), *years), year),
    )
    return filters(ADDRESS, selects, {})
