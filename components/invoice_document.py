"""One invoice opened: how to pay it, and what it consists of."""

from datetime import date

from markupsafe import Markup

from components.glossary import term
from components.rendering import render
from components.status_tag import invoice_status
from portal.domain.bill import InvoiceDocument, Requisites


def invoice_document(document: InvoiceDocument, qr: Markup, today: date) -> Markup:
    """`qr` is the picture of `document.qr_text`, for the remainder; it is shown only while
    something is to be paid.
    """
    return render(
        "invoice_document",
        document=document,
        invoice=document.summary,
        qr=qr,
        status=invoice_status(document.summary, today),
        term=term,
        requisites=_requisites(document.requisites, document.purpose),
    )


def _requisites(payee: Requisites, purpose: str) -> list[tuple[str, str]]:
    named = [
        ("Получатель", payee.name),
        ("ИНН", payee.inn),
        ("КПП", payee.kpp),
        ("Расчетный счет", payee.account),
        ("Банк", payee.bank_name),
        ("БИК", payee.bic),
        ("Корр. счет", payee.corr_account),
        ("Назначение", purpose),
    ]
    return [(label, value) for label, value in named if value]
