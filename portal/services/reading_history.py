"""The readings that count, of all the resident's counters."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, select, tuple_

from portal.db.accounts import Meter, ServiceAccount
from portal.db.base import table_of
from portal.db.ledger import Charge
from portal.db.parties import Agreement
from portal.db.readings import Reading
from portal.db.session import Session
from portal.db.tariffs import Service
from portal.db.unset import is_unset
from portal.domain.charging.methods import Method
from portal.domain.device import register_key
from portal.domain.identity import ResidentId
from portal.domain.meter import Dial
from portal.domain.money import Money
from portal.domain.quantity import Quantity
from portal.errors import NotFound
from portal.services.charged_readings import charged_by_month
from portal.services.ids import ensure_possible
from portal.services.registers import Matches

PAGE = 50

_reading, _later = table_of(Reading), table_of(Reading).alias("later")
_account, _agreement = table_of(ServiceAccount), table_of(Agreement)
_service, _meter, _charge = table_of(Service), table_of(Meter), table_of(Charge)


@dataclass(frozen=True, slots=True)
class PastReading:
    """One reading that nothing has replaced; `volume` and `amount` are None where it charged
    nothing, and of a service that is charged by the month while it has charged nothing yet.
    """

    reading_id: int
    key: str
    device: str
    service: str
    unit: str
    taken_on: date
    value: Quantity
    dial: Dial
    source: str
    accepted_at: datetime
    volume: Quantity | None
    amount: Money | None


def reading_history(
    session: Session, resident: ResidentId, matches: Matches, before: int | None = None
) -> tuple[PastReading, ...]:
    """At most fifty, the newest first; `before` is the id of the last one that was read.

    Raises NotFound: no such reading, or another's.
    """
    services = _services(session, resident, matches)
    query = _history(resident).where(_reading.c.service_id.in_(services)).limit(PAGE)
    if before is not None:
        query = query.where(_is_before(session, resident, before))
    rows = session.execute(query).all()
    monthly = {(row.account_id, row.service_id) for row in rows if _is_by_month(row)}
    charged = charged_by_month(session, monthly)
    return tuple(_past(row, charged.get(row.id)) for row in rows)


def _is_by_month(row: Row[Any]) -> bool:
    method = Method(row.method)
    return method.is_read and not method.is_charged_at_once


def _services(session: Session, resident: ResidentId, matches: Matches) -> list[int]:
    """Those of the module that any reading of the resident's belongs to."""
    rows = session.execute(
        select(_service.c.id, _service.c.external_id)
        .join(_reading, _reading.c.service_id == _service.c.id)
        .join(_account, _account.c.id == _reading.c.account_id)
        .join(_agreement, _agreement.c.id == _account.c.agreement_id)
        .where(_agreement.c.resident_id == resident)
        .distinct()
    )
    return [row.id for row in rows if matches(row.external_id)]


def _history(resident: ResidentId) -> Select[Any]:
    is_replaced = select(_later.c.id).where(_later.c.supersedes_id == _reading.c.id).exists()
    own = (_charge.c.reading_id == _reading.c.id) & is_unset(_charge.c.reverses_id)
    return (
        select(
            _reading, _account.c.login, _service.c.external_id, _service.c.name, _service.c.unit,
            _service.c.method,
            _meter.c.integer_digits, _meter.c.fraction_digits, _charge.c.volume, _charge.c.amount,
        )
        .join(_account, _account.c.id == _reading.c.account_id)
        .join(_agreement, _agreement.c.id == _account.c.agreement_id)
        .join(_service, _service.c.id == _reading.c.service_id)
        .outerjoin(_meter, _meter.c.id == _reading.c.meter_id)
        .outerjoin(_charge, own)
        .where(_agreement.c.resident_id == resident, ~is_replaced)
        .order_by(_reading.c.taken_on.desc(), _reading.c.id.desc())
    )  # fmt: skip


def _is_before(session: Session, resident: ResidentId, reading_id: int) -> ColumnElement[bool]:
    """Older than one of the resident's readings, in the order of the list."""
    taken_on = session.scalar(
        select(_reading.c.taken_on)
        .join(_account, _account.c.id == _reading.c.account_id)
        .join(_agreement, _agreement.c.id == _account.c.agreement_id)
        .where(_agreement.c.resident_id == resident, _reading.c.id == ensure_possible(reading_id))
    )
    if taken_on is None:
        raise NotFound
    return tuple_(_reading.c.taken_on, _reading.c.id) < tuple_(taken_on, reading_id)


def _past(row: Row[Any], by_month: tuple[Quantity, Money] | None) -> PastReading:
    volume, amount = by_month or (row.volume, row.amount)
    return PastReading(
        reading_id=row.id,
        key=register_key(row.account_id, row.external_id),
        device=row.login,
        service=row.name,
        unit=row.unit,
        taken_on=row.taken_on,
        value=row.value,
        dial=Dial(row.integer_digits, row.fraction_digits),
        source=row.source,
        accepted_at=row.accepted_at,
        volume=volume,
        amount=amount,
    )
