"""Penalties in the run of a month: reckoned up to the month before, each day charged once."""

from datetime import date

import pytest
from sqlalchemy import select, update

from portal.db.base import table_of
from portal.db.invoices import Invoice
from portal.db.ledger import Charge
from portal.db.parties import Agreement, Operator
from portal.db.rates import KeyRate, RateCap
from portal.domain.money import Money
from portal.domain.quantity import Quantity
from portal.services.audit import audit
from portal.services.office.settling.sharing import line_shares
from tests.builders import InvoiceRow
from tests.support.billed import NOVEMBER, OCTOBER, BilledHouse
from tests.support.owing import (
    FEBRUARY,
    JANUARY,
    a_house_that_charges_penalties,
    billed_to,
    penalties,
    within,
)
from tests.support.refunding import refunds
from tests.support.statements import counted


@pytest.fixture
def billed(backend) -> BilledHouse:
    return a_house_that_charges_penalties(backend, "upkeep")


def proved(billed: BilledHouse) -> list[str]:
    return [str(finding) for finding in billed.backend.read_now(audit)]


def runs(billed: BilledHouse, period=JANUARY):
    return billed.bills(period, within(period))


def test_a_month_charges_for_the_days_through_the_month_before(billed):
    """1 965,12 × 9,5 % ÷ 300 × 16 days from 16 December on; then × 47 days in all."""
    billed_to(billed, billed.flats[0])
    report = runs(billed)
    assert penalties(billed) == [("upkeep", JANUARY, Money.parse("9,96"))]
    assert (report.penalties, report.penalty, report.lacks) == (1, Money.parse("9,96"), ())
    # The law's own cap ends with 2026; the operator's table has a longer one.
    billed.house.adds(
        RateCap, valid_from=date(2025, 1, 1), valid_to=date(2027, 12, 31),
        percent=Quantity.parse("9,5"),
    )  # fmt: skip
    runs(billed, FEBRUARY)
    assert penalties(billed)[1:] == [("upkeep", FEBRUARY, Money.parse("19,29"))]
    assert proved(billed) == []


def test_before_the_thirty_first_day_of_delay_there_is_none(billed):
    billed_to(billed, billed.flats[0])
    runs(billed, NOVEMBER.shifted(1))
    assert penalties(billed) == []


def test_it_is_a_charge_of_the_service_that_is_owed_for(billed):
    invoice = billed_to(billed, billed.flats[0])
    runs(billed)
    (row,) = [
        row
        for row in billed.charges(
            "part", "account_id", "service_id", "period", "for_period", "corrects_id", "volume",
            "key", "scheme", "proof",
        )
        if row[0] == "penalty"
    ]  # fmt: skip
    service, account = billed.services["upkeep"].id, billed.accounts[0].id
    assert row[1:7] == (account, service, JANUARY, OCTOBER, None, Quantity(0))
    assert row[7:9] == (f"penalty/2027-01/{invoice.id}/{account}/{service}/0/0", "own")
    inputs = row[9]["inputs"]
    assert (inputs["bill"], inputs["charged"], inputs["debt"]) == (invoice.number, 0, 196512)
    assert [(each["first"], each["last"]) for each in inputs["rows"]] == [
        ("2026-12-16", "2026-12-31")
    ]


def test_twice_is_once(billed):
    billed_to(billed, billed.flats[0])
    runs(billed)
    rows = billed.charges()
    again = billed.bills(JANUARY, within(FEBRUARY))
    assert billed.charges() == rows
    assert again.penalties == 0


def test_a_dry_run_says_the_same_and_writes_nothing(billed):
    billed_to(billed, billed.flats[0])
    dry = billed.bills(JANUARY, within(JANUARY), is_dry=True)
    assert penalties(billed) == []
    assert runs(billed) == dry


def test_what_is_paid_in_time_costs_nothing(billed):
    invoice = billed_to(billed, billed.flats[0])
    billed.flats[0].a_payment(
        "1965,12", at=within(NOVEMBER.shifted(1), 15), pays=[(invoice, "1965,12")]
    )
    runs(billed)
    assert penalties(billed) == []


def test_each_part_is_charged_for_until_the_day_it_was_paid(billed):
    """1 000,00 for 16–20 December: 1,58; 965,12 for 16–31 December: 4,89."""
    invoice = billed_to(billed, billed.flats[0])
    billed.flats[0].a_payment("1000", at=within(NOVEMBER.shifted(1)), pays=[(invoice, "1000")])
    runs(billed)
    assert penalties(billed) == [("upkeep", JANUARY, Money.parse("6,47"))]
    assert proved(billed) == []


