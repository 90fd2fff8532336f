"""The double entry: every source has its transfer, every balance follows from its sources."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Row,
    Select,
    String,
    case,
    cast,
    func,
    literal,
    select,
)

from portal.db.base import table_of
from portal.db.ledger import Charge, LedgerAccount, Payment, Transfer
from portal.db.parties import Agreement
from portal.db.session import Session
from portal.domain.money import ZERO, Money
from portal.services.audit_finding import Finding, Rule, stream
from portal.services.ledger_sides import Side, in_order, payee_side, resident_side

_charge, _payment, _transfer = table_of(Charge), table_of(Payment), table_of(Transfer)
_agreement, _ledger_account = table_of(Agreement), table_of(LedgerAccount)
_debit, _credit = _ledger_account.alias("debit"), _ledger_account.alias("credit")
_undone = _transfer.alias("undone")


def ledger_findings(session: Session) -> Iterator[Finding]:
    """Charges and payments whose transfers are not as they must be."""
    for row in stream(session, _charges()):
        for sentence in _charge_faults(row):
            yield Finding(Rule.LEDGER, _charge.name, row.id, sentence)
    for row in stream(session, _payments()):
        for sentence in _payment_faults(row):
            yield Finding(Rule.LEDGER, _payment.name, row.id, sentence)
    for row in stream(session, _without_source()):
        yield Finding(Rule.LEDGER, _transfer.name, row.id, "у проводки нет ровно одного основания")


def balance_findings(session: Session) -> Iterator[Finding]:
    """Balances that do not follow from payments and charges, and a ledger out of balance."""
    due = _due(session)
    rest = ZERO
    for row in session.execute(_balances()):
        balance = (row.credit or ZERO) - (row.debit or ZERO)
        rest += balance
        expected = due.pop(row.owner, ZERO) if row.kind == "resident" else balance
        if balance != expected:
            sentence = f"сальдо {balance}, а платежи минус списания дают {expected}"
            yield Finding(Rule.BALANCE, _ledger_account.name, row.id, sentence)
    for owner, expected in sorted(due.items()):
        if expected:
            sentence = f"счета договора {owner} в книге нет, а сальдо должно быть {expected}"
            yield Finding(Rule.BALANCE, _ledger_account.name, 0, sentence)
    if rest:
        sentence = f"дебет не равен кредиту, разница {rest}"
        yield Finding(Rule.BALANCE, _ledger_account.name, 0, sentence)


def _sides() -> list[ColumnElement[Any]]:
    return [
        _transfer.c.id.label("transfer_id"), _transfer.c.amount.label("moved"), _transfer.c.code,
        _transfer.c.posted_at.label("moved_at"), _transfer.c.reverses_id.label("undone_id"),
        _debit.c.kind.label("debit_kind"), _debit.c.owner.label("debit_owner"),
        _credit.c.kind.label("credit_kind"), _credit.c.owner.label("credit_owner"),
    ]  # fmt: skip


def _charges() -> Select[Any]:
    return (
        select(
            _charge.c.id, _charge.c.agreement_id, _charge.c.amount, _charge.c.posted_at,
            _charge.c.reverses_id, _charge.c.scheme, _charge.c.supplier_id,
            _agreement.c.operator_id,
            _undone.c.id.label("expected_undone_id"), *_sides(),
        )
        .outerjoin(_agreement, _agreement.c.id == _charge.c.agreement_id)
        .outerjoin(_transfer, _transfer.c.charge_id == _charge.c.id)
        .outerjoin(_undone, _undone.c.charge_id == _charge.c.reverses_id)
        .outerjoin(_debit, _debit.c.id == _transfer.c.debit_id)
        .outerjoin(_credit, _credit.c.id == _transfer.c.credit_id)
    )  # fmt: skip


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
    size = row.amount if row.amount > ZERO else -row.amount
    yield from _transfer_faults(row, sides, (size, code, row.posted_at))
    if row.undone_id != row.expected_undone_id:
        yield f"проводка {row.transfer_id} сторнирует не проводку сторнированного списания"


def _payments() -> Select[Any]:
    return (
        select(
            _payment.c.id, _payment.c.agreement_id, _payment.c.channel, _payment.c.amount,
            _payment.c.accepted_at, *_sides(),
        )
        .outerjoin(_transfer, _transfer.c.payment_id == _payment.c.id)
        .outerjoin(_debit, _debit.c.id == _transfer.c.debit_id)
        .outerjoin(_credit, _credit.c.id == _transfer.c.credit_id)
    )  # fmt: skip


def _payment_faults(row: Row[Any]) -> Iterator[str]:
    if row.transfer_id is None:
        yield f"платеж {row.amount} без проводки"
        return
    sides = (("channel", row.channel), resident_side(row.agreement_id))
    yield from _transfer_faults(row, sides, (row.amount, "payment", row.accepted_at))
    if row.undone_id is not None:
        yield f"проводка {row.transfer_id} платежа что-то сторнирует"


def _transfer_faults(
    row: Row[Any], sides: tuple[Side, Side], facts: tuple[Any, ...]
) -> Iterator[str]:
    debit, credit = (row.debit_kind, row.debit_owner), (row.credit_kind, row.credit_owner)
    if (debit, credit) != sides:
        yield f"проводка {row.transfer_id}: не те счета, {debit} и {credit} вместо {sides}"
    if (row.moved, row.code, row.moved_at) != facts:
        yield (
            f"проводка {row.transfer_id}: {row.moved} «{row.code}» {row.moved_at:%d.%m.%Y %H:%M:%S}"
            f" вместо {facts[0]} «{facts[1]}» {facts[2]:%d.%m.%Y %H:%M:%S}"
        )


def _without_source() -> Select[Any]:
    """Transfers of nothing, or of two things at once."""
    sources = (
        _transfer.c.charge_id, _transfer.c.payment_id, _transfer.c.share_id,
        _transfer.c.remittance_id,
    )  # fmt: skip
    said = [case((source.is_(None), 0), else_=1) for source in sources]
    return select(_transfer.c.id).where(sum(said, literal(0)) != 1)


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


def _due(session: Session) -> dict[str, Money]:
    """Payments minus charges of each agreement, by its id as the ledger writes it."""
    due: dict[str, Money] = {}
    for table, sign in ((_payment, 1), (_charge, -1)):
        owner = cast(table.c.agreement_id, String)
        sums = select(owner, func.sum(table.c.amount)).group_by(table.c.agreement_id)
        for agreement, total in session.execute(sums):
            due[agreement] = due.get(agreement, ZERO) + Money(sign * total.kopecks)
    return due
