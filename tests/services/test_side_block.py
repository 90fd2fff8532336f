"""The side block: figure 8 of the manual, two statements whatever there is."""

from datetime import UTC, date, datetime, timedelta

import pytest

from portal.db.parties import Agreement
from portal.domain.feed import EventKind
from portal.domain.money import Money
from portal.errors import NotFound
from portal.services.side_block import side_block
from tests.builders import NOW, a_house
from tests.support.statements import counted

ALL = frozenset(EventKind)


@pytest.fixture
def house(backend):
    return a_house(backend)


@pytest.fixture
def flat(house):
    return house.a_resident("Абонент", phone="71111234567", email="email@email.ru").an_agreement(
        "DOG-S-755", address="ул. Ленина, 1"
    )


def test_who_he_is(backend, flat):
    seen = backend.read_now(side_block, flat.person.id, ALL)
    assert (seen.name, seen.phone, seen.email) == ("Абонент", "71111234567", "email@email.ru")
    assert (seen.agreement, seen.address) == ("DOG-S-755", "ул. Ленина, 1")
    assert seen.timezone == "Europe/Moscow"
    assert seen.unpaid_invoices == seen.unread_notices == 0
    assert seen.balance == Money(0)


def test_a_closed_agreement_steps_back_behind_one_in_force(backend, flat):
    flat.person.an_agreement("DOG-S-756")
    flat.house.changes(Agreement, flat.id, closed_on=date(2026, 1, 1))
    assert backend.read_now(side_block, flat.person.id, ALL).agreement == "DOG-S-756"


def test_a_resident_without_agreement_contacts_or_events(backend, house):
    person = house.a_resident("Новый", phone=None, email=None)
    seen = backend.read_now(side_block, person.id, ALL)
    assert (seen.agreement, seen.address, seen.phone, seen.email, seen.events) == (
        "", "", "", "", ()
    )  # fmt: skip
    assert seen.balance == Money(0)


def test_nobody_is_not_found(backend, flat):
    with pytest.raises(NotFound):
        backend.read_now(side_block, flat.person.id + 1, ALL)


def test_money_is_over_all_agreements_and_nobody_elses(backend, flat):
    other = flat.person.an_agreement()
    stranger = flat.house.a_resident().an_agreement()
    service = flat.house.a_service(price="100")
    for agreement, volume in ((flat, "3"), (other, "2"), (stranger, "50")):
        charge = agreement.an_account().is_charged(service, volume)
        agreement.an_invoice([charge])
    flat.a_payment("120")
    seen = backend.read_now(side_block, flat.person.id, ALL)
    assert seen.balance == Money(120_00 - 500_00)
    assert seen.unpaid_invoices == 2


def test_a_reversed_charge_leaves_no_debt(backend, flat):
    account, service = flat.an_account(), flat.house.a_service(price="100")
    charge = account.is_charged(service)
    account.is_charged(service, reverses=charge)
    assert backend.read_now(side_block, flat.person.id, ALL).balance == Money(0)


def test_five_newest_events_of_the_kinds_that_may_be_shown(backend, flat):
    start = datetime(2014, 5, 28, 3, 50, tzinfo=UTC)
    person = flat.person
    person.an_event("tariff", start, tariff="Тариф ЖКХ")
    person.an_event("payment", start + timedelta(minutes=5), amount=2500_00)
    for minute in range(4):
        person.an_event(
            "service", start + timedelta(hours=1, minutes=minute), service=f"№ {minute}"
        )
    flat.house.a_resident().an_event("payment", NOW, amount=1)
    texts = [e.text for e in backend.read_now(side_block, person.id, ALL).events]
    assert texts == [
        "Списание по услуге «№ 3»",
        "Списание по услуге «№ 2»",
        "Списание по услуге «№ 1»",
        "Списание по услуге «№ 0»",
        "Проведен платеж на сумму 2\N{NBSP}500,00\N{NBSP}₽",
    ]
    rest = backend.read_now(side_block, person.id, ALL - {EventKind.SERVICE}).events
    assert [event.kind for event in rest] == [EventKind.PAYMENT, EventKind.TARIFF]
    assert backend.read_now(side_block, person.id, frozenset()).events == ()


@pytest.mark.parametrize("many", [1, 8])
def test_two_statements_whatever_there_is(backend, flat, many):
    service = flat.house.a_service(price="100")
    for _ in range(many):
        agreement = flat.person.an_agreement()
        agreement.an_invoice([agreement.an_account().is_charged(service)])
        flat.person.an_event("payment", amount=1)
        flat.house.a_notice()
    with counted(backend.engine) as statements:
        backend.read_now(side_block, flat.person.id, ALL)
    assert len(statements) == 2
