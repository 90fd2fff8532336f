"""Invoices: which are unpaid, what they consist of, what their QR asks for."""

from datetime import UTC, date, datetime

import pytest

from portal.domain.feed import EventKind
from portal.domain.money import Money
from portal.domain.payment_qr import parse_payment_qr
from portal.errors import NotFound
from portal.services.home import home
from portal.services.invoices import invoice_document, invoices, unpaid_invoices
from tests.builders import NOW, a_house
from tests.support.statements import counted

OCTOBER = datetime(2026, 10, 28, 12, tzinfo=UTC)
SEPTEMBER = datetime(2026, 9, 28, 12, tzinfo=UTC)
NOTHING_SHOWN: frozenset[EventKind] = frozenset()


@pytest.fixture
def house(backend):
    return a_house(backend)


@pytest.fixture
def flat(house):
    return house.a_resident("Иванов Иван Иванович").an_agreement("DOM-12")


def one_charge(flat, volume="8", at=OCTOBER, price="53,41"):
    return flat.an_account().is_charged(flat.house.a_service(price=price), volume, at=at)


def test_unpaid_ones_come_first_and_of_each_the_newest_period(backend, flat):
    first = flat.an_invoice([one_charge(flat, at=datetime(2026, 7, 28, tzinfo=UTC))])
    paid = flat.an_invoice([one_charge(flat, at=datetime(2026, 8, 28, tzinfo=UTC))])
    second = flat.an_invoice([one_charge(flat, at=SEPTEMBER)])
    also_paid = flat.an_invoice([one_charge(flat, at=OCTOBER)])
    flat.a_payment("854,56", pays=[(paid, "427,28"), (also_paid, "427,28")])
    found = backend.read_now(invoices, flat.person.id)
    assert [invoice.invoice_id for invoice in found] == [
        second.id, first.id, also_paid.id, paid.id
    ]  # fmt: skip


def test_a_part_payment_leaves_a_remainder(backend, flat):
    invoice = flat.an_invoice([one_charge(flat)])
    flat.a_payment("100", pays=[(invoice, "100")])
    flat.a_payment("500", pays=[(invoice, "300,28")])
    (summary,) = backend.read_now(invoices, flat.person.id)
    assert summary.total == Money(427_28)
    assert summary.paid == Money(400_28)
    assert summary.remainder == Money(27_00)
    assert summary.is_unpaid


@pytest.mark.parametrize(("paid", "is_unpaid"), [("427,27", True), ("427,28", False)])
def test_the_last_kopeck_decides(backend, flat, paid, is_unpaid):
    invoice = flat.an_invoice([one_charge(flat)])
    flat.a_payment(paid, pays=[(invoice, paid)])
    (summary,) = backend.read_now(invoices, flat.person.id)
    assert summary.is_unpaid is is_unpaid
    assert bool(backend.read_now(unpaid_invoices, flat.person.id)) is is_unpaid


def test_anothers_invoice_is_not_found(backend, house, flat):
    invoice = flat.an_invoice([one_charge(flat)])
    stranger = house.a_resident("Петрова Мария")
    own = stranger.an_agreement()
    assert backend.read_now(invoices, stranger.id) == ()
    for number in (invoice.id, invoice.id + 1000, 0, -1, 2**63, 10**40):
        with pytest.raises(NotFound):
            backend.read_now(invoice_document, stranger.id, number)
    with pytest.raises(NotFound):
        backend.read_now(invoices, stranger.id, flat.id)
    assert backend.read_now(invoices, stranger.id, own.id) == ()


def test_by_agreement(backend, flat):
    other = flat.person.an_agreement("DOM-13")
    mine = flat.an_invoice([one_charge(flat)])
    theirs = other.an_invoice([one_charge(other)])
    of = {
        agreement: [i.invoice_id for i in backend.read_now(invoices, flat.person.id, agreement)]
        for agreement in (None, flat.id, other.id)
    }
    assert of == {None: [theirs.id, mine.id], flat.id: [mine.id], other.id: [theirs.id]}


def test_a_document_shows_its_lines_and_its_own_words(backend, house, flat):
    invoice = flat.an_invoice([one_charge(flat)], number="77", opening="12,50")
    document = backend.read_now(invoice_document, flat.person.id, invoice.id)
    assert [(item.name, str(item.amount)) for item in document.items] == [
        ("Услуга ЖКХ № 1", "427,28\N{NBSP}₽"),
        ("Долг на начало", "12,50\N{NBSP}₽"),
    ]
    assert document.items[1].volume is None
    assert document.payer_name == "Иванов Иван Иванович"
    assert document.requisites.name == "ООО «УК Дом-Сервис»"
    assert document.purpose == "Оплата ЖКУ за 10.2026, договор DOM-12, счет № 77"


def test_the_words_of_an_issued_invoice_do_not_follow_the_operators_new_ones(backend, house, flat):
    from portal.db.parties import Operator, Resident

    invoice = flat.an_invoice([one_charge(flat)])
    before = backend.read_now(invoice_document, flat.person.id, invoice.id)
    house.changes(Operator, house.operator_id, name="АО «Другая»", bic="047003764")
    house.changes(Resident, flat.person.id, name="Иванова Анна Петровна")
    assert backend.read_now(invoice_document, flat.person.id, invoice.id) == before


