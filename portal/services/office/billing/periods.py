"""An operator's months: which are closed, closing one, opening the last one again.

Closing a month closes all before it, so what is closed is told by one month.  Whoever writes in
an operator's months holds its row meanwhile: two at once would not see one another's rows.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import Row, select

from portal.db import journal
from portal.db.base import table_of
from portal.db.invoices import Invoice
from portal.db.parties import Operator
from portal.db.periods import PeriodEvent
from portal.db.session import Session
from portal.domain.identity import Officer
from portal.domain.period import Period
from portal.errors import NotFound, Refused

_event, _operator = table_of(PeriodEvent), table_of(Operator)
_invoice, _cancelling = table_of(Invoice), table_of(Invoice).alias("cancelling")
CLOSE: Final = "close"
REOPEN: Final = "reopen"
SENT: Final = "sent"
REASON_MAX: Final = 500


@dataclass(frozen=True, slots=True)
class OperatorName:
    """One whose months are charged."""

    operator_id: int
    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Months:
    """An operator's months as they are; `closed` is the last one that is closed."""

    operator_id: int
    name: str
    zone: ZoneInfo
    readings_due_day: int
    entry_tolerance_days: int | None
    charges_penalty: bool
    closed: Period | None
    sent: frozenset[Period]

    def is_closed(self, period: Period) -> bool:
        return self.closed is not None and period <= self.closed

    @property
    def first_open(self) -> Period | None:
        """None: no month was ever closed."""
        return self.closed.shifted(1) if self.closed is not None else None

    def open_for(self, period: Period) -> Period:
        """Into which month goes what is of `period`: the first open one, where it is closed."""
        first = self.first_open
        return period if first is None else max(period, first)

    def present(self, now: datetime) -> Period:
        return Period.at(now, self.zone)


def operators(session: Session, _officer: Officer, keys: tuple[str, ...]) -> list[OperatorName]:
    """Those with these keys, all of them without; in the order of their names.

    Raises Refused: there is no such operator.
    """
    columns = (_operator.c.id, _operator.c.key, _operator.c.name)
    rows = session.execute(select(*columns).order_by(_operator.c.name, _operator.c.id)).all()
    known = {row.key for row in rows}
    if strange := [key for key in keys if key not in known]:
        listed = ", ".join(f"«{key}»" for key in strange)
        there = ", ".join(f"«{key}»" for key in sorted(known)) or "ещё никого"
        raise Refused(f"Исполнителя {listed} нет. Есть: {there}")
    return [OperatorName(*row) for row in rows if not keys or row.key in keys]


def months_of(session: Session, operator_id: int) -> Months:
    """And nobody else changes anything in them until the transaction ends.

    Raises NotFound.
    """
    held = select(_operator).where(_operator.c.id == operator_id).with_for_update(key_share=True)
    row = session.execute(held).one_or_none()
    if row is None:
        raise NotFound("Такого исполнителя нет")
    events = select(_event.c.period, _event.c.action).where(_event.c.operator_id == operator_id)
    return _months(row, list(session.execute(events.order_by(_event.c.id))))


def close_period(
    session: Session, officer: Officer, operator_id: int, period: Period, now: datetime
) -> bool:
    """Whether it was open.  Raises Refused: the month is not over."""
    months = months_of(session, operator_id)
    if months.is_closed(period):
        return False
    if period >= months.present(now):
        raise Refused(f"{period.title} ещё не закончился, закрыть его нельзя")
    _add(session, officer, months, (period, CLOSE, None), now)
    return True


def reopen_period(
    session: Session, officer: Officer, operator_id: int, period: Period, reason: str, now: datetime
) -> None:
    """Open the last closed month; those before it stay closed.

    Raises Refused: it is open, or not the last, or an invoice of it stands or was sent, or there
    is no reason.
    """
    months = months_of(session, operator_id)
    if not reason.strip() or len(reason) > REASON_MAX:
        raise Refused(f"Укажите причину, не длиннее {REASON_MAX} знаков: она останется в журнале")
    if months.closed is None or not months.is_closed(period):
        raise Refused(f"{period.title} не закрыт")
    if period != months.closed:
        raise Refused(f"После него закрыт {months.closed.title.lower()}: сначала откройте его")
    if period in months.sent:
        raise Refused(
            f"Счета за {period.title.lower()} уже отправлены. Исправления войдут перерасчетом в "
            f"{period.shifted(1).title.lower()}"
        )
    if standing := _standing(session, operator_id, period):
        raise Refused(
            f"За {period.title.lower()} выставлен счет № {standing}. Отмените его: "
            f"zhkh-portal invoices cancel {standing}. Исправления и без того войдут перерасчетом "
            f"в {period.shifted(1).title.lower()}"
        )
    _add(session, officer, months, (period, REOPEN, reason.strip()), now)


def _standing(session: Session, operator_id: int, period: Period) -> str | None:
    """The number of an invoice of the month that nothing cancels."""
    query = (
        select(_invoice.c.number)
        .outerjoin(_cancelling, _cancelling.c.cancels_id == _invoice.c.id)
        .where(
            _invoice.c.operator_id == operator_id,
            _invoice.c.period == period,
            _invoice.c.kind == "month",
            _cancelling.c.id.is_(None),
        )
        .order_by(_invoice.c.id)
        .limit(1)
    )
    number: str | None = session.scalar(query)
    return number


def _add(
    session: Session,
    officer: Officer,
    months: Months,
    told: tuple[Period, str, str | None],
    now: datetime,
) -> None:
    period, action, reason = told
    journal.add(
        session, PeriodEvent, operator_id=months.operator_id, period=period, action=action,
        at=now, reason=reason, officer=officer.name,
    )  # fmt: skip


def _months(row: Row[Any], events: list[Row[Any]]) -> Months:
    closed: Period | None = None
    for event in events:
        if event.action == CLOSE and (closed is None or event.period > closed):
            closed = event.period
        elif event.action == REOPEN and event.period == closed:
            closed = event.period.shifted(-1)
    return Months(
        operator_id=row.id,
        name=row.name,
        zone=ZoneInfo(row.timezone),
        readings_due_day=row.readings_due_day,
        entry_tolerance_days=row.entry_tolerance_days,
        charges_penalty=row.charges_penalty,
        closed=closed,
        sent=frozenset(event.period for event in events if event.action == SENT),
    )
