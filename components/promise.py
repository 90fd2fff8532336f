"""«Обещанный платеж»: what can be promised, the word before it is given, and what became of it."""

from markupsafe import Markup

from components.rendering import render
from portal.domain.money import Money
from portal.domain.promise import Promise, PromiseOffer, Standing

ADDRESS = "/payments/promise"


def promise_form(offer: PromiseOffer, typed: str = "", error: str = "") -> Markup:
    """Got from the page's own address with `agreement`, `amount` and `step`; nothing typed, it
    offers all that can be promised.
    """
    return render(
        "promise_form",
        offer=offer,
        typed=typed or offer.most.plain,
        errors={"amount": error} if error else {},
        action=ADDRESS,
    )


def promise_confirmation(offer: PromiseOffer, amount: Money, key: str) -> Markup:
    """Posts `key`, `agreement`, `amount` in kopecks and `due_on`; the way back takes along what was
    typed.
    """
    return render("promise_confirmation", offer=offer, amount=amount, key=key, action=ADDRESS)


def promise_refused(offer: PromiseOffer, pay_at: str) -> Markup:
    """Why nothing can be promised, and what can be done instead: `pay_at` is where one pays."""
    return render("promise_refused", offer=offer, pay_at=pay_at)


def promise_state(offer: PromiseOffer, promise: Promise, pay_at: str) -> Markup:
    """A promise that is not kept yet, and where to keep it."""
    is_overdue = promise.standing(offer.today) is Standing.OVERDUE
    return render(
        "promise_state", offer=offer, promise=promise, is_overdue=is_overdue, pay_at=pay_at
    )


def promise_card(text: str) -> Markup:
    """Where one can promise, among the payments; `text` is the operator's."""
    return render("promise_card", text=text, action=ADDRESS)
