"""One invoice opened: how to pay it, and what it consists of."""

from collections.abc import Sequence
from datetime import date

from markupsafe import Markup

from components.glossary import term
from components.rendering import render
from components.requisite_list import requisite_list
from components.status_tag import invoice_status
from portal.domain.bill import InvoiceDocument, InvoiceFigures, InvoiceSummary
from portal.domain.money import ZERO, Money


def invoice_document(
    document: InvoiceDocument, qr: Markup, today: date, *, pay_at: str = ""
) -> Markup:
    """`qr` is the code of `document.qr_text`, for the remainder; it is shown only while
    something is to be paid.  `pay_at` is where one pays it, empty where that is nowhere.
    """
    lead, amount = _lead(document.summary)
    figures = document.figures
    return render(
        "invoice_document",
        document=document,
        invoice=document.summary,
        lead=lead,
        amount=amount,
        figures=_figures(figures) if figures else (),
        is_debt_left=figures is not None and figures.opening > figures.paid,
        to_pay=max(figures.to_pay, ZERO) if figures else ZERO,
        qr=qr,
        pay_at="" if document.summary.payee else pay_at,
        status=invoice_status(document.summary, today),
        hint=_hint(document),
        term=term,
        requisites=requisite_list(
            document.requisites, document.purpose, document.summary.remainder
        ),
    )


def _lead(invoice: InvoiceSummary) -> tuple[str, Money]:
    if invoice.is_unpaid:
        return "Осталось оплатить" if invoice.paid else "К оплате", invoice.remainder
    if invoice.cancels:
        return "Отмена счета", invoice.total
    if invoice.cancelled_by:
        return "Счет отменен, платить по нему не нужно", invoice.total
    if invoice.total < ZERO:
        return "В вашу пользу", -invoice.total
    return "Оплачено" if invoice.total else "Новых начислений нет", invoice.total


def _hint(document: InvoiceDocument) -> Markup | str:
    """Where the money is, if the sums do not say it themselves, and what to do."""
    invoice, where = document.summary, _others(document.passed_on)
    if invoice.is_owed_for_others:
        return Markup(
            "Счет отменен, и оплаченное по нему пошло на {}. Потом платеж вернули, поэтому за них "
            "нужно заплатить столько же"
        ).format(where)
    if invoice.cancelled_by and document.passed_on:
        return Markup("Оплаченное по нему пошло на {}").format(where)
    if invoice.cancelled_by and invoice.paid and not document.returned:
        return "Оплаченное по нему пойдет на другие ваши счета"
    if invoice.is_unpaid and document.returned:
        return (
            f"Из оплаченного по этому счету вернули {document.returned}, см. «Платежи», поэтому "
            "он снова оплачен не весь"
        )
    return ""


def _others(numbers: Sequence[str]) -> Markup:
    whole = Markup('<span class="zh-whole">№\N{NO-BREAK SPACE}{}</span>')
    called = Markup(", ").join(whole.format(number) for number in numbers)
    if not numbers:
        return Markup("другие счета")
    what = "счет" if len(numbers) == 1 else "счета"
    return Markup("{} {}").format(what, called)


def _figures(figures: InvoiceFigures) -> list[tuple[str, Money]]:
    """Those that are nothing are left out, but for what was charged."""
    is_advance = figures.opening < ZERO
    told = [
        ("Начислено", figures.charged),
        ("Перерасчет", figures.recalculated),
        ("Пени", figures.penalty),
        ("Оплачено за месяц", figures.paid),
        ("Останется переплата", max(-figures.to_pay, ZERO)),
    ]
    before = "Переплата на начало месяца" if is_advance else "Долг на начало месяца"
    opening = (before, -figures.opening if is_advance else figures.opening)
    return [(label, sum_) for label, sum_ in (opening, *told) if sum_ or label == "Начислено"]
