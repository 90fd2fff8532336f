"""What a service came to in a month, beside the month before it and the same a year ago."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import Row, Select, bindparam, case, func, or_, select

from portal.db.base import table_of
from portal.db.ledger import Charge
from portal.db.session import Session
from portal.db.tariffs import Service
from portal.db.types import MoneyType, PeriodType, QuantityType
from portal.domain.charging.recalculated import YEARLY
from portal.domain.period import Period
from portal.domain.proven import Proven
from portal.domain.statement import MonthUsed

YEAR = 12
Served = tuple[int, str, str]
"""The id of an account, the code of a service (its id changes with the tariff) and its unit."""

_charge, _service = table_of(Charge), table_of(Service)


def months_compared(
    session: Session, agreement_id: int, period: Period
) -> Mapping[Served, tuple[MonthUsed, ...]]:
    """Of `period`, the month before and the same month a year ago those with charges, for each
    service that `period` and another of them has; penalties are no use of a service, and what
    corrects a year is of no month.
    """
    months = {"this": period, "last": period.shifted(-1), "year": period.shifted(-YEAR)}
    found: dict[Served, dict[Period, MonthUsed]] = {}
    for row in session.execute(_months(), months | {"agreement": agreement_id}):
        served = row.account_id, row.external_id, row.unit
        found.setdefault(served, {})[row.month] = _used(row)
    return {
        served: tuple(of[month] for month in months.values() if month in of)
        for served, of in found.items()
        if period in of and len(of) > 1
    }


def _used(row: Row[Any]) -> MonthUsed:
    return MonthUsed(row.month, None if row.rated else row.volume, row.amount)


@cache
def _months() -> Select[Any]:
    wanted = [bindparam(name, type_=PeriodType) for name in ("this", "last", "year")]
    own, other = _charge.c.period, _charge.c.for_period
    month = func.coalesce(other, own, type_=PeriodType)
    method = _charge.c.proof["method"].as_string()
    of_part = func.coalesce(_charge.c.proof["inputs"]["part"].as_string(), _charge.c.part)
    used = case((of_part == "excess", 0), else_=_charge.c.volume)
    return (
        select(
            _charge.c.account_id, _service.c.external_id, _service.c.unit, month.label("month"),
            func.sum(used, type_=QuantityType).label("volume"),
            func.sum(_charge.c.amount, type_=MoneyType).label("amount"),
            func.sum(case((method == Proven.USAGE_RATED, 1), else_=0)).label("rated"),
        )
        .join(_service, _service.c.id == _charge.c.service_id)
        .where(
            _charge.c.agreement_id == bindparam("agreement"),
            or_(own.in_(wanted) & other.is_(None), other.in_(wanted)),
            _charge.c.part != "penalty",
            _charge.c.key.is_(None) | ~_charge.c.key.startswith(YEARLY),
        )
        .group_by(_charge.c.account_id, _service.c.external_id, _service.c.unit, month)
    )  # fmt: skip
