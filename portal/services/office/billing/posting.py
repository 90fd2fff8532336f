"""From what an open month ought to be and what is posted of it to the charges that make them one:
a line that is no longer right is reversed and posted anew.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from portal.domain.charging.line import Line, Part
from portal.domain.made import made_often
from portal.domain.payee import OWN_PAYEE, Payee, payee_on
from portal.domain.period import Period
from portal.domain.proof import reversal_proof
from portal.domain.timeline import Timeline
from portal.services.ledger import NewCharge
from portal.services.office.billing.periods import Months
from portal.services.office.billing.posted import BILLED, Served, Standing

_SPOKEN = ("reason", "advice")


def payee_of(line: Line, terms: Timeline[Payee]) -> Payee:
    """What a raising coefficient adds is the operator's own, whoever supplies; a service without
    terms is the operator's own too.
    """
    if line.part is Part.EXCESS:
        return OWN_PAYEE
    return payee_on(terms, line.days.first)


@made_often(frozen=True, slots=True)
class Due:
    """A line that ought to stand; `price_id` is the price that holds, also under a band."""

    line: Line
    price_id: int
    payee: Payee


@made_often(frozen=True, slots=True)
class Ought:
    """A service's month of one account."""

    agreement_id: int
    served: Served
    dues: tuple[Due, ...]


@dataclass(frozen=True, slots=True)
class Posting:
    """Into which month, and when, a month's charges go."""

    operator_id: int
    period: Period
    into: Period
    at: datetime
    now: datetime
    zone: ZoneInfo

    @classmethod
    def of(cls, months: Months, period: Period, now: datetime) -> "Posting":
        """In the month itself while it is open, not later than its last second."""
        into = months.open_for(period)
        at = _within(into, months.zone, now)
        return cls(months.operator_id, period, into, at, now, months.zone)

    @property
    def is_recalculation(self) -> bool:
        return self.into != self.period

    def charge(self, ought: Ought, due: Due, **more: Any) -> NewCharge:  # noqa: ANN401 - columns
        line = due.line
        account_id, service_id = ought.served
        return NewCharge(
            agreement_id=ought.agreement_id,
            operator_id=self.operator_id,
            account_id=account_id,
            service_id=service_id,
            period=self.into,
            posted_at=self.at,
            volume=line.volume,
            price_id=due.price_id,
            price=line.price,
            amount=line.amount,
            proof=line.proof,
            part=line.part,
            band_id=-line.price_id if line.price_id < 0 else None,
            scheme=due.payee.scheme,
            supplier_id=due.payee.supplier_id,
            **more,
        )


def _within(month: Period, zone: ZoneInfo, now: datetime) -> datetime:
    next_day = month.last_day + timedelta(1)
    midnight = datetime(next_day.year, next_day.month, next_day.day, tzinfo=zone)
    return min(now, midnight.astimezone(UTC) - timedelta(seconds=1))


def replaced(
    posting: Posting, ought: Ought, standing: list[Standing], revisions: Mapping[str, int]
) -> Iterator[NewCharge]:
    """Of a month that is open."""
    wanted = _by_place(posting, ought)
    for old in standing:
        due = wanted.get(old.place)
        if due is not None and _is_same(old, due):
            del wanted[old.place]
        else:
            yield _reversal(posting, ought, old)
    for place, due in wanted.items():
        yield posting.charge(ought, due, key=f"{place}/{revisions.get(place, 0)}")


def _by_place(posting: Posting, ought: Ought) -> dict[str, Due]:
    """By the beginning of the key of each; of lines that are alike in all that it tells, such as
    two call-outs of one day, the number follows.
    """
    account_id, service_id = ought.served
    beginning = f"{BILLED}{posting.period}/{account_id}/{service_id}"
    found: dict[str, Due] = {}
    for due in ought.dues:
        line, number = due.line, 1
        place = alike = f"{beginning}/{line.part}/{line.days.first}/{line.price_id}"
        while place in found:
            number += 1
            place = f"{alike}~{number}"
        found[place] = due
    return found


def _is_same(old: Standing, due: Due) -> bool:
    was, becomes = old.line, due.line
    return (
        (was.days, was.volume, was.amount, was.price)
        == (becomes.days, becomes.volume, becomes.amount, becomes.price)
        and old.payee == due.payee
        and _facts(was) == _facts(becomes)
    )


def _facts(line: Line) -> tuple[str, dict[str, Any]]:
    """What a line follows from, without what is only said about it."""
    inputs = {name: v for name, v in line.proof["inputs"].items() if name not in _SPOKEN}
    return line.proof["method"], inputs


def _reversal(posting: Posting, ought: Ought, old: Standing) -> NewCharge:
    """Where it stands: of a month that was opened again a later one may have what corrected it."""
    line = old.line
    opposite = replace(
        line, volume=-line.volume, amount=-line.amount, proof=reversal_proof(old.charge_id)
    )
    due = Due(opposite, old.price_id, old.payee)
    charge = posting.charge(ought, due, reverses_id=old.charge_id, for_period=old.for_period)
    if old.period == posting.into:
        return charge
    at = _within(old.period, posting.zone, posting.now)
    return replace(charge, period=old.period, posted_at=at)
