"""Promised payments: by the operator's terms, one at a time, kept by what comes in afterwards."""

from collections import Counter as Tally
from dataclasses import replace
from datetime import date, timedelta

import pytest

from portal.backend import Backend
from portal.db.invoices import Invoice
from portal.db.parties import Agreement
from portal.db.promises import Promise
from portal.db.suppliers import Supplier
from portal.domain.money import ZERO, Money
from portal.domain.promise import PromiseOffer
from portal.errors import NotFound, Refused
from portal.services.audit import audit
from portal.services.audit_finding import Rule
from portal.services.home import home
from portal.services.promises import promise_page
from portal.services.side_block import side_block
from tests.builders import NOW, Flat, a_house
from tests.faults.test_races import at_once
from tests.support.browsing import stored
from tests.support.incoming import rows
from tests.support.promising import DAYS, DUE, has_promised, promises, takes_promises
from tests.support.refunding import refunds

LATER = NOW + timedelta(hours=1)
CLIENTS = 16


@pytest.fixture
def flat(backend: Backend) -> Flat:
    """Whose invoice of 4 000 is two months late."""
    house = a_house(backend)
    takes_promises(house)
    flat = house.a_resident().an_agreement("DOM-12")
    flat.an_invoice(opening="4000", due_on=date(2026, 9, 15))
    return flat


def offer_of(backend: Backend, flat: Flat, days: int = 0) -> PromiseOffer:
    """So many days later."""
    now = NOW + timedelta(days)
    found = backend.read_now(promise_page, flat.person.id, flat.id, now).chosen
    assert found is not None
    return found


def test_a_promise_is_stored_and_moves_no_money(backend: Backend, flat: Flat):
    before = stored(backend, but=frozenset({"audit_record", "promise"}))
    assert offer_of(backend, flat).refusal == ""

    promises(backend, flat)

    assert stored(backend, but=frozenset({"audit_record", "promise"})) == before
    offer = offer_of(backend, flat)
    assert offer.is_active
    assert offer.promise is not None
    assert (offer.promise.amount, offer.promise.due_on) == (Money(1000_00), DUE)
    assert offer.owed == Money(4000_00)
    assert backend.read_now(audit) == ()


def test_it_is_kept_by_what_comes_in_after_it(backend: Backend, flat: Flat):
    flat.a_payment("2000", at=NOW - timedelta(hours=1))
    promises(backend, flat)
    flat.a_payment("400", at=LATER)
    kept = offer_of(backend, flat).promise
    assert kept is not None
    assert kept.remainder == Money(600_00)
    flat.a_payment("600", at=LATER)
    offer = offer_of(backend, flat)
    assert (offer.promise, offer.refusal) == (None, "")
    promises(backend, flat, "500", key="b" * 32, now=LATER + timedelta(hours=1))
    assert backend.read_now(audit) == ()


def test_another_ones_payment_keeps_no_promise(backend: Backend, flat: Flat):
    promises(backend, flat)
    flat.person.an_agreement("DOM-13").a_payment("5000", at=LATER)
    assert offer_of(backend, flat).is_active


def test_after_its_day_it_is_overdue_and_hinders_the_next(backend: Backend, flat: Flat):
    promises(backend, flat)
    assert offer_of(backend, flat, DAYS).is_active
    late = offer_of(backend, flat, DAYS + 1)
    assert not late.is_active
    assert "не исполнено" in late.refusal
    with pytest.raises(Refused, match="не исполнено"):
        promises(backend, flat, key="b" * 32, due_on=DUE + timedelta(30), now=NOW + timedelta(30))


def test_a_repeat_is_the_same_promise_whatever_happened_since(backend: Backend, flat: Flat):
    promises(backend, flat)
    before = stored(backend)
    for days in (0, 1, 30):
        promises(backend, flat, now=NOW + timedelta(days))
    assert stored(backend) == before
    with pytest.raises(Refused, match="уже принята: обещано 1"):
        promises(backend, flat, "1001")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"amount": "99,99"}, "не меньше"),
        ({"amount": "4000,01"}, "столько сейчас не оплачено"),
        ({"due_on": DUE - timedelta(1)}, "Срок теперь другой: до 4 декабря 2026"),
        ({"key": "short"}, "Обновите страницу"),
    ],
)
def test_what_the_terms_do_not_allow_is_refused(
    backend: Backend, flat: Flat, change: dict, sentence: str
):
    with pytest.raises(Refused, match=sentence):
        promises(backend, flat, **change)
    assert rows(backend, Promise) == 0


def test_neither_does_an_operator_without_terms_take_any(backend: Backend):
    flat = a_house(backend).a_resident().an_agreement()
    flat.an_invoice(opening="4000")
    page = backend.read_now(promise_page, flat.person.id, None, NOW)
    assert (page.offers, page.chosen) == ((), None)
    with pytest.raises(Refused, match="обещанных платежей нет"):
        promises(backend, flat)


def test_nor_is_anything_promised_for_a_closed_agreement(backend: Backend, flat: Flat):
    flat.house.changes(Agreement, flat.id, closed_on=date(2026, 11, 1))
    with pytest.raises(Refused, match="обещанных платежей нет"):
        promises(backend, flat)


