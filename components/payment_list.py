"""«Платежи»: what came in, and what it went to."""

from collections.abc import Sequence

from markupsafe import Markup

from components.empty_state import empty_state
from components.rendering import render
from portal.domain.bill import PaymentLine


def payment_list(payments: Sequence[PaymentLine], timezone: str) -> Markup:
    if not payments:
        return empty_state("Платежей за этот период нет", icon="wallet")
    return render("payment_list", payments=payments, timezone=timezone)
