"""What was collected before for what is asked for in some documents, also with other documents."""

from collections.abc import Collection, Mapping
from functools import cache
from typing import Any, TypeAlias

from sqlalchemy import Select, func, select

from portal.db.among import among, is_among, places_for
from portal.db.base import table_of
from portal.db.invoices import InvoiceLine
from portal.db.ledger import Charge
from portal.db.session import Session
from portal.db.settlements import Share
from portal.domain.money import Money
from portal.domain.settlement import Scheme
from portal.services.office.settling.agreed import Agreed, ServedMonth, month_of

_line, _share, _charge = table_of(InvoiceLine), table_of(Share), table_of(Charge)
_asked_line, _asked_charge = _line.alias("asked"), _charge.alias("asked_charge")
Whole: TypeAlias = int | ServedMonth
"""What a commission is reckoned of: a charge, or where it is a fee, all that was charged for a
month of a service.
"""


def collected(
    session: Session, agreed: Mapping[int, Agreed], invoice_ids: Collection[int]
) -> dict[Whole, Money]:
    """By charge, and where somebody has a fee by month too; one statement or two."""
    wanted, places = among("invoice", invoice_ids), places_for(invoice_ids)
    found: dict[Whole, Money] = {
        row.charge_id: row.amount for row in session.execute(_of_charges(places), wanted)
    }
    if any(each.is_fee for each in agreed.values()):
        for row in session.execute(_of_months(places), wanted):
            found[row.account_id, row.service_id, row.month] = row.amount
    return found


@cache
def _of_charges(places: int) -> Select[Any]:
    """For whatever is charged in these documents, also by others."""
    concerned = select(_asked_line.c.charge_id).where(
        is_among(_asked_line.c.invoice_id, "invoice", places),
        _asked_line.c.charge_id.is_not(None),
    )
    return (
        select(_line.c.charge_id, func.sum(_share.c.amount).label("amount"))
        .join(_line, _line.c.id == _share.c.invoice_line_id)
        .where(_line.c.charge_id.in_(concerned))
        .group_by(_line.c.charge_id)
    )


@cache
def _of_months(places: int) -> Select[Any]:
    """For all that was charged for the same account, service and month, for the same supplier."""
    served = (_asked_charge.c.account_id, _asked_charge.c.service_id, _asked_charge.c.supplier_id)
    asked = (
        select(*served, month_of(_asked_charge).label("month"))
        .join(_asked_line, _asked_line.c.charge_id == _asked_charge.c.id)
        .where(
            is_among(_asked_line.c.invoice_id, "invoice", places),
            _asked_charge.c.scheme == Scheme.AGENCY,
        )
        .distinct()
        .subquery()
    )
    return (
        select(
            asked.c.account_id, asked.c.service_id, asked.c.month,
            func.sum(_share.c.amount).label("amount"),
        )
        .join_from(asked, _charge, _charge.c.account_id == asked.c.account_id)
        .join(_line, _line.c.charge_id == _charge.c.id)
        .join(_share, _share.c.invoice_line_id == _line.c.id)
        .where(
            _charge.c.service_id == asked.c.service_id,
            _charge.c.supplier_id == asked.c.supplier_id,
            month_of(_charge) == asked.c.month,
        )
        .group_by(asked.c.account_id, asked.c.service_id, asked.c.supplier_id, asked.c.month)
    )  # fmt: skip