def test_its_qr_asks_for_what_remains(backend, flat):
    invoice = flat.an_invoice([one_charge(flat)], number="77")
    flat.a_payment("27,28", pays=[(invoice, "27,28")])
    document = backend.read_now(invoice_document, flat.person.id, invoice.id)
    assert parse_payment_qr(document.qr_text) == {
        "Name": "ООО «УК Дом-Сервис»",
        "PersonalAcc": "40702810338360027201",
        "BankName": "ПАО Сбербанк",
        "BIC": "044525225",
        "CorrespAcc": "30101810400000000225",
        "PayeeINN": "7736520080",
        "KPP": "997650001",
        "Sum": "40000",
        "Purpose": "Оплата ЖКУ за 10.2026, договор DOM-12, счет № 77",
        "LastName": "Иванов",
        "FirstName": "Иван",
        "MiddleName": "Иванович",
        "PayerAddress": "г. Москва, ул. Ленина, д. 1, кв. 2",
        "PersAcc": "DOM-12",
        "PaymPeriod": "102026",
        "TechCode": "02",
    }


def test_the_qr_of_a_paid_invoice_asks_for_its_whole(backend, flat):
    invoice = flat.an_invoice([one_charge(flat)])
    flat.a_payment("427,28", pays=[(invoice, "427,28")])
    document = backend.read_now(invoice_document, flat.person.id, invoice.id)
    assert parse_payment_qr(document.qr_text)["Sum"] == "42728"


def test_an_invoice_of_nothing_has_no_qr(backend, flat):
    invoice = flat.an_invoice([one_charge(flat, volume="0")])
    document = backend.read_now(invoice_document, flat.person.id, invoice.id)
    assert document.qr_text == ""
    assert not document.summary.is_unpaid


def test_home_says_what_is_to_be_paid_and_when(backend, flat):
    later = flat.an_invoice([one_charge(flat)], due_on=date(2026, 11, 16))
    flat.an_invoice([one_charge(flat, at=SEPTEMBER)], due_on=date(2026, 10, 15))
    flat.a_payment("27,28", pays=[(later, "27,28")])
    seen = backend.read_now(home, flat.person.id, NOTHING_SHOWN, NOW)
    assert [invoice.due_on for invoice in seen.unpaid] == [date(2026, 10, 15), date(2026, 11, 16)]
    assert [invoice.remainder for invoice in seen.unpaid] == [Money(427_28), Money(400_00)]
    assert seen.side.unpaid_invoices == 2
    assert seen.owed == Money(400_00 + 427_28)


def test_home_of_somebody_who_has_paid_in_advance_owes_nothing(backend, flat):
    flat.a_payment("100")
    seen = backend.read_now(home, flat.person.id, NOTHING_SHOWN, NOW)
    assert (seen.owed, seen.unpaid) == (Money(0), ())
    assert seen.side.balance == Money(100_00)


def test_home_tells_by_what_the_balance_differs_from_what_is_to_be_paid(backend, flat):
    invoice = flat.an_invoice([one_charge(flat)])
    seen = backend.read_now(home, flat.person.id, NOTHING_SHOWN, NOW)
    assert (seen.unbilled, seen.advance) == (Money(0), Money(0))
    one_charge(flat, at=SEPTEMBER)
    seen = backend.read_now(home, flat.person.id, NOTHING_SHOWN, NOW)
    assert (seen.to_pay, seen.unbilled, seen.advance) == (Money(427_28), Money(427_28), Money(0))
    flat.a_payment("500")
    seen = backend.read_now(home, flat.person.id, NOTHING_SHOWN, NOW)
    assert (seen.unbilled, seen.advance) == (Money(0), Money(500_00 - 427_28))
    flat.a_payment("427,28", pays=[(invoice, "427,28")])
    seen = backend.read_now(home, flat.person.id, NOTHING_SHOWN, NOW)
    assert (seen.to_pay, seen.advance) == (Money(0), Money(500_00 - 427_28))


@pytest.mark.parametrize("months", [1, 12])
def test_the_number_of_statements_does_not_grow(backend, flat, months):
    days = [datetime(2025, month, 28, tzinfo=UTC) for month in range(1, months + 1)]
    latest, *_ = [flat.an_invoice([one_charge(flat, at=day)]) for day in days]
    with counted(backend.engine) as statements:
        backend.read_now(invoices, flat.person.id)
    assert len(statements) == 1
    with counted(backend.engine) as statements:
        backend.read_now(invoices, flat.person.id, flat.id)
    assert len(statements) == 1
    with counted(backend.engine) as statements:
        backend.read_now(invoice_document, flat.person.id, latest.id)
    assert len(statements) == 2
    with counted(backend.engine) as statements:
        backend.read_now(home, flat.person.id, NOTHING_SHOWN, NOW)
    assert len(statements) == 4
