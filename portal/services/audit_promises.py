"""Promises: nobody's word was taken while his former one was not kept."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, type_coerce

from portal.db.base import table_of
from portal.db.ledger import Payment
from portal.db.promises import Promise
from portal.db.session import Session
from portal.db.types import MoneyType
from portal.domain.money import ZERO, Money
from portal.services.audit_finding import Finding, Rule, stream
from portal.services.ledger_refunds import given_back

_promise, _payment = table_of(Promise), table_of(Payment)
_later = _promise.alias("later")


def promise_findings(session: Session) -> Iterator[Finding]:
    for row in stream(session, _pairs()):
        if (row.came_in or ZERO) < row.amount:
            sentence = f"обещано, пока обещание {row.former_id} не исполнено"
            yield Finding(Rule.PROMISE, _promise.name, row.id, sentence)


def _pairs() -> Select[Any]:
    """Every promise with each later one of its agreement, and what came in between."""
    columns = (_later.c.id, _promise.c.id.label("former_id"), _promise.c.amount)
    return (
        select(*columns, _between().label("came_in"))
        .join(
            _later,
            (_later.c.agreement_id == _promise.c.agreement_id) & (_later.c.id > _promise.c.id),
        )
        .order_by(_later.c.id, _promise.c.id)
    )


def _between() -> ColumnElement[Money]:
    """What went back after the later promise was there when it was given."""
    kept: ColumnElement[Money] = _payment.c.amount - given_back(_later.c.created_at)
    return (
        select(func.sum(type_coerce(kept, MoneyType)))
        .where(
            _payment.c.agreement_id == _promise.c.agreement_id,
            _payment.c.accepted_at > _promise.c.created_at,
            _payment.c.accepted_at <= _later.c.created_at,
        )
        .correlate(_promise, _later)
        .scalar_subquery()
    )
