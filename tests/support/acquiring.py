"""Payments by card: a channel for them, what a resident orders, what a bank says."""

from dataclasses import replace
from datetime import datetime
from itertools import count
from typing import Any

from portal.domain.identity import Officer
from portal.domain.money import Money
from portal.domain.paying import BankRefund, BankTold, PayOrder, Way
from portal.services.incoming.channels import Channel
from portal.services.incoming.refundable import refundable
from portal.services.paying.asking_back import BackOrder, ask_back
from portal.services.paying.beginning import begin
from portal.services.paying.giving_back import settle_back
from portal.services.paying.settling import settle
from tests.builders import NOW, Flat, House
from tests.support.incoming import a_channel

SECRET: dict[str, Any] = {"ZHKH_PAY_SECRET_CARD_1": "test_secret"}
_KEYS = count(1)


def a_card_channel(house: House, key: str = "card-1", **more: Any) -> Channel:
    columns = {"name": "Карта и СБП", "ways": "card,sbp", "shop_id": "100500"} | more
    return a_channel(house, key, "yookassa", **columns)


def an_order_of(flat: Flat, total: str = "4028,75", /, *invoices: int, **more: Any) -> PayOrder:
    order = PayOrder("card-1", Way.CARD, flat.id, Money.parse(total), invoices)
    return replace(order, **more)


def a_key() -> str:
    return f"form-{next(_KEYS):016}"


def begins(
    flat: Flat, total: str = "4028,75", /, *invoices: int, at: datetime = NOW, **more: Any
) -> str:
    """The token of a payment that the flat's resident begins."""
    order = an_order_of(flat, total, *invoices, **more)
    return flat.house.backend.write_now(begin, flat.person.id, order, a_key(), at)


def bank_says(flat: Flat, token: str, status: str = "succeeded", /, **more: Any) -> BankTold:
    said = BankTold(
        external_id=f"bank-{token}", status=status, is_paid=status == "succeeded",
        amount=Money.parse("4028,75"), currency="RUB", account=flat.number, token=token,
        raw=f'{{"id": "bank-{token}", "status": "{status}"}}',
    )  # fmt: skip
    return replace(said, **more)


def pays_by_card(flat: Flat) -> str:
    """Of two payments one is paid, and nothing is known of the other; the token of the first.  Of
    the first a part went back by the bank.
    """
    a_card_channel(flat.house)
    invoice = flat.an_invoice(opening="100")
    token = begins(flat, "4028,75", invoice.id)
    flat.house.backend.write_now(settle, token, bank_says(flat, token), NOW)
    begins(flat, "10")
    asked = asks_back(flat, f"bank-{token}", "5")
    flat.house.backend.write_now(settle_back, asked, bank_returned(token, "5"), NOW)
    return token


def asks_back(
    flat: Flat, number: str, amount: str = "", document: str = "заявление 1", at: datetime = NOW
) -> str:
    """The token of a request for a refund of the bank's payment."""
    backend, officer = flat.house.backend, Officer("tests")
    money = backend.read_now(refundable, officer, number, None)
    wanted = Money.parse(amount) if amount else None
    order = BackOrder(money, wanted, document, "Переплата")
    return backend.write_now(ask_back, officer, order, at).token


def bank_returned(token: str, amount: str, status: str = "succeeded", /, **more: Any) -> BankRefund:
    """What the bank says of a refund of the payment `token`."""
    said = BankRefund(
        f"back-{token}", f"bank-{token}", status, Money.parse(amount), "RUB", NOW
    )  # fmt: skip
    return replace(said, **more)