def test_a_part_of_a_bill_pays_no_penalty_before_the_rest_of_it(billed):
    """ГК РФ, ст. 319: 1 965,12 of upkeep in each of the two bills, in the second 9,96 of penalty
    as well; of what goes back the penalty goes first.
    """
    flat = billed.flats[0]
    billed_to(billed, flat)
    runs(billed)
    bill = billed_to(billed, flat, JANUARY)
    assert bill.total == Money.parse("1975,08")

    def paid() -> list[str]:
        shares = billed.backend.read_now(line_shares, [flat.id])
        return [Money.total(part.amount for part in of_line).plain for of_line in shares.values()]

    flat.a_payment("1000", at=within(FEBRUARY), pays=[(bill, "1000")])
    assert paid() == ["1000,00"]
    last = flat.a_payment("970,12", at=within(FEBRUARY), pays=[(bill, "970,12")])
    assert paid() == ["1965,12", "5,00"]
    refunds(billed.backend, last, "7", at=within(FEBRUARY, 21))
    assert paid() == ["1963,12", "0,00"]
    assert proved(billed) == []


def test_a_payment_that_is_known_late_takes_back_what_was_too_much(billed):
    invoice = billed_to(billed, billed.flats[0])
    runs(billed)
    billed.flats[0].a_payment(
        "1965,12", at=within(NOVEMBER.shifted(1), 15), pays=[(invoice, "1965,12")]
    )
    runs(billed)
    assert [amount for _, _, amount in penalties(billed)] == [
        Money.parse("9,96"),
        Money.parse("-9,96"),
    ]
    assert proved(billed) == []


def test_a_closed_month_stays_and_the_next_one_knows_better(billed):
    invoice = billed_to(billed, billed.flats[0])
    runs(billed)
    billed.closes(JANUARY, within(FEBRUARY))
    billed.flats[0].a_payment(
        "1965,12", at=within(NOVEMBER.shifted(1), 15), pays=[(invoice, "1965,12")]
    )
    before = billed.charges()
    assert billed.bills(JANUARY, within(FEBRUARY)).penalties == 0
    assert [row for row in billed.charges() if row in before] == before
    runs(billed, FEBRUARY)
    assert penalties(billed)[1:] == [("upkeep", FEBRUARY, Money.parse("-9,96"))]
    assert proved(billed) == []


def test_a_month_that_is_run_again_after_the_next_one_is_as_if_run_before_it(billed):
    """What a later month charged is none of its business."""
    billed_to(billed, billed.flats[0])
    billed.house.adds(KeyRate, valid_from=date(2027, 1, 1), percent=Quantity.parse("9,5"))
    runs(billed)
    runs(billed, FEBRUARY)
    told = penalties(billed)
    billed.bills(JANUARY, within(FEBRUARY))
    billed.bills(FEBRUARY, within(FEBRUARY))
    assert penalties(billed) == told


def test_an_agents_penalty_is_the_suppliers_and_none_is_on_a_penalty(backend):
    """Water by its norm, two people × 4,745 × 53,41 = 506,86: × 9,5 % ÷ 300 × 16 = 2,57."""
    billed = a_house_that_charges_penalties(backend, "zkh_cold")
    billed_to(billed, billed.flats[0])
    runs(billed)
    ((scheme, supplier),) = {
        row[1:] for row in billed.charges("part", "scheme", "supplier_id") if row[0] == "penalty"
    }
    assert (scheme, supplier) == ("agency", billed.supplier_id)
    assert penalties(billed) == [("zkh_cold", JANUARY, Money.parse("2,57"))]
    billed_to(billed, billed.flats[0], JANUARY)
    # May knows January's bill, with the penalty in it, overdue since 15 February.
    billed.house.adds(KeyRate, valid_from=date(2027, 1, 1), percent=Quantity.parse("9,5"))
    runs(billed, JANUARY.shifted(4))
    debts = [
        row[1]["inputs"]["debt"]
        for row in billed.charges("part", "proof")
        if row[0] == "penalty" and row[1]["inputs"]["period"] == "2027-01"
    ]
    assert debts == [50686]
    assert proved(billed) == []


def test_an_unknown_rate_is_a_finding_and_never_a_zero(billed):
    billed_to(billed, billed.flats[0])
    billed.house.writes(lambda session: session.execute(table_of(KeyRate).delete()))
    report = runs(billed)
    (lack,) = report.lacks
    assert str(lack) == (
        "Договор DOM-1, Квартира 1, пени, upkeep: На 31 декабря 2026 неизвестна ключевая ставка. "
        "Добавьте ее в таблицу ставок"
    )
    assert penalties(billed) == []
    assert billed.owed(JANUARY, "upkeep") == Money.parse("3930,24")


