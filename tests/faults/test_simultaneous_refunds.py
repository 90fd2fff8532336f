"""Refunds that come at the same moment: no money goes back twice, nor to two."""

from collections import Counter as Tally
from functools import partial

import pytest

from portal.backend import Backend
from portal.db.incoming import Assignment
from portal.db.ledger import Refund
from portal.domain.money import Money
from portal.errors import Refused
from portal.services.audit import audit
from portal.services.incoming.suspense import assign
from tests.builders import BUILDER, NOW, Flat, a_house
from tests.faults.test_races import at_once
from tests.support.incoming import a_channel, an_order, pays, rows
from tests.support.refunding import refunds, returns_held, unpaid
from tests.support.settling import pays as paid

CLIENTS = 16


@pytest.fixture
def flat(backend: Backend) -> Flat:
    return a_house(backend).a_resident().an_agreement("DOM-12")


def test_one_document_gives_back_once(backend: Backend, flat: Flat) -> None:
    invoice = flat.an_invoice(opening="100")
    for number in range(3):
        payment_id = paid(flat, "100", NOW)
        call = partial(refunds, backend, payment_id, "100", f"в-{number}")
        done = at_once([call] * CLIENTS)
        assert Tally(each.is_new for each in done) == {True: 1, False: CLIENTS - 1}
        assert unpaid(backend) == {invoice.number: "100,00"}
    assert backend.read_now(audit) == ()


def test_parts_are_never_more_than_the_payment(backend: Backend, flat: Flat) -> None:
    flat.an_invoice(opening="100")
    payment_id = paid(flat, "100", NOW)

    done = at_once(
        [partial(refunds, backend, payment_id, "30", f"в-{each}") for each in range(CLIENTS)]
    )
    assert Tally(type(each) is Refused for each in done) == {False: 3, True: CLIENTS - 3}
    assert rows(backend, Refund) == 3
    assert flat.person.balance == Money(10_00)
    assert backend.read_now(audit) == ()


def test_what_is_held_goes_back_or_to_an_agreement_never_both(backend: Backend, flat: Flat) -> None:
    channel = a_channel(flat.house)
    for number in range(6):
        held = pays(backend, channel, an_order("DOM-9", number=str(number))).receipt.number
        given = partial(backend.write_now, assign, BUILDER, held, "DOM-12", "Чек", NOW)
        returned = partial(returns_held, backend, held, document=f"в-{number}")
        done = at_once([given, returned])
        assert [type(each) is Refused for each in done].count(True) == 1
    assert rows(backend, Refund) + rows(backend, Assignment) == 6
    assert backend.read_now(audit) == ()
