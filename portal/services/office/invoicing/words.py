"""What a document freezes: payer, payee, the day by which it is to be paid."""

from collections.abc import Collection, Mapping
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Select, Table, select

from portal.db.among import among, is_among, places_for
from portal.db.base import Facts, table_of
from portal.db.parties import Agreement, Operator, Premises, Resident
from portal.db.rates import DayOff, DueDay
from portal.db.session import Session
from portal.db.suppliers import Supplier
from portal.domain.bill import Requisites
from portal.domain.calendar import DUE_DAYS, Calendar, due_on
from portal.domain.money import Money
from portal.domain.period import Period
from portal.domain.timeline import Since, Timeline
from portal.errors import Refused
from portal.services.office.invoicing.charges import Payee

_agreement, _resident, _premises = table_of(Agreement), table_of(Resident), table_of(Premises)
_operator, _supplier = table_of(Operator), table_of(Supplier)
_due_day, _day_off = table_of(DueDay), table_of(DayOff)


def payers(session: Session, agreement_ids: Collection[int]) -> Mapping[int, Facts]:
    """By the agreement."""
    rows = session.execute(_payers(places_for(agreement_ids)), among("agreement", agreement_ids))
    return {
        row.id: {"name": row.name, "address": row.address or "", "agreement": row.number}
        for row in rows
    }


@cache
def _payers(places: int) -> Select[Any]:
    return (
        select(_agreement.c.id, _agreement.c.number, _resident.c.name, _premises.c.address)
        .join(_resident, _resident.c.id == _agreement.c.resident_id)
        .outerjoin(_premises, _premises.c.id == _agreement.c.premises_id)
        .where(is_among(_agreement.c.id, "agreement", places))
    )


def payees(
    session: Session, operator_id: int, supplier_ids: Collection[int]
) -> Mapping[Payee, Facts]:
    """Their requisites: the operator's under None."""
    found: dict[Payee, Facts] = {None: _requisites(session, _operator, [operator_id])[operator_id]}
    return found | dict(_requisites(session, _supplier, supplier_ids))


def supplier_names(session: Session, sums: Mapping[Payee, Money]) -> list[tuple[str, Money]]:
    """Who is paid directly, with the sum, in the order of the alphabet."""
    names = {row.id: row.name for row in session.execute(select(_supplier))}
    return sorted((names[payee], total) for payee, total in sums.items() if payee is not None)


def _requisites(session: Session, table: Table, ids: Collection[int]) -> dict[int, Facts]:
    columns = [table.c[name] for name in Requisites.__slots__]
    query = select(table.c.id, *columns).where(is_among(table.c.id, "id", places_for(ids)))
    return {
        row.id: {name: getattr(row, name) or "" for name in Requisites.__slots__}
        for row in session.execute(query, among("id", ids))
    }


def due_day(session: Session, operator_id: int, period: Period) -> date:
    """By the operator's own table, else by everybody's, else by the law's.

    Raises Refused: the table says nothing of that month.
    """
    rows = session.execute(select(_due_day).order_by(_due_day.c.valid_from)).all()
    own = [row for row in rows if row.operator_id == operator_id]
    common = [row for row in rows if row.operator_id is None]
    table: Timeline[int] = tuple(Since(row.valid_from, row.day) for row in own or common)
    days = session.execute(select(_day_off.c.day, _day_off.c.is_working))
    calendar = Calendar.of((day, is_working) for day, is_working in days)
    try:
        return due_on(period, table or DUE_DAYS, calendar)
    except ValueError as fault:
        raise Refused(str(fault)) from fault
