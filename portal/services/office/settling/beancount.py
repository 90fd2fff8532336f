"""The ledger in the words of beancount, a bookkeeping program that is not ours.

Debits are positive there.  Each account's balance is summed by the database and asserted without
any tolerance, so that whoever reads the file checks our sums with his own.
"""

from collections.abc import Iterator
from datetime import UTC, date, timedelta
from typing import Any, Final

from sqlalchemy import Select, func, select

from portal.db.base import table_of
from portal.db.ledger import LedgerAccount, Transfer
from portal.db.session import Session
from portal.domain.money import ZERO, Money
from portal.services.audit_finding import stream

_account, _transfer = table_of(LedgerAccount), table_of(Transfer)
_OPENED: Final = "1970-01-01"
_ROOTS: Final = {
    "resident": "Assets:Residents",
    "channel": "Assets:Channels",
    "bank": "Assets:Bank",
    "suspense": "Liabilities:Suspense",
    "income": "Income:Operators",
    "supplier": "Liabilities:Suppliers",
    "supplier_direct": "Equity:DirectSuppliers",
}


def ledger_lines(session: Session) -> Iterator[str]:
    """The whole file, line by line; days are UTC's."""
    if session.is_postgresql:
        session.connection.execution_options(isolation_level="REPEATABLE READ")
    yield 'option "title" "ЖКХ"'
    yield 'option "operating_currency" "RUB"'
    names: dict[int, str] = {}
    for row in session.execute(select(_account).order_by(_account.c.id)):
        names[row.id] = f"{_ROOTS[row.kind]}:L{row.id}"
        yield f"{_OPENED} open {names[row.id]} RUB"
        yield f'  owner: "{_quoted(row.owner)}"'
    last = date.min
    for row in stream(session, select(_transfer).order_by(_transfer.c.id)):
        day = row.posted_at.astimezone(UTC).date()
        last = max(last, day)
        yield f'{day} * "{row.code} {row.id}"'
        yield f"  {names[row.debit_id]}  {_roubles(row.amount)} RUB"
        yield f"  {names[row.credit_id]}  {_roubles(-row.amount)} RUB"
    if names and last > date.min:
        yield from _balances(session, names, last + timedelta(1))


def _balances(session: Session, names: dict[int, str], day: date) -> Iterator[str]:
    """Of every account as the last day has ended."""
    out = {row.id: row.moved for row in session.execute(_moved("credit_id"))}
    into = {row.id: row.moved for row in session.execute(_moved("debit_id"))}
    for account_id, name in names.items():
        balance = into.get(account_id, ZERO) - out.get(account_id, ZERO)
        yield f"{day} balance {name}  {_roubles(balance)} ~ 0 RUB"


def _moved(side: str) -> Select[Any]:
    column = _transfer.c[side]
    return select(column.label("id"), func.sum(_transfer.c.amount).label("moved")).group_by(column)


def _roubles(amount: Money) -> str:
    return amount.plain.replace(",", ".")


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
