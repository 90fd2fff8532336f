"""«Обещанный платеж»: a word given in two steps, the first of which stores nothing."""

from secrets import token_hex

from markupsafe import Markup

from components.chrome import Crumb
from components.empty_state import empty_state
from components.filters import agreement_select, filters
from components.promise import promise_confirmation, promise_form, promise_refused, promise_state
from components.refill_note import promised_note
from components.stack import stack
from pages.addresses import PROMISE, number
from pages.cabinet import ACCOUNT, cabinet, load, pay_address
from pages.screen import Asked, Screen
from portal.domain.promise import NoPromise, PromiseOffer, promised_amount
from portal.domain.statement import Choice
from portal.services.promises import PromisePage
from portal.services.promises import promise_page as load_promises

TITLE = "Обещанный платеж"
CONFIRM = "confirm"
_PAYMENTS = Crumb("Платежи", "/payments")


async def promise_page(asked: Asked) -> Screen:
    """`/payments/promise?agreement=…&amount=…&step=confirm`."""
    agreement = number(asked.query, "agreement")
    person, found = await load(asked, load_promises, agreement, asked.now)
    note = promised_note(asked.flags.promised_payment_text)
    body = stack(_choice(found), _body(asked, found.chosen), note)
    return cabinet(asked, person, TITLE, body, (ACCOUNT, _PAYMENTS))


def _choice(found: PromisePage) -> Markup:
    """Nothing to choose for somebody who has one agreement."""
    if len(found.offers) < 2 or found.chosen is None:  # noqa: PLR2004 - one is none
        return Markup()
    own = [Choice(each.agreement_id, each.agreement) for each in found.offers]
    return filters(PROMISE, (agreement_select(own, found.chosen.agreement_id),), {})


def _body(asked: Asked, offer: PromiseOffer | None) -> Markup:
    if offer is None:
        return empty_state(
            "Обещанных платежей здесь нет",
            "По этому договору управляющая компания их не принимает",
            icon="wallet", address="/invoices", link="Счета",
        )  # fmt: skip
    if offer.promise is not None:
        return promise_state(offer, offer.promise, pay_address(asked.flags))
    if offer.refusal:
        return promise_refused(offer, pay_address(asked.flags))
    return _asked_for(offer, asked.query.get("amount", ""), asked.query.get("step", ""))


def _asked_for(offer: PromiseOffer, typed: str, step: str) -> Markup:
    if step != CONFIRM:
        return promise_form(offer, typed)
    try:
        amount = promised_amount(typed)
        offer.judge(amount)
    except NoPromise as fault:
        return promise_form(offer, typed, str(fault))
    return promise_confirmation(offer, amount, token_hex(16))
