"""The double entry: every source has its transfer, every balance follows from its sources."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import chain
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Row, Select, case, func, select

from portal.db.base import table_of
from portal.db.ledger import Charge, LedgerAccount, Payment, Transfer
from portal.db.parties import Agreement
from portal.db.session import Session
from portal.domain.money import ZERO, Money
from portal.services.audit_finding import Finding, Rule, stream
from portal.services.audit_incoming import held_findings, held_sums, payment_origin, with_origin
from portal.services.audit_refunds import refund_sums, refund_transfer_findings
from portal.services.audit_settled import settled_sums, settled_transfer_findings
from portal.services.audit_transfers import moved, transfer_faults, with_transfer
from portal.services.ledger_sides import Side, in_order, payee_side, resident_side

_charge, _payment, _transfer = table_of(Charge), table_of(Payment), table_of(Transfer)
_agreement, _ledger_account = table_of(Agreement), table_of(LedgerAccount)
_undone = _transfer.alias("undone")
_SOURCES = ("charge_id", "payment_id", "share_id", "remittance_id", "incoming_id", "refund_id")
_SUMMED = {"resident": "платежи минус возвраты и списания"}


def ledger_findings(session: Session) -> Iterator[Finding]:
    """Charges, payments and what is between the parties whose transfers are not as they must be."""
    for row in stream(session, _charges()):
        for sentence in _charge_faults(row):
            yield Finding(Rule.LEDGER, _charge.name, row.id, sentence)
    for row in stream(session, _payments()):
        for sentence in _payment_faults(row):
            yield Finding(Rule.LEDGER, _payment.name, row.id, sentence)
    yield from held_findings(session)
    yield from refund_transfer_findings(session)
    yield from settled_transfer_findings(session)
    for row in stream(session, _without_source()):
        yield Finding(Rule.LEDGER, _transfer.name, row.id, "у проводки нет ровно одного основания")


def balance_findings(session: Session) -> Iterator[Finding]:
    """Balances that do not follow from payments and charges, and a ledger out of balance."""
    due = _due(session)
    rest = ZERO
    for row in session.execute(_balances()):
        balance = (row.credit or ZERO) - (row.debit or ZERO)
        rest += balance
        expected = due.pop((row.kind, row.owner), ZERO)
        if balance != expected:
            sentence = f"сальдо {balance}, а {_SUMMED.get(row.kind, 'основания')} дают {expected}"
            yield Finding(Rule.BALANCE, _ledger_account.name, row.id, sentence)
    for (kind, owner), expected in sorted(due.items()):
        if expected:
            sentence = f"{_missing(kind, owner)} в книге нет, а сальдо должно быть {expected}"
            yield Finding(Rule.BALANCE, _ledger_account.name, 0, sentence)
    if rest:
        sentence = f"дебет не равен кредиту, разница {rest}"
        yield Finding(Rule.BALANCE, _ledger_account.name, 0, sentence)


def _missing(kind: str, owner: str) -> str:
    return f"счета договора {owner}" if kind == "resident" else f"счета {kind} {owner}"


def _charges() -> Select[Any]:
    charges = (
        select(
            _charge.c.id, _charge.c.agreement_id, _charge.c.amount, _charge.c.posted_at,
            _charge.c.reverses_id, _charge.c.scheme, _charge.c.supplier_id,
            _agreement.c.operator_id,
            _undone.c.id.label("expected_undone_id"), *moved(),
        )
        .outerjoin(_agreement, _agreement.c.id == _charge.c.agreement_id)
        .outerjoin(_undone, _undone.c.charge_id == _charge.c.reverses_id)
    )  # fmt: skip
    return with_transfer(charges, _transfer.c.charge_id == _charge.c.id)


def _charge_faults(row: Row[Any]) -> Iterator[str]:
    if row.transfer_id is None:
        if row.amount:
            yield f"списание {row.amount} без проводки"
        return
    if not row.amount:
        yield "списание нулевое, а проводка есть"
    resident = resident_side(row.agreement_id)
    payee = payee_side(row.scheme, row.operator_id, row.supplier_id)
    sides = in_order(resident, payee, is_owed=row.amount > ZERO)
    code = "charge" if row.reverses_id is None else "reversal"
    yield from transfer_faults(row, sides, (abs(row.amount), code, row.posted_at))
    if row.undone_id != row.expected_undone_id:
        yield f"проводка {row.transfer_id} сторнирует не проводку сторнированного списания"


def _payments() -> Select[Any]:
    payments = with_origin(
        _payment.c.id, _payment.c.agreement_id, _payment.c.channel, _payment.c.amount,
        _payment.c.accepted_at, *moved(),
    )  # fmt: skip
    return with_transfer(payments, _transfer.c.payment_id == _payment.c.id)


def _payment_faults(row: Row[Any]) -> Iterator[str]:
    if row.transfer_id is None:
        yield f"платеж {row.amount} без проводки"
        return
    sides = (payment_origin(row), resident_side(row.agreement_id))
    yield from transfer_faults(row, sides, (row.amount, "payment", row.accepted_at))
    if row.undone_id is not None:
        yield f"проводка {row.transfer_id} платежа что-то сторнирует"


def _without_source() -> Select[Any]:
    """Transfers of nothing, or of several at once."""
    sources = [_transfer.c[name] for name in _SOURCES]
    told = [case((source.is_(None), 0), else_=1) for source in sources]
    return select(_transfer.c.id).where(sum(told[1:], told[0]) != 1)


def _balances() -> Select[Any]:
    debit, credit = _moved(_transfer.c.debit_id), _moved(_transfer.c.credit_id)
    return (
        select(
            _ledger_account.c.id, _ledger_account.c.kind, _ledger_account.c.owner,
            debit.c.moved.label("debit"), credit.c.moved.label("credit"),
        )
        .outerjoin(debit, debit.c.id == _ledger_account.c.id)
        .outerjoin(credit, credit.c.id == _ledger_account.c.id)
    )  # fmt: skip


def _moved(side: ColumnElement[Any]) -> FromClause:
    return (
        select(side.label("id"), func.sum(_transfer.c.amount).label("moved"))
        .group_by(side)
        .subquery()
    )


def _due(session: Session) -> dict[Side, Money]:
    """What every ledger account must have, from what the transfers come of."""
    due: dict[Side, Money] = defaultdict(lambda: ZERO)
    for row in session.execute(_charged()):
        due[payee_side(row.scheme, row.operator_id, row.supplier_id)] += row.amount
    for table, sign in ((_payment, 1), (_charge, -1)):
        sums = select(table.c.agreement_id, func.sum(table.c.amount)).group_by(table.c.agreement_id)
        for agreement_id, total in session.execute(sums):
            due[resident_side(agreement_id)] += Money(sign * total.kopecks)
    channels = select(_payment.c.channel, func.sum(_payment.c.amount)).group_by(_payment.c.channel)
    for channel, total in session.execute(channels):
        due["channel", channel] -= total
    for (debit, credit), amount in chain(
        held_sums(session), refund_sums(session), settled_sums(session)
    ):
        due[debit] -= amount
        due[credit] += amount
    return due


def _charged() -> Select[Any]:
    whose = (_agreement.c.operator_id, _charge.c.scheme, _charge.c.supplier_id)
    return (
        select(*whose, func.sum(_charge.c.amount).label("amount"))
        .join(_agreement, _agreement.c.id == _charge.c.agreement_id)
        .group_by(*whose)
    )
