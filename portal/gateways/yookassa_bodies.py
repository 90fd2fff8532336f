"""What ЮKassa is sent: always the same for the same payment or refund, for the bank compares what
comes under a key that it knows.
"""

import re
from typing import Any, Final

from portal.domain.money import Money
from portal.domain.paying import CURRENCY, Way
from portal.gateways.acquiring import NewPayment, NewRefund, Receipt

DESCRIPTION_MAX: Final = 128
_METHODS: Final = {Way.CARD: "bank_card", Way.SBP: "sbp"}


def body_of(new: NewPayment) -> dict[str, Any]:
    """Always the same for the same payment: the bank compares what comes under a known key."""
    body: dict[str, Any] = {
        "amount": _amount(new.amount),
        "capture": True,
        "confirmation": {"type": "redirect", "return_url": new.return_url},
        "description": new.description[:DESCRIPTION_MAX],
        "metadata": {"payment_intent_id": new.token, "account": new.account},
        "payment_method_data": {"type": _METHODS[new.way]},
    }
    return body if new.receipt is None else body | {"receipt": _receipt(new, new.receipt)}


def refund_body_of(new: NewRefund) -> dict[str, Any]:
    """As `body_of`.  Of a part the bank wants a fiscal receipt as well."""
    body: dict[str, Any] = {
        "payment_id": new.payment_number,
        "amount": _amount(new.amount),
        "description": new.description[:DESCRIPTION_MAX],
    }
    return body if new.receipt is None else body | {"receipt": _receipt(new, new.receipt)}


def _receipt(new: NewPayment | NewRefund, receipt: Receipt) -> dict[str, Any]:
    """54-ФЗ; the address is where the bank sends it to."""
    phone = re.sub(r"\D", "", receipt.phone)
    taxes = {} if receipt.tax_system is None else {"tax_system_code": receipt.tax_system}
    item = {
        "description": new.description[:DESCRIPTION_MAX], "quantity": "1.00",
        "amount": _amount(new.amount), "vat_code": receipt.vat_code,
        "payment_mode": "full_payment", "payment_subject": "service",
    }  # fmt: skip
    customer = {"email": receipt.email} if receipt.email else {"phone": phone}
    return {"customer": customer, "items": [item], **taxes}


def _amount(amount: Money) -> dict[str, str]:
    return {"value": amount.plain.replace(",", "."), "currency": CURRENCY}
