"""What the house paid in a month: the bills that were issued as it began, and some old debts."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import Select, bindparam, func, select

from portal.db.base import table_of
from portal.db.invoices import Invoice
from portal.db.parties import Agreement
from portal.db.session import Session
from portal.db.suppliers import Supplier
from portal.db.types import PeriodType
from portal.domain.money import ZERO, Money
from portal.domain.period import Period
from portal.imports.demo.cast import Flat, dice, flats
from portal.imports.demo.supplies import Row
from portal.imports.demo.timeline import Timeline, at

_CHANNELS = ("sbp", "sbp", "bank", "bank", "card", "terminal", "cash")
_GUEST_UNPAID, _GUEST_PARTLY, _GUEST_LATE = 1, 2, 6
"""How many months ago the guest's bills are for that are unpaid, paid in part, were paid late."""
_LATER = 2
"""So many months after the others pays whoever pays late: his debt has cost a penalty by then."""
_STATES_NUMBER, _PAYS_LATE = 3 / 4, 2 / 3
_agreement, _invoice, _supplier = table_of(Agreement), table_of(Invoice), table_of(Supplier)


@dataclass(frozen=True, slots=True)
class _Bill:
    """As it was issued; `payee` is the key of a supplier, empty where it is the operator."""

    flat: Flat
    agreement: str
    number: str
    period: Period
    issued_on: date
    total: Money
    payee: str

    @property
    def is_of_network(self) -> bool:
        return self.agreement != self.flat.agreement

    @property
    def half(self) -> Money:
        """Hundreds of roubles."""
        return Money(self.total.kopecks // 2 // 100_00 * 100_00)

    def dice(self, about: str) -> Random:
        return dice(self.agreement, self.period, self.payee, about)


def payments(session: Session, time: Timeline, period: Period) -> list[Row]:
    """In the month after `period`, as far as it has passed; in the order of time."""
    rows = [_at_once(bill, time) for bill in _bills(session, period)]
    rows += [_late(bill, time) for bill in _bills(session, period.shifted(-_LATER))]
    paid = [row for row in rows if row is not None and time.is_over(row["paid_at"].date())]
    return sorted(paid, key=lambda row: row["paid_at"])


def _bills(session: Session, period: Period) -> Iterator[_Bill]:
    whose = {
        number: flat for flat in flats() for number in (flat.agreement, flat.internet_agreement)
    }
    for row in session.execute(_issued(), {"period": period}):
        if row.agreement in whose:
            yield _Bill(whose[row.agreement], *row)


def _issued() -> Select[Any]:
    return (
        select(
            _agreement.c.number.label("agreement"), _invoice.c.number, _invoice.c.period,
            _invoice.c.issued_on, _invoice.c.total, func.coalesce(_supplier.c.key, ""),
        )
        .join(_agreement, _agreement.c.id == _invoice.c.agreement_id)
        .outerjoin(_supplier, _supplier.c.id == _invoice.c.supplier_id)
        .where(_invoice.c.period == bindparam("period", type_=PeriodType))
        .order_by(_invoice.c.id)
    )  # fmt: skip


def _at_once(bill: _Bill, time: Timeline) -> Row | None:
    """In the days after it was issued.  The network takes its money by itself, minutes after."""
    amount, chance = _part_at_once(bill, time), bill.dice("payment")
    if bill.is_of_network:
        return _row(bill, amount, "card", at(bill.issued_on, 0, chance.randint(5, 59)))
    day = bill.issued_on + timedelta(chance.randint(1, 12))
    paid_at = at(day, chance.randint(8, 22), chance.randint(0, 59))
    is_told = bill.flat.is_guest or bool(bill.payee) or chance.random() < _STATES_NUMBER
    return _row(bill, amount, chance.choice(_CHANNELS), paid_at, is_told=is_told)


def _late(bill: _Bill, time: Timeline) -> Row | None:
    """For old debts people pay without stating a number: it goes to what fell due first.  What is
    not the operator's is found by its number only, so it stays unpaid.
    """
    chance = bill.dice("late")
    is_paid = chance.random() < _PAYS_LATE or bill.flat.is_guest
    if bill.payee or not is_paid:
        return None
    month = bill.period.shifted(_LATER + 1)
    paid_at = at(date(month.year, month.month, chance.randint(14, 27)), chance.randint(8, 22))
    rest = bill.total - _part_at_once(bill, time)
    return _row(bill, rest, chance.choice(_CHANNELS), paid_at, is_told=False)


def _row(
    bill: _Bill, amount: Money, channel: str, paid_at: datetime, *, is_told: bool = True
) -> Row | None:
    """`is_told`: the number of the bill was stated."""
    if amount <= ZERO:
        return None
    number = bill.dice(channel).randint(10_000_000, 99_999_999)
    row = {
        "channel": channel,
        "external_id": f"{paid_at:%Y-%m}-{number}-{bill.flat.number}",
        "agreement": bill.agreement,
        "amount": amount.plain,
        "paid_at": paid_at,
    }
    return row | {"invoices": [{"number": bill.number, "amount": amount.plain}]} if is_told else row


def _part_at_once(bill: _Bill, time: Timeline) -> Money:
    """What is owed to others than the operator is paid whole or not at all."""
    if bill.is_of_network:
        return bill.total
    if bill.flat.is_guest:
        return _guests_part(bill, time.current.months_since(bill.period))
    if not bill.flat.is_careless:
        return bill.total
    some = bill.total if bill.payee else bill.half
    return bill.dice("careless").choice((ZERO, some, bill.total, bill.total))


def _guests_part(bill: _Bill, months_ago: int) -> Money:
    if months_ago == _GUEST_UNPAID:
        return ZERO
    if bill.payee:
        return bill.total
    return {_GUEST_PARTLY: bill.half, _GUEST_LATE: ZERO}.get(months_ago, bill.total)
