"""The bank's protocol, against a real server: what we say, what we understand, and that nothing
that it does instead of answering is taken for an answer.
"""

import base64
import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from portal.domain.money import Money
from portal.domain.paying import Way
from portal.gateways.acquiring import Declined, NewPayment, Receipt, Shop, Unknown, Unreachable
from portal.gateways.yookassa import ANSWER_MAX, BASE_URL, YooKassa, told_of
from portal.gateways.yookassa_bodies import body_of
from tests.support.bank import BankServer
from tests.support.processes import free_port

NEW = NewPayment(
    "01J",
    "0001234567",
    Money(402875),
    Way.CARD,
    "ЖКУ за 10.2026",
    "https://lk.example.ru/payment/1",
)
IMPATIENT = httpx.Timeout(1.0)


@pytest.fixture
def bank() -> Iterator[BankServer]:
    with BankServer() as bank:
        yield bank


@pytest.fixture
def shop(bank: BankServer) -> Shop:
    return Shop("100500", "test_secret", bank.url)


async def test_a_payment_is_begun_and_found(bank: BankServer, shop: Shop):
    begun = await YooKassa().create(shop, NEW)
    assert (begun.status, begun.is_paid, begun.token) == ("pending", False, "01J")
    assert begun.confirmation_url == f"https://bank.example/{begun.external_id}"
    bank.pay(begun.external_id)
    found = await YooKassa().find(shop, begun.external_id)
    assert (found.status, found.is_paid, found.amount) == ("succeeded", True, Money(402875))
    assert (found.currency, found.account) == ("RUB", "0001234567")
    (method, path, headers, body), (found_by, found_at, asked, _) = bank.requests
    assert (method, path, headers["idempotence-key"]) == ("POST", "/v3/payments", "01J")
    basic = base64.b64encode(b"100500:test_secret").decode()
    assert headers["authorization"] == asked["authorization"] == f"Basic {basic}"
    assert (found_by, found_at) == ("GET", f"/v3/payments/{begun.external_id}")
    assert json.loads(body) == {
        "amount": {"value": "4028.75", "currency": "RUB"},
        "capture": True,
        "confirmation": {"type": "redirect", "return_url": "https://lk.example.ru/payment/1"},
        "description": "ЖКУ за 10.2026",
        "metadata": {"payment_intent_id": "01J", "account": "0001234567"},
        "payment_method_data": {"type": "bank_card"},
    }


async def test_one_key_is_one_payment(shop: Shop, bank: BankServer):
    first, again = await YooKassa().create(shop, NEW), await YooKassa().create(shop, NEW)
    assert first == again
    assert len(bank.payments) == 1


def test_a_fiscal_receipt_is_asked_for_where_the_operator_wants_one():
    def receipt(email: str, phone: str, tax_system: int | None) -> Any:
        wanted = Receipt(email, phone, 1, tax_system)
        new = NewPayment("1", "7", Money(5), Way.SBP, "x" * 200, "https://a", wanted)
        return body_of(new)["receipt"]

    assert receipt("a@b.ru", "", None) == {
        "customer": {"email": "a@b.ru"},
        "items": [
            {
                "description": "x" * 128, "quantity": "1.00", "vat_code": 1,
                "amount": {"value": "0.05", "currency": "RUB"},
                "payment_mode": "full_payment", "payment_subject": "service",
            }
        ],
    }  # fmt: skip
    by_phone = receipt("", "+7 (916) 123-45-67", 2)
    assert (by_phone["customer"], by_phone["tax_system_code"]) == ({"phone": "79161234567"}, 2)


WORDLESS = [
    (500, b""), (502, b"<html>"), (503, b"{}"), (429, b""), (409, b""), (408, b""), (302, b""),
    (202, b'{"type": "processing"}'), (204, b""), (200, b""), (200, b"<html>ok</html>"),
    (200, b"null"), (200, b"[]"), (200, b'"succeeded"'), (200, b"{}"), (200, b"\xff\xfe"),
    (200, b'{"id": "", "status": "succeeded"}'), (200, b'{"id": 1, "status": "succeeded"}'),
    (200, b'{"id": "another", "status": "succeeded", "paid": true}'), (200, b"[" * 100_000),
    (200, b'{"id": "1", "status": "succeeded"' + b" " * ANSWER_MAX + b"}"),
    (200, b"[" + b" " * 10_000_000 + b"]"), (200, b'{"id": ' + b"9" * 10_000 + b"}"),
]  # fmt: skip


