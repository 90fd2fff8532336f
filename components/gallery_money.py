"""Examples: charges, the chart, invoices, payments."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

from markupsafe import Markup

from components.amount import amount_card
from components.charge_table import NO_COLUMNS, Columns, charge_tables
from components.filters import account_select, agreement_select, date_range, filters
from components.gallery_values import HOSTILE, LONG, TODAY, UNBROKEN, ZONE
from components.glossary import term
from components.invoice_document import invoice_document
from components.invoice_list import invoice_list
from components.month_switch import month_switch
from components.payment_list import payment_list
from components.payment_qr import payment_qr
from components.refill_note import refill_note
from components.stack import stack
from components.usage_chart import usage_chart
from portal.domain.bill import (
    InvoiceDocument,
    InvoiceFigures,
    InvoiceItem,
    InvoiceSummary,
    PaymentLine,
    Requisites,
)
from portal.domain.money import ZERO, Money
from portal.domain.period import Period
from portal.domain.proof import Proof, metered_proof, reversal_proof, stated_proof
from portal.domain.quantity import Price, Quantity
from portal.domain.statement import ChargeLine, Choice, MonthTotal, Statement

MAY = Period(2014, 5)
POSTED = datetime(2014, 5, 28, 4, 0, tzinfo=UTC)
WITH_ALL = Columns()


def charge(service: str, amount: int, *, value: str = "", previous: str = "") -> ChargeLine:
    """A line of «Расход средств»; without a reading it is a periodic one."""
    return ChargeLine(
        charge_id=1,
        account_id=1,
        account_login="Абонент (ЖКХ)",
        tariff=service,
        service=service,
        unit="м³",
        is_periodic=not value,
        amount=Money(amount),
        volume=Quantity.parse(value) - Quantity.parse(previous)
        if value
        else Quantity.parse("1174"),
        price=Price.parse("2,79"),
        posted_at=POSTED,
        is_reversal=amount < 0,
        value=value,
        taken_on=date(2014, 3, 15) if value else None,
        previous_value=previous,
        previous_on=date(2014, 2, 10) if previous else None,
        proof=reversal_proof(1) if amount < 0 else _proof(value, previous),
    )


def _proof(value: str, previous: str) -> Proof:
    """Of two readings; of a line without them what a file states."""
    if not value:
        return stated_proof("area", {}, "")
    current, before = Quantity.parse(value), Quantity.parse(previous)
    return metered_proof(current, before, is_rollover=False)


SERVICE = "Услуга ЖКХ № 1"
THE_MANUALS = Statement(
    (),
    (
        charge(SERVICE, 2017_45, value="12547", previous="11823,9"),
        charge(SERVICE, 3275_46, value="13721", previous="12547"),
        charge(SERVICE, 1434_06, value="14235", previous="13721"),
    ),
)
A_MONTH = Statement(
    (charge("Содержание жилого помещения", 1648_20), charge("Интернет 100", 600_00)),
    (
        replace(
            charge("Холодная вода", 427_28, value="00256,120", previous="00248,120"), photo_id=5
        ),
        charge("Холодная вода", -427_28, value="00256,120", previous="00248,120"),
        charge("Водоотведение", 812_00, value="14", previous="1"),
    ),
)
EXTREME = Statement(
    (charge(UNBROKEN, 10**13), charge(HOSTILE, 1)),
    tuple(charge(name, -(10**13), value="1" * 12, previous="0") for name in (UNBROKEN, LONG)),
)


def months(totals: Sequence[int]) -> tuple[MonthTotal, ...]:
    """The last one is May 2014."""
    return tuple(
        MonthTotal(MAY.shifted(index + 1 - len(totals)), Money(total))
        for index, total in enumerate(totals)
    )


def _chart(*totals: int) -> Markup:
    return usage_chart(months(totals), MAY, _address)


def _address(period: Period) -> str:
    return f"/charges?period={period}"


def _charges_page() -> Markup:
    chart = _chart(2810_00, 3300_00, 3120_00, 4050_00, 3900_00, 4410_00, 4800_00, 4600_00,
                   3700_00, 3480_00, 3200_00, 6726_97)  # fmt: skip
    return stack(
        _filters(),
        month_switch(MAY, MAY.shifted(-1), None, _address),
        amount_card("Всего за месяц", THE_MANUALS.total, chart),
        charge_tables(THE_MANUALS, WITH_ALL),
    )


def _filters() -> Markup:
    agreements = (Choice(1, "DOG-S-755"), Choice(2, UNBROKEN))
    selects = (agreement_select(agreements, 1), account_select([Choice(3, LONG)], None))
    return filters("/charges", selects, {"period": "2014-05"})


def invoice(number: str, total: int, paid: int = 0, *, due_on: date = TODAY) -> InvoiceSummary:
    return InvoiceSummary(
        invoice_id=5,
        number=number,
        agreement="ДОМ-12",
        period=Period(2026, 10),
        issued_on=date(2026, 11, 5),
        due_on=due_on,
        total=Money(total),
        paid=Money(paid),
    )


UNPAID = invoice("2026-10/12", 4812_36, due_on=date(2026, 12, 15))
PARTLY = invoice("2026-09/12", 5100_00, 2500_00, due_on=date(2026, 12, 10))
LATE = invoice("2026-08/12", 4700_00, due_on=date(2026, 9, 10))
PAID = invoice("2026-07/12", 4700_00, 4700_00)
DIRECT = replace(invoice("2026-000008", 1531_26), payee="Фонд капитального ремонта")
CANCELLED = replace(invoice("2026-000007", 4700_00, 4700_00), cancelled_by="2026-000009")
CANCELLING = replace(invoice("2026-000009", -4700_00), cancels="2026-000007")
FAVOUR = invoice("2026-000012", -310_15)
ENDLESS = invoice(UNBROKEN, 10**13, 1)
IN_DEBT = InvoiceFigures(
    opening=Money(1830_20), charged=Money(5212_10), recalculated=Money(-124_50),
    penalty=Money(12_40), paid=Money(1500_00),
)  # fmt: skip
AHEAD = InvoiceFigures(
    opening=Money(-900_00), charged=Money(0), recalculated=Money(-310_15), penalty=Money(0),
    paid=Money(0),
)  # fmt: skip
ENDLESS_SUMS = InvoiceFigures(*[Money(10**13)] * 5)
REQUISITES = Requisites(
    name="ООО «Уютный дом»",
    inn="7700000016",
    kpp="770001001",
    account="40702810000000000001",
    bank_name="Банк «Пример»",
    bic="044525000",
    corr_account="30101810000000000000",
)


def _document(
    summary: InvoiceSummary,
    *names: str,
    figures: InvoiceFigures | None = None,
    reason: str = "",
) -> Markup:
    volume, price = Quantity.parse("8"), Price.parse("53,41")
    items = [InvoiceItem(name, "м³", volume, price, Money(427_28)) for name in names]
    document = InvoiceDocument(
        summary=summary,
        payer_name="Петрова Мария Ивановна",
        payer_address="Лесная, 7, кв. 12",
        items=(*items, InvoiceItem("Пени за сентябрь", "", None, None, Money(12_40))),
        requisites=REQUISITES,
        purpose=f"Оплата по счету {summary.number}, НДС не облагается",
        qr_text="ST00012|Name=ООО «Уютный дом»|PersonalAcc=40702810000000000001|Sum=481236",
        figures=figures,
        reason=reason,
    )
    return invoice_document(document, payment_qr(document.qr_text), TODAY)


def payment(channel: str, external_id: str, *applied_to: str) -> PaymentLine:
    return PaymentLine(1, "ДОМ-12", POSTED, channel, external_id, Money(2500_00), applied_to)


EXAMPLES: dict[str, Callable[[], Markup]] = {
    "charges, the manual's": _charges_page,
    "charges, a month": lambda: charge_tables(A_MONTH, WITH_ALL),
    "charges, no columns": lambda: charge_tables(A_MONTH, NO_COLUMNS),
    "charges, extreme": lambda: charge_tables(
        EXTREME, Columns(external_name=UNBROKEN, date_name=HOSTILE)
    ),
    "charges, none": lambda: charge_tables(Statement((), ()), WITH_ALL),
    "chart, below zero": lambda: _chart(100_00, -250_00, 0, 700_00, 1),
    "chart, nothing": lambda: _chart(0, 0, 0),
    "filters, dates": lambda: date_range(
        "/charges", TODAY, TODAY, {}, {"to": "Последний день раньше первого"}
    ),
    "invoices": lambda: invoice_list((LATE, PARTLY, UNPAID, PAID), TODAY),
    "invoices, all paid": lambda: invoice_list((PAID,), TODAY),
    "invoices, of another payee": lambda: invoice_list((UNPAID, DIRECT), TODAY),
    "invoices, cancelled": lambda: invoice_list((UNPAID, FAVOUR, CANCELLING, CANCELLED), TODAY),
    "invoices, none": lambda: invoice_list((), TODAY),
    "invoices, none of these": lambda: invoice_list((), TODAY, is_narrowed=True),
    "invoices, extreme": lambda: invoice_list((ENDLESS, ENDLESS), TODAY),
    "invoice": lambda: _document(PARTLY, "Холодная вода", "Водоотведение", "Вода на СОИ"),
    "invoice, paid": lambda: _document(PAID, "Холодная вода"),
    "invoice, with a debt": lambda: _document(PARTLY, "Холодная вода", figures=IN_DEBT),
    "invoice, in favour": lambda: _document(FAVOUR, "Холодная вода", figures=AHEAD),
    "invoice, of another payee": lambda: _document(DIRECT, "Взнос на капитальный ремонт"),
    "invoice, cancelled": lambda: _document(CANCELLED, "Холодная вода"),
    "invoice, cancelled and owed": lambda: _document(replace(CANCELLED, paid=ZERO), "Газ"),
    "invoice, cancelling": lambda: _document(
        CANCELLING, "Холодная вода", reason="Начислено по чужому счетчику"
    ),
    "invoice, extreme": lambda: _document(
        ENDLESS, UNBROKEN, HOSTILE, f"{UNBROKEN} пени", figures=ENDLESS_SUMS, reason=UNBROKEN
    ),
    "payments": lambda: payment_list(
        (
            payment("Терминал", "9871", "2026-09/12"),
            payment("Банк", "", "1", "2"),
            payment("Расчетный счет", f"{'4' * 20}/2026-11-24/2500,00/{'4' * 20}/0042"),
        ),
        ZONE,
    ),
    "payments, given back": lambda: payment_list(
        (replace(payment("Терминал", "9871", "2026-09/12"), refunded=Money(1500_00)),), ZONE
    ),
    "payments, extreme": lambda: payment_list((payment(UNBROKEN, HOSTILE, LONG, LONG),), ZONE),
    "payments, none": lambda: payment_list((), ZONE),
    "refill note": lambda: refill_note("В кассе на Лесной, 7\nили через терминал"),
    "refill note, extreme": lambda: refill_note(f"{UNBROKEN}\n{HOSTILE}"),
    "term": lambda: stack(term("Водоотведение"), term("Домофон"), term(HOSTILE + " пеня")),
    "amount": lambda: amount_card("Переплата", ZERO),
}