def test_until_its_day_an_agreement_that_will_be_closed_is_in_force(backend: Backend, flat: Flat):
    flat.house.changes(Agreement, flat.id, closed_on=NOW.date() + timedelta(days=1))
    assert offer_of(backend, flat).refusal == ""
    assert "обещанных платежей нет" in offer_of(backend, flat, days=1).refusal


def test_anothers_agreement_is_not_found(backend: Backend, flat: Flat):
    stranger = flat.house.a_resident().an_agreement()
    stranger.an_invoice(opening="4000")
    for theirs in (stranger.id, stranger.id + 100, 0):
        with pytest.raises(NotFound):
            promises(backend, replace(flat, id=theirs))
    with pytest.raises(NotFound):
        backend.read_now(promise_page, flat.person.id, stranger.id, NOW)


def test_what_another_payee_asks_for_is_not_promised_to_the_operator(backend: Backend, flat: Flat):
    house = flat.house
    fund = house.adds(
        Supplier, key="fund", name="Фонд", inn="7707083893", account="40702810338360027201",
        bank_name="Банк", bic="044525225",
    )  # fmt: skip
    direct = flat.an_invoice(opening="700")
    house.changes(Invoice, direct.id, supplier_id=fund, payee={"name": "Фонд"})
    assert offer_of(backend, flat).owed == Money(4000_00)


def test_of_several_agreements_the_one_that_can_be_promised_for_comes_first(
    backend: Backend, flat: Flat
):
    garage = flat.person.an_agreement("ГАР-1")
    page = backend.read_now(promise_page, flat.person.id, None, NOW)
    assert [each.agreement for each in page.offers] == ["DOM-12", "ГАР-1"]
    assert page.chosen is not None
    assert page.chosen.agreement == "DOM-12"
    assert offer_of(backend, garage).owed == ZERO
    promises(backend, flat)
    garage.an_invoice(opening="300")
    page = backend.read_now(promise_page, flat.person.id, None, NOW)
    assert page.chosen is not None
    assert page.chosen.agreement == "DOM-12"  # what was promised is what is looked for


def test_the_frame_and_the_home_page_know_the_promise(backend: Backend, flat: Flat):
    assert backend.read_now(side_block, flat.person.id, frozenset()).promise is None
    promises(backend, flat)
    flat.a_payment("400", at=LATER)
    seen = backend.read_now(side_block, flat.person.id, frozenset()).promise
    assert seen is not None
    assert (seen.remainder, seen.due_on) == (Money(600_00), DUE)
    shown = backend.read_now(home, flat.person.id, frozenset(), NOW)
    assert [each.is_active for each in shown.offers] == [True]


def test_of_simultaneous_promises_one_is_taken(backend: Backend, flat: Flat):
    """With keys of their own: two pages, two telephones."""

    def tap(number: int):
        def call():
            try:
                return promises(backend, flat, key=f"{number:032}")
            except Refused as refusal:
                return str(refusal)

        return call

    answers = Tally(at_once([tap(number) for number in range(CLIENTS)]))

    assert sorted(answers.values()) == [1, CLIENTS - 1]
    assert answers[None] == 1
    assert rows(backend, Promise) == 1
    assert backend.read_now(audit) == ()


def test_the_audit_tells_of_a_promise_beside_one_that_was_not_kept(backend: Backend, flat: Flat):
    has_promised(flat, "1000", days_ago=40)
    flat.a_payment("999,99", at=NOW - timedelta(20))
    has_promised(flat, "500", days_ago=1)
    (finding,) = backend.read_now(audit)
    assert finding.rule is Rule.PROMISE
    assert "пока обещание 1 не исполнено" in finding.sentence


def test_what_was_given_back_keeps_no_promise(backend: Backend, flat: Flat):
    before = flat.a_payment("2000", at=NOW - timedelta(hours=1))
    promises(backend, flat)
    payment = flat.a_payment("1000", at=LATER)
    assert offer_of(backend, flat).promise is None
    refunds(backend, payment, "300", "в-1", LATER)
    refunds(backend, before, "2000", "в-2", LATER)
    open_again = offer_of(backend, flat).promise
    assert open_again is not None
    assert (open_again.came_in, open_again.remainder) == (Money(700_00), Money(300_00))
    with pytest.raises(Refused, match="Платеж уже обещан"):
        promises(backend, flat, "500", key="b" * 32, now=LATER)
    flat.a_payment("300", at=LATER)
    assert offer_of(backend, flat).promise is None
    assert backend.read_now(audit) == ()


def test_the_audit_judges_by_what_was_there_when_the_later_promise_was_given(
    backend: Backend, flat: Flat
):
    """A promise that was kept stays followed rightly, though its money went back afterwards."""
    has_promised(flat, "1000", days_ago=40)
    first = flat.a_payment("600", at=NOW - timedelta(30))
    second = flat.a_payment("400", at=NOW - timedelta(30))
    has_promised(flat, "500", days_ago=20)
    refunds(backend, first, document="в-1", at=NOW - timedelta(10))
    assert backend.read_now(audit) == ()

    refunds(backend, second, document="в-2", at=NOW - timedelta(25))
    (finding,) = backend.read_now(audit)
    assert finding.rule is Rule.PROMISE
    assert "пока обещание 1 не исполнено" in finding.sentence
