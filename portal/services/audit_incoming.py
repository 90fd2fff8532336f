"""What channels brought: each incoming is one payment, or is held in suspense until it is one."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, select

from portal.db.base import table_of
from portal.db.incoming import Assignment, Conflict, Inbox, Incoming, PayChannel
from portal.db.ledger import Payment, Transfer
from portal.db.parties import Agreement
from portal.db.session import Session
from portal.domain.money import Money
from portal.services.audit_finding import Finding, Rule, stream
from portal.services.audit_paying import paying_findings
from portal.services.audit_transfers import moved, transfer_faults, with_transfer
from portal.services.incoming.crediting import HELD
from portal.services.ledger_sides import Side, channel_side, suspense_side

_channel, _incoming, _inbox = table_of(PayChannel), table_of(Incoming), table_of(Inbox)
_assignment, _conflict = table_of(Assignment), table_of(Conflict)
_payment, _transfer, _agreement = table_of(Payment), table_of(Transfer), table_of(Agreement)
_WAS_HELD = _incoming.c.id.is_not(None) & _incoming.c.agreement_id.is_(None)


def incoming_findings(session: Session) -> Iterator[Finding]:
    """Incomings that became no payment though they should, or another one than they should."""
    for row in stream(session, _incomings()):
        for sentence in _faults(row):
            yield Finding(Rule.INCOMING, _incoming.name, row.id, sentence)
    for row in stream(session, _conflicts()):
        if row.incoming_id is not None:
            sentence = "сообщение и принято, и отклонено"
            yield Finding(Rule.INCOMING, _conflict.name, row.id, sentence)
    yield from paying_findings(session)


def held_findings(session: Session) -> Iterator[Finding]:
    """Transfers into suspense that are not as they must be."""
    for row in stream(session, _held()):
        for sentence in _held_faults(row):
            yield Finding(Rule.LEDGER, _incoming.name, row.id, sentence)


def held_sums(session: Session) -> Iterator[tuple[tuple[Side, Side], Money]]:
    """What suspense got of the channels; and what it gave to agreements, of which the channels'
    payments were already told.
    """
    whose = (_channel.c.key, _channel.c.operator_id)
    into = _of_channel(*whose, func.sum(_incoming.c.amount).label("amount"))
    for row in session.execute(into.where(_WAS_HELD).group_by(*whose)):
        yield (channel_side(row.key), suspense_side(row.operator_id)), row.amount
    out_of = _of_channel(*whose, func.sum(_payment.c.amount).label("amount")).join(
        _payment, _payment.c.incoming_id == _incoming.c.id
    )
    for row in session.execute(out_of.where(_WAS_HELD).group_by(*whose)):
        yield (suspense_side(row.operator_id), channel_side(row.key)), row.amount


def with_origin(*columns: ColumnElement[Any]) -> Select[Any]:
    """Payments, each with what `payment_origin` asks of it."""
    return (
        select(*columns, _channel.c.operator_id.label("held_by"))
        .select_from(_payment)
        .outerjoin(_incoming, (_incoming.c.id == _payment.c.incoming_id) & _WAS_HELD)
        .outerjoin(_channel, _channel.c.id == _incoming.c.channel_id)
    )


def payment_origin(row: Row[Any]) -> Side:
    """Where the money of a row of `with_origin` came from."""
    return channel_side(row.channel) if row.held_by is None else suspense_side(row.held_by)


def _of_channel(*columns: ColumnElement[Any]) -> Select[Any]:
    return (
        select(*columns)
        .select_from(_incoming)
        .join(_channel, _channel.c.id == _incoming.c.channel_id)
    )


def _held() -> Select[Any]:
    """References that lead nowhere are `reference_findings`' to tell."""
    columns = [_incoming.c[name] for name in ("id", "amount", "accepted_at", "agreement_id")]
    held = _of_channel(*columns, _channel.c.key, _channel.c.operator_id, *moved())
    return with_transfer(held, _transfer.c.incoming_id == _incoming.c.id)


def _held_faults(row: Row[Any]) -> Iterator[str]:
    if row.agreement_id is not None:
        if row.transfer_id is not None:
            yield f"деньги договора, а проводка {row.transfer_id} держит их невыясненными"
        return
    if row.transfer_id is None:
        yield f"невыясненное поступление {row.amount} без проводки"
        return
    sides = (channel_side(row.key), suspense_side(row.operator_id))
    yield from transfer_faults(row, sides, (row.amount, HELD, row.accepted_at))
    if row.undone_id is not None:
        yield f"проводка {row.transfer_id} поступления что-то сторнирует"


def _incomings() -> Select[Any]:
    own = ("id", "external_id", "amount", "paid_at", "accepted_at", "agreement_id", "channel_id")
    paid = ("agreement_id", "channel", "external_id", "amount", "paid_at", "accepted_at")
    return (
        select(
            *(_incoming.c[name] for name in own),
            *(_payment.c[name].label(f"payment_{name}") for name in ("id", *paid)),
            _channel.c.key, _channel.c.operator_id, _inbox.c.channel_id.label("told_by"),
            _assignment.c.id.label("assignment_id"), _assignment.c.assigned_at,
            _assignment.c.agreement_id.label("assigned_to"),
            _agreement.c.operator_id.label("agreements_operator"),
        )
        .outerjoin(_channel, _channel.c.id == _incoming.c.channel_id)
        .outerjoin(_inbox, _inbox.c.id == _incoming.c.inbox_id)
        .outerjoin(_assignment, _assignment.c.incoming_id == _incoming.c.id)
        .outerjoin(_payment, _payment.c.incoming_id == _incoming.c.id)
        .outerjoin(_agreement, _agreement.c.id == _payment.c.agreement_id)
    )  # fmt: skip


def _faults(row: Row[Any]) -> Iterator[str]:
    if row.told_by != row.channel_id:
        yield "принято не из того канала, что прислал сообщение"
    if row.agreement_id is not None and row.assignment_id is not None:
        yield f"деньги договора, а назначение {row.assignment_id} отдает их ещё раз"
    is_credited = row.agreement_id is not None or row.assignment_id is not None
    if is_credited and row.payment_id is None:
        yield f"поступление {row.amount} не стало платежом"
    elif row.payment_id is not None and not is_credited:
        yield f"поступление не выяснено, а платеж {row.payment_id} есть"
    elif row.payment_id is not None:
        yield from _payment_faults(row)


def _payment_faults(row: Row[Any]) -> Iterator[str]:
    is_late = row.agreement_id is None
    expected = (
        row.assigned_to if is_late else row.agreement_id, row.key, row.external_id, row.amount,
        row.paid_at, row.assigned_at if is_late else row.accepted_at,
    )  # fmt: skip
    names = ("agreement_id", "channel", "external_id", "amount", "paid_at", "accepted_at")
    if tuple(getattr(row, f"payment_{name}") for name in names) != expected:
        yield f"платеж {row.payment_id} не тот, что поступил"
    if row.agreements_operator != row.operator_id:
        yield f"платеж {row.payment_id} по договору другого исполнителя"


def _conflicts() -> Select[Any]:
    return select(_conflict.c.id, _incoming.c.id.label("incoming_id")).outerjoin(
        _incoming, _incoming.c.inbox_id == _conflict.c.inbox_id
    )
