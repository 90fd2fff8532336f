"""Обещанные платежи: what can be promised, and what was and is not kept yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Row, Select, bindparam, func, literal, select, type_coerce

from portal.db.base import table_of
from portal.db.ledger import Payment
from portal.db.parties import Agreement, Operator
from portal.db.promises import Promise as PromiseRow
from portal.db.promises import PromiseTerms as TermsRow
from portal.db.session import Session
from portal.db.types import MoneyType
from portal.domain.bill import InvoiceSummary
from portal.domain.identity import ResidentId
from portal.domain.money import ZERO, Money
from portal.domain.promise import Promise, PromiseOffer, PromiseTerms
from portal.services.agreements import ensure_own
from portal.services.invoices import unpaid_invoices
from portal.services.ledger_refunds import given_back

_promise, _terms, _payment = table_of(PromiseRow), table_of(TermsRow), table_of(Payment)
_agreement, _operator = table_of(Agreement), table_of(Operator)


@dataclass(frozen=True, slots=True)
class PromisePage:
    """`chosen` None: nothing is promised for the agreement, nor can be."""

    offers: tuple[PromiseOffer, ...]
    chosen: PromiseOffer | None


def came_in() -> ColumnElement[Money]:
    """What an agreement was paid since its promise and did not get back, for queries over the
    promise table; NULL is nothing.
    """
    kept: ColumnElement[Money] = _payment.c.amount - given_back()
    return (
        select(func.sum(type_coerce(kept, MoneyType)))
        .where(
            _payment.c.agreement_id == _promise.c.agreement_id,
            _payment.c.accepted_at > _promise.c.created_at,
        )
        .correlate(_promise)
        .scalar_subquery()
    )


def is_not_kept() -> ColumnElement[bool]:
    """Whether more was promised than came in since, for queries over the promise table."""
    return _promise.c.amount > func.coalesce(came_in(), literal(ZERO, _promise.c.amount.type))


def promise_page(
    session: Session, resident: ResidentId, agreement_id: int | None, now: datetime
) -> PromisePage:
    """Of the agreement, or else of the first for which there is something to say.

    Raises NotFound: the agreement is not the resident's.
    """
    ensure_own(session, resident, agreement_id)
    found = offers(session, resident, unpaid_invoices(session, resident), now)
    if agreement_id is not None:
        chosen = next((each for each in found if each.agreement_id == agreement_id), None)
        return PromisePage(found, chosen)
    first = sorted(found, key=lambda each: (each.promise is None, bool(each.refusal)))
    return PromisePage(found, first[0] if first else None)


def takes_promises(session: Session, resident: ResidentId) -> bool:
    """Whether any of the resident's operators does."""
    return session.execute(_TAKEN, {"resident": resident}).first() is not None


def offers(
    session: Session, resident: ResidentId, unpaid: Sequence[InvoiceSummary], now: datetime
) -> tuple[PromiseOffer, ...]:
    """Of the resident's agreements those for which promises are taken or not kept yet, the ones in
    force first; `unpaid` are all his unpaid invoices.
    """
    found: dict[int, PromiseOffer] = {}
    for row in session.execute(_OFFERS, {"resident": resident}):
        if row.days is not None or row.amount is not None:
            found.setdefault(row.id, _offer(row, unpaid, now))
    return tuple(found.values())


def _offer(row: Row[Any], unpaid: Sequence[InvoiceSummary], now: datetime) -> PromiseOffer:
    """Whoever is paid directly has been promised nothing."""
    today = now.astimezone(ZoneInfo(row.timezone)).date()
    return PromiseOffer(
        agreement_id=row.id,
        agreement=row.number,
        owed=Money.total(
            each.remainder for each in unpaid if each.agreement == row.number and not each.payee
        ),
        today=today,
        terms=None if row.days is None else _terms_of(row),
        promise=None if row.amount is None else promise_of(row),
        is_closed=row.closed_on is not None and row.closed_on <= today,
    )


def _terms_of(row: Row[Any]) -> PromiseTerms:
    return PromiseTerms(row.amount_min, row.amount_max, row.days, row.debt_max)


def promise_of(row: Row[Any]) -> Promise:
    """The promise of a row that has the columns of its table and `came_in`."""
    return Promise(row.amount, row.promised_on, row.due_on, row.came_in or ZERO)


# Made once and kept: writing them anew costs more than running them.
_OFFERS: Final[Select[Any]] = (
    select(
        _agreement.c.id, _agreement.c.number, _agreement.c.closed_on, _operator.c.timezone,
        _terms.c.amount_min, _terms.c.amount_max, _terms.c.days, _terms.c.debt_max,
        _promise.c.amount, _promise.c.promised_on, _promise.c.due_on, came_in().label("came_in"),
    )
    .select_from(_agreement)
    .join(_operator, _operator.c.id == _agreement.c.operator_id)
    .outerjoin(_terms, _terms.c.operator_id == _operator.c.id)
    .outerjoin(_promise, (_promise.c.agreement_id == _agreement.c.id) & is_not_kept())
    .where(_agreement.c.resident_id == bindparam("resident"))
    .order_by(_agreement.c.closed_on.is_not(None), _agreement.c.id, _promise.c.due_on)
)  # fmt: skip
_TAKEN: Final[Select[Any]] = (
    select(_terms.c.id)
    .join(_agreement, _agreement.c.operator_id == _terms.c.operator_id)
    .where(_agreement.c.resident_id == bindparam("resident"))
    .limit(1)
)
