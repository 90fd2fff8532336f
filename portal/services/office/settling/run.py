"""Settling a month: what of the payments that came belongs to whom, a chunk of agreements a
transaction.

What is shared once stays so; running again finds only what is new.  A closed month gets nothing:
what was not shared in time belongs to the first open one.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import Row, Select, bindparam, func, select

from portal.db.among import among, is_among, places_for
from portal.db.base import table_of
from portal.db.invoices import Allocation, Invoice, InvoiceLine
from portal.db.ledger import Payment
from portal.db.session import Session
from portal.db.settlements import Share
from portal.db.types import UtcDateTime
from portal.domain.identity import Officer
from portal.domain.money import ZERO, Money
from portal.domain.period import Period
from portal.domain.settlement import Figures, Scheme, collection
from portal.errors import Refused
from portal.services.ledger_settled import NewShare, beginning_of, moment_within, post_shares
from portal.services.office.billing.periods import Months, months_of
from portal.services.office.billing.run import Order
from portal.services.office.settling.agreed import Agreed, agreed_of
from portal.services.office.settling.collected import Whole, collected
from portal.services.office.settling.sharing import LineShare, invoice_shares

AT_ONCE: Final = 2000
"""Allocations in a transaction; those of an agreement are never divided."""
_invoice, _line, _share = table_of(Invoice), table_of(InvoiceLine), table_of(Share)
_allocation, _payment = table_of(Allocation), table_of(Payment)


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose a figure is, and which agreement is behind it; no agreement: of all together."""

    scheme: Scheme
    supplier_id: int | None
    agreement_id: int | None = None


@dataclass(frozen=True, slots=True)
class Shared:
    """What a run did; `late` shares went into another month than that in which they were paid."""

    shares: int = 0
    late: int = 0
    figures: Mapping[tuple[Period, Whose], Figures] = field(default_factory=dict)

    def __add__(self, other: "Shared") -> "Shared":
        sums = dict(self.figures)
        for key, figures in other.figures.items():
            sums[key] = sums.get(key, Figures()) + figures
        return Shared(self.shares + other.shares, self.late + other.late, sums)


def chunks(session: Session, _officer: Officer, order: Order) -> list[tuple[int, ...]]:
    """The agreements of which something was paid that is not shared yet."""
    months = months_of(session, order.operator_id)
    rows = session.execute(_PENDING_AGREEMENTS, _asked(months, order.period))
    return list(_packed((row.agreement_id, row.pending) for row in rows))


def _packed(agreements: Iterable[tuple[int, int]]) -> Iterator[tuple[int, ...]]:
    chunk: list[int] = []
    size = 0
    for agreement_id, pending in agreements:
        if chunk and size + pending > AT_ONCE:
            yield tuple(chunk)
            chunk, size = [], 0
        chunk.append(agreement_id)
        size += pending
    if chunk:
        yield tuple(chunk)


def outlook(session: Session, _officer: Officer, order: Order, now: datetime) -> list[str]:
    """What should be known before the run.  Raises Refused: the month has not begun."""
    months = months_of(session, order.operator_id)
    if order.period > months.present(now):
        raise Refused(f"{order.period.title} ещё не начался, рассчитываться не за что")
    if not months.is_closed(order.period):
        return []
    into = months.open_for(order.period).title.lower()
    return [f"{order.period.title} закрыт: что в нем не учтено вовремя, войдет в {into}"]


def settle_chunk(
    session: Session, _officer: Officer, order: Order, agreement_ids: Collection[int]
) -> Shared:
    """Share what was paid by these agreements until the end of the month.

    Raises Refused: something is charged for a supplier with whom nothing was agreed, or more was
    allocated to an invoice than it asks for.
    """
    months = months_of(session, order.operator_id)
    wanted = _asked(months, order.period) | among("agreement", agreement_ids)
    pending = list(session.execute(_pending(places_for(agreement_ids)), wanted))
    found = _Chunk.read(session, months, pending)
    new = [share for row in pending for share in found.shares_of(row)]
    if not order.is_dry:
        post_shares(session, new)
    return found.told


