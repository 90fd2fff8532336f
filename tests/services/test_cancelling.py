"""Taking an invoice back by a document that says the opposite."""

from datetime import date

import pytest

from portal.backend import Backend
from portal.db.invoices import Allocation, Invoice
from portal.domain.money import ZERO, Money
from portal.errors import Refused
from portal.services.audit import audit
from portal.services.invoices import invoice_document
from portal.services.office.billing.periods import reopen_period
from tests.support.billed import OCTOBER, OFFICER, BilledHouse, a_billed_house
from tests.support.invoiced import NOW, cancels, issues, rows


@pytest.fixture
def town(backend: Backend) -> BilledHouse:
    """October is charged: upkeep is the operator's own, water an agency's, the Internet too."""
    town = a_billed_house(backend, only=("upkeep", "zkh_cold", "internet"))
    town.bills(OCTOBER, NOW)
    return town


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
    told = town.backend.read_now(invoice_document, town.flats[0].person.id, original.id)
    assert (told.passed_on, told.reason, told.returned) == ((anew.number,), document.reason, ZERO)
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
