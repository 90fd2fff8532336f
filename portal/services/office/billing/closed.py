"""What is posted of a month that is closed, or of a year that is over: only the difference from
what it ought to be, in the operator's first open month.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from portal.domain.charging.line import Line, Part
from portal.domain.charging.metered import METERED_MONTH
from portal.domain.charging.recalculated import RECALCULATED_RULE, corrected_part, recalculation
from portal.domain.payee import Payee
from portal.domain.period import Period
from portal.domain.proven import GUESSES
from portal.services.ledger import NewCharge
from portal.services.office.billing.posted import RECALCULATED, Posted, Standing
from portal.services.office.billing.posting import Due, Ought, Posting, replaced

_LATE = "Закрытый месяц начисляется по тому, что стало известно позже, разница входит в открытый"


@dataclass(frozen=True, slots=True)
class Closed:
    """What is corrected: `month` is that which the difference is said to be for, `beginning` is
    how its keys begin, `lines` tells what ought to be and what was charged in one difference.
    """

    month: Period
    beginning: str
    lines: Callable[[Sequence[Line], Sequence[Line]], tuple[Line, ...]]
    is_month: bool = True
    """Whether it is one month, so that the difference corrects a charge of it."""


def changes(posting: Posting, ought: Ought, posted: Posted) -> Iterator[NewCharge]:
    """The charges that turn what is posted for a service's month into what it ought to be."""
    standing = posted.standing.get(ought.served, [])
    if posting.is_recalculation:
        closed = _month(posting.period, ought, standing)
        return difference(posting, ought, standing, posted.revisions, closed)
    return replaced(posting, ought, standing, posted.revisions)


def _month(month: Period, ought: Ought, standing: Iterable[Standing]) -> Closed:
    rule = _rule([due.line for due in ought.dues], [old.line for old in standing])
    return Closed(
        month,
        f"{RECALCULATED}{month}",
        lambda lines, charged: recalculation(month, lines, charged, rule),
    )


def difference(
    posting: Posting,
    ought: Ought,
    standing: list[Standing],
    revisions: Mapping[str, int],
    closed: Closed,
) -> Iterator[NewCharge]:
    """Of each price and payee what `closed` ought to come to less what stands for it."""
    groups = _by_payee(ought.dues, standing)
    for (part, payee), (dues, olds) in groups.items():
        lines, charged = [due.line for due in dues], [old.line for old in olds]
        is_only = sum(other is part for other, _ in groups) == 1
        whose = "" if is_only else f"~{payee.scheme}{payee.supplier_id or ''}"
        for line in closed.lines(lines, charged):
            corrected = _corrected(line, olds) if closed.is_month else None
            place = _place(closed, ought, line) + whose
            yield posting.charge(
                ought,
                Due(line, _price_id(line, _corrected(line, olds), dues), payee),
                key=f"{place}/{revisions.get(place, 0)}",
                for_period=closed.month,
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


def _place(closed: Closed, ought: Ought, line: Line) -> str:
    account_id, service_id = ought.served
    part = corrected_part(line)
    return f"{closed.beginning}/{account_id}/{service_id}/{part}/{line.price_id}"


def _corrected(line: Line, standing: list[Standing]) -> Standing | None:
    """The first charge of the same price, or else of any."""
    priced = (old for old in standing if old.line.price_id == line.price_id)
    return next(priced, next(iter(standing), None))


def _price_id(line: Line, corrected: Standing | None, dues: Iterable[Due]) -> int:
    """The price that holds: as it ought to have been, or else of what is corrected."""
    alike = (due.price_id for due in dues if due.line.price_id == line.price_id)
    return next(alike) if corrected is None else next(alike, corrected.price_id)
