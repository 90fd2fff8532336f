"""The house's invoices and payments, for what was charged."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import Row as Found
from sqlalchemy import Select, select

from portal.db.base import table_of
from portal.db.ledger import Charge
from portal.db.parties import Agreement
from portal.db.session import Session
from portal.domain.calendar import DUE_DAYS, Calendar, due_on
from portal.domain.money import ZERO, Money
from portal.domain.period import Period
from portal.imports.demo.cast import Flat, dice, flats
from portal.imports.demo.supplies import Row
from portal.imports.demo.timeline import Timeline, at, written

_CHANNELS = ("sbp", "sbp", "bank", "bank", "card", "terminal", "cash")
_GUEST_UNPAID, _GUEST_PARTLY = 1, 2
"""How many months ago the guest's unpaid and partly paid invoices are for."""
_agreement, _charge = table_of(Agreement), table_of(Charge)


@dataclass(frozen=True, slots=True)
class _Month:
    """What one agreement was charged in a month; nothing that came to nothing is billed."""

    flat: Flat
    agreement: str
    period: Period
    issued_on: date
    charges: Sequence[str]
    total: Money

    @property
    def number(self) -> str:
        return f"{self.agreement}-{self.period}"

    @property
    def is_of_network(self) -> bool:
        return self.agreement != self.flat.agreement


def papers(session: Session, time: Timeline) -> dict[str, list[Row]]:
    """Each invoice with the payment that pays it, if there was one."""
    document: dict[str, list[Row]] = {"invoices": [], "payments": []}
    for month in _months(session, time):
        document["invoices"].append(_invoice(month))
        payment = _payment(month, time)
        document["payments"] += [payment] if payment else []
    return document


def _months(session: Session, time: Timeline) -> Iterator[_Month]:
    """Those that are billed by now, by the agreement."""
    columns = (_agreement.c.number, _charge.c.period, _charge.c.key, _charge.c.amount)
    query: Select[Any] = (
        select(*columns)
        .join(_agreement, _agreement.c.id == _charge.c.agreement_id)
        .where(_charge.c.amount != ZERO)
        .order_by(_agreement.c.id, _charge.c.period, _charge.c.posted_at, _charge.c.id)
    )
    whose = _by_agreement()
    for (agreement, period), rows in groupby(
        session.execute(query), attrgetter("number", "period")
    ):
        if agreement in whose:
            yield from _billed(whose[agreement], agreement, period, list(rows), time)


def _by_agreement() -> Mapping[str, Flat]:
    return {
        number: flat for flat in flats() for number in (flat.agreement, flat.internet_agreement)
    }


def _billed(
    flat: Flat, agreement: str, period: Period, rows: Iterable[Found[Any]], time: Timeline
) -> Iterator[_Month]:
    """The company bills a month that is over, the network the month that begins."""
    is_companys = agreement == flat.agreement
    issued_on = period.shifted(1).first_day if is_companys else period.first_day
    if time.is_over(issued_on) or (is_companys and issued_on == time.today):
        charges, amounts = zip(*((row.key, row.amount) for row in rows), strict=True)
        yield _Month(flat, agreement, period, issued_on, charges, Money.total(amounts))


def _invoice(month: _Month) -> Row:
    paid_with = Period.of(month.issued_on).shifted(-1)
    return {
        "number": month.number,
        "agreement": month.agreement,
        "period": str(month.period),
        "issued_on": month.issued_on,
        "due_on": due_on(paid_with, DUE_DAYS, Calendar()),
        "charges": list(month.charges),
        "total": written(month.total),
    }


def _payment(month: _Month, time: Timeline) -> Row | None:
    chance = dice(month.agreement, month.period, "payment")
    # The network takes its money by itself, minutes after the bill.
    wait = 0 if month.is_of_network else chance.randint(1, 12)
    day = month.issued_on + timedelta(days=wait)
    amount = month.total if month.is_of_network else _paid_part(month, time)
    if amount <= ZERO or not time.is_over(day):
        return None
    number = f"{month.period}-{chance.randint(10_000_000, 99_999_999)}-{month.flat.number}"
    hour = 0 if month.is_of_network else chance.randint(8, 22)
    return {
        "channel": "card" if month.is_of_network else chance.choice(_CHANNELS),
        "external_id": number,
        "agreement": month.agreement,
        "amount": written(amount),
        "paid_at": at(day, hour, chance.randint(5, 59)),
        "invoices": [{"number": month.number, "amount": written(amount)}],
    }


def _paid_part(month: _Month, time: Timeline) -> Money:
    flat, period, total = month.flat, month.period, month.total
    half = Money(total.kopecks // 2 // 100_00 * 100_00)
    if flat.is_guest:
        months_ago = {time.current.shifted(-_GUEST_UNPAID): ZERO}
        months_ago[time.current.shifted(-_GUEST_PARTLY)] = half
        return months_ago.get(period, total)
    if not flat.is_careless:
        return total
    return dice(flat.number, period, "careless").choice((ZERO, half, total))
