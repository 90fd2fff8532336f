"""Posting: every charge and payment with its transfer, in one place (what is between the operator
and those for whom he collects: `ledger_settled`).

A charge debits the resident's agreement and credits whose money it is (`ledger_sides`); a payment
debits the channel and credits the agreement.  A reversal is the opposite transfer and names what
it reverses.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from operator import attrgetter
from typing import Any, Final

from sqlalchemy import Select, select

from portal.db import journal
from portal.db.among import among, is_among, places_for
from portal.db.base import table_of
from portal.db.bulk import Columns
from portal.db.ledger import Charge, LedgerAccount, Payment, Stated, Transfer
from portal.db.session import Session
from portal.domain.charging.line import Part
from portal.domain.made import made_often
from portal.domain.money import Money
from portal.domain.period import Period
from portal.domain.proof import Proof
from portal.domain.quantity import Price, Quantity
from portal.domain.settlement import Scheme
from portal.services.ledger_sides import (
    Side,
    channel_side,
    in_order,
    payee_side,
    resident_side,
    suspense_side,
)

_ledger_account = table_of(LedgerAccount)
_transfer = table_of(Transfer)


@made_often(frozen=True, slots=True)
class NewCharge:
    """A charge to be posted; `amount` zero is stored without a transfer.  `for_period`, `band_id`
    and the rest are as in the table.
    """

    agreement_id: int
    operator_id: int
    account_id: int
    service_id: int
    period: Period
    posted_at: datetime
    volume: Quantity
    price_id: int
    price: Price
    amount: Money
    proof: Proof
    reading_id: int | None = None
    reverses_id: int | None = None
    key: str | None = None
    part: str = Part.BASE
    for_period: Period | None = None
    corrects_id: int | None = None
    band_id: int | None = None
    supplier_id: int | None = None
    scheme: str = Scheme.OWN

    @property
    def payee(self) -> Side:
        return payee_side(self.scheme, self.operator_id, self.supplier_id)


@dataclass(frozen=True, slots=True)
class NewPayment:
    """Money that came in through a channel; `held_by` is the operator who held it in suspense,
    `stated` the invoices that the payer named, in his order.
    """

    agreement_id: int
    channel: str
    external_id: str
    amount: Money
    paid_at: datetime
    accepted_at: datetime
    note: str | None = None
    incoming_id: int | None = None
    held_by: int | None = None
    stated: tuple[int, ...] = ()

    @property
    def origin(self) -> Side:
        return channel_side(self.channel) if self.held_by is None else suspense_side(self.held_by)


_CHARGE: Final = tuple(name for name in NewCharge.__slots__ if name != "operator_id")
_of_charge = attrgetter(*_CHARGE)
_PAYMENT: Final = tuple(name for name in NewPayment.__slots__ if name not in {"held_by", "stated"})
_TRANSFER: Final = (
    "debit_id", "credit_id", "amount", "code", "posted_at", "charge_id", "reverses_id",
)  # fmt: skip


def post_charges(session: Session, charges: Sequence[NewCharge]) -> list[int]:
    """Store charges and their transfers; ids in the order given."""
    if not charges:
        return []
    by_columns = zip(*map(_of_charge, charges), strict=True)
    columns: Columns = dict(zip(_CHARGE, by_columns, strict=True))
    # The plain words: the journal's digests are of them.
    plain = {name: list(map(str, columns[name])) for name in ("part", "scheme")}
    ids = journal.add_columns(session, Charge, {**columns, **plain})
    parties = [(resident_side(charge.agreement_id), charge.payee) for charge in charges]
    sides = ledger_accounts(session, {side for both in parties for side in both})
    reversed_by = _transfers_of(session, [c.reverses_id for c in charges if c.reverses_id])
    rows = [
        _transfer_row(charge, charge_id, both, sides, reversed_by)
        for charge, charge_id, both in zip(charges, ids, parties, strict=True)
        if charge.amount
    ]
    # Without a row there are no columns either.
    transfers = dict(zip(_TRANSFER, zip(*rows, strict=True), strict=False))
    journal.add_columns(session, Transfer, transfers)
    return ids


def post_payments(session: Session, payments: Sequence[NewPayment]) -> list[int]:
    """Store payments, what they name and their transfers; ids in the order given."""
    ids = journal.add_all(session, Payment, [_payment_row(payment) for payment in payments])
    journal.add_all(session, Stated, list(_stated_rows(payments, ids)))
    owners = {resident_side(payment.agreement_id) for payment in payments}
    owners |= {payment.origin for payment in payments}
    sides = ledger_accounts(session, owners)
    rows = [
        {
            "debit_id": sides[payment.origin],
            "credit_id": sides[resident_side(payment.agreement_id)],
            "amount": payment.amount,
            "code": "payment",
            "posted_at": payment.accepted_at,
            "payment_id": payment_id,
        }
        for payment, payment_id in zip(payments, ids, strict=True)
    ]
    journal.add_all(session, Transfer, rows)
    return ids


def _payment_row(payment: NewPayment) -> dict[str, Any]:
    return {name: getattr(payment, name) for name in _PAYMENT}


def _stated_rows(payments: Sequence[NewPayment], ids: Sequence[int]) -> Iterator[dict[str, Any]]:
    """A document that is named twice is named where it comes first."""
    for payment, payment_id in zip(payments, ids, strict=True):
        for position, invoice_id in enumerate(dict.fromkeys(payment.stated)):
            yield {"payment_id": payment_id, "position": position, "invoice_id": invoice_id}


def _transfer_row(
    charge: NewCharge,
    charge_id: int,
    parties: tuple[Side, Side],
    sides: Mapping[Side, int],
    reversed_by: Mapping[int, int],
) -> tuple[Any, ...]:
    debit, credit = in_order(*parties, is_owed=charge.amount.kopecks > 0)
    undone = charge.reverses_id
    return (
        sides[debit], sides[credit], abs(charge.amount), "reversal" if undone else "charge",
        charge.posted_at, charge_id, reversed_by.get(undone) if undone else None,
    )  # fmt: skip


def _transfers_of(session: Session, charge_ids: Sequence[int]) -> dict[int, int]:
    if not charge_ids:
        return {}
    rows = session.execute(_transfers(places_for(charge_ids)), among("charge", charge_ids))
    return {int(charge_id): int(transfer_id) for charge_id, transfer_id in rows}


@cache
def _transfers(places: int) -> Select[Any]:
    return select(_transfer.c.charge_id, _transfer.c.id).where(
        is_among(_transfer.c.charge_id, "charge", places)
    )


def ledger_accounts(session: Session, owners: set[Side]) -> dict[Side, int]:
    """The ids of ledger accounts, which are opened with their first transfer."""
    wanted = sorted(owners)
    kinds, names = [kind for kind, _ in wanted], [owner for _, owner in wanted]
    parameters = among("kind", kinds) | among("owner", names)
    rows = session.execute(_sides(places_for(wanted)), parameters)
    known = {(kind, owner): int(row_id) for kind, owner, row_id in rows}
    new = [side for side in wanted if side not in known]
    opened = [{"kind": kind, "owner": owner} for kind, owner in new]
    return known | dict(zip(new, journal.add_all(session, LedgerAccount, opened), strict=True))


@cache
def _sides(places: int) -> Select[Any]:
    """May find more than was asked for: it takes kinds and owners each by itself."""
    columns = (_ledger_account.c.kind, _ledger_account.c.owner, _ledger_account.c.id)
    return select(*columns).where(
        is_among(_ledger_account.c.kind, "kind", places),
        is_among(_ledger_account.c.owner, "owner", places),
    )
