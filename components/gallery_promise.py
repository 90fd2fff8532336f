"""Examples: a payment that is promised."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from markupsafe import Markup

from components.gallery_money import LATE
from components.gallery_values import HOSTILE, TODAY, UNBROKEN, person
from components.home_cards import Promised, home_cards, owed_card
from components.promise import (
    ADDRESS,
    promise_card,
    promise_confirmation,
    promise_form,
    promise_refused,
    promise_state,
)
from components.refill_note import promised_note
from components.side_block import side_block
from components.stack import stack
from portal.domain.money import ZERO, Money
from portal.domain.promise import Promise, PromiseOffer, PromiseTerms

TERMS = PromiseTerms(Money(100_00), Money(5000_00), 14, Money(30_000_00))
OFFER = PromiseOffer(1, "ДОМ-12", Money(4812_36), TODAY, TERMS)
ENDLESS = PromiseOffer(1, UNBROKEN, Money(10**13), TODAY, PromiseTerms(Money(1), Money(10**13), 90))
WORD = Promise(Money(4000_00), date(2026, 11, 20), date(2026, 12, 4), Money(1500_00))
LATE_WORD = Promise(Money(10**13), date(2026, 10, 20), date(2026, 11, 3))
PAY_AT = "/payment"
NOTE = "Пообещайте, сколько и к какому дню заплатите:\nдо того дня портал не напомнит о долге."


def _state(offer: PromiseOffer, promise: Promise) -> Markup:
    return promise_state(replace(offer, promise=promise), promise, PAY_AT)


def _side(promise: Promise) -> Markup:
    return side_block(replace(person(), promise=promise), TODAY)


EXAMPLES: dict[str, Callable[[], Markup]] = {
    "promise": lambda: stack(promise_form(OFFER), promised_note(NOTE)),
    "promise, refused sum": lambda: promise_form(
        OFFER, HOSTILE, f"«{HOSTILE}» не сумма. Пишется так: 1 500,00"
    ),
    "promise, extreme": lambda: promise_form(ENDLESS),
    "promise, to confirm": lambda: promise_confirmation(OFFER, Money(4000_00), "0" * 32),
    "promise, extreme to confirm": lambda: promise_confirmation(ENDLESS, Money(1), "0" * 32),
    "promise, given": lambda: _state(OFFER, WORD),
    "promise, overdue": lambda: _state(ENDLESS, LATE_WORD),
    "promise, impossible": lambda: promise_refused(replace(OFFER, owed=Money(10**13)), PAY_AT),
    "promise, of nothing": lambda: promise_refused(replace(OFFER, owed=ZERO), PAY_AT),
    "promise, among payments": lambda: promise_card(NOTE),
    "promise, among payments, without words": lambda: promise_card(""),
    "promise, on the home page": lambda: home_cards(
        owed_card((LATE,), TODAY, promised=Promised(address=ADDRESS))
    ),
    "promise, given, on the home page": lambda: home_cards(
        owed_card((LATE,), TODAY, promised=Promised((LATE.agreement,)))
    ),
    "promise, given, at the side": lambda: _side(WORD),
    "promise, overdue, at the side": lambda: _side(LATE_WORD),
}
