"""Invoices of a closed month: what they ask for, whom, once; taking one back; paying them."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select

from portal.backend import Backend
from portal.db.base import Base, table_of
from portal.db.invoices import Allocation, Invoice, InvoiceLine
from portal.db.session import Session
from portal.domain.money import ZERO, Money
from portal.domain.period import Period
from portal.errors import Refused
from portal.services.audit import audit
from portal.services.office.billing.periods import reopen_period
from portal.services.office.billing.run import Order, chunks
from portal.services.office.invoicing.cancelling import cancel_invoice
from portal.services.office.invoicing.run import Issued, issue_chunk
from tests.support.billed import (
    LATE_NOVEMBER,
    NOVEMBER,
    OCTOBER,
    OFFICER,
    BilledHouse,
    a_billed_house,
)

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
UPKEEP = Money.parse("1965,12")
SEPTEMBER = Period(2026, 9)


@pytest.fixture
def town(backend: Backend) -> BilledHouse:
    """October is charged: upkeep is the operator's own, water an agency's, the Internet too."""
    town = a_billed_house(backend, only=("upkeep", "zkh_cold", "internet"))
    town.bills(OCTOBER, NOW)
    return town


def issues(
    town: BilledHouse, period: Period = OCTOBER, now: datetime = NOW, *, is_dry: bool = False
) -> Issued:
    order, door = Order(town.house.operator_id, period, is_dry), town.backend
    run = door.read_now if is_dry else door.write_now
    parts = door.read_now(chunks, OFFICER, order, None)
    return sum((run(issue_chunk, OFFICER, order, part, now) for part in parts), Issued())


def cancels(town: BilledHouse, number: str, now: datetime = NOW, reason: str = "Ошибка") -> str:
    by: str = town.backend.write_now(cancel_invoice, OFFICER, number, (), reason, now)
    return by


def rows(town: BilledHouse, model: type[Base], *columns: str) -> list[Any]:
    table = table_of(model)
    chosen = [table.c[name] for name in columns] or list(table.columns)

    def query(session: Session) -> list[Any]:
        return list(session.execute(select(*chosen).order_by(table.c.id)))

    return town.backend.read_now(query)


def test_one_document_of_an_agreement_asks_for_all_that_was_charged(town: BilledHouse) -> None:
    town.closes(OCTOBER, NOW)
    issued = issues(town)
    found = rows(town, Invoice)
    assert [row.number for row in found] == ["2026-000001", "2026-000002"]
    assert [row.agreement_id for row in found] == [flat.id for flat in town.flats]
    assert Money.total(row.total for row in found) == issued.total == town.owed(OCTOBER)
    assert {row.due_on for row in found} == {date(2026, 11, 16)}
    assert {row.issued_on for row in found} == {date(2026, 11, 2)}
    lines = rows(town, InvoiceLine, "charge_id", "amount")
    assert sorted(lines) == sorted(town.charges("id", "amount"))
    assert town.backend.read_now(audit) == ()


def test_only_of_a_closed_month(town: BilledHouse) -> None:
    with pytest.raises(Refused, match="zhkh-portal close --period 2026-10"):
        issues(town)
    assert rows(town, Invoice) == []


def test_once(town: BilledHouse) -> None:
    town.closes(OCTOBER, NOW)
    assert issues(town, is_dry=True).documents == 2
    issues(town)
    again = issues(town)
    assert (again.documents, again.total, again.allocated) == (0, ZERO, ZERO)
    assert len(rows(town, Invoice)) == 2


def test_figures_follow_from_what_was_owed_and_paid(town: BilledHouse) -> None:
    flat = town.flats[0]
    town.accounts[0].is_charged(town.services["upkeep"], "10", at=datetime(2026, 9, 5, tzinfo=UTC))
    flat.a_payment("100", at=datetime(2026, 9, 30, 20, 59, tzinfo=UTC))
    flat.a_payment("30", at=datetime(2026, 9, 30, 21, 0, tzinfo=UTC))  # October in Moscow
    flat.a_payment("7", at=datetime(2026, 11, 1, tzinfo=UTC))
    town.closes(OCTOBER, NOW)
    issues(town)
    mine = rows(town, Invoice)[0]
    assert mine.opening == town.owed(SEPTEMBER) - Money.parse("100")
    assert mine.paid == Money.parse("30")
    assert (mine.charged, mine.recalculated, mine.penalty) == (mine.total, ZERO, ZERO)


def test_the_cancelled_is_settled_and_what_was_paid_pays_the_next(town: BilledHouse) -> None:
    town.flats[0].a_payment("100", at=NOW)
    town.closes(OCTOBER, NOW)
    assert issues(town).allocated == Money.parse("100")
    original = rows(town, Invoice)[0]
    assert cancels(town, original.number) == "2026-000003"
    document = rows(town, Invoice)[2]
    assert (document.total, document.cancels_id) == (-original.total, original.id)
    (_, rest) = rows(town, Allocation)
    assert (rest.credit_id, rest.invoice_id) == (document.id, original.id)
    assert rest.amount == original.total - Money.parse("100")
    assert issues(town).allocated == Money.parse("100")
    anew, paid = rows(town, Invoice)[3], rows(town, Allocation)[2]
    assert (anew.number, anew.total) == ("2026-000004", original.total)
    assert (paid.credit_id, paid.invoice_id, paid.amount) == (
        document.id, anew.id, Money.parse("100"),
    )  # fmt: skip
    assert town.backend.read_now(audit) == ()


def test_a_cancelled_month_is_opened_charged_otherwise_and_asked_for_anew(
    town: BilledHouse,
) -> None:
    town.closes(OCTOBER, NOW)
    issues(town)
    operator = town.house.operator_id
    with pytest.raises(Refused, match="2026-000001"):
        town.backend.write_now(reopen_period, OFFICER, operator, OCTOBER, "Цена", NOW)
    for number in ("2026-000001", "2026-000002"):
        cancels(town, number)
    town.backend.write_now(reopen_period, OFFICER, operator, OCTOBER, "Цена", NOW)
    town.services["upkeep"].costs("40", date(2026, 10, 1))
    town.bills(OCTOBER, NOW)
    town.closes(OCTOBER, NOW)
    assert issues(town).total == town.owed(OCTOBER)
    assert Money.total(row.total for row in rows(town, Invoice)) == town.owed(OCTOBER)
    assert town.backend.read_now(audit) == ()


@pytest.mark.parametrize("reason", ["", " ", "о" * 501])
def test_not_without_a_reason(town: BilledHouse, reason: str) -> None:
    town.closes(OCTOBER, NOW)
    issues(town)
    with pytest.raises(Refused, match="причину"):
        cancels(town, "2026-000001", reason=reason)


def test_what_cannot_be_cancelled(town: BilledHouse) -> None:
    town.closes(OCTOBER, NOW)
    issues(town)
    with pytest.raises(Refused, match="нет"):
        cancels(town, "7")
    by = cancels(town, "2026-000001")
    with pytest.raises(Refused, match="уже отменен документом № 2026-000003"):
        cancels(town, "2026-000001")
    with pytest.raises(Refused, match="сам отменяет"):
        cancels(town, by)


def test_a_fall_in_price_is_a_credit_that_pays_the_months_before(town: BilledHouse) -> None:
    """A recalculation that is more than all the rest of its month."""
    town.closes(OCTOBER, NOW)
    issues(town)
    town.services["upkeep"].costs("0,01", date(2026, 10, 1))
    town.services["internet"].costs("1", date(2026, 10, 1))
    town.bills(OCTOBER, LATE_NOVEMBER)
    town.bills(NOVEMBER, LATE_NOVEMBER)
    december = datetime(2026, 12, 1, 9, tzinfo=UTC)
    town.closes(NOVEMBER, december)
    issued = issues(town, NOVEMBER, december)
    credit = rows(town, Invoice)[2]
    assert credit.total < ZERO
    assert credit.total == credit.charged + credit.recalculated
    assert credit.recalculated < ZERO
    assert issued.allocated == -issued.total
    names = {name for (name,) in rows(town, InvoiceLine, "name")}
    assert any(name.endswith("перерасчет за октябрь 2026") for name in names)
    assert town.backend.read_now(audit) == ()


def test_of_two_debts_the_older_is_paid_first_and_the_rest_is_an_advance(
    town: BilledHouse,
) -> None:
    flat = town.flats[0]
    old = flat.an_invoice(opening="50", period=SEPTEMBER, due_on=date(2026, 10, 12))
    town.closes(OCTOBER, NOW)
    issues(town)
    october = rows(town, Invoice)[1]
    flat.a_payment("60", at=LATE_NOVEMBER)
    flat.a_payment("100000", at=LATE_NOVEMBER)
    issues(town, now=LATE_NOVEMBER)
    found = rows(town, Allocation, "invoice_id", "amount")
    assert found == [
        (old.id, Money.parse("50")),
        (october.id, Money.parse("10")),
        (october.id, october.total - Money.parse("10")),
    ]
    assert town.backend.read_now(audit) == ()


def test_who_was_charged_nothing_is_told_only_of_a_debt(backend: Backend) -> None:
    town = a_billed_house(backend, only=("upkeep",))
    town.accounts[0].is_charged(town.services["upkeep"], "10", at=datetime(2026, 9, 5, tzinfo=UTC))
    town.closes(OCTOBER, NOW)
    assert issues(town).documents == 1
    (only,) = rows(town, Invoice)
    assert (only.agreement_id, only.total, only.opening) == (
        town.flats[0].id, ZERO, town.owed(SEPTEMBER),
    )  # fmt: skip
    assert issues(town).documents == 0
    assert town.backend.read_now(audit) == ()


def test_a_number_that_a_loaded_document_bears_is_passed(town: BilledHouse) -> None:
    town.flats[0].an_invoice(opening="1", number="2026-000001", period=SEPTEMBER)
    town.closes(OCTOBER, NOW)
    issues(town)
    assert [row.number for row in rows(town, Invoice)] == [
        "2026-000001", "2026-000001/1", "2026-000002",
    ]  # fmt: skip
