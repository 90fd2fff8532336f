"""Refunds that a bank is asked for: the request is stored first, what the bank says is judged, and
the books know of it once.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from portal.api.pay.cashier import Cashier
from portal.api.pay.returns import Returns
from portal.backend import Backend
from portal.db.incoming import PayChannel
from portal.db.ledger import Refund
from portal.db.parties import Agreement, Resident
from portal.db.paying import RefundEvent, RefundRequest
from portal.domain.giving_back import AskedBack, RefundStep, judge_refund
from portal.domain.identity import Officer
from portal.domain.money import ZERO, Money
from portal.domain.paying import REPEATABLE
from portal.errors import Refused
from portal.gateways.acquiring import Acquirer, Declined, NewRefund, Shop
from portal.services.audit import audit
from portal.services.incoming.suspense import assign
from portal.services.paying.giving_back import returning, settle_back
from portal.services.paying.refunds import settle_refund
from portal.services.paying.settling import settle
from tests.builders import NOW, Flat, a_house
from tests.faults.test_races import at_once
from tests.support.acquiring import (
    SECRET,
    a_card_channel,
    asks_back,
    bank_returned,
    bank_says,
    begins,
)
from tests.support.bank import FakeBank
from tests.support.browsing import Portal, stored
from tests.support.incoming import rows


@pytest.fixture
def flat(backend: Backend) -> Flat:
    flat = a_house(backend).a_resident().an_agreement("ДОМ-12")
    a_card_channel(flat.house)
    return flat


@pytest.fixture
def token(flat: Flat) -> str:
    """Of a payment of 4 028,75 that the bank has taken."""
    token = begins(flat)
    flat.house.backend.write_now(settle, token, bank_says(flat, token), NOW)
    return token


def step(backend: Backend, request: str) -> RefundStep | None:
    return backend.read_now(returning, request).step


def settles(backend: Backend, request: str, told: Any) -> RefundStep | None:
    backend.write_now(settle_back, request, told, NOW)
    return step(backend, request)


class Grumpy(FakeBank):
    """Answers nothing but no."""

    async def give_back(self, _shop: Shop, _new: NewRefund) -> Any:
        raise Declined("400 invalid_request")


def returns_of(backend: Backend, folder: Path, bank: Acquirer) -> Returns:
    cashier: Cashier = type("BankPortal", (Portal,), {"bank": bank})(
        backend, folder, **SECRET
    ).cashier
    return cashier.returns


# --- the judgement ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, RefundStep.DONE),
        ({"status": "pending"}, RefundStep.SENT),
        ({"status": "nonsense"}, RefundStep.SENT),
        ({"status": "canceled"}, RefundStep.CANCELED),
        ({"amount": Money(1001)}, RefundStep.STRANGE),
        ({"amount": None}, RefundStep.STRANGE),
        ({"currency": "USD"}, RefundStep.STRANGE),
        ({"payment_id": "another"}, RefundStep.STRANGE),
        ({"external_id": "another"}, RefundStep.STRANGE),
        ({"status": "canceled", "amount": Money(1001)}, RefundStep.STRANGE),
    ],
)
def test_the_bank_has_to_speak_of_this_very_refund(change: dict[str, Any], expected: RefundStep):
    asked = AskedBack("bank-1", Money(1000), "back-1")
    assert judge_refund(asked, bank_returned("1", "10", **change)) is expected


# --- asking -------------------------------------------------------------------------------------


def test_the_same_request_is_one_and_what_is_asked_for_is_not_asked_for_twice(backend, flat, token):
    first = asks_back(flat, f"bank-{token}", "4000")
    assert asks_back(flat, f"bank-{token}", "4000") == first
    assert asks_back(flat, f"bank-{token}") == first
    with pytest.raises(Refused, match="другое"):
        asks_back(flat, f"bank-{token}", "3999")
    with pytest.raises(Refused, match="28,75"):
        asks_back(flat, f"bank-{token}", "28,76", "заявление 2")
    assert settles(backend, first, bank_returned(token, "4000", "canceled")) is RefundStep.CANCELED
    asks_back(flat, f"bank-{token}", "4028,75", "заявление 2")
    assert (rows(backend, RefundRequest), rows(backend, Refund)) == (2, 0)


@pytest.mark.parametrize("document", ["", " ", "д" * 101])
def test_a_request_has_a_name(flat, token, document):
    with pytest.raises(Refused, match="документ"):
        asks_back(flat, f"bank-{token}", document=document)


@pytest.mark.timeout(300)
def test_of_many_requests_at_once_no_more_is_asked_for_than_was_paid(backend, flat, token):
    number = f"bank-{token}"
    calls: list[Callable[[], Any]] = [
        partial(asks_back, flat, number, "3000", f"з-{n % 4}") for n in range(16)
    ]
    answers = at_once(calls)
    tokens = {each for each in answers if isinstance(each, str)}
    assert len(tokens) == 1
    assert {type(each) for each in answers} == {str, Refused}
    assert rows(backend, RefundRequest) == 1


# --- what the bank says -------------------------------------------------------------------------


def test_what_went_back_is_in_the_books_once_and_says_who_wanted_it(backend, flat, token):
    request = asks_back(flat, f"bank-{token}", "1000")
    assert settles(backend, request, bank_returned(token, "1000", "pending")) is RefundStep.SENT
    assert rows(backend, Refund) == 0
    for _ in range(2):
        told = bank_returned(token, "1000")
        assert settles(backend, request, told) is RefundStep.DONE
        channel = stored(backend)["pay_channel"][0]["id"]
        backend.write_now(settle_refund, channel, told, NOW)
    (booked,) = stored(backend)["refund"]
    assert (booked["officer"], booked["note"]) == ("tests", "Переплата")
    assert (booked["amount"], booked["external_id"]) == (Money(1000_00), f"back-{token}")
    assert settles(backend, request, bank_returned(token, "7", "canceled")) is RefundStep.DONE
    assert backend.read_now(audit) == ()


@pytest.mark.timeout(300)
def test_however_many_settle_it_at_once_it_is_booked_once(backend, flat, token):
    request = asks_back(flat, f"bank-{token}", "1000")
    told = bank_returned(token, "1000")
    channel = stored(backend)["pay_channel"][0]["id"]
    ours = [lambda: backend.write_now(settle_back, request, told, NOW)] * 16
    banks = [lambda: backend.write_now(settle_refund, channel, told, NOW)] * 16
    answers = at_once(ours + banks)
    assert not [each for each in answers if isinstance(each, Exception)]
    assert (rows(backend, Refund), rows(backend, RefundEvent)) == (1, 1)
    assert backend.read_now(audit) == ()


def test_what_the_bank_tells_strangely_is_kept_for_people(backend, flat, token):
    request = asks_back(flat, f"bank-{token}", "1000")
    for _ in range(2):
        assert settles(backend, request, bank_returned(token, "999")) is RefundStep.STRANGE
    (event,) = stored(backend)["refund_event"]
    assert "999" in event["words"]
    assert rows(backend, Refund) == 0


def test_held_money_that_was_given_to_an_agreement_meanwhile_goes_back_from_there(backend, flat):
    token = begins(flat)
    flat.house.changes(Agreement, flat.id, closed_on=NOW.date())
    backend.write_now(settle, token, bank_says(flat, token), NOW)
    request = asks_back(flat, f"bank-{token}")
    backend.write_now(assign, Officer("tests"), 1, flat.number, "Чек", NOW)
    assert asks_back(flat, f"bank-{token}") == request
    assert settles(backend, request, bank_returned(token, "4028,75")) is RefundStep.DONE
    (booked,) = stored(backend)["refund"]
    assert booked["payment_id"] is not None
    assert backend.read_now(audit) == ()


# --- asking the bank ----------------------------------------------------------------------------


async def test_a_refund_that_takes_its_time_is_looked_at_until_its_end(
    backend: Backend, flat: Flat, token: str, tmp_path: Path
) -> None:
    bank = FakeBank()
    returns = returns_of(backend, tmp_path, bank)
    request = asks_back(flat, f"bank-{token}", "1000")
    bank.is_down = True
    await returns.look(request, is_first=True)
    assert step(backend, request) is None
    bank.is_down = False
    for _ in range(2):
        await returns.look(request)
        assert step(backend, request) is RefundStep.SENT
    (number,) = bank.refunds
    bank.refunds[number] = bank_returned(token, "1000", external_id=number)
    cashier = Cashier(backend, returns.settings, bank)
    backend.clock = lambda: NOW + timedelta(minutes=5)
    assert await cashier.poll() == 1
    assert step(backend, request) is RefundStep.DONE
    assert await cashier.poll() == 0
    assert bank.asked["give_back"] == 2
    assert backend.read_now(audit) == ()


async def test_what_the_bank_refuses_at_once_was_not_done_but_later_nobody_knows(
    backend: Backend, flat: Flat, token: str, tmp_path: Path
) -> None:
    returns = returns_of(backend, tmp_path, Grumpy())
    for is_first, expected in ((True, RefundStep.DECLINED), (False, RefundStep.STRANGE)):
        request = asks_back(flat, f"bank-{token}", "1000", f"заявление {is_first}")
        await returns.look(request, is_first=is_first)
        told = backend.read_now(returning, request)
        assert (told.step, "invalid_request" in told.words) == (expected, True)


async def test_after_a_day_the_bank_is_not_asked_anew(
    backend: Backend, flat: Flat, token: str, tmp_path: Path
) -> None:
    bank = FakeBank()
    returns = returns_of(backend, tmp_path, bank)
    request = asks_back(flat, f"bank-{token}", "1000", at=NOW - REPEATABLE)
    await returns.look(request)
    assert step(backend, request) is RefundStep.LOST
    assert bank.asked["give_back"] == 0


async def test_a_refund_that_the_books_cannot_give_is_told_to_people(
    backend: Backend, flat: Flat, token: str, tmp_path: Path
) -> None:
    """Its money was noted as given back by hand while the bank was at it."""
    bank = FakeBank()
    returns = returns_of(backend, tmp_path, bank)
    request = asks_back(flat, f"bank-{token}")
    await returns.look(request, is_first=True)
    channel = stored(backend)["pay_channel"][0]["id"]
    other = bank_returned(token, "100", external_id="back-other")
    backend.write_now(settle_refund, channel, other, NOW)
    (number,) = bank.refunds
    bank.refunds[number] = bank_returned(token, "4028,75", external_id=number)
    await returns.look(request)
    told = backend.read_now(returning, request)
    assert (told.step, number in told.words) == (RefundStep.STRANGE, True)
    assert backend.read_now(audit) == ()


async def test_a_fiscal_receipt_of_what_goes_back_is_asked_for_too(
    backend: Backend, flat: Flat, token: str, tmp_path: Path
) -> None:
    flat.house.changes(PayChannel, 1, has_receipts=True, vat_code=1)
    request = asks_back(flat, f"bank-{token}", "1000")
    told = backend.read_now(returning, request)
    assert told.receipt is not None
    assert (told.receipt.vat_code, told.account, told.amount > ZERO) == (1, "ДОМ-12", True)


async def test_the_receipt_of_what_goes_back_goes_where_that_of_the_payment_went(
    backend: Backend, flat: Flat
) -> None:
    flat.house.changes(PayChannel, 1, has_receipts=True, vat_code=1)
    flat.house.changes(Resident, flat.person.id, email="old@example.ru", phone=None)
    token = begins(flat)
    backend.write_now(settle, token, bank_says(flat, token), NOW)
    flat.house.changes(Resident, flat.person.id, email="new@example.ru", phone="+79160001122")
    told = backend.read_now(returning, asks_back(flat, f"bank-{token}", "1000"))
    assert told.receipt is not None
    assert (told.receipt.email, told.receipt.phone) == ("old@example.ru", "")
