"""What the audit asks of a transfer, whatever it comes of."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Row, Select

from portal.db.base import table_of
from portal.db.ledger import LedgerAccount, Transfer
from portal.services.ledger_sides import Side

_transfer, _ledger_account = table_of(Transfer), table_of(LedgerAccount)
_debit, _credit = _ledger_account.alias("debit"), _ledger_account.alias("credit")


def moved() -> list[ColumnElement[Any]]:
    """The columns of a transfer that its faults are told by."""
    return [
        _transfer.c.id.label("transfer_id"), _transfer.c.amount.label("moved"), _transfer.c.code,
        _transfer.c.posted_at.label("moved_at"), _transfer.c.reverses_id.label("undone_id"),
        _debit.c.kind.label("debit_kind"), _debit.c.owner.label("debit_owner"),
        _credit.c.kind.label("credit_kind"), _credit.c.owner.label("credit_owner"),
    ]  # fmt: skip


def with_transfer(statement: Select[Any], comes_of: ColumnElement[bool]) -> Select[Any]:
    """The rows of `statement` with the transfer of each, or without."""
    return (
        statement.outerjoin(_transfer, comes_of)
        .outerjoin(_debit, _debit.c.id == _transfer.c.debit_id)
        .outerjoin(_credit, _credit.c.id == _transfer.c.credit_id)
    )


def transfer_faults(
    row: Row[Any], sides: tuple[Side, Side], facts: tuple[Any, ...]
) -> Iterator[str]:
    """`facts` are the sum, the code and the moment that the transfer must have."""
    debit, credit = (row.debit_kind, row.debit_owner), (row.credit_kind, row.credit_owner)
    if (debit, credit) != sides:
        yield f"проводка {row.transfer_id}: не те счета, {debit} и {credit} вместо {sides}"
    if (row.moved, row.code, row.moved_at) != facts:
        yield (
            f"проводка {row.transfer_id}: {row.moved} «{row.code}» {row.moved_at:%d.%m.%Y %H:%M:%S}"
            f" вместо {facts[0]} «{facts[1]}» {facts[2]:%d.%m.%Y %H:%M:%S}"
        )
