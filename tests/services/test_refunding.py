"""Money that goes back: first what nothing was paid with, then from the invoice paid last."""

from datetime import datetime, timedelta

import pytest

from portal.backend import Backend
from portal.db.incoming import Incoming
from portal.db.invoices import Allocation
from portal.db.ledger import Refund, Transfer
from portal.domain.feed import EventKind
from portal.domain.money import Money
from portal.errors import Refused
from portal.services.audit import audit
from portal.services.incoming.suspense import assign, held
from portal.services.invoices import invoice_document
from portal.services.office.invoicing.allocating import allocate
from portal.services.payments import payments
from portal.services.side_block import side_block
from tests.builders import BUILDER, NOW, Flat, a_house
from tests.support.browsing import stored
from tests.support.incoming import a_channel, an_order, pays, rows
from tests.support.refunding import refunds, returns_held, unpaid

LATER = NOW + timedelta(days=1)


@pytest.fixture
def flat(backend: Backend) -> Flat:
    return a_house(backend).a_resident().an_agreement("DOM-12")


def paid(flat: Flat, amount: str, at: datetime = NOW, external_id: str = "") -> int:
    """A payment that paid what fell due first."""
    payment_id = flat.a_payment(amount, at=at, external_id=external_id)
    flat.house.writes(lambda session: allocate(session, [flat.id], at))
    return payment_id


def balance(flat: Flat) -> str:
    kinds = frozenset({EventKind.PAYMENT})
    return flat.house.backend.read_now(side_block, flat.person.id, kinds).balance.plain


def test_an_advance_goes_back_first_and_no_invoice_notices(backend, flat):
    invoice = flat.an_invoice(opening="100")
    payment_id = paid(flat, "150")
    done = refunds(backend, payment_id, "50")
    assert (done.amount, done.taken, done.is_new) == (Money(50_00), Money(0), True)
    assert (unpaid(backend), rows(backend, Allocation)) == ({}, 1)
    assert backend.read_now(audit) == ()
    assert refunds(backend, payment_id, "30", "в-2").taken == Money(30_00)
    assert unpaid(backend) == {invoice.number: "30,00"}


def test_what_was_paid_last_is_owed_again_first(backend, flat):
    first, second = flat.an_invoice(opening="100"), flat.an_invoice(opening="60")
    payment_id = paid(flat, "160")
    refunds(backend, payment_id, "80")
    assert unpaid(backend) == {first.number: "20,00", second.number: "60,00"}
    assert balance(flat) == "80,00"
    refunds(backend, payment_id, "", "в-2")
    assert unpaid(backend) == {first.number: "100,00", second.number: "60,00"}
    assert balance(flat) == "0,00"
    assert backend.read_now(audit) == ()


def test_a_document_gives_back_once_however_often_it_comes(backend, flat):
    payment_id = paid(flat, "100")
    first = refunds(backend, payment_id, "40")
    again = refunds(backend, payment_id, "40", at=LATER)
    assert (again.refund_id, again.amount, again.is_new) == (first.refund_id, first.amount, False)
    assert (rows(backend, Refund), rows(backend, Transfer)) == (1, 2)
    with pytest.raises(Refused, match="«в-1» уже записан другой возврат: 40,00"):
        refunds(backend, payment_id, "41")
    with pytest.raises(Refused, match="«в-1» уже записан другой"):
        refunds(backend, paid(flat, "100"), "40")


@pytest.mark.parametrize(
    ("amount", "at", "why"),
    [
        ("100,01", NOW, "от копейки до 100,00"),
        ("0", NOW, "от копейки до 100,00"),
        ("-1", NOW, "от копейки до 100,00"),
        ("1", NOW - timedelta(seconds=1), "раньше платежа"),
    ],
)
def test_what_was_not_there_cannot_go_back(backend, flat, amount, at, why):
    payment_id = paid(flat, "100")
    with pytest.raises(Refused) as refusal:
        refunds(backend, payment_id, amount, at=at)
    assert why in refusal.value.sentence.replace("\xa0", " ")
    assert (rows(backend, Refund), unpaid(backend)) == (0, {})


def test_parts_go_back_until_nothing_is_left(backend, flat):
    payment_id = paid(flat, "100")
    refunds(backend, payment_id, "99,99")
    with pytest.raises(Refused, match="до 0,01"):
        refunds(backend, payment_id, "0,02", "в-2")
    refunds(backend, payment_id, "0,01", "в-2")
    with pytest.raises(Refused, match="уже возвращено полностью"):
        refunds(backend, payment_id, "0,01", "в-3")
    with pytest.raises(Refused, match="Такого платежа нет"):
        refunds(backend, payment_id + 999)


