"""What went back: each refund has its transfer, is of money that was there, and took no more from
an invoice than its payment gave.
"""

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, func, select, union_all

from portal.db.base import table_of
from portal.db.incoming import Assignment, Incoming, PayChannel
from portal.db.invoices import Allocation
from portal.db.ledger import Payment, Refund, Transfer
from portal.db.session import Session
from portal.domain.money import ZERO, Money
from portal.services.audit_finding import Finding, Rule, stream
from portal.services.audit_transfers import moved, transfer_faults, with_transfer
from portal.services.ledger_refunds import REFUND
from portal.services.ledger_sides import Side, refund_sides, resident_side, suspense_side
from portal.services.office.invoicing.remaining import left_of_payment

_refund, _payment, _allocation = table_of(Refund), table_of(Payment), table_of(Allocation)
_incoming, _channel, _assignment = table_of(Incoming), table_of(PayChannel), table_of(Assignment)
_transfer = table_of(Transfer)
_WHOSE: Final = (_payment.c.agreement_id, _channel.c.operator_id)


def refund_findings(session: Session) -> Iterator[Finding]:
    """Refunds of more than was paid, of another channel, or that took what was not given."""
    for row in stream(session, _refunds()):
        for sentence in _faults(row):
            yield Finding(Rule.REFUND, _refund.name, row.id, sentence)
    for row in stream(session, _payments()):
        if row.refunded > row.amount:
            sentence = f"возвращено {row.refunded}, а платеж {row.amount}"
            yield Finding(Rule.REFUND, _payment.name, row.id, sentence)
        elif row.left < ZERO:
            sentence = (
                f"после возврата {row.refunded} разнесено на {-row.left} больше, чем осталось"
            )
            yield Finding(Rule.REFUND, _payment.name, row.id, sentence)
    for row in stream(session, _taken()):
        sentence = f"у счета {row.invoice_id} взято на {-row.rest} больше, чем платеж ему дал"
        yield Finding(Rule.REFUND, _payment.name, row.payment_id, sentence)


def refund_transfer_findings(session: Session) -> Iterator[Finding]:
    """Refunds whose transfers are not as they must be."""
    for row in stream(session, _moved()):
        for sentence in _transfer_faults(row):
            yield Finding(Rule.LEDGER, _refund.name, row.id, sentence)


def refund_sums(session: Session) -> Iterator[tuple[tuple[Side, Side], Money]]:
    """What went from the channels out of whose account."""
    whose = (*_WHOSE, _refund.c.channel)
    sums = _with_whose(*whose, func.sum(_refund.c.amount).label("amount")).group_by(*whose)
    for row in session.execute(sums):
        yield refund_sides(_side(row), row.channel), row.amount


def _side(row: Row[Any]) -> Side:
    if row.agreement_id is not None:
        return resident_side(row.agreement_id)
    return suspense_side(row.operator_id)


def _with_whose(*columns: ColumnElement[Any]) -> Select[Any]:
    """Refunds with the agreement or the operator that had the money."""
    return (
        select(*columns)
        .select_from(_refund)
        .outerjoin(_payment, _payment.c.id == _refund.c.payment_id)
        .outerjoin(_incoming, _incoming.c.id == _refund.c.incoming_id)
        .outerjoin(_channel, _channel.c.id == _incoming.c.channel_id)
    )


def _moved() -> Select[Any]:
    """References that lead nowhere are `reference_findings`' to tell."""
    columns = (_refund.c.id, _refund.c.channel, _refund.c.amount, _refund.c.accepted_at)
    refunds = _with_whose(*columns, *_WHOSE, *moved())
    there = _payment.c.id.is_not(None) | _channel.c.id.is_not(None)
    return with_transfer(refunds, _transfer.c.refund_id == _refund.c.id).where(there)


def _transfer_faults(row: Row[Any]) -> Iterator[str]:
    if row.transfer_id is None:
        yield f"возврат {row.amount} без проводки"
        return
    sides = refund_sides(_side(row), row.channel)
    yield from transfer_faults(row, sides, (row.amount, REFUND, row.accepted_at))
    if row.undone_id is not None:
        yield f"проводка {row.transfer_id} возврата что-то сторнирует"


def _refunds() -> Select[Any]:
    taken = select(func.sum(_allocation.c.amount)).where(_allocation.c.refund_id == _refund.c.id)
    return _with_whose(
        _refund.c.id, _refund.c.channel, _refund.c.amount, _refund.c.refunded_at,
        func.coalesce(_payment.c.channel, _channel.c.key).label("paid_through"),
        func.coalesce(_payment.c.paid_at, _incoming.c.paid_at).label("paid_at"),
        _incoming.c.amount.label("held"), _incoming.c.agreement_id.label("credited_to"),
        _assignment.c.agreement_id.label("assigned_to"),
        taken.scalar_subquery().label("taken"),
    ).outerjoin(_assignment, _assignment.c.incoming_id == _incoming.c.id)  # fmt: skip


def _faults(row: Row[Any]) -> Iterator[str]:
    if row.channel != row.paid_through:
        yield f"возврат через «{row.channel}», а заплачено через «{row.paid_through}»"
    if row.paid_at is not None and row.refunded_at < row.paid_at:
        yield "возвращено раньше, чем заплачено"
    if -(row.taken or ZERO) > row.amount:
        yield f"у счетов взято {-row.taken}, а возвращено {row.amount}"
    if row.held is not None and row.held != row.amount:
        yield f"возвращено {row.amount} невыясненного поступления на {row.held}"
    if row.credited_to is not None or row.assigned_to is not None:
        yield "поступление и на договоре, и возвращено"


def _payments() -> Select[Any]:
    """Those of which something went back."""
    sums = (
        select(_refund.c.payment_id, func.sum(_refund.c.amount).label("refunded"))
        .where(_refund.c.payment_id.is_not(None))
        .group_by(_refund.c.payment_id)
        .subquery()
    )
    return select(
        _payment.c.id, _payment.c.amount, sums.c.refunded, left_of_payment().label("left")
    ).join(sums, sums.c.payment_id == _payment.c.id)


def _taken() -> Select[Any]:
    """Payments of which more was taken from an invoice than it was given."""
    parts = (_allocation.c.invoice_id, _allocation.c.amount)
    refunded = select(_refund.c.id).where(_refund.c.payment_id == _allocation.c.payment_id)
    moves = union_all(
        select(_allocation.c.payment_id, *parts).where(refunded.exists()),
        select(_refund.c.payment_id, *parts).join(
            _allocation, _allocation.c.refund_id == _refund.c.id
        ),
    ).subquery()
    rest = func.sum(moves.c.amount)
    return (
        select(moves.c.payment_id, moves.c.invoice_id, rest.label("rest"))
        .where(moves.c.payment_id.is_not(None))
        .group_by(moves.c.payment_id, moves.c.invoice_id)
        .having(rest < ZERO)
    )
