"""From what a month ought to be and what is posted of it to the charges that make them one.

An open month becomes what it ought to be: a line that is no longer right is reversed and posted
anew.  Of a closed month only the difference is posted, in the operator's first open month.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from portal.domain.charging.line import Line, Part
from portal.domain.charging.metered import METERED_MONTH
from portal.domain.charging.recalculated import RECALCULATED_RULE, corrected_part, recalculation
from portal.domain.made import made_often
from portal.domain.payee import OWN_PAYEE, Payee, payee_on
from portal.domain.period import Period
from portal.domain.proof import reversal_proof
from portal.domain.timeline import Timeline
from portal.services.ledger import NewCharge
from portal.services.office.billing.periods import Months
from portal.services.office.billing.posted import (
    BILLED,
    GUESSES,
    RECALCULATED,
    Posted,
    Served,
    Standing,
)

_SPOKEN = ("reason", "advice")
_LATE = "Закрытый месяц начисляется по тому, что стало известно позже, разница входит в открытый"


def payee_of(line: Line, terms: Timeline[Payee]) -> Payee:
    """What a raising coefficient adds is the operator's own, whoever supplies (Правила 354,
    п. 42); a service without terms is the operator's own too.
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

    @classmethod
    def of(cls, months: Months, period: Period, now: datetime) -> "Posting":
        """In the month itself while it is open, not later than its last second."""
        into = months.open_for(period)
        next_day = into.last_day + timedelta(1)
        midnight = datetime(next_day.year, next_day.month, next_day.day, tzinfo=months.zone)
        last = midnight.astimezone(UTC) - timedelta(seconds=1)
        return cls(months.operator_id, period, into, min(now, last))

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


def changes(posting: Posting, ought: Ought, posted: Posted) -> Iterator[NewCharge]:
    """The charges that turn what is posted for a service's month into what it ought to be."""
    standing = posted.standing.get(ought.served, [])
    become = _difference if posting.is_recalculation else _replaced
    return become(posting, ought, standing, posted.revisions)


def _replaced(
    posting: Posting, ought: Ought, standing: list[Standing], revisions: Mapping[str, int]
) -> Iterator[NewCharge]:
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
    line = old.line
    opposite = replace(
        line, volume=-line.volume, amount=-line.amount, proof=reversal_proof(old.charge_id)
    )
    due = Due(opposite, old.price_id, old.payee)
    return posting.charge(ought, due, reverses_id=old.charge_id)


def _difference(
    posting: Posting, ought: Ought, standing: list[Standing], revisions: Mapping[str, int]
) -> Iterator[NewCharge]:
    rule = _rule([due.line for due in ought.dues], [old.line for old in standing])
    groups = _by_payee(ought.dues, standing)
    for (part, payee), (dues, olds) in groups.items():
        lines, charged = [due.line for due in dues], [old.line for old in olds]
        is_only = sum(other is part for other, _ in groups) == 1
        whose = "" if is_only else f"~{payee.scheme}{payee.supplier_id or ''}"
        for line in recalculation(posting.period, lines, charged, rule):
            corrected = _corrected(line, olds)
            place = _recalculated_place(posting, ought, line) + whose
            yield posting.charge(
                ought,
                Due(line, _price_id(line, corrected, dues), payee),
                key=f"{place}/{revisions.get(place, 0)}",
                for_period=posting.period,
                corrects_id=corrected.charge_id if corrected else None,
            )


def _by_payee(
    dues: Iterable[Due], standing: list[Standing]
) -> dict[tuple[Part, Payee], tuple[list[Due], list[Standing]]]:
    """The parts of the service's month and whose each is: of a month with two suppliers each has
    a difference of his own.
    """
    found: dict[tuple[Part, Payee], tuple[list[Due], list[Standing]]] = {}
    for old in standing:
        found.setdefault((corrected_part(old.line), old.payee), ([], []))[1].append(old)
    for due in dues:
        found.setdefault((corrected_part(due.line), _as_charged(due, standing)), ([], []))[
            0
        ].append(due)
    return found


def _as_charged(due: Due, standing: Iterable[Standing]) -> Payee:
    """Terms that became known when the month was closed move no money of it."""
    part = corrected_part(due.line)
    payees = [old.payee for old in standing if corrected_part(old.line) is part]
    return due.payee if due.payee in payees or not payees else payees[0]


def _rule(ought: Iterable[Line], charged: Iterable[Line]) -> str:
    is_read = any(line.proof["method"] == METERED_MONTH for line in ought)
    is_guessed = any(line.proof["method"] in GUESSES for line in charged)
    return RECALCULATED_RULE if is_read and is_guessed else _LATE


def _recalculated_place(posting: Posting, ought: Ought, line: Line) -> str:
    account_id, service_id = ought.served
    part = corrected_part(line)
    return f"{RECALCULATED}{posting.period}/{account_id}/{service_id}/{part}/{line.price_id}"


def _corrected(line: Line, standing: list[Standing]) -> Standing | None:
    """The first charge of the same price, or else of any."""
    priced = (old for old in standing if old.line.price_id == line.price_id)
    return next(priced, next(iter(standing), None))


def _price_id(line: Line, corrected: Standing | None, dues: Iterable[Due]) -> int:
    """The price that holds: as it ought to have been, or else of what is corrected."""
    alike = (due.price_id for due in dues if due.line.price_id == line.price_id)
    return next(alike) if corrected is None else next(alike, corrected.price_id)
