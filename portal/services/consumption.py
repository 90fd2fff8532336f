"""What a counter usually uses."""

from collections.abc import Collection
from functools import cache
from typing import Any

from sqlalchemy import Select, func, select

from portal.db.among import among, is_among, places_for
from portal.db.base import table_of
from portal.db.ledger import Charge
from portal.db.session import Session
from portal.domain.quantity import Quantity

HISTORY_MAX = 13

_charge, _reversal = table_of(Charge), table_of(Charge).alias("reversal")

Counter = tuple[int, int]
"""Account id and service id."""


def recent_volumes(
    session: Session, counters: Collection[Counter]
) -> dict[Counter, tuple[tuple[int, Quantity], ...]]:
    """The charged volumes of each counter, newest first, at most 13, as (charge id, volume);
    reversed charges do not count.
    """
    found: dict[Counter, list[tuple[int, Quantity]]] = {counter: [] for counter in counters}
    accounts = {account_id for account_id, _ in counters}
    rows = session.execute(_newest_first(places_for(accounts)), among("account", accounts)).all()
    for account_id, service_id, charge_id, volume in rows:
        if (account_id, service_id) in found:
            found[account_id, service_id].append((charge_id, volume))
    return {counter: tuple(volumes) for counter, volumes in found.items()}


@cache  # writing it anew costs more than running it
def _newest_first(places: int) -> Select[Any]:
    reversed_ = select(_reversal.c.id).where(_reversal.c.reverses_id == _charge.c.id).exists()
    age = func.row_number().over(
        partition_by=(_charge.c.account_id, _charge.c.service_id), order_by=_charge.c.id.desc()
    )
    ranked = (
        select(
            _charge.c.account_id,
            _charge.c.service_id,
            _charge.c.id,
            _charge.c.volume,
            age.label("age"),
        )
        .where(
            is_among(_charge.c.account_id, "account", places),
            _charge.c.reading_id.is_not(None),
            _charge.c.reverses_id.is_(None),
            ~reversed_,
        )
        .subquery()
    )
    columns = (ranked.c.account_id, ranked.c.service_id, ranked.c.id, ranked.c.volume)
    return select(*columns).where(ranked.c.age <= HISTORY_MAX).order_by(ranked.c.age)
