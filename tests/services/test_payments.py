"""The history of payments."""

from datetime import UTC, datetime

import pytest

from portal.errors import NotFound
from portal.services.payments import payment_years, payments
from tests.builders import a_house
from tests.support.statements import counted

NEW_YEARS_EVE = datetime(2025, 12, 31, 22, 30, tzinfo=UTC)


@pytest.fixture
def flat(backend):
    return a_house(backend).a_resident().an_agreement("DOM-12")


def test_newest_first_with_the_words_for_their_channels(backend, flat):
    for day, channel in enumerate(("cash", "bank", "card", "sbp", "terminal", "Почта"), 1):
        flat.a_payment("100", at=datetime(2026, 10, day, tzinfo=UTC), channel=channel)
    words = [line.channel for line in backend.read_now(payments, flat.person.id)]
    assert words == ["другой способ (Почта)", "терминал", "СБП", "карта", "банк", "касса"]


def test_a_payment_names_the_invoices_that_it_paid(backend, flat):
    service = flat.house.a_service(price="100")
    account = flat.an_account()
    one, two = (
        flat.an_invoice([account.is_charged(service, at=datetime(2026, m, 20, tzinfo=UTC))])
        for m in (8, 9)
    )
    flat.a_payment("200", pays=[(two, "100"), (one, "100")])
    flat.a_payment("50")
    assert [line.applied_to for line in backend.read_now(payments, flat.person.id)] == [
        (),
        (one.number, two.number),
    ]


@pytest.mark.parametrize(("timezone", "year"), [("Europe/Moscow", 2026), ("Atlantic/Azores", 2025)])
def test_a_year_is_that_of_the_operators_calendar(backend, timezone, year):
    flat = a_house(backend, timezone=timezone).a_resident().an_agreement()
    flat.a_payment("100", at=NEW_YEARS_EVE)
    assert backend.read_now(payment_years, flat.person.id) == (year,)
    assert len(backend.read_now(payments, flat.person.id, None, year)) == 1
    assert backend.read_now(payments, flat.person.id, None, 4051 - year) == ()


def test_by_agreement_and_nobody_elses(backend, flat):
    other = flat.person.an_agreement("DOM-13")
    stranger = flat.house.a_resident("Петрова Мария").an_agreement()
    paid = {a.id: a.a_payment("100") for a in (flat, other, stranger)}

    def seen(agreement_id=None):
        lines = backend.read_now(payments, flat.person.id, agreement_id)
        return {line.payment_id for line in lines}

    assert seen() == {paid[flat.id], paid[other.id]}
    assert seen(other.id) == {paid[other.id]}
    with pytest.raises(NotFound):
        seen(stranger.id)


@pytest.mark.parametrize("many", [1, 20])
def test_the_number_of_statements_does_not_grow(backend, flat, many):
    for _ in range(many):
        flat.a_payment("100")
    with counted(backend.engine) as statements:
        backend.read_now(payments, flat.person.id)
    assert len(statements) == 2
