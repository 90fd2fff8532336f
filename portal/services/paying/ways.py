"""By which channels an operator's residents can pay: with a button, and at a terminal."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import bindparam, select, true

from portal.db.base import table_of
from portal.db.incoming import PayChannel
from portal.db.session import Session
from portal.domain.dialects import dialects
from portal.domain.incoming import Unspoken
from portal.domain.pay_offer import PayPoint, PayWay
from portal.domain.paying import Way
from portal.services.paying.beginning import ways_of as written_ways

_channel = table_of(PayChannel)


@dataclass(frozen=True, slots=True)
class Ways:
    """Those with a button, and those where a person types the number of his agreement."""

    buttons: tuple[PayWay, ...] = ()
    points: tuple[PayPoint, ...] = ()


def ways_of(session: Session, operator_id: int) -> Ways:
    """Of the channels that are open, in the order in which the operator names them; of two that
    offer the same way the first.
    """
    buttons: dict[Way, PayWay] = {}
    points: list[PayPoint] = []
    for row in session.execute(_OPEN, {"operator": operator_id}):
        spoken = dialects().get(row.dialect)
        if spoken is not None and spoken.place is not None:
            points.append(PayPoint(row.name, row.place or spoken.place))
        for way in map(Way, written_ways(row.ways)):
            buttons.setdefault(way, PayWay(row.key, way, row.amount_min, row.amount_max))
    return Ways(tuple(buttons.values()), tuple(points))


def card_channels(session: Session) -> tuple[str, ...]:
    """The keys of all open channels through which a bank takes cards."""
    return tuple(session.scalars(_OF_BANKS))


# Made once and kept.
_OF_BANKS: Final = (
    select(_channel.c.key)
    .where(_channel.c.dialect == Unspoken.YOOKASSA.value, _channel.c.is_open == true())
    .order_by(_channel.c.id)
)
_OPEN: Final = (
    select(_channel)
    .where(_channel.c.operator_id == bindparam("operator"), _channel.c.is_open == true())
    .order_by(_channel.c.id)
)
