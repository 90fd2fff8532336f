"""What an invoice says beside its lines about debts."""

import re
from dataclasses import replace
from datetime import date

import pytest
from markupsafe import Markup

from components.invoice_document import invoice_document
from components.status_tag import invoice_status
from portal.domain.bill import InvoiceDocument, InvoiceFigures, InvoiceSummary, Requisites
from portal.domain.money import ZERO, Money
from portal.domain.period import Period

NOVEMBER = Period(2026, 11)
FIVE = Money.parse("550")


def shown(opening: Money, paid: Money, payee: str = "") -> str:
    """An invoice for 550 of somebody who owed `opening` and paid `paid` within the month."""
    summary = InvoiceSummary(
        1, "2026-000002", "DOM-1", NOVEMBER, date(2026, 12, 3), date(2026, 12, 15), FIVE, ZERO,
        payee=payee,
    )  # fmt: skip
    figures = InvoiceFigures(opening, FIVE, ZERO, ZERO, paid)
    requisites = Requisites(*[""] * len(Requisites.__slots__))
    document = InvoiceDocument(summary, "", "", (), requisites, "", "", figures)
    return str(invoice_document(document, Markup(), date(2026, 12, 4)))


@pytest.mark.parametrize("payee", ["", "ПАО «Связь»"])
def test_a_debt_that_was_paid_within_the_month_is_none(payee: str) -> None:
    told = shown(FIVE, FIVE, payee)
    assert "Всего с долгом" not in told
    assert "Долг на начало месяца" in told
    assert "Оплачено за месяц" in told


def test_what_is_left_of_a_debt_is_in_what_is_to_be_paid() -> None:
    assert "Всего с долгом" in shown(FIVE, Money.parse("549,99"))
    assert "Всего с долгом" not in shown(ZERO, ZERO)
    assert "Всего с долгом" not in shown(Money.parse("-10"), ZERO)


def hint(summary: InvoiceSummary, passed_on: tuple[str, ...] = (), returned: Money = ZERO) -> str:
    requisites = Requisites(*[""] * len(Requisites.__slots__))
    document = InvoiceDocument(
        summary, "", "", (), requisites, "", "", passed_on=passed_on, returned=returned
    )
    told = str(invoice_document(document, Markup(), date(2026, 12, 4)))
    _, _, after = told.partition('<p class="zh-hint">')
    plain = re.sub("<[^>]+>", "", after.partition("</p>")[0])
    return plain.replace("\N{NO-BREAK SPACE}", " ")


def test_where_the_money_of_a_cancelled_invoice_is_and_what_went_back_is_said() -> None:
    asked = InvoiceSummary(
        1, "2026-000002", "DOM-1", NOVEMBER, date(2026, 12, 3), date(2026, 12, 15), FIVE, FIVE,
        cancelled_by="2026-000003",
    )  # fmt: skip
    assert hint(asked) == "Оплаченное по нему пойдет на другие ваши счета"
    assert hint(asked, ("7",)) == "Оплаченное по нему пошло на счет № 7"
    owed = replace(asked, paid=ZERO)
    assert hint(owed, ("7", "8"), FIVE).startswith(
        "Счет отменен, и оплаченное по нему пошло на счета № 7, № 8. Потом платеж вернули"
    )
    part = replace(asked, paid=Money.parse("50"), cancelled_by="")
    assert hint(part, (), FIVE).startswith("Из оплаченного по этому счету вернули 550,00 ₽")
    assert hint(replace(part, paid=FIVE), (), FIVE) == ""
    assert hint(part) == ""


def test_whose_sums_they_are_is_said() -> None:
    assert "По договору, на конец месяца" in shown(FIVE, ZERO)
    assert "Этому получателю, по платежам, о которых портал знает" in shown(FIVE, ZERO, "Связь")


def test_a_cancelled_invoice_is_owed_only_if_its_payment_went_back() -> None:
    """And then it is not late, whatever day it was due."""
    asked = InvoiceSummary(
        1, "2026-000002", "DOM-1", NOVEMBER, date(2026, 12, 3), date(2026, 12, 15), FIVE, ZERO,
        cancelled_by="2026-000003",
    )  # fmt: skip
    settled = replace(asked, paid=FIVE)
    later = date(2027, 1, 20)
    assert "Платеж возвращен" in invoice_status(asked, later)
    assert "Просрочен" in invoice_status(replace(asked, cancelled_by=""), later)
    assert "Отменен" in invoice_status(settled, later)
    requisites = Requisites(*[""] * len(Requisites.__slots__))
    owed, none = (
        str(
            invoice_document(InvoiceDocument(each, "", "", (), requisites, "", ""), Markup(), later)
        )
        for each in (asked, settled)
    )
    assert "Потом платеж вернули" in owed
    assert "платить по нему не нужно" in none
    assert "Как оплатить" not in none
