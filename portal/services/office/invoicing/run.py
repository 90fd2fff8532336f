"""Issuing the invoices of a closed month, a chunk of agreements a transaction.

What is asked for already is found by its charges, so a run that is repeated, or that was broken
off and is begun again, issues only what lacks; its numbers follow one another all the same.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select

from portal.db import journal
from portal.db.among import among, is_among, places_for
from portal.db.base import table_of
from portal.db.invoices import Invoice, InvoiceLine
from portal.db.session import Session
from portal.db.types import PeriodType
from portal.domain.identity import Officer
from portal.domain.money import ZERO, Money
from portal.domain.period import Period
from portal.errors import Refused
from portal.services.office.billing.periods import Months, months_of
from portal.services.office.billing.run import Order
from portal.services.office.invoicing.allocating import allocate
from portal.services.office.invoicing.charges import Asked, Payee, unasked
from portal.services.office.invoicing.figures import Owed, owed
from portal.services.office.invoicing.numbering import next_numbers
from portal.services.office.invoicing.words import due_day, payees, payers

FIGURES = ("charged", "recalculated", "penalty")
_cancelling = table_of(Invoice).alias("cancelling")
_invoice = table_of(Invoice)


@dataclass(frozen=True, slots=True)
class Issued:
    """What a run did.  `sums` are the totals by payee, `numbers` the first and the last one."""

    agreements: int = 0
    documents: int = 0
    sums: Mapping[Payee, Money] = field(default_factory=dict)
    numbers: tuple[str, ...] = ()
    allocated: Money = ZERO

    def __add__(self, other: "Issued") -> "Issued":
        sums = dict(self.sums)
        for payee, total in other.sums.items():
            sums[payee] = sums.get(payee, ZERO) + total
        numbers = (*self.numbers, *other.numbers)
        return Issued(
            self.agreements + other.agreements,
            self.documents + other.documents,
            sums,
            (numbers[0], numbers[-1]) if numbers else (),
            self.allocated + other.allocated,
        )

    @property
    def total(self) -> Money:
        return Money.total(self.sums.values())


@dataclass(frozen=True, slots=True)
class _Draft:
    agreement_id: int
    payee: Payee
    lines: Sequence[Asked]
    owed: Owed

    def sum_of(self, kind: str) -> Money:
        return Money.total(line.amount for line in self.lines if line.kind == kind)

    @property
    def total(self) -> Money:
        return Money.total(line.amount for line in self.lines)

    @property
    def to_pay(self) -> Money:
        return self.owed.opening + self.total - self.owed.paid


def issue_chunk(
    session: Session, _officer: Officer, order: Order, agreement_ids: Collection[int], now: datetime
) -> Issued:
    """Issue what these agreements lack, and pay it with what they have paid before.

    Raises Refused: the month is not closed.
    """
    months = months_of(session, order.operator_id)
    _refuse_an_open_month(months, order.period)
    drafts = _drafts(session, months, order.period, agreement_ids)
    sums = _sums(drafts)
    if order.is_dry:
        return Issued(len(agreement_ids), len(drafts), sums)
    numbers = _issue(session, months, order.period, drafts, now)
    allocated = allocate(session, agreement_ids, now)
    return Issued(len(agreement_ids), len(drafts), sums, (*numbers[:1], *numbers[-1:]), allocated)


def ensure_closed(session: Session, _officer: Officer, operator_id: int, period: Period) -> None:
    """Raises Refused: it is not."""
    _refuse_an_open_month(months_of(session, operator_id), period)


def _refuse_an_open_month(months: Months, period: Period) -> None:
    if not months.is_closed(period):
        raise Refused(
            f"{months.name}. {period.title} ещё не закрыт. Закройте его: "
            f"zhkh-portal close --period {period}"
        )


def _sums(drafts: Iterable[_Draft]) -> dict[Payee, Money]:
    sums: dict[Payee, Money] = {}
    for draft in drafts:
        sums[draft.payee] = sums.get(draft.payee, ZERO) + draft.total
    return sums


def _drafts(
    session: Session, months: Months, period: Period, agreement_ids: Collection[int]
) -> list[_Draft]:
    """An agreement that only owes still gets a document of the operator's, once a month."""
    lines = unasked(session, period, agreement_ids)
    debts = owed(session, period, months.zone, agreement_ids)
    standing = _standing(session, period, agreement_ids)
    return [
        draft
        for agreement_id in sorted(agreement_ids)
        for draft in _of_agreement(agreement_id, lines, debts)
        if any(line.amount for line in draft.lines)
        or (draft.payee is None and draft.to_pay > ZERO and agreement_id not in standing)
    ]


