"""Invoices of a closed month: what they ask for, whom, once; taking one back; paying them."""

from datetime import UTC, date, datetime

import pytest

from portal.backend import Backend
from portal.db.invoices import Allocation, Invoice, InvoiceLine
from portal.db.suppliers import ServiceTerms
from portal.domain.money import ZERO, Money
from portal.domain.period import Period
from portal.domain.quantity import Quantity
from portal.errors import Refused
from portal.services.audit import audit
from portal.services.ledger import NewCharge, post_charges
from tests.builders import InvoiceRow
from tests.support.billed import (
    LATE_NOVEMBER,
    NOVEMBER,
    OCTOBER,
    BilledHouse,
    a_billed_house,
)
from tests.support.invoiced import NOW, issues, rows
from tests.support.statements import counted

UPKEEP = Money.parse("1965,12")
SEPTEMBER = Period(2026, 9)


@pytest.fixture
def town(backend: Backend) -> BilledHouse:
    """October is charged: upkeep is the operator's own, water an agency's, the Internet too."""
    town = a_billed_house(backend, only=("upkeep", "zkh_cold", "internet"))
    town.bills(OCTOBER, NOW)
    return town


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


def test_a_direct_supplier_asks_for_his_own_and_is_paid_by_what_is_loaded_only(
    backend: Backend,
) -> None:
    town = a_billed_house(backend, 1, only=("upkeep", "internet"))
    town.house.adds(
        ServiceTerms, service_id=town.services["internet"].id, valid_from=date(2026, 1, 1),
        scheme="direct", supplier_id=town.supplier_id,
    )  # fmt: skip
    town.flats[0].a_payment("5000", at=NOW)
    town.bills(OCTOBER, NOW)
    town.closes(OCTOBER, NOW)
    issued = issues(town)
    own, direct = rows(town, Invoice)
    assert (own.payee["name"], direct.payee["name"]) == ("ООО «УК Дом-Сервис»", "АО «Водоканал»")
    assert (own.total, direct.total) == (town.owed(OCTOBER, "upkeep"), Money.parse("550"))
    assert issued.allocated == own.total
    assert issued.sums == {None: own.total, town.supplier_id: direct.total}
    part = InvoiceRow(direct.id, direct.number, direct.total)
    november = datetime(2026, 11, 5, tzinfo=UTC)
    town.flats[0].a_payment("50", at=november, pays=[(part, "50")])
    town.bills(NOVEMBER, LATE_NOVEMBER)
    december = datetime(2026, 12, 1, 9, tzinfo=UTC)
    town.closes(NOVEMBER, december)
    issues(town, NOVEMBER, december)
    own, direct = rows(town, Invoice)[2:]
    assert (direct.opening, direct.paid) == (Money.parse("550"), Money.parse("50"))
    assert (own.opening, own.paid) == (UPKEEP, Money.parse("5000"))
    assert backend.read_now(audit) == ()


def test_a_penalty_is_named_with_its_month_and_stands_last(town: BilledHouse) -> None:
    charge = town.charges("id")[0][0]
    account, upkeep = town.accounts[0], town.services["upkeep"]
    price_id, price = upkeep.price_on(date(2026, 10, 1))
    penalty = NewCharge(
        agreement_id=town.flats[0].id, operator_id=town.house.operator_id, account_id=account.id,
        service_id=upkeep.id, period=OCTOBER, posted_at=NOW, volume=Quantity.parse("0"),
        price_id=price_id, price=price, amount=Money.parse("3,21"), proof={"method": "penalty"},
        part="penalty", for_period=Period(2026, 7),
    )  # fmt: skip
    town.house.writes(lambda session: post_charges(session, [penalty]))
    town.closes(OCTOBER, NOW)
    issues(town)
    mine = rows(town, Invoice)[0]
    assert mine.penalty == Money.parse("3,21")
    lines = [row for row in rows(town, InvoiceLine) if row.invoice_id == mine.id]
    assert lines[-1].name == "upkeep, пени на долг за июль 2026"
    assert lines[0].charge_id == charge


def test_it_reads_so_often_however_many_flats_there_are(backend: Backend) -> None:
    counts = []
    for flats, key in ((1, "uk"), (5, "zhsk")):
        town = a_billed_house(backend, flats, only=("upkeep", "internet"), key=key)
        town.bills(OCTOBER, NOW)
        town.closes(OCTOBER, NOW)
        with counted(backend.engine) as statements:
            issues(town)
        counts.append(sum(each.startswith("SELECT") for each in statements))
    assert counts[0] == counts[1]
