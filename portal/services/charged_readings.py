"""What months charged by readings that are charged with their month."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from typing import Any

from sqlalchemy import Select, select

from portal.db.among import among, is_among, places_for
from portal.db.base import table_of
from portal.db.ledger import Charge
from portal.db.session import Session
from portal.db.unset import is_unset
from portal.domain.money import ZERO, Money
from portal.domain.proof import Proof
from portal.domain.quantity import Quantity
from portal.services.register_state import Counter

_charge = table_of(Charge)
_reversal = _charge.alias("reversal")


def charged_by_month(
    session: Session, counters: Collection[Counter]
) -> Mapping[int, tuple[Quantity, Money]]:
    """The volume and the sum of all charges that stand for a reading, corrections of closed months
    included, by the reading's id; no statement where there is no counter.
    """
    if not counters:
        return {}
    accounts = sorted({account_id for account_id, _ in counters})
    services = sorted({service_id for _, service_id in counters})
    query = _charges(places_for(accounts), places_for(services))
    found: dict[int, tuple[Quantity, Money]] = defaultdict(lambda: (Quantity(0), ZERO))
    for row in session.execute(query, among("account", accounts) | among("service", services)):
        for reading_id in set(_last_readings(row.proof)):
            volume, amount = found[reading_id]
            found[reading_id] = volume + row.volume, amount + row.amount
    return found


@cache
def _charges(accounts: int, services: int) -> Select[Any]:
    """Those that are neither reversals nor reversed."""
    is_reversed = select(_reversal.c.id).where(_reversal.c.reverses_id == _charge.c.id).exists()
    return select(_charge.c.volume, _charge.c.amount, _charge.c.proof).where(
        is_among(_charge.c.account_id, "account", accounts),
        is_among(_charge.c.service_id, "service", services),
        _charge.c.reading_id.is_(None),
        is_unset(_charge.c.reverses_id),
        ~is_reversed,
    )


def _last_readings(proof: Proof) -> Iterator[int]:
    """That which ended the month, of each charge that ought to have been of a recalculation."""
    inputs = proof.get("inputs", {})
    if readings := inputs.get("readings"):
        yield int(readings[-1]["reading"])
    for ought in inputs.get("ought", ()):
        yield from _last_readings(ought)