def _of_agreement(
    agreement_id: int,
    lines: Mapping[tuple[int, Payee], list[Asked]],
    debts: Mapping[tuple[int, Payee], Owed],
) -> Iterator[_Draft]:
    directly = sorted(payee for each, payee in lines if each == agreement_id and payee is not None)
    for payee in (None, *directly):
        key = agreement_id, payee
        yield _Draft(agreement_id, payee, lines.get(key, ()), debts.get(key, Owed()))


def _standing(session: Session, period: Period, agreement_ids: Collection[int]) -> set[int]:
    """Agreements with an invoice of the operator's for the month that nothing cancels."""
    parameters = among("agreement", agreement_ids) | {"period": period}
    return set(session.scalars(_standing_ones(places_for(agreement_ids)), parameters))


@cache
def _standing_ones(places: int) -> Select[Any]:
    return (
        select(_invoice.c.agreement_id)
        .outerjoin(_cancelling, _cancelling.c.cancels_id == _invoice.c.id)
        .where(
            is_among(_invoice.c.agreement_id, "agreement", places),
            _invoice.c.period == bindparam("period", type_=PeriodType),
            _invoice.c.supplier_id.is_(None),
            _invoice.c.kind == "month",
            _cancelling.c.id.is_(None),
        )
    )


def _issue(
    session: Session, months: Months, period: Period, drafts: Sequence[_Draft], now: datetime
) -> list[str]:
    if not drafts:
        return []
    issued_on = now.astimezone(months.zone).date()
    common = {
        "operator_id": months.operator_id, "period": period, "issued_on": issued_on,
        "due_on": due_day(session, months.operator_id, period), "year": issued_on.year,
    }  # fmt: skip
    names = payers(session, {draft.agreement_id for draft in drafts})
    suppliers = {draft.payee for draft in drafts if draft.payee is not None}
    requisites = payees(session, months.operator_id, suppliers)
    numbers = next_numbers(session, months.operator_id, issued_on.year, len(drafts))
    rows = [
        common | _columns(draft) | {
            "payer": names[draft.agreement_id], "payee": requisites[draft.payee],
            "number": number.text, "sequence": number.sequence,
        }
        for draft, number in zip(drafts, numbers, strict=True)
    ]  # fmt: skip
    ids = journal.add_all(session, Invoice, rows)
    lines = [
        _line(line) | {"invoice_id": invoice_id, "position": position}
        for draft, invoice_id in zip(drafts, ids, strict=True)
        for position, line in enumerate(draft.lines, 1)
    ]
    journal.add_all(session, InvoiceLine, lines)
    return [number.text for number in numbers]


def _columns(draft: _Draft) -> dict[str, Any]:
    return {
        "agreement_id": draft.agreement_id,
        "supplier_id": draft.payee,
        "total": draft.total,
        "opening": draft.owed.opening,
        "paid": draft.owed.paid,
        **{kind: draft.sum_of(kind) for kind in FIGURES},
    }


def _line(line: Asked) -> dict[str, Any]:
    return {name: getattr(line, name) for name in Asked.__slots__ if name != "kind"}
