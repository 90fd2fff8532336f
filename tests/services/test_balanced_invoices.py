"""An invoice whose lines add up to nothing: nobody pays, and yet the suppliers are settled with."""

from datetime import UTC, datetime
from typing import Any

import pytest

from portal.backend import Backend
from portal.db.invoices import Allocation, Invoice
from portal.db.suppliers import ServiceTerms, Supplier
from portal.domain.money import ZERO, Money
from portal.domain.quantity import Quantity
from portal.domain.settlement import Scheme
from portal.services.audit import audit
from portal.services.invoices import invoices
from portal.services.ledger import NewCharge, post_charges
from portal.services.office.invoicing.allocating import allocate
from tests.support.billed import BEGINNING, NOVEMBER, OCTOBER, BilledHouse, a_billed_house
from tests.support.invoiced import NOW, cancels, issues, rows
from tests.support.settling import report, settles, whole

OTHER, WATER, OWN = "ООО «Тепло»", "АО «Водоканал»", "Собственные услуги"
LATE = datetime(2026, 10, 28, 9, tzinfo=UTC)


@pytest.fixture
def town(backend: Backend) -> BilledHouse:
    """A flat that is charged by one rouble: for water 3 % stay, for heat 10 %."""
    town = a_billed_house(backend, 1, only=("zkh_cold",))
    supplier = town.house.adds(
        Supplier, key="heat", name=OTHER, inn="7736520080",
        account="40702810338360027201", bank_name="ПАО Сбербанк", bic="044525225",
    )  # fmt: skip
    for code in ("water", "heat", "own"):
        town.services[code] = town.house.a_periodic_service(code, "1")
    for code, whose, percent in (("water", town.supplier_id, "3"), ("heat", supplier, "10")):
        town.house.adds(
            ServiceTerms, service_id=town.services[code].id, valid_from=BEGINNING,
            scheme="agency", supplier_id=whose, commission_percent=Quantity.parse(percent),
        )  # fmt: skip
    return town


def is_charged(town: BilledHouse, **roubles: str) -> None:
    """In October, for services by their codes; below zero of what is given back."""
    suppliers = {"water": town.supplier_id, "heat": town.supplier_id + 1, "own": None}
    charges = []
    for code, amount in roubles.items():
        _, price_id, price = town.services[code].prices[0]
        charges.append(
            NewCharge(
                agreement_id=town.flats[0].id, operator_id=town.house.operator_id,
                account_id=town.accounts[0].id, service_id=town.services[code].id,
                period=OCTOBER, posted_at=LATE, volume=Quantity.parse(amount), price_id=price_id,
                price=price, amount=Money.parse(amount), proof={"method": "fixed"},
                scheme=Scheme.OWN if suppliers[code] is None else Scheme.AGENCY,
                supplier_id=suppliers[code],
            )
        )  # fmt: skip
    town.house.writes(lambda session: post_charges(session, charges))


def is_asked(town: BilledHouse, **roubles: str) -> None:
    is_charged(town, **roubles)
    town.closes(OCTOBER, NOW)
    issues(town)


def proved(town: BilledHouse) -> list[str]:
    return [str(finding) for finding in town.backend.read_now(audit)]


def test_each_supplier_has_his_line_and_nobody_pays(town):
    is_asked(town, water="100", heat="-100")
    settles(town, NOVEMBER)
    told = report(town, NOVEMBER)
    water, heat = told[WATER].figures, told[OTHER].figures
    assert (water.collected, water.commission, water.held) == (
        Money.parse("100"), Money.parse("3"), Money.parse("97"),
    )  # fmt: skip
    assert (heat.collected, heat.commission, heat.held) == (
        Money.parse("-100"), Money.parse("-10"), Money.parse("-90"),
    )  # fmt: skip
    figures = whole(told)
    assert (figures.collected, figures.gap) == (ZERO, ZERO)
    assert settles(town, NOVEMBER).shares == 0
    assert proved(town) == []


@pytest.mark.parametrize(
    "lines",
    [
        {"water": "33,33", "heat": "66,67", "own": "-100"},
        {"water": "-0,01", "own": "0,01"},
        {"water": "0", "heat": "7", "own": "-7"},
    ],
)
def test_what_was_collected_is_all_somebodys(town, lines):
    is_asked(town, **lines)
    settles(town, NOVEMBER)
    told = report(town, NOVEMBER)
    for name, code in ((WATER, "water"), (OTHER, "heat"), (OWN, "own")):
        if name in told:
            assert told[name].figures.collected == Money.parse(lines.get(code, "0"))
            assert told[name].figures.gap == ZERO
    assert whole(told).collected == ZERO
    assert proved(town) == []


def test_the_resident_sees_an_invoice_that_asks_for_nothing(town):
    is_asked(town, water="100", heat="-100")
    (shown,) = town.backend.read_now(invoices, town.flats[0].person.id)
    assert (shown.total, shown.paid, shown.is_unpaid) == (ZERO, ZERO, False)


def test_it_pays_itself_once(town):
    is_asked(town, water="100", heat="-100")
    town.house.writes(lambda session: allocate(session, [town.flats[0].id], NOW))
    ((amount, invoice, credit),) = rows(town, Allocation, "amount", "invoice_id", "credit_id")
    assert (amount, invoice) == (Money.parse("100"), credit)


def test_cancelled_it_is_as_if_it_had_not_been(town):
    is_asked(town, water="100", heat="-100")
    settles(town, NOVEMBER)
    (number,) = (row[0] for row in rows(town, Invoice, "number"))
    cancels(town, number)
    settles(town, NOVEMBER)
    told = report(town, NOVEMBER)
    assert {party.figures.collected for party in told.values()} == {ZERO}
    assert {party.figures.commission for party in told.values()} == {ZERO}
    assert proved(town) == []


def test_who_pays_himself_though_he_asks_for_something_is_found(town: BilledHouse) -> None:
    is_asked(town, water="100", heat="-90")
    (invoice_id,) = (row[0] for row in rows(town, Invoice, "id"))
    values: dict[str, Any] = {"invoice_id": invoice_id, "credit_id": invoice_id}
    town.house.adds(Allocation, **values, amount=Money.parse("100"), allocated_at=NOW)
    assert any("оплачивает сам себя" in sentence for sentence in proved(town))


def test_one_of_somebody_who_is_paid_directly_asks_for_nothing(town):
    """All its lines are his: there is nobody to settle with, and nothing to be paid."""
    town.house.adds(
        ServiceTerms, service_id=town.services["own"].id, valid_from=BEGINNING, scheme="direct",
        supplier_id=town.supplier_id,
    )  # fmt: skip
    _, price_id, price = town.services["own"].prices[0]
    charges = [
        NewCharge(
            agreement_id=town.flats[0].id, operator_id=town.house.operator_id,
            account_id=town.accounts[0].id, service_id=town.services["own"].id, period=OCTOBER,
            posted_at=LATE, volume=Quantity.parse(amount), price_id=price_id, price=price,
            amount=Money.parse(amount), proof={"method": "fixed"}, scheme=Scheme.DIRECT,
            supplier_id=town.supplier_id,
        )
        for amount in ("100", "-100")
    ]  # fmt: skip
    town.house.writes(lambda session: post_charges(session, charges))
    town.closes(OCTOBER, NOW)
    issues(town)
    (told,) = town.backend.read_now(invoices, town.flats[0].person.id)
    assert (told.total, told.is_unpaid, told.payee) == (ZERO, False, "АО «Водоканал»")
    assert rows(town, Allocation) == []
    settles(town, NOVEMBER)
    assert proved(town) == []
