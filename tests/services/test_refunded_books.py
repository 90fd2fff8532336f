"""What a refund changes in everybody's figures: the bill, the penalty, the supplier's money."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.backend import Backend
from portal.db.invoices import Invoice
from portal.domain.money import ZERO, Money
from portal.domain.payment_qr import parse_payment_qr
from portal.domain.settlement import Figures
from portal.services.audit import audit
from portal.services.invoices import invoice_document, unpaid_invoices
from portal.services.office.settling.beancount import ledger_lines
from portal.services.side_block import side_block
from tests.builders import a_house
from tests.support.billed import NOVEMBER, OCTOBER, BilledHouse, a_billed_house
from tests.support.invoiced import NOW, cancels, issues, rows
from tests.support.owing import (
    JANUARY,
    a_house_that_charges_penalties,
    billed_to,
    penalties,
    within,
)
from tests.support.refunding import refunds, unpaid
from tests.support.settling import pays, remits, report, settles
from tests.support.statements import counted

WATER = "АО «Водоканал»"
SOON = datetime(2026, 11, 5, 9, tzinfo=UTC)
LATER = datetime(2026, 11, 20, 9, tzinfo=UTC)
DECEMBER = datetime(2026, 12, 2, 9, tzinfo=UTC)


def proved(town: BilledHouse) -> list[str]:
    return [str(finding) for finding in town.backend.read_now(audit)]


@pytest.fixture
def town(backend: Backend) -> BilledHouse:
    """October is asked for: of each flat 1965,12 for upkeep, which is the operator's own, and
    506,86 for water, of which he keeps 3 %.
    """
    town = a_billed_house(backend, only=("upkeep", "zkh_cold"))
    town.bills(OCTOBER, NOW)
    town.closes(OCTOBER, NOW)
    issues(town)
    return town


# --- suppliers ----------------------------------------------------------------------------------


def test_what_went_on_to_the_supplier_he_owes_back(town):
    payment_id = pays(town.flats[0], "2471,98", SOON)
    settles(town, NOVEMBER)
    remits(town, "491,65", "п/п 1", SOON)
    refunds(town.backend, payment_id, at=LATER)
    assert settles(town, NOVEMBER).shares == 2
    told = report(town, NOVEMBER)[WATER]
    assert told.figures == Figures(transferred=Money.parse("491,65"), held=Money.parse("-491,65"))
    assert told.to_transfer == Money.parse("-491,65")
    assert remits(town, "-491,65", "п/п 2", LATER).left == ZERO
    assert proved(town) == []


def test_a_part_goes_back_from_each_line_in_proportion(town):
    """500,00 of 2 471,98: of water 102,52, of which 3,07 (of 404,34 there stay 12,13) were kept."""
    payment_id = pays(town.flats[0], "2471,98", SOON)
    settles(town, NOVEMBER)
    refunds(town.backend, payment_id, "500", at=LATER)
    settles(town, NOVEMBER)
    water = report(town, NOVEMBER)[WATER].figures
    assert (water.collected, water.commission) == (Money.parse("404,34"), Money.parse("12,13"))
    assert water.gap == ZERO
    assert proved(town) == []


def test_what_a_closed_month_collected_stays_and_the_next_gives_back(town):
    payment_id = pays(town.flats[0], "2471,98", SOON)
    settles(town, NOVEMBER)
    town.closes(NOVEMBER, DECEMBER)
    before = report(town, NOVEMBER)
    refunds(town.backend, payment_id, at=DECEMBER)
    settles(town, NOVEMBER.shifted(1))
    assert report(town, NOVEMBER) == before
    december = report(town, NOVEMBER.shifted(1))[WATER]
    assert december.figures.collected == Money.parse("-506,86")
    assert december.to_transfer == ZERO
    assert proved(town) == []


def test_paid_refunded_and_paid_again_is_paid_once(town):
    first = pays(town.flats[0], "2471,98", SOON)
    refunds(town.backend, first, "1000", at=LATER)
    pays(town.flats[0], "1000", LATER)
    settles(town, NOVEMBER)
    water = report(town, NOVEMBER)[WATER].figures
    assert (water.collected, water.commission) == (Money.parse("506,86"), Money.parse("15,21"))
    assert proved(town) == []


def test_a_cancelled_invoice_owes_nobody_though_its_payment_went_back(town):
    """Its cancellation has what was paid of it, and pays it once more."""
    payment_id = pays(town.flats[0], "100", SOON)
    number = rows(town, Invoice)[0].number
    cancels(town, number, SOON)
    refunds(town.backend, payment_id, at=LATER)
    assert number not in unpaid(town.backend)
    settles(town, NOVEMBER)
    assert report(town, NOVEMBER)[WATER].figures.collected == ZERO
    assert proved(town) == []


def test_what_a_cancelled_invoice_passed_on_is_owed_when_its_payment_goes_back(town):
    """October is asked for anew and paid with what the first document had brought.  The money goes
    back: the ledger says that one October is owed, the suppliers have nothing, and who pays again
    pays it.
    """
    flat, backend = town.flats[0], town.backend
    payment_id = pays(flat, "2471,98", SOON)
    number = rows(town, Invoice)[0].number
    cancels(town, number, SOON)
    issues(town)
    before = unpaid(backend)
    assert number not in before
    refunds(backend, payment_id, at=LATER)
    assert unpaid(backend) == before | {number: "2471,98"}
    balance = backend.read_now(side_block, flat.person.id, frozenset()).balance
    assert balance == Money.parse("-2471,98")
    (owed,) = backend.read_now(unpaid_invoices, flat.person.id)
    document = backend.read_now(invoice_document, flat.person.id, owed.invoice_id)
    assert (owed.number, owed.is_owed_for_others) == (number, True)
    assert parse_payment_qr(document.qr_text)["Sum"] == "247198"
    settles(town, NOVEMBER)
    assert report(town, NOVEMBER)[WATER].figures.collected == ZERO
    assert proved(town) == []

    pays(flat, "2471,98", LATER)
    assert unpaid(backend) == before
    settles(town, NOVEMBER)
    assert report(town, NOVEMBER)[WATER].figures.collected == Money.parse("506,86")
    assert proved(town) == []


def test_the_export_of_the_ledger_has_it(town):
    payment_id = pays(town.flats[0], "100", SOON)
    refunds(town.backend, payment_id, "40", at=LATER)
    lines = town.backend.read_now(lambda session: list(ledger_lines(session)))
    (place,) = [at for at, line in enumerate(lines) if '* "refund ' in line]
    assert [line.split()[0].split(":")[:2] for line in lines[place + 1 : place + 3]] == [
        ["Assets", "Residents"], ["Assets", "Channels"],
    ]  # fmt: skip
    assert lines[place + 1].endswith("40.00 RUB")


# --- the document of a month --------------------------------------------------------------------


def test_the_next_document_says_what_was_paid_less_what_went_back(town):
    payment_id = pays(town.flats[0], "1000", SOON)
    refunds(town.backend, payment_id, "300", at=LATER)
    other = pays(town.flats[1], "2000", SOON)
    refunds(town.backend, other, document="в-2", at=DECEMBER)
    town.bills(NOVEMBER, DECEMBER)
    town.closes(NOVEMBER, DECEMBER)
    issues(town, NOVEMBER, DECEMBER)
    told = rows(town, Invoice, "opening", "paid")[2:]
    assert told == [
        (Money.parse("2471,98"), Money.parse("700")), (Money.parse("2471,98"), Money.parse("2000")),
    ]  # fmt: skip
    assert proved(town) == []


# --- penalties ----------------------------------------------------------------------------------


def test_a_debt_that_was_paid_and_went_back_costs_again_from_the_day_after(backend):
    """1 965,12 × 9,5 % ÷ 300: for 16–20 December 3,11, for 26–31 December 3,73."""
    billed = a_house_that_charges_penalties(backend, "upkeep")
    billed_to(billed, billed.flats[0])
    payment_id = pays(billed.flats[0], "1965,12", within(NOVEMBER.shifted(1)))
    refunds(backend, payment_id, at=within(NOVEMBER.shifted(1), 25))
    billed.bills(JANUARY, within(JANUARY))
    assert [amount for _, _, amount in penalties(billed)] == [Money.parse("6,84")]
    assert proved(billed) == []


def test_paid_in_time_and_given_back_is_as_if_never_paid(backend):
    billed = a_house_that_charges_penalties(backend, "upkeep")
    billed_to(billed, billed.flats[0])
    payment_id = pays(billed.flats[0], "1965,12", within(NOVEMBER))
    refunds(backend, payment_id, at=within(NOVEMBER, 21))
    billed.bills(JANUARY, within(JANUARY))
    assert [amount for _, _, amount in penalties(billed)] == [Money.parse("9,96")]
    assert proved(billed) == []


def test_who_pays_again_in_time_owes_no_penalty(backend):
    billed = a_house_that_charges_penalties(backend, "upkeep")
    billed_to(billed, billed.flats[0])
    payment_id = pays(billed.flats[0], "1965,12", within(NOVEMBER))
    refunds(backend, payment_id, at=within(NOVEMBER, 21))
    pays(billed.flats[0], "1965,12", within(NOVEMBER, 21) + timedelta(days=1))
    billed.bills(JANUARY, within(JANUARY))
    assert penalties(billed) == []
    assert proved(billed) == []


def test_the_number_of_questions_does_not_grow_with_the_invoices(backend):
    sizes = []
    for invoices, number in ((3, "A"), (6, "B")):
        flat = a_house(backend, number).a_resident().an_agreement(number)
        for _ in range(invoices):
            flat.an_invoice(opening="100")
        payment_id = pays(flat, f"{invoices}00", NOW)
        with counted(backend.engine) as statements:
            refunds(backend, payment_id, document=number, at=NOW)
        sizes.append(sum(each.startswith("SELECT") for each in statements))
    assert sizes[0] == sizes[1]
