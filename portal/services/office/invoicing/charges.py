"""The charges of a month that no document asks for yet."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Row, Select, bindparam, func, select

from portal.db.accounts import ServiceAccount
from portal.db.among import among, is_among, places_for
from portal.db.base import table_of
from portal.db.invoices import InvoiceLine
from portal.db.ledger import Charge
from portal.db.session import Session
from portal.db.tariffs import Service
from portal.db.types import PeriodType
from portal.domain.charging.line import Part
from portal.domain.money import Money
from portal.domain.period import Period
from portal.domain.quantity import Price, Quantity
from portal.domain.settlement import Scheme

Payee = int | None
"""The supplier whom the resident pays directly; None is the operator."""
PENALTY = "penalty"
_charge, _line = table_of(Charge), table_of(InvoiceLine)
_account, _service = table_of(ServiceAccount), table_of(Service)
_reversed = _charge.alias("reversed")


@dataclass(frozen=True, slots=True)
class Asked:
    """A line to be: the charge in the words of the day.  `kind` is the figure that it counts in."""

    charge_id: int
    turn: int
    kind: str
    name: str
    unit: str | None
    volume: Quantity
    price: Price
    amount: Money


def unasked(
    session: Session, period: Period, agreement_ids: Collection[int]
) -> Mapping[tuple[int, Payee], list[Asked]]:
    """By agreement and payee, in the order of the document: penalties last.  A charge that was
    reversed before anybody was asked for it is left out with its reversal.
    """
    parameters = among("agreement", agreement_ids) | {"period": period}
    rows = list(session.execute(_charges(places_for(agreement_ids)), parameters))
    found: dict[tuple[int, Payee], list[Asked]] = defaultdict(list)
    for row in _without_pairs(row for row in rows if _is_unasked(row)):
        payee = row.supplier_id if row.scheme == Scheme.DIRECT else None
        found[row.agreement_id, payee].append(_asked(row))
    for lines in found.values():
        lines.sort(key=lambda line: line.kind == PENALTY)
    return found


@cache
def _charges(places: int) -> Select[Any]:
    turns = select(func.max(_line.c.turn)).where(_line.c.charge_id == _charge.c.id)
    return (
        select(
            *_charge.columns, _service.c.name, _service.c.unit,
            turns.correlate(_charge).scalar_subquery().label("turn"),
            _reversed.c.period.label("reversed_period"),
        )
        .join(_account, _account.c.id == _charge.c.account_id)
        .join(_service, _service.c.id == _charge.c.service_id)
        .outerjoin(_reversed, _reversed.c.id == _charge.c.reverses_id)
        .where(
            is_among(_charge.c.agreement_id, "agreement", places),
            _charge.c.period == bindparam("period", type_=PeriodType),
        )
        .order_by(
            _charge.c.agreement_id, _account.c.position, _account.c.id, _service.c.position,
            _service.c.id, _charge.c.id,
        )
    )  # fmt: skip


def _is_unasked(row: Row[Any]) -> bool:
    """The last of its lines, if any, takes it back."""
    return row.turn is None or bool(row.turn % 2)


def _without_pairs(rows: Iterable[Row[Any]]) -> list[Row[Any]]:
    left = {row.id: row for row in rows}
    for row in list(left.values()):
        if row.reverses_id in left:
            del left[row.id], left[row.reverses_id]
    return list(left.values())


def _asked(row: Row[Any]) -> Asked:
    return Asked(
        charge_id=row.id,
        turn=0 if row.turn is None else row.turn + 1,
        kind=_kind(row),
        name=_name(row),
        unit=row.unit,
        volume=row.volume,
        price=row.price,
        amount=row.amount,
    )


def _kind(row: Row[Any]) -> str:
    """What was charged in an earlier month and is taken back now is a recalculation too."""
    if row.part == PENALTY:
        return PENALTY
    return "recalculated" if _is_of_earlier(row) else "charged"


def _is_of_earlier(row: Row[Any]) -> bool:
    is_taken_back = row.reversed_period is not None and row.reversed_period != row.period
    return bool(is_taken_back or row.part == Part.RECALCULATION)


def _name(row: Row[Any]) -> str:
    month = (row.for_period or row.reversed_period or row.period).title.lower()
    if row.part == PENALTY:
        return f"{row.name}, пени на долг за {month}"
    if _is_of_earlier(row):
        return f"{row.name}, перерасчет за {month}"
    return f"{row.name}, повышающий коэффициент" if row.part == Part.EXCESS else str(row.name)