@dataclass(slots=True)
class _Chunk:
    """What is known of the invoices that the pending allocations concern."""

    months: Months
    parts: Mapping[int, list[tuple[int, LineShare]]]
    """By allocation."""
    agreed: Mapping[int, Agreed]
    collected: dict[Whole, Money]
    """What was shared before, by charge, and by month where a fee is paid for it."""
    counts: Counter[str] = field(default_factory=Counter)
    figures: dict[tuple[Period, Whose], Figures] = field(default_factory=dict)

    @classmethod
    def read(cls, session: Session, months: Months, pending: Collection[Row[Any]]) -> "_Chunk":
        documents = sorted(
            {row.invoice_id for row in pending}
            | {row.credit_id for row in pending if row.credit_id is not None}
        )
        agreed = agreed_of(session, documents)
        before = collected(session, agreed, documents)
        return cls(months, _by_allocation(invoice_shares(session, documents)), agreed, before)

    @property
    def told(self) -> Shared:
        return Shared(self.counts["shares"], self.counts["late"], self.figures)

    def shares_of(self, row: Row[Any]) -> Iterator[NewShare]:
        months = self.months
        paid_in = Period.at(row.moment, months.zone)
        period = months.open_for(paid_in)
        for line_id, part in self.parts[row.id]:
            agreed = self.agreed[line_id]
            figures = self._collects(line_id, part.amount)
            whose = Whose(agreed.terms.scheme, agreed.supplier_id, row.agreement_id)
            self._notes(period, whose, figures, is_late=period != paid_in)
            yield NewShare(
                allocation_id=row.id,
                invoice_line_id=line_id,
                operator_id=months.operator_id,
                supplier_id=agreed.supplier_id,
                amount=part.amount,
                commission=figures.commission,
                period=period,
                posted_at=moment_within(period, row.moment, months.zone),
            )

    def _collects(self, line_id: int, amount: Money) -> Figures:
        agreed = self.agreed[line_id]
        whole = agreed.month if agreed.is_fee else agreed.charge_id
        if whole is None:
            return collection(agreed.terms, ZERO, amount)
        before = self.collected.get(whole, ZERO)
        self.collected[whole] = before + amount
        return collection(agreed.terms, before, amount)

    def _notes(self, period: Period, whose: Whose, figures: Figures, *, is_late: bool) -> None:
        key = period, whose
        self.figures[key] = self.figures.get(key, Figures()) + figures
        self.counts["shares"] += 1
        self.counts["late"] += is_late


def _by_allocation(
    found: Mapping[int, tuple[LineShare, ...]],
) -> dict[int, list[tuple[int, LineShare]]]:
    """Each with its lines in order."""
    parts: dict[int, list[tuple[int, LineShare]]] = defaultdict(list)
    for line_id in sorted(found):
        for share in found[line_id]:
            parts[share.allocation_id].append((line_id, share))
    return parts


def _asked(months: Months, period: Period) -> dict[str, Any]:
    end = beginning_of(period.shifted(1), months.zone)
    return {"operator": months.operator_id, "end": end}


_MOMENT = func.coalesce(_allocation.c.allocated_at, _payment.c.accepted_at)


def _unshared(*columns: Any) -> Select[Any]:  # noqa: ANN401 - as select's
    is_shared = select(_share.c.id).where(_share.c.allocation_id == _allocation.c.id).exists()
    return (
        select(*columns)
        .join_from(_allocation, _invoice, _invoice.c.id == _allocation.c.invoice_id)
        .outerjoin(_payment, _payment.c.id == _allocation.c.payment_id)
        .where(
            _invoice.c.operator_id == bindparam("operator"),
            bindparam("end", type_=UtcDateTime()) > _MOMENT,
            ~is_shared,
        )
    )


@cache
def _pending(places: int) -> Select[Any]:
    """In the order in which the money came to the invoices."""
    columns = (
        _allocation.c.id, _allocation.c.invoice_id, _allocation.c.credit_id,
        _invoice.c.agreement_id, _MOMENT.label("moment"),
    )  # fmt: skip
    among_them = is_among(_invoice.c.agreement_id, "agreement", places)
    return _unshared(*columns).where(among_them).order_by(_allocation.c.id)


# Made once and kept: writing it anew costs more than running it.
_PENDING_AGREEMENTS = (
    _unshared(_invoice.c.agreement_id, func.count().label("pending"))
    .group_by(_invoice.c.agreement_id)
    .order_by(_invoice.c.agreement_id)
)
