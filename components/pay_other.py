"""Paying without our button: the code for a bank's app, requisites, terminals, other payees."""

from markupsafe import Markup

from components.payment_qr import payment_qr
from components.rendering import render
from components.requisite_list import requisite_list
from components.status_tag import invoice_status
from portal.domain.pay_offer import PayOffer


def pay_other(offer: PayOffer) -> Markup:
    """The parts `zh-pay-qr` and `zh-pay-requisites` follow the sum."""
    return render(
        "pay_other",
        offer=offer,
        qr=pay_qr(offer),
        requisites=pay_requisites(offer),
        status=invoice_status,
    )


def pay_qr(offer: PayOffer) -> Markup:
    is_known = bool(offer.total and offer.qr_text)
    return render(
        "pay_qr",
        qr=payment_qr(offer.qr_text) if is_known else "",
        amount=offer.total.amount if offer.total else "",
    )


def pay_requisites(offer: PayOffer) -> Markup:
    amount = offer.total.amount if offer.total else None
    return requisite_list(offer.requisites, offer.purpose, amount)
