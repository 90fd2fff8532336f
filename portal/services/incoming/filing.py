"""Taking payments that stand in a file of a bank or a payment system: each once, whoever reads the
file how often, and under the same rules as those of messages.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from functools import cache
from typing import Any

from sqlalchemy import Row, Select, bindparam, select

from portal.db import journal
from portal.db.among import among, is_among, places_for, portions
from portal.db.base import table_of
from portal.db.incoming import Incoming
from portal.db.ledger import Payment
from portal.db.session import Session
from portal.domain.incoming import AHEAD_MAX, AMOUNT_MAX, Order
from portal.domain.money import Money
from portal.domain.period import Period
from portal.services.incoming.channels import Channel
from portal.services.incoming.crediting import credit_all, hold_all, payment_of, take_turn
from portal.services.incoming.finding import Called, called, is_same_number
from portal.services.incoming.inbox import keep_all
from portal.services.incoming.stating import Claim, stated_by

_incoming, _payment = table_of(Incoming), table_of(Payment)


class Doubt(Enum):
    """Why a payment is held until somebody says whose it is."""

    UNNAMED = "номер договора не назван"
    UNKNOWN = "такого договора нет"
    CLOSED = "договор закрыт"
    SEVERAL = "подходит несколько договоров"
    TWICE = "похоже, эти деньги уже приняты"


@dataclass(frozen=True, slots=True)
class Told:
    """A payment in a file, in the line `line`; `numbers` may each be its agreement's, `words` are
    what helps a person to see whose it is.  Where the file says itself which account is paid, the
    account is part of what must never change.  `invoices` are numbers that the payer named,
    `period` is the one month that he did.
    """

    line: int
    order: Order
    numbers: tuple[str, ...]
    words: str
    written: str
    has_account: bool
    invoices: tuple[str, ...] = ()
    period: Period | None = None

    def claims(self, agreement_id: int) -> Claim:
        return Claim(agreement_id, self.invoices, self.period)


@dataclass(frozen=True, slots=True)
class Placed:
    """A new payment, and whose it is; or, instead, why nobody can tell: `twin` is the number of
    another that is probably the same money.
    """

    told: Told
    holder: Called | None
    doubt: Doubt | None
    twin: str = ""

    @property
    def amount(self) -> Money:
        return self.told.order.amount

    @property
    def words(self) -> str:
        """For the people who will look at it."""
        said = f"{self.doubt.value} под № {self.twin}" if self.doubt and self.twin else ""
        return "; ".join(filter(None, [said, self.told.words]))

    def held_as(self, twin: str | None) -> "Placed":
        """Until somebody has asked the bank, if it has a twin."""
        return Placed(self.told, None, Doubt.TWICE, twin) if twin else self


@dataclass(frozen=True, slots=True)
class SortedOut:
    """`faults` are sentences by line: with any, nothing of the file is to be taken."""

    placed: tuple[Placed, ...]
    known: tuple[Told, ...]
    faults: tuple[tuple[int, str], ...]


def sort_out(
    session: Session, channel: Channel, payments: Sequence[Told], now: datetime
) -> SortedOut:
    """Which of them are new, and whose: writes nothing."""
    listed = [told.order.external_id for told in payments]
    stored = _stored(session, channel, listed)
    loaded = _loaded(session, channel, listed)
    known: list[Told] = []
    fresh: list[Told] = []
    faults: list[tuple[int, str]] = []
    for told in payments:
        fault = _fault(told, stored, loaded, now)
        if fault is not None:
            faults.append((told.line, fault))
        else:
            (known if told.order.external_id in stored else fresh).append(told)
    numbers = {number for told in fresh for number in told.numbers}
    holders = called(session, channel.operator_id, numbers, now)
    placed = tuple(_placed(told, holders) for told in fresh)
    return SortedOut(placed, tuple(known), tuple(faults))


def take(
    session: Session, channel: Channel, source: str, placed: Sequence[Placed], now: datetime
) -> None:
    """Store new payments of the file that `source` names, and post them."""
    agreements = (each.holder.agreement_id for each in placed if each.holder is not None)
    take_turn(session, channel.operator_id, *agreements)
    messages = (f"{each.words}\n{each.told.written}" for each in placed)
    inbox = keep_all(session, channel, source, messages, now)
    rows = [
        _row_of(channel, each, inbox_id, now) for each, inbox_id in zip(placed, inbox, strict=True)
    ]
    numbers = journal.add_all(session, Incoming, rows)
    pairs = list(zip(numbers, placed, strict=True))
    owned = [(number, each.told, each.holder) for number, each in pairs if each.holder is not None]
    stated = stated_by(session, [told.claims(holder.agreement_id) for _, told, holder in owned])
    credited = [
        (
            payment_of(
                channel, replace(told.order, stated=named), holder.agreement_id, number, now
            ),
            holder.resident,
        )
        for (number, told, holder), named in zip(owned, stated, strict=True)
    ]
    held = [(number, each.amount) for number, each in pairs if each.holder is None]
    if credited:
        credit_all(session, credited, now)
    if held:
        hold_all(session, (channel.key, channel.operator_id), held, now)


def _row_of(channel: Channel, placed: Placed, inbox_id: int, now: datetime) -> dict[str, Any]:
    """A file is not answered."""
    order, holder = placed.told.order, placed.holder
    return {
        "channel_id": channel.channel_id, "external_id": order.external_id,
        "account": order.account, "amount": order.amount, "paid_at": order.paid_at,
        "accepted_at": now, "answer": "", "inbox_id": inbox_id,
        "agreement_id": None if holder is None else holder.agreement_id,
    }  # fmt: skip


def _placed(told: Told, holders: dict[str, Called]) -> Placed:
    """Only what names exactly one agreement is credited: a guess would be somebody's money."""
    meant = [holders[number] for number in told.numbers if number in holders]
    found = {each.agreement_id: each for each in meant}
    holder = meant[0] if meant else None
    if len(found) > 1:
        return Placed(told, None, Doubt.SEVERAL)
    if holder is None:
        return Placed(told, None, Doubt.UNKNOWN if told.numbers else Doubt.UNNAMED)
    return Placed(told, None, Doubt.CLOSED) if holder.is_closed else Placed(told, holder, None)


