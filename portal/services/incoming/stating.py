"""Which invoices a payer means: those that he calls by their numbers, then those of the month that
he names (Пленум ВС РФ № 22 of 2017).
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, literal, select

from portal.db.among import among, is_among, places_for, portions
from portal.db.base import table_of
from portal.db.invoices import Invoice
from portal.db.session import Session
from portal.db.types import MoneyType, PeriodType
from portal.domain.money import ZERO, Money
from portal.domain.period import Period

_invoice = table_of(Invoice)
_NOTHING: ColumnElement[Money] = literal(ZERO, MoneyType)


@dataclass(frozen=True, slots=True)
class Claim:
    """What a payment for an agreement says that it is for."""

    agreement_id: int
    numbers: tuple[str, ...] = ()
    period: Period | None = None


def stated_by(session: Session, claims: Sequence[Claim]) -> list[tuple[int, ...]]:
    """The ids of the agreement's own invoices that each of the claims means, in the order in which
    they are to be paid; another's is nobody's to pay.
    """
    numbered, monthly = _numbered(session, claims), _monthly(session, claims)
    return [
        (
            *(numbered[key] for n in claim.numbers if (key := (claim.agreement_id, n)) in numbered),
            *monthly.get((claim.agreement_id, claim.period), ()),
        )
        for claim in claims
    ]


def _numbered(session: Session, claims: Sequence[Claim]) -> dict[tuple[int, str], int]:
    agreements = sorted({claim.agreement_id for claim in claims if claim.numbers})
    numbers = sorted({number for claim in claims for number in claim.numbers})
    found: dict[tuple[int, str], int] = {}
    for some in portions(agreements):
        for few in portions(numbers):
            asked = among("agreement", some) | among("number", few)
            rows = session.execute(_called(places_for(some), places_for(few)), asked)
            found |= {(row.agreement_id, row.number): row.id for row in rows}
    return found


def _monthly(
    session: Session, claims: Sequence[Claim]
) -> dict[tuple[int, Period | None], list[int]]:
    """One look for a portion of agreements, however many months are named."""
    named = {(claim.agreement_id, claim.period) for claim in claims if claim.period is not None}
    if not named:
        return {}
    periods = {period for _, period in named}
    found: dict[tuple[int, Period | None], list[int]] = defaultdict(list)
    for some in portions(sorted({agreement_id for agreement_id, _ in named})):
        asked: dict[str, Any] = among("agreement", some) | {
            "first": min(periods),
            "last": max(periods),
        }
        for row in session.execute(_of_months(places_for(some)), asked):
            if (row.agreement_id, row.period) in named:
                found[row.agreement_id, row.period].append(row.id)
    return found


@cache
def _called(agreements: int, numbers: int) -> Select[Any]:
    return select(_invoice.c.id, _invoice.c.agreement_id, _invoice.c.number).where(
        is_among(_invoice.c.agreement_id, "agreement", agreements),
        is_among(_invoice.c.number, "number", numbers),
    )


@cache
def _of_months(agreements: int) -> Select[Any]:
    return (
        select(_invoice.c.id, _invoice.c.agreement_id, _invoice.c.period)
        .where(
            is_among(_invoice.c.agreement_id, "agreement", agreements),
            _invoice.c.period.between(
                bindparam("first", type_=PeriodType), bindparam("last", type_=PeriodType)
            ),
            _invoice.c.supplier_id.is_(None),
            _invoice.c.total > _NOTHING,
        )
        .order_by(_invoice.c.due_on, _invoice.c.id)
    )
