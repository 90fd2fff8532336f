"""«Назначение платежа»: what a bank is told, and what our own import reads back."""

from collections.abc import Sequence

from portal.domain.bill import InvoiceSummary
from portal.domain.payment_qr import PURPOSE_MAX


def purpose_of(invoice: InvoiceSummary) -> str:
    """Of one invoice."""
    month = f"{invoice.period.month:02}.{invoice.period.year:04}"
    return f"Оплата ЖКУ за {month}, договор {invoice.agreement}, счет № {invoice.number}"


def joint_purpose(agreement: str, invoices: Sequence[InvoiceSummary]) -> str:
    """Of several invoices of one agreement, as many by their numbers as there is room for; of none
    it is an advance.
    """
    if len(invoices) == 1:
        return purpose_of(invoices[0])
    if not invoices:
        return f"Аванс за ЖКУ, договор {agreement}"
    named = [invoice.number for invoice in invoices]
    for count in range(len(named), 0, -1):
        text = _several(agreement, named[:count], len(named) - count)
        if len(text) <= PURPOSE_MAX:
            return text
    return f"Оплата ЖКУ, договор {agreement}"


def _several(agreement: str, numbers: Sequence[str], more: int) -> str:
    rest = f" и еще {more}" if more else ""
    return f"Оплата ЖКУ, договор {agreement}, счета № {', '.join(numbers)}{rest}"
