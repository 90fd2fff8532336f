"""A word on what became of something."""

from datetime import date
from typing import Literal

from markupsafe import Markup

from portal.domain.bill import InvoiceSummary

Kind = Literal["good", "warn", "bad", "plain"]


def status_tag(text: str, kind: Kind = "plain") -> Markup:
    return Markup('<span class="zh-tag zh-tag-{}">{}</span>').format(kind, text)


def invoice_status(invoice: InvoiceSummary, today: date) -> Markup:
    """Paid, paid in part, not paid, or late: the last day is still in time.  Taken back, or asking
    for nothing.
    """
    if invoice.is_unpaid:
        return _unpaid(invoice, today)
    if invoice.cancels or invoice.cancelled_by:
        return status_tag("Отмена счета" if invoice.cancels else "Отменен")
    if invoice.total.kopecks > 0:
        return status_tag("Оплачен", "good")
    return status_tag("В вашу пользу", "good") if invoice.total else status_tag("Без начислений")


def _unpaid(invoice: InvoiceSummary, today: date) -> Markup:
    if invoice.is_owed_for_others:
        return status_tag("Платеж возвращен", "warn")
    if invoice.due_on < today:
        return status_tag("Просрочен", "bad")
    return status_tag("Оплачен частично" if invoice.paid.kopecks > 0 else "Не оплачен", "warn")
