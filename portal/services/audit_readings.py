"""Every reading in its chain: after an accepted one, not before its date, with one successor."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, select

from portal.db.accounts import Meter, ServiceAccount
from portal.db.base import table_of
from portal.db.parties import Agreement
from portal.db.photos import Photo
from portal.db.readings import Reading
from portal.db.session import Session
from portal.services.audit_finding import Finding, Rule, stream

_reading, _meter = table_of(Reading), table_of(Meter)
_photo, _account, _agreement = table_of(Photo), table_of(ServiceAccount), table_of(Agreement)
_previous, _older = _reading.alias("previous"), _reading.alias("older")
_newer = _reading.alias("newer")


def reading_findings(session: Session) -> Iterator[Finding]:
    """References that lead nowhere are `reference_findings`' to tell."""
    for row in stream(session, _readings()):
        for sentence in (*_place_faults(row), *_revision_faults(row), *_photo_faults(row)):
            yield Finding(Rule.READING, _reading.name, row.id, sentence)
    for row in stream(session, _successors()):
        sentence = f"принятых показаний на этом месте цепочки {row.accepted}, а нужны одни"
        yield Finding(Rule.READING, _reading.name, row.id, sentence)


def _readings() -> Select[Any]:
    return (
        select(
            _reading.c.id, _reading.c.account_id, _reading.c.service_id, _reading.c.taken_on,
            _reading.c.previous_id, _reading.c.revision, _reading.c.supersedes_id,
            _previous.c.account_id.label("previous_account_id"),
            _previous.c.service_id.label("previous_service_id"),
            _previous.c.taken_on.label("previous_on"), _newer.c.id.label("previous_newer_id"),
            _older.c.account_id.label("older_account_id"),
            _older.c.service_id.label("older_service_id"),
            _older.c.previous_id.label("older_previous_id"),
            _older.c.revision.label("older_revision"),
            _meter.c.account_id.label("meter_account_id"),
            _meter.c.service_id.label("meter_service_id"),
            _photo.c.id.label("photo_id"), _photo.c.resident_id.label("photographer_id"),
            _agreement.c.resident_id,
        )
        .outerjoin(_previous, _previous.c.id == _reading.c.previous_id)
        .outerjoin(_newer, _newer.c.supersedes_id == _reading.c.previous_id)
        .outerjoin(_older, _older.c.id == _reading.c.supersedes_id)
        .outerjoin(_meter, _meter.c.id == _reading.c.meter_id)
        .outerjoin(_photo, _photo.c.id == _reading.c.photo_id)
        .outerjoin(_account, _account.c.id == _reading.c.account_id)
        .outerjoin(_agreement, _agreement.c.id == _account.c.agreement_id)
    )  # fmt: skip


def _place_faults(row: Row[Any]) -> Iterator[str]:
    register = (row.account_id, row.service_id)
    if row.previous_on is not None:
        if (row.previous_account_id, row.previous_service_id) != register:
            yield f"предыдущие показания {row.previous_id} другого счетчика"
        if row.previous_on > row.taken_on:
            yield f"снято раньше предыдущих показаний {row.previous_id}"
        if row.previous_newer_id is not None:
            yield f"предыдущие показания {row.previous_id} отменены исправлением"
    if row.meter_account_id is not None and register != (
        row.meter_account_id, row.meter_service_id
    ):  # fmt: skip
        yield "прибор другой учетной записи или услуги"


def _revision_faults(row: Row[Any]) -> Iterator[str]:
    if row.supersedes_id is None:
        if row.revision:
            yield f"исправление № {row.revision} ничего не исправляет"
        return
    if row.older_revision is None:
        return
    place = (row.account_id, row.service_id, row.previous_id, row.revision - 1)
    older = (
        row.older_account_id, row.older_service_id, row.older_previous_id, row.older_revision
    )  # fmt: skip
    if place != older:
        yield f"исправляет показания {row.supersedes_id}, которые стоят не на этом месте"


def _photo_faults(row: Row[Any]) -> Iterator[str]:
    """Without its account, or that one's agreement, nobody knows whose a reading is."""
    is_known = row.photo_id is not None and row.resident_id is not None
    if is_known and row.photographer_id != row.resident_id:
        yield f"снимок {row.photo_id} другого жильца"


def _successors() -> Select[Any]:
    """Places in a chain (after one reading, or at its beginning) that do not have exactly one
    accepted reading.
    """
    accepted = func.count().filter(_newer.c.id.is_(None)).label("accepted")
    columns: list[ColumnElement[Any]] = [func.max(_reading.c.id).label("id"), accepted]
    return (
        select(*columns)
        .outerjoin(_newer, _newer.c.supersedes_id == _reading.c.id)
        .group_by(_reading.c.account_id, _reading.c.service_id, _reading.c.previous_id)
        .having(accepted != 1)
    )
