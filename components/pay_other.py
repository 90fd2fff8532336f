"""Paying without our button: the code for a bank's app, requisites, terminals, other payees."""

import io
from base64 import b64encode
from functools import lru_cache

import segno
from markupsafe import Markup

from components.payment_qr import QUIET_ZONE, qr_code, qr_svg
from components.rendering import render
from components.requisite_list import requisite_list
from components.status_tag import invoice_status
from portal.domain.pay_offer import PayOffer

_PIXELS = 8
"""Of one module: a bank's app reads it from the photographs of a telephone."""


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
    """A hundredth to a tenth of a second of work, the first time for a text."""
    is_known = bool(offer.total and offer.qr_text)
    return render(
        "pay_qr",
        qr=qr_svg(offer.qr_text) if is_known else "",
        png=_png(offer.qr_text) if is_known else "",
        amount=offer.total.amount if offer.total else "",
        file_name="QR-код для оплаты.png",
    )


def pay_requisites(offer: PayOffer) -> Markup:
    amount = offer.total.amount if offer.total else None
    return requisite_list(offer.requisites, offer.purpose, amount)


@lru_cache(maxsize=256)
def _png(text: str) -> str:
    """As an address that holds the picture itself: it is saved without a network, too."""
    picture = io.BytesIO()
    code: segno.QRCode = qr_code(text)
    code.save(picture, kind="png", scale=_PIXELS, border=QUIET_ZONE)
    return f"data:image/png;base64,{b64encode(picture.getvalue()).decode()}"
