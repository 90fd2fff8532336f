"""The same money brought twice: by a bank's statement, line by line, and by a registry.

Their numbers differ, so that only people can tell for sure: what looks like it is held.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from sqlalchemy import Select, bindparam, select

from portal.db.base import table_of
from portal.db.folding import fold
from portal.db.incoming import Incoming, PayChannel
from portal.db.parties import Agreement
from portal.db.session import Session
from portal.domain.incoming import MOSCOW, Unspoken, moscow
from portal.domain.money import Money
from portal.domain.payment_order import payment_order
from portal.services.incoming.channels import Channel
from portal.services.incoming.filing import Placed
from portal.services.sign_in import tidy_name

EARLIER, LATER = timedelta(days=1), timedelta(days=7)
"""How long before and after the payer the bank may write that it has the money."""
_incoming, _channel, _agreement = table_of(Incoming), table_of(PayChannel), table_of(Agreement)


@dataclass(frozen=True, slots=True)
class _Paid:
    """`document` is the number of the bank's document, None in a registry."""

    key: str
    day: date
    document: str | None
    is_of_channel: bool


_Group = tuple[str, Money]


def twins(session: Session, channel: Channel, placed: Sequence[Placed]) -> Mapping[str, str]:
    """By the numbers of new payments of a channel for files the numbers of those that are probably
    the same money: for the same agreement, of the same sum and days, of the same channel or with
    the number of the bank's document.  One is the twin of one: who pays twice has paid twice.
    """
    new = [each for each in placed if each.holder is not None]
    if not new:
        return {}
    days = [moscow(each.told.order.paid_at).date() for each in new]
    margin = EARLIER + LATER
    stored = _stored(session, channel, min(days) - margin, max(days) + margin)
    fresh: dict[_Group, list[_Paid]] = defaultdict(list)
    for each, day in zip(new, days, strict=True):
        key = each.told.order.external_id
        number = each.holder.number if each.holder else ""
        fresh[fold(number), each.amount].append(_Paid(key, day, _document(key), True))
    return {
        one: other
        for group, some in fresh.items()
        for one, other in _paired(some, stored.get(group, []))
    }


def _paired(fresh: list[_Paid], stored: list[_Paid]) -> Iterator[tuple[str, str]]:
    """Of what is stored some have found their twins already: those are nobody else's."""
    free = list(stored)
    for one in (each for each in stored if each.is_of_channel):
        other = next((each for each in free if _alike(one, each)), None)
        if one in free and other is not None:
            free.remove(one)
            free.remove(other)
    for one in fresh:
        other = next((each for each in free if _alike(one, each)), None)
        if other is not None:
            free.remove(other)
            yield one.key, other.key


def _alike(one: _Paid, other: _Paid) -> bool:
    if (one.document is None) is (other.document is None):
        return False
    bank, registry = (other, one) if one.document is None else (one, other)
    is_near = -EARLIER <= bank.day - registry.day <= LATER
    is_same_number = (bank.document or "").lstrip("0") == registry.key.lstrip("0")
    return is_near and (other.is_of_channel or is_same_number)


def _stored(
    session: Session, channel: Channel, first: date, last: date
) -> Mapping[_Group, list[_Paid]]:
    asked = {
        "operator": channel.operator_id, "first": _midnight(first),
        "last": _midnight(last + timedelta(days=1)),
    }  # fmt: skip
    found: dict[_Group, list[_Paid]] = defaultdict(list)
    for row in session.execute(_FILED, asked):
        paid = _Paid(
            row.external_id,
            moscow(row.paid_at).date(),
            _document(row.external_id),
            row.channel_id == channel.channel_id,
        )
        found[row.number_folded or fold(tidy_name(row.account)), row.amount].append(paid)
    return found


def _document(key: str) -> str | None:
    order = payment_order(key)
    return None if order is None else order.number


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), MOSCOW).astimezone(UTC)


# Made once and kept.
_FILED: Final[Select[Any]] = (
    select(
        _incoming.c.external_id, _incoming.c.channel_id, _incoming.c.account, _incoming.c.amount,
        _incoming.c.paid_at, _agreement.c.number_folded,
    )
    .join(_channel, _channel.c.id == _incoming.c.channel_id)
    .outerjoin(_agreement, _agreement.c.id == _incoming.c.agreement_id)
    .where(
        _channel.c.operator_id == bindparam("operator"),
        _channel.c.dialect == Unspoken.FILE.value,
        _incoming.c.paid_at >= bindparam("first"),
        _incoming.c.paid_at < bindparam("last"),
    )
    .order_by(_incoming.c.paid_at, _incoming.c.id)
)  # fmt: skip
