"""Channels of payment systems, and what comes through them."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select

from portal.backend import Backend
from portal.db.base import Base, table_of
from portal.db.incoming import PayChannel
from portal.domain.incoming import Order, Receipt
from portal.domain.money import Money
from portal.services.incoming import inbox
from portal.services.incoming.accepting import Accepted, accept
from portal.services.incoming.channels import Channel
from portal.services.incoming.suspense import assign
from tests.builders import BUILDER, NOW, House

PAID_AT = datetime(2026, 11, 24, 8, 58, 30, tzinfo=UTC)


def a_channel(house: House, key: str = "hall", dialect: str = "osmp", **more: Any) -> Channel:
    """A terminal in the entrance hall, which answers this computer without a password."""
    columns: dict[str, Any] = {
        "key": key, "operator_id": house.operator_id, "dialect": dialect,
        "name": "Терминал в подъезде", "networks": "", "is_open": True,
    } | more  # fmt: skip
    row_id = house.adds(PayChannel, **columns)
    bounds = {name: columns.get(name) for name in ("account_pattern", "amount_min", "amount_max")}
    return Channel(row_id, key, house.operator_id, **bounds, is_open=bool(columns["is_open"]))


def an_order(
    account: str, amount: str = "10,45", number: str = "1234567", at: datetime = PAID_AT
) -> Order:
    return Order(number, account, Money.parse(amount), at)


def told(receipt: Receipt) -> str:
    return f"{receipt.number}: {receipt.external_id} {receipt.amount}"


def pays(
    backend: Backend,
    channel: Channel,
    order: Order,
    written: Callable[[Receipt], str] = told,
    now: datetime = NOW,
) -> Any:
    """As the machines' door does it: the message first, by itself."""
    inbox_id = backend.write_now(inbox.keep, channel, "127.0.0.1", "command=pay", now)
    return backend.write_now(accept, channel, order, inbox_id, written, now)


def rows(backend: Backend, model: type[Base]) -> int:
    count = select(func.count()).select_from(table_of(model))
    return int(backend.read_now(lambda session: session.scalar(count) or 0))


def gets_paid_from_outside(house: House, account: str) -> None:
    """Of four messages one is credited, two are held, one of those is given to the agreement, and
    the last is refused.
    """
    channel = a_channel(house)
    pays(house.backend, channel, an_order(account))
    pays(house.backend, channel, an_order("DOM-99", number="2"))
    lost = pays(house.backend, channel, an_order("DOM-98", number="3"))
    assert isinstance(lost, Accepted)
    number = lost.receipt.number
    house.backend.write_now(assign, BUILDER, number, account, "Опечатка", NOW)
    pays(house.backend, channel, an_order(account, "11"))
