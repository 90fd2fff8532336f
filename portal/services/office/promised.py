"""What residents have promised to pay, for who waits for it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select

from portal.db.base import table_of
from portal.db.parties import Agreement, Operator, Resident
from portal.db.promises import Promise as PromiseRow
from portal.db.session import Session
from portal.domain.identity import Officer
from portal.domain.promise import Promise, Standing
from portal.services.audit_finding import stream
from portal.services.promises import came_in, is_not_kept, promise_of

_promise, _agreement = table_of(PromiseRow), table_of(Agreement)
_resident, _operator = table_of(Resident), table_of(Operator)


@dataclass(frozen=True, slots=True)
class Promised:
    agreement: str
    resident: str
    promise: Promise
    standing: Standing


def promised(
    session: Session, _officer: Officer, now: datetime, *, is_all: bool = False
) -> Iterator[Promised]:
    """Those that are not kept yet, or all of them, the oldest first; a row at a time."""
    for row in stream(session, _ALL if is_all else _NOT_KEPT):
        promise, today = promise_of(row), now.astimezone(ZoneInfo(row.timezone)).date()
        yield Promised(row.number, row.name, promise, promise.standing(today))


# Made once and kept.
_ALL: Final[Select[Any]] = (
    select(
        _agreement.c.number, _resident.c.name, _operator.c.timezone, _promise.c.amount,
        _promise.c.promised_on, _promise.c.due_on, came_in().label("came_in"),
    )
    .select_from(_promise)
    .join(_agreement, _agreement.c.id == _promise.c.agreement_id)
    .join(_resident, _resident.c.id == _agreement.c.resident_id)
    .join(_operator, _operator.c.id == _agreement.c.operator_id)
    .order_by(_promise.c.created_at, _promise.c.id)
)  # fmt: skip
_NOT_KEPT: Final = _ALL.where(is_not_kept())
