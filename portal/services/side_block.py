"""What every page's frame shows of the resident: two statements, whatever he has."""

from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, Row, Select, String, bindparam, cast, func, select

from portal.db.among import among, is_among, places_for
from portal.db.base import table_of
from portal.db.invoices import Invoice
from portal.db.ledger import LedgerAccount, Transfer
from portal.db.notices import Event
from portal.db.notices import Notice as NoticeRow
from portal.db.parties import Agreement, Operator, Premises, Resident
from portal.db.promises import Promise
from portal.db.session import Session
from portal.domain.feed import EventKind, FeedEvent, event_line
from portal.domain.identity import ResidentId
from portal.domain.money import ZERO
from portal.domain.person import SideBlock
from portal.errors import NotFound
from portal.services.invoices import is_unpaid
from portal.services.notices import is_addressed_to, is_read_by
from portal.services.promises import came_in, is_not_kept, promise_of

EVENTS_SHOWN = 5
# A resident without an agreement belongs to no operator's zone yet.
DEFAULT_ZONE = "Europe/Moscow"
# Правила 354: readings are wanted until the 25th.
DEFAULT_DUE_DAY = 25

_resident, _agreement = table_of(Resident), table_of(Agreement)
_operator, _premises = table_of(Operator), table_of(Premises)
_invoice, _notice, _event = table_of(Invoice), table_of(NoticeRow), table_of(Event)
_ledger_account, _transfer = table_of(LedgerAccount), table_of(Transfer)
_promise = table_of(Promise)
_WHO: ColumnElement[int] = bindparam("resident", type_=_resident.c.id.type)


def side_block(session: Session, resident: ResidentId, kinds: frozenset[EventKind]) -> SideBlock:
    """`kinds` are the events that the operator's flags let be shown.  The agreement and the
    address are those of the first agreement in force; money and counts are over all of them.

    Raises NotFound.
    """
    row = session.execute(_PERSON, {"resident": resident}).one_or_none()
    if row is None:
        raise NotFound
    return _shown(row, newest_events(session, resident, kinds))


def newest_events(
    session: Session, resident: ResidentId, kinds: frozenset[EventKind], limit: int = EVENTS_SHOWN
) -> tuple[FeedEvent, ...]:
    """Newest first."""
    parameters = {"resident": resident, "limit": limit} | among("kind", sorted(kinds))
    rows = session.execute(_events(places_for(kinds)), parameters)
    return tuple(event_line(row.kind, row.happened_at, row.facts) for row in rows)


@cache
def _events(places: int) -> Select[Any]:
    return (
        select(_event.c.kind, _event.c.happened_at, _event.c.facts)
        .where(_event.c.resident_id == _WHO, is_among(_event.c.kind, "kind", places))
        .order_by(_event.c.happened_at.desc(), _event.c.id.desc())
        .limit(bindparam("limit", type_=Integer))
    )


def _shown(row: Row[Any], events: tuple[FeedEvent, ...]) -> SideBlock:
    return SideBlock(
        name=row.name,
        login=row.login,
        phone=row.phone or "",
        email=row.email or "",
        address=row.address or "",
        agreement=row.number or "",
        unpaid_invoices=row.unpaid_invoices,
        balance=(row.paid or ZERO) - (row.owed or ZERO),
        unread_notices=row.unread_notices,
        timezone=row.timezone or DEFAULT_ZONE,
        readings_due_day=row.readings_due_day or DEFAULT_DUE_DAY,
        events=events,
        promise=None if row.amount is None else promise_of(row),
    )


def _person() -> Select[Any]:
    return (
        select(
            _resident.c.name, _resident.c.login, _resident.c.phone, _resident.c.email,
            _agreement.c.number, _premises.c.address, _operator.c.timezone,
            _operator.c.readings_due_day,
            _moved(_transfer.c.credit_id).label("paid"),
            _moved(_transfer.c.debit_id).label("owed"),
            _unpaid_invoices().label("unpaid_invoices"),
            _unread_notices().label("unread_notices"),
            _promise.c.amount, _promise.c.promised_on, _promise.c.due_on,
            came_in().label("came_in"),
        )
        .select_from(_resident)
        .outerjoin(_agreement, _agreement.c.id == _first_agreement())
        .outerjoin(_premises, _premises.c.id == _agreement.c.premises_id)
        .outerjoin(_operator, _operator.c.id == _agreement.c.operator_id)
        .outerjoin(_promise, _promise.c.id == _first_promise())
        .where(_resident.c.id == _WHO)
    )  # fmt: skip


def _first_agreement() -> ColumnElement[Any]:
    mine = _agreement.alias("mine")
    return (
        select(mine.c.id)
        .where(mine.c.resident_id == _WHO)
        .order_by(mine.c.closed_on.is_not(None), mine.c.id)
        .limit(1)
        .scalar_subquery()
    )


def _first_promise() -> ColumnElement[Any]:
    """Of those that are not kept the one that is due first."""
    mine = _agreement.alias("promised")
    own = select(mine.c.id).where(mine.c.resident_id == _WHO)
    return (
        select(_promise.c.id)
        .where(_promise.c.agreement_id.in_(own), is_not_kept())
        .order_by(_promise.c.due_on, _promise.c.id)
        .limit(1)
        .correlate(None)
        .scalar_subquery()
    )


def _moved(side: ColumnElement[Any]) -> ColumnElement[Any]:
    """What went to one side of the ledger accounts of the resident's agreements."""
    mine = _agreement.alias("owned")
    accounts = (
        select(_ledger_account.c.id)
        .join(mine, _ledger_account.c.owner == cast(mine.c.id, String))
        .where(_ledger_account.c.kind == "resident", mine.c.resident_id == _WHO)
    )
    return select(func.sum(_transfer.c.amount)).where(side.in_(accounts)).scalar_subquery()


def _unpaid_invoices() -> ColumnElement[Any]:
    mine = _agreement.alias("billed")
    own = select(mine.c.id).where(mine.c.resident_id == _WHO)
    return (
        select(func.count())
        .select_from(_invoice)
        .where(_invoice.c.agreement_id.in_(own), is_unpaid())
        .scalar_subquery()
    )


def _unread_notices() -> ColumnElement[Any]:
    return (
        select(func.count())
        .select_from(_notice)
        .where(is_addressed_to(_WHO), ~is_read_by(_WHO))
        .scalar_subquery()
    )


# Built once: it runs with every page.
_PERSON = _person()
