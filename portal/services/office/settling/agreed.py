"""Which terms a line of an invoice has: those of the day by which it was charged."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, FromClause, Row, Select, func, select

from portal.db.among import among, is_among, places_for
from portal.db.base import table_of
from portal.db.invoices import Invoice, InvoiceLine
from portal.db.ledger import Charge
from portal.db.parties import Operator
from portal.db.readings import Reading
from portal.db.session import Session
from portal.db.suppliers import ServiceTerms
from portal.domain.charging.stated import priced_on
from portal.domain.percent import Percent
from portal.domain.period import Period
from portal.domain.settlement import NO_COMMISSION, OWN, Commission, Fee, Scheme, Share, Terms
from portal.errors import Refused

_invoice, _line, _charge = table_of(Invoice), table_of(InvoiceLine), table_of(Charge)
_operator, _terms = table_of(Operator), table_of(ServiceTerms)
_reading = table_of(Reading)


@dataclass(frozen=True, slots=True)
class Agreed:
    """Whose the money of a line is, and on which terms; None: the operator's own.

    Lines of one `charge_id` ask for the same, take it back or ask for it again: what was collected
    for it is what was collected for all of them.  A fee is paid once for all charges of `month`.
    """

    supplier_id: int | None
    terms: Terms
    charge_id: int | None = None
    month: "ServedMonth | None" = None

    @property
    def is_fee(self) -> bool:
        return isinstance(self.terms.commission, Fee) and self.terms.commission != NO_COMMISSION


ServedMonth = tuple[int, int, Period]
"""The ids of an account and a service, and the month for which it was charged."""


BEFORE_THE_PORTAL = Agreed(None, OWN)
"""What was owed before there was a portal is the operator's."""


def agreed_of(session: Session, invoice_ids: Collection[int]) -> dict[int, Agreed]:
    """By the ids of the lines of these invoices; two statements.

    Raises Refused: a service is charged for a supplier with whom nothing was agreed.
    """
    query = _lines(places_for(invoice_ids))
    rows = list(session.execute(query, among("invoice", invoice_ids)))
    dated = _dated(session, {row.service_id for row in rows if row.scheme == Scheme.AGENCY})
    return {row.id: _agreed(row, dated) for row in rows}


def commission_of(row: Row[Any]) -> Commission:
    """Of a row of terms."""
    if row.commission_percent is not None:
        return Share(Percent(row.commission_percent.micro))
    return NO_COMMISSION if row.commission_fixed is None else Fee(row.commission_fixed)


def _agreed(row: Row[Any], dated: Mapping[tuple[int, int], list[Row[Any]]]) -> Agreed:
    if row.scheme is None:
        return BEFORE_THE_PORTAL
    if row.scheme != Scheme.AGENCY:
        return Agreed(row.supplier_id, Terms(Scheme(row.scheme)), row.charge_id)
    known = dated.get((row.service_id, row.supplier_id))
    if not known:
        raise Refused(
            f"Услуга «{row.name}» начислена для поставщика, а условия с ним не описаны. "
            "Добавьте их в таблицу service_terms"
        )
    commission = _on(known, _charged_on(row))
    if isinstance(commission, Fee):
        commission = _of_month(known, row.month, commission)
    month = row.account_id, row.service_id, row.month
    return Agreed(row.supplier_id, Terms(Scheme.AGENCY, commission), row.charge_id, month)


def _of_month(known: Iterable[Row[Any]], month: Period, own: Fee) -> Fee:
    """The fee that the month has first: of charges that are split where the terms change all must
    know the same one.
    """
    rows = [row for row in known if row.valid_from <= month.last_day]
    before = [row for row in rows if row.valid_from <= month.first_day]
    in_month = [commission_of(row) for row in (*before[-1:], *rows[len(before) :])]
    return next((fee for fee in in_month if isinstance(fee, Fee) and fee != NO_COMMISSION), own)


def _on(known: Iterable[Row[Any]], day: date) -> Commission:
    """Of rows in the order of their days; a charge that corrects an older one may be for days
    before there were any.
    """
    rows = list(known)
    before = [row for row in rows if row.valid_from <= day]
    return commission_of((before or rows[:1])[-1])


def _charged_on(row: Row[Any]) -> date:
    """A reading that was charged as it came is charged by the terms of its own day."""
    if row.taken_on is not None:
        taken_on: date = row.taken_on
        return taken_on
    posted_on = row.posted_at.astimezone(ZoneInfo(row.timezone)).date()
    return priced_on(row.proof) or posted_on


def _dated(session: Session, service_ids: Collection[int]) -> dict[tuple[int, int], list[Row[Any]]]:
    """Terms by service and supplier, in the order of their days."""
    found: dict[tuple[int, int], list[Row[Any]]] = defaultdict(list)
    query = _agencies(places_for(service_ids))
    for row in session.execute(query, among("service", service_ids)):
        found[row.service_id, row.supplier_id].append(row)
    return found


@cache
def _lines(places: int) -> Select[Any]:
    return of_lines(
        _line.c.id, _line.c.name, _line.c.charge_id, _charge.c.service_id, _charge.c.scheme,
        _charge.c.supplier_id, _charge.c.account_id, month_of(_charge).label("month"),
        _charge.c.proof, _charge.c.posted_at, _operator.c.timezone,
        _reading.c.taken_on,
    ).outerjoin(_reading, _reading.c.id == _charge.c.reading_id).where(
        is_among(_line.c.invoice_id, "invoice", places)
    )  # fmt: skip


def month_of(charge: FromClause) -> ColumnElement[Any]:
    """The month that a charge is for."""
    return func.coalesce(charge.c.for_period, charge.c.period, type_=charge.c.period.type)


def of_lines(*columns: ColumnElement[Any]) -> Select[Any]:
    """Columns of lines, their invoice and operator, and of what was charged with them."""
    return (
        select(*columns)
        .join_from(_line, _invoice, _invoice.c.id == _line.c.invoice_id)
        .join(_operator, _operator.c.id == _invoice.c.operator_id)
        .outerjoin(_charge, _charge.c.id == _line.c.charge_id)
    )


@cache
def _agencies(places: int) -> Select[Any]:
    return (
        select(_terms)
        .where(
            is_among(_terms.c.service_id, "service", places),
            _terms.c.scheme == Scheme.AGENCY,
        )
        .order_by(_terms.c.valid_from, _terms.c.id)
    )
