"""Сообщения: what the operator tells its residents."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, bindparam, select

from portal.db import journal
from portal.db.base import table_of
from portal.db.notices import Notice as NoticeRow
from portal.db.notices import NoticeRead
from portal.db.parties import Agreement, Operator
from portal.db.session import Session
from portal.domain.identity import ResidentId
from portal.domain.notice import Notice
from portal.errors import NotFound
from portal.services.ids import ensure_possible

_notice, _read = table_of(NoticeRow), table_of(NoticeRead)
_served, _operator = table_of(Agreement).alias("served"), table_of(Operator)
_WHO: ColumnElement[int] = bindparam("resident", type_=_notice.c.resident_id.type)


def is_addressed_to(resident: ColumnElement[int]) -> ColumnElement[bool]:
    """Notices to the resident himself, and those to all residents of an operator of his."""
    operators = select(_served.c.operator_id).where(_served.c.resident_id == resident)
    to_all = _notice.c.resident_id.is_(None) & _notice.c.operator_id.in_(operators)
    return (_notice.c.resident_id == resident) | to_all


def is_read_by(resident: ColumnElement[int]) -> ColumnElement[bool]:
    """Whether the resident has opened the notice."""
    mine = (_read.c.notice_id == _notice.c.id) & (_read.c.resident_id == resident)
    return select(_read.c.id).where(mine).correlate(_notice).exists()


def notices(session: Session, resident: ResidentId) -> tuple[Notice, ...]:
    """Newest first."""
    return tuple(_shown(row) for row in session.execute(_NEWEST_FIRST, {"resident": resident}))


def notice(session: Session, resident: ResidentId, notice_id: int) -> Notice:
    """Raises NotFound."""
    asked = {"resident": resident, "notice": ensure_possible(notice_id)}
    row = session.execute(_ONE, asked).one_or_none()
    if row is None:
        raise NotFound
    return _shown(row)


def mark_read(session: Session, resident: ResidentId, notice_id: int, now: datetime) -> None:
    """Once and for ever; a repeat changes nothing.  Raises NotFound."""
    if not notice(session, resident, notice_id).is_read:
        journal.add(session, NoticeRead, notice_id=notice_id, resident_id=resident, read_at=now)


def _notices() -> Select[Any]:
    return (
        select(_notice, _operator.c.name, is_read_by(_WHO).label("is_read"))
        .join(_operator, _operator.c.id == _notice.c.operator_id)
        .where(is_addressed_to(_WHO))
    )


def _shown(row: Row[Any]) -> Notice:
    return Notice(
        notice_id=row.id,
        title=row.title,
        body=row.body,
        operator=row.name,
        published_at=row.published_at,
        is_read=bool(row.is_read),
    )


# Made once and kept: writing them anew costs more than running them.
_NEWEST_FIRST = _notices().order_by(_notice.c.published_at.desc(), _notice.c.id.desc())
_ONE = _notices().where(_notice.c.id == bindparam("notice"))