def test_who_charges_none_is_not_asked(billed):
    billed.house.changes(Operator, billed.house.operator_id, charges_penalty=False)
    billed_to(billed, billed.flats[0])
    runs(billed)
    assert penalties(billed) == []


def test_what_was_owed_before_the_portal_has_no_service_to_charge(billed):
    billed.flats[0].an_invoice(period=OCTOBER, opening="5000")
    runs(billed)
    assert penalties(billed) == []


def test_who_has_left_still_owes(billed):
    billed_to(billed, billed.flats[0])
    billed.house.changes(Agreement, billed.flats[0].id, closed_on=date(2026, 11, 1))
    runs(billed)
    assert penalties(billed) == [("upkeep", JANUARY, Money.parse("9,96"))]


def test_the_number_of_statements_does_not_grow_with_the_bills(backend):
    billed = a_house_that_charges_penalties(backend, "upkeep")
    sizes = []
    for flats in (1, 2):
        billed_to(billed, billed.flats[flats - 1])
        with counted(backend.engine) as statements:
            billed.bills(JANUARY, within(JANUARY), is_dry=True)
        sizes.append(len(statements))
    assert sizes[0] == sizes[1]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"amount": Money.parse("9,97")}, "по дням просрочки пени 9,96 ₽, а списано 9,97 ₽"),
        ({"key": "penalty/2027-01/1/99/1/0/0"}, "другой услуги"),
        ({"key": "penalty/2027-01"}, "не пересчитать"),
        ({"proof": {"method": "penalty"}}, "не пересчитать"),
    ],
)
def test_a_forged_penalty_is_noticed(billed, change, sentence):
    billed_to(billed, billed.flats[0])
    runs(billed)
    table = table_of(Charge)
    forged = update(table).where(table.c.part == "penalty").values(change)
    billed.house.writes(lambda session: session.execute(forged))
    assert any(sentence in each.replace("\N{NO-BREAK SPACE}", " ") for each in proved(billed))


def test_a_day_that_is_charged_for_twice_is_noticed(billed):
    """Two charges that know nothing of one another."""
    billed_to(billed, billed.flats[0])
    runs(billed)
    billed.house.adds(KeyRate, valid_from=date(2027, 1, 1), percent=Quantity.parse("9,5"))
    runs(billed, FEBRUARY)
    table = table_of(Charge)
    forged = (
        update(table)
        .where(table.c.part == "penalty", table.c.period == FEBRUARY)
        .values(period=NOVEMBER)
    )
    billed.house.writes(lambda session: session.execute(forged))
    assert any("вычтено начисленное раньше" in each for each in proved(billed))


def is_cancelled(billed: BilledHouse, invoice: InvoiceRow, on: date) -> None:
    """By a document of its own; what that is made of is no concern here."""
    table = table_of(Invoice)
    query = select(table).where(table.c.id == invoice.id)
    original = billed.backend.read_now(lambda session: session.execute(query).mappings().one())
    changed = {
        "number": f"{invoice.number}/1", "kind": "cancellation", "cancels_id": invoice.id,
        "issued_on": on, "total": -invoice.total,
    }  # fmt: skip
    billed.house.adds(Invoice, **{k: v for k, v in (dict(original) | changed).items() if k != "id"})


def test_of_a_cancelled_bill_what_was_charged_is_taken_back(billed):
    invoice = billed_to(billed, billed.flats[0])
    runs(billed)
    is_cancelled(billed, invoice, date(2027, 1, 25))
    runs(billed)
    assert [amount for _, _, amount in penalties(billed)] == [
        Money.parse("9,96"),
        Money.parse("-9,96"),
    ]
    assert billed.bills(JANUARY, within(FEBRUARY)).penalties == 0


def test_of_a_bill_that_was_cancelled_before_there_is_none(billed):
    invoice = billed_to(billed, billed.flats[0])
    is_cancelled(billed, invoice, date(2026, 12, 25))
    runs(billed)
    assert penalties(billed) == []


def test_a_suppliers_own_bill_is_the_suppliers_concern(billed):
    invoice = billed_to(billed, billed.flats[0])
    table = table_of(Invoice)
    theirs = update(table).where(table.c.id == invoice.id).values(supplier_id=billed.supplier_id)
    billed.house.writes(lambda session: session.execute(theirs))
    runs(billed)
    assert penalties(billed) == []
