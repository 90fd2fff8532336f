"""Money whose owner was not known: listed with guesses, then given to an agreement, once."""

from datetime import timedelta
from unittest.mock import Mock

import pytest

from portal.backend import Backend
from portal.db.folding import fold
from portal.db.incoming import Assignment
from portal.db.ledger import Payment
from portal.domain.money import Money
from portal.errors import Refused
from portal.services.audit import audit
from portal.services.incoming import suspense
from portal.services.incoming.channels import Channel
from portal.services.incoming.resolving import clashes
from portal.services.incoming.suspense import assign, held
from portal.services.payments import payments
from tests.builders import BUILDER, NOW, Flat, a_house
from tests.support.browsing import stored
from tests.support.incoming import PAID_AT, a_channel, an_order, pays, rows

NEXT_DAY = NOW + timedelta(days=1)


@pytest.fixture
def flat(backend: Backend) -> Flat:
    return a_house(backend).a_resident().an_agreement("DOM-12")


@pytest.fixture
def channel(flat: Flat) -> Channel:
    return a_channel(flat.house)


def test_what_is_held_is_listed_with_numbers_one_slip_away(backend, flat, channel):
    for number in ("DOM-21", "DOM-121", "DOM-34", "dom-19"):
        flat.person.an_agreement(number)
    a_house(backend, "other").a_resident().an_agreement("DOM-17")
    flat.person.an_agreement("DOM-10", closed_on=NOW.date())
    lost = pays(backend, channel, an_order("DOM-1", number="1")).receipt
    closed = pays(backend, channel, an_order("dom-10", number="2")).receipt
    pays(backend, channel, an_order("DOM-12", number="3"))

    first, second = backend.read_now(held, BUILDER)

    assert (first.number, first.account, first.amount) == (lost.number, "DOM-1", Money(1045))
    assert first.suggested == ("DOM-10", "DOM-12", "DOM-21", "dom-19")
    assert (second.number, second.is_closed) == (closed.number, True)
    assert not first.is_closed


def test_an_agreement_that_was_made_after_its_money_came_is_suggested(backend, flat, channel):
    """It is not closed, and nobody is to be told so."""
    pays(backend, channel, an_order("dom-77"))
    flat.person.an_agreement("DOM-77")
    (lost,) = backend.read_now(held, BUILDER)
    assert (lost.is_closed, lost.suggested) == (False, ("DOM-77",))


def test_guessing_looks_at_no_agreement_again_for_each_payment(backend, flat, channel, monkeypatch):
    """Of a town with a hundred thousand of them it would take minutes."""
    for n in range(30):
        flat.person.an_agreement(f"{n:010}")
    for n in range(5):
        pays(backend, channel, an_order(f"00000{n:04}", number=str(n)))
    folding = Mock(side_effect=fold)
    monkeypatch.setattr(suspense, "fold", folding)
    found = backend.read_now(held, BUILDER)
    assert found[2].suggested == tuple(f"{n:010}" for n in (2, 12, 20, 21, 22))
    assert folding.call_count == 5


def test_it_is_given_to_an_agreement_once(backend, flat, channel):
    invoice = flat.an_invoice(opening="8")
    number = pays(backend, channel, an_order("DOM-1")).receipt.number
    for is_new in (True, False):
        done = backend.write_now(assign, BUILDER, number, "dom-12", "Чек жильца", NEXT_DAY)
        assert (done.amount, done.agreement, done.is_new) == (Money(1045), "DOM-12", is_new)
    (line,) = backend.read_now(payments, flat.person.id)
    assert (line.amount, line.paid_at, line.applied_to) == (Money(1045), PAID_AT, (invoice.number,))
    (given,) = stored(backend)["assignment"]
    assert (given["officer"], given["note"]) == ("tests", "Чек жильца")
    assert (rows(backend, Payment), rows(backend, Assignment)) == (1, 1)
    assert backend.read_now(held, BUILDER) == ()
    assert backend.read_now(audit) == ()
    assert pays(backend, channel, an_order("DOM-1")).receipt.number == number


def test_what_cannot_be_given_is_refused(backend, flat, channel):
    flat.person.an_agreement("DOM-13")
    foreign = a_house(backend, "other").a_resident().an_agreement("OTHER-1")
    number = pays(backend, channel, an_order("DOM-1")).receipt.number
    direct = pays(backend, channel, an_order("DOM-12", number="2")).receipt.number

    def refused(asked: int, agreement: str, note: str = "Чек жильца") -> str:
        with pytest.raises(Refused) as refusal:
            backend.write_now(assign, BUILDER, asked, agreement, note, NEXT_DAY)
        return refusal.value.sentence

    assert "нет договора «OTHER-1»" in refused(number, foreign.number)
    assert "нет договора «DOM-77»" in refused(number, "DOM-77")
    assert "--note" in refused(number, "DOM-12", " ")
    assert "--note" in refused(number, "DOM-12", "x" * 501)
    assert "сразу попало" in refused(direct, "DOM-12")
    for nobodys in (0, -1, 987, 2**70):
        assert f"Поступления {nobodys} нет" in refused(nobodys, "DOM-12")
    backend.write_now(assign, BUILDER, number, "DOM-12", "Чек жильца", NEXT_DAY)
    assert "уже отнесено" in refused(number, "DOM-13")
    assert rows(backend, Payment) == 2
    assert backend.read_now(audit) == ()


def test_a_closed_agreement_may_still_get_it(backend, flat, channel):
    flat.person.an_agreement("DOM-10", closed_on=NOW.date())
    number = pays(backend, channel, an_order("DOM-10")).receipt.number
    assert backend.write_now(assign, BUILDER, number, "DOM-10", "Долг", NEXT_DAY).is_new


def test_messages_that_were_refused_under_a_used_number_are_listed(backend, flat, channel):
    pays(backend, channel, an_order("DOM-12"))
    pays(backend, channel, an_order("DOM-12", "11"), now=NEXT_DAY)
    (clash,) = backend.read_now(clashes, BUILDER)
    assert (clash.channel, clash.external_id, clash.amount, clash.received_at) == (
        "Терминал в подъезде", "1234567", Money(1100), NEXT_DAY,
    )  # fmt: skip
