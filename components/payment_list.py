"""«Платежи»: what came in, and what it went to."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from markupsafe import Markup

from components.empty_state import empty_state
from components.rendering import render
from portal.domain.bill import PaymentLine
from portal.domain.payment_order import payment_order

NONE: Mapping[int, str] = MappingProxyType({})


def payment_list(
    payments: Sequence[PaymentLine], timezone: str, receipts: Mapping[int, str] = NONE
) -> Markup:
    """`receipts` are the tokens of the payments that have one, by their ids."""
    if not payments:
        return empty_state("Платежей за этот период нет", icon="wallet")
    return render(
        "payment_list",
        payments=payments, timezone=timezone, receipts=receipts, order_of=payment_order,
    )  # fmt: skip


def pay_link(address: str) -> Markup:
    """The way to paying, also ahead."""
    return Markup('<a class="zh-button" href="{}">Оплатить</a>').format(address)