def _fault(told: Told, stored: dict[str, Row[Any]], loaded: set[str], now: datetime) -> str | None:
    order = told.order
    if order.external_id in stored:
        return _conflict(told, stored[order.external_id])
    if order.external_id in loaded:
        return f"платеж с номером {order.external_id} этого канала уже загружен из файла дома"
    if order.paid_at > now + AHEAD_MAX:
        return "день платежа ещё не наступил"
    if order.amount > AMOUNT_MAX:
        return f"сумма {order.amount} слишком велика"
    return None


def _conflict(told: Told, row: Row[Any]) -> str | None:
    order = told.order
    is_same = not told.has_account or is_same_number(row.account, order.account)
    if is_same and row.amount == order.amount:
        return None
    return (
        f"под номером {order.external_id} уже принят другой платеж: {row.amount}, "
        f"«{row.account}», а здесь {order.amount}, «{order.account}»"
    )


def _stored(session: Session, channel: Channel, numbers: Sequence[str]) -> dict[str, Row[Any]]:
    asked = {"channel": channel.channel_id}
    return {
        row.external_id: row
        for some in portions(numbers)
        for row in session.execute(_of_channel(places_for(some)), asked | among("number", some))
    }


def _loaded(session: Session, channel: Channel, numbers: Sequence[str]) -> set[str]:
    """What the operator has entered himself under these numbers, as `accepting` minds it."""
    return {
        number
        for some in portions(numbers)
        for number in session.scalars(
            _own(places_for(some)), {"channel": channel.key} | among("number", some)
        )
    }


@cache
def _of_channel(places: int) -> Select[Any]:
    return select(_incoming.c.external_id, _incoming.c.amount, _incoming.c.account).where(
        _incoming.c.channel_id == bindparam("channel"),
        is_among(_incoming.c.external_id, "number", places),
    )


@cache
def _own(places: int) -> Select[Any]:
    return select(_payment.c.external_id).where(
        _payment.c.channel == bindparam("channel"),
        is_among(_payment.c.external_id, "number", places),
        _payment.c.incoming_id.is_(None),
    )
