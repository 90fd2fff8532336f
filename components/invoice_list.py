"""«Счета»: what is to be paid first, then what has been."""

from collections.abc import Sequence
from datetime import date

from markupsafe import Markup

from components.empty_state import empty_state
from components.rendering import render
from components.status_tag import invoice_status
from portal.domain.bill import InvoiceSummary
from portal.domain.money import Money


def invoice_list(
    invoices: Sequence[InvoiceSummary], today: date, *, is_narrowed: bool = False, pay_at: str = ""
) -> Markup:
    """Unpaid ones before the paid, each in the order given; `is_narrowed`: there are others, which
    the filters hide.  `pay_at` is where one pays the unpaid, empty where that is nowhere.
    """
    if not invoices and is_narrowed:
        return empty_state("Таких счетов нет", "Выберите другой договор или месяц", icon="invoice")
    if not invoices:
        return empty_state(
            "Счетов пока нет", "Новый счет появится здесь, когда его выставят", icon="invoice"
        )
    unpaid = [invoice for invoice in invoices if invoice.is_unpaid]
    others = [invoice for invoice in invoices if not invoice.is_unpaid]
    return render(
        "invoice_list",
        unpaid=unpaid,
        others=others,
        all_paid=all(invoice.is_settled_by_paying for invoice in others),
        to_pay=Money.total(invoice.remainder for invoice in unpaid),
        status=invoice_status,
        today=today,
        pay_at=pay_at if any(not each.payee for each in unpaid) else "",
    )