@pytest.mark.parametrize("mood", [*WORDLESS, "cut"], ids=lambda mood: str(mood)[:40])
async def test_what_is_no_answer_leaves_it_unknown(bank: BankServer, shop: Shop, mood: Any):
    begun = await YooKassa().create(shop, NEW)
    bank.pay(begun.external_id)
    bank.mood = mood
    with pytest.raises(Unreachable):
        await YooKassa().find(shop, begun.external_id)


@pytest.mark.parametrize("mood", [*WORDLESS[:8], (200, b"{}"), "cut"], ids=str)
async def test_a_payment_that_may_have_begun_is_unknown(bank: BankServer, shop: Shop, mood: Any):
    bank.mood = mood
    with pytest.raises(Unreachable):
        await YooKassa().create(shop, NEW)


@pytest.mark.parametrize("status", [400, 401, 403, 404])
async def test_a_no_is_a_no_with_its_words(bank: BankServer, shop: Shop, status: int):
    bank.mood = (status, b'{"code": "invalid_credentials"}')
    for asked in (YooKassa().create(shop, NEW), YooKassa().find(shop, "1")):
        with pytest.raises(Declined, match=f"{status} .*invalid_credentials") as told:
            await asked
        assert isinstance(told.value, Unknown) == (status in {401, 403})


async def test_a_bank_that_is_silent_drips_or_is_not_there_is_given_up(
    bank: BankServer, shop: Shop
):
    bank.mood = "drip"
    with pytest.raises(Unreachable, match="TimeoutError"):
        await YooKassa(httpx.Timeout(60), whole_seconds=1.5).create(shop, NEW)
    bank.hold()
    impatient = YooKassa(IMPATIENT, whole_seconds=60)
    with pytest.raises(Unreachable, match="ReadTimeout"):
        await impatient.create(shop, NEW)
    for address in (f"http://127.0.0.1:{free_port()}", "nonsense"):
        with pytest.raises(Unreachable):
            await impatient.find(Shop("1", "s", address), "1")


def test_what_the_bank_writes_is_read_exactly_or_not_at_all():
    def told(**more: Any) -> Any:
        return told_of(json.dumps({"id": "1", "status": "succeeded", "paid": True} | more).encode())

    for written, kopecks in (("4028.75", 402875), ("10", 1000), ("0.1", 10)):
        assert told(amount={"value": written, "currency": "RUB"}).amount == Money(kopecks)
    sums: list[Any] = ["-1.00", "1e3", "1,00", "1.001", "NaN", "٣", "", None, 5, [], "1" * 13]
    for odd in sums:
        assert told(amount={"value": odd}).amount is None
    exact = b'{"id": "1", "status": "succeeded", "amount": {"value": 4028.75}}'
    assert told_of(exact).amount == Money(402875)
    for odd in ("true", 1, None, "yes"):
        assert not told(paid=odd).is_paid
    for odd in ("javascript:alert(1)", "ftp://x", "https://a b", "https://" + "x" * 3000, 7):
        assert told(confirmation={"confirmation_url": odd}).confirmation_url is None
    moment = told(captured_at="2026-11-24T09:00:00.123Z").paid_at
    assert moment.isoformat() == "2026-11-24T09:00:00.123000+00:00"
    for odd in ("2026-11-24", "yesterday", 5):
        assert told(captured_at=odd).paid_at is None
    nothing: list[Any] = [[], "x", 5, None]
    for value in nothing:
        assert told(metadata=value, amount=value, confirmation=value).token == ""


def test_without_an_address_it_is_the_bank_itself():
    assert BASE_URL == "https://api.yookassa.ru/v3"