def test_an_advance_of_another_payment_pays_what_is_open_again(backend, flat):
    """The other had paid a part of that very invoice before: it may pay it once more."""
    invoice = flat.an_invoice(opening="100")
    paid(flat, "60")
    second = paid(flat, "50")
    third = paid(flat, "30")
    refunds(backend, second, "50")
    assert unpaid(backend) == {invoice.number: "10,00"}
    refunds(backend, third, "30", "в-2")
    assert unpaid(backend) == {invoice.number: "40,00"}
    told = backend.read_now(invoice_document, flat.person.id, invoice.id)
    assert (told.summary.paid, told.returned) == (Money.parse("60"), Money.parse("70"))
    paid(flat, "45")
    assert unpaid(backend) == {}
    assert backend.read_now(audit) == ()


def test_who_gave_a_part_of_a_reopened_invoice_gives_another(backend, flat):
    """60 of 100 are told by the operator's file, so that its rest of 40 is an advance."""
    invoice = flat.an_invoice(opening="100")
    flat.a_payment("100", pays=[(invoice, "60")])
    second = paid(flat, "40")
    assert unpaid(backend) == {}
    refunds(backend, second)
    assert unpaid(backend) == {}
    turns = [(row["turn"], row["amount"].plain) for row in stored(backend)["allocation"]]
    assert turns == [(0, "60,00"), (0, "40,00"), (1, "-40,00"), (1, "40,00")]
    assert backend.read_now(audit) == ()


def test_what_was_refunded_is_never_spent_again(backend, flat):
    payment_id = paid(flat, "100")
    refunds(backend, payment_id, "70")
    invoice = flat.an_invoice(opening="100")
    flat.house.writes(lambda session: allocate(session, [flat.id], NOW))
    assert unpaid(backend) == {invoice.number: "70,00"}
    assert backend.read_now(audit) == ()


def test_the_resident_is_told_and_sees_it_under_his_payment(backend, flat):
    first, second = flat.an_invoice(opening="100"), flat.an_invoice(opening="50")
    payment_id = paid(flat, "150")
    refunds(backend, payment_id, "60", at=LATER)
    (line,) = backend.read_now(payments, flat.person.id)
    assert (line.amount, line.refunded) == (Money(150_00), Money(60_00))
    assert line.applied_to == (first.number,)
    assert second.number in unpaid(backend)
    kinds = frozenset({EventKind.PAYMENT})
    (event,) = backend.read_now(side_block, flat.person.id, kinds).events
    assert (event.happened_at, event.address) == (LATER, "/payments")
    assert event.text.replace("\xa0", " ") == "Возвращено из платежа 60,00 ₽"


def test_money_of_nobody_goes_back_whole_and_is_given_to_nobody(backend, flat):
    channel = a_channel(flat.house)
    number = pays(backend, channel, an_order("DOM-1")).receipt.number
    with pytest.raises(Refused, match="целиком"):
        returns_held(backend, number, "5")
    for is_new in (True, False):
        done = returns_held(backend, number)
        assert (done.amount, done.resident, done.is_new) == (Money(1045), None, is_new)
    assert backend.read_now(held, BUILDER) == ()
    with pytest.raises(Refused, match="возвращено, относить нечего"):
        backend.write_now(assign, BUILDER, number, "DOM-12", "Чек", NOW)
    assert backend.read_now(audit) == ()
    with pytest.raises(Refused, match="Такого поступления нет"):
        returns_held(backend, number + 999)


def test_what_an_agreement_has_is_returned_as_a_payment(backend, flat):
    """Whether it came to it at once or was given to it: through the channel that brought it."""
    channel = a_channel(flat.house)
    direct = pays(backend, channel, an_order("DOM-12")).receipt.number
    lost = pays(backend, channel, an_order("DOM-1", number="2")).receipt.number
    backend.write_now(assign, BUILDER, lost, "DOM-12", "Чек", NOW)
    for number in (direct, lost):
        with pytest.raises(Refused, match="уже на договоре"):
            returns_held(backend, number)
    for line in backend.read_now(payments, flat.person.id):
        refunds(backend, line.payment_id, document=f"в-{line.payment_id}")
    assert rows(backend, Incoming) == 2
    assert balance(flat) == "0,00"
    assert backend.read_now(audit) == ()


def test_a_payment_says_what_it_pays_and_the_rest_pays_the_oldest(backend, flat):
    old, middle, new = (flat.an_invoice(opening="100") for _ in range(3))
    strange = flat.person.an_agreement("DOM-13").an_invoice(opening="100")
    flat.a_payment("150", stated=[new, strange, new, middle])
    flat.house.writes(lambda session: allocate(session, [flat.id], NOW))
    assert unpaid(backend) == {
        old.number: "100,00",
        middle.number: "50,00",
        strange.number: "100,00",
    }
    named = [(row["position"], row["invoice_id"]) for row in stored(backend)["stated"]]
    assert named == [(0, new.id), (1, strange.id), (2, middle.id)]
    flat.a_payment("120", stated=[new])
    flat.house.writes(lambda session: allocate(session, [flat.id], NOW))
    assert unpaid(backend) == {middle.number: "30,00", strange.number: "100,00"}
