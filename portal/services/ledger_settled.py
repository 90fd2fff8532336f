"""Posting what is between the operator and those for whom he collects.

A share says what of a payment belongs to one line of an invoice, and what of it the operator keeps:
his commission debits the supplier and credits the operator's income.  A remittance debits the
supplier and credits the operator's bank.  What is below zero moves the other way.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from typing import Any, Final

from portal.db import journal
from portal.db.ledger import Transfer
from portal.db.session import Session
from portal.db.settlements import Remittance, Share
from portal.domain.money import ZERO, Money
from portal.domain.period import Period
from portal.services.ledger import ledger_accounts
from portal.services.ledger_sides import Side, commission_sides, in_order, remittance_sides

COMMISSION: Final = "commission"
REMITTANCE: Final = "remittance"


@dataclass(frozen=True, slots=True)
class NewShare:
    """A share to be posted; `posted_at` is its commission's, which it may have none of."""

    allocation_id: int
    invoice_line_id: int
    operator_id: int
    supplier_id: int | None
    amount: Money
    commission: Money
    period: Period
    posted_at: datetime

    @property
    def sides(self) -> tuple[Side, Side]:
        payee, income = commission_sides(self.operator_id, self.supplier_id)
        return in_order(payee, income, is_owed=self.commission > ZERO)


@dataclass(frozen=True, slots=True)
class NewRemittance:
    """Money that goes on to a supplier; below zero of money that he returns."""

    operator_id: int
    supplier_id: int
    document: str
    amount: Money
    remitted_on: date
    accepted_at: datetime
    officer: str


def post_shares(session: Session, shares: Sequence[NewShare]) -> list[int]:
    """Store shares and the transfers of their commissions; ids in the order given."""
    ids = journal.add_all(session, Share, [_share_row(share) for share in shares])
    paid = [(share, i) for share, i in zip(shares, ids, strict=True) if share.commission]
    sides = ledger_accounts(session, {side for share, _ in paid for side in share.sides})
    rows = [
        _transfer(sides, share.sides, share.commission)
        | {"code": COMMISSION, "posted_at": share.posted_at, "share_id": share_id}
        for share, share_id in paid
    ]
    journal.add_all(session, Transfer, rows)
    return ids


def post_remittance(session: Session, new: NewRemittance) -> int:
    """Store it with its transfer."""
    values = {name: getattr(new, name) for name in NewRemittance.__slots__}
    remittance_id = journal.add(session, Remittance, **values)
    supplier, bank = remittance_sides(new.operator_id, new.supplier_id)
    pair = in_order(supplier, bank, is_owed=new.amount > ZERO)
    sides = ledger_accounts(session, set(pair))
    journal.add(
        session, Transfer, **_transfer(sides, pair, new.amount), code=REMITTANCE,
        posted_at=new.accepted_at, remittance_id=remittance_id,
    )  # fmt: skip
    return remittance_id


def beginning_of(period: Period, zone: tzinfo) -> datetime:
    day = period.first_day
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def moment_within(period: Period, moment: datetime, zone: tzinfo) -> datetime:
    """When a commission is posted: as the money came, or else as its month begins."""
    return max(moment, beginning_of(period, zone))


def _share_row(share: NewShare) -> dict[str, Any]:
    names = ("allocation_id", "invoice_line_id", "amount", "commission", "period")
    return {name: getattr(share, name) for name in names}


def _transfer(sides: dict[Side, int], pair: tuple[Side, Side], amount: Money) -> dict[str, Any]:
    debit, credit = pair
    return {
        "debit_id": sides[debit],
        "credit_id": sides[credit],
        "amount": abs(amount),
    }
