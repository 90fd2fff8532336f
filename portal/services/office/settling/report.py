"""What a month comes to for everybody whose services are charged: the operator's report to his
suppliers, with the agreements behind each figure.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, bindparam, func, null, select

from portal.db.base import table_of
from portal.db.invoices import Invoice, InvoiceLine
from portal.db.ledger import Charge
from portal.db.parties import Agreement
from portal.db.session import Session
from portal.db.settlements import Remittance, Share
from portal.db.suppliers import Supplier
from portal.db.types import PeriodType
from portal.domain.identity import Officer
from portal.domain.money import ZERO, Money
from portal.domain.period import Period
from portal.domain.settlement import Figures, Scheme, charge, kept
from portal.services.office.billing.run import Order
from portal.services.office.settling.agreed import of_lines
from portal.services.office.settling.run import Shared, Whose

_charge, _share = table_of(Charge), table_of(Share)
_invoice, _line = table_of(Invoice), table_of(InvoiceLine)
_agreement, _supplier, _remittance = table_of(Agreement), table_of(Supplier), table_of(Remittance)


@dataclass(frozen=True, slots=True)
class Sent:
    """A remittance; below zero the supplier returned it."""

    document: str
    on: date
    amount: Money


@dataclass(frozen=True, slots=True)
class Party:
    """A supplier, or the operator himself; the figures are the month's.

    The figures of `agreements`, by their numbers, add up to them but for what was transferred,
    which `sent` adds up to.
    """

    whose: Whose
    key: str | None
    name: str
    before: Money
    """What was to be transferred as the month began."""
    figures: Figures
    agreements: tuple[tuple[str, Figures], ...] = ()
    sent: tuple[Sent, ...] = ()

    @property
    def to_transfer(self) -> Money:
        """As the month ends."""
        return self.before + self.figures.held


@dataclass(slots=True)
class _Sums:
    """By whose they are; `behind` also by the agreement's id, when it is asked for."""

    before: dict[Whose, Money] = field(default_factory=lambda: defaultdict(lambda: ZERO))
    whole: dict[Whose, Figures] = field(default_factory=lambda: defaultdict(Figures))
    behind: dict[Whose, dict[int, Figures]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(Figures))
    )
    sent: dict[Whose, list[Sent]] = field(default_factory=lambda: defaultdict(list))

    def notes(self, whose: Whose, figures: Figures) -> None:
        party = Whose(whose.scheme, whose.supplier_id)
        self.whole[party] += figures
        if whose.agreement_id is not None:
            self.behind[party][whose.agreement_id] += figures

    def sends(self, row: Row[Any], period: Period) -> None:
        party = Whose(Scheme.AGENCY, row.supplier_id)
        if row.remitted_on < period.first_day:
            self.before[party] -= row.amount
            return
        self.whole[party] += Figures(transferred=row.amount, held=-row.amount)
        self.sent[party].append(Sent(row.document, row.remitted_on, row.amount))


def settlement(
    session: Session,
    _officer: Officer,
    order: Order,
    pending: Shared | None = None,
    *,
    is_detailed: bool = False,
) -> tuple[Party, ...]:
    """Suppliers for whom the operator collects, those whom residents pay, and the operator last;
    each in the order of their names.  `pending` is what would be shared, of a dry run.
    """
    sums = _sums(session, order, is_detailed=is_detailed)
    for (period, whose), figures in (pending.figures if pending else {}).items():
        party = Whose(whose.scheme, whose.supplier_id)
        if period < order.period:
            sums.before[party] += figures.held
        elif period == order.period:
            sums.notes(whose if is_detailed else party, figures)
    names = {row.id: row for row in session.execute(select(_supplier))}
    numbers = _numbers(session, order) if is_detailed else {}
    parties = [_party(whose, sums, names, numbers) for whose in sums.whole | sums.before]
    return tuple(sorted(parties, key=_place))


def _place(party: Party) -> tuple[int, str, str]:
    order = (Scheme.AGENCY, Scheme.DIRECT, Scheme.OWN)
    return order.index(party.whose.scheme), party.name, party.key or ""


def _party(
    whose: Whose, sums: _Sums, names: Mapping[int, Row[Any]], numbers: Mapping[int, str]
) -> Party:
    supplier = None if whose.supplier_id is None else names[whose.supplier_id]
    behind = sums.behind.get(whose, {})
    return Party(
        whose=whose,
        key=supplier.key if supplier else None,
        name=supplier.name if supplier else "Собственные услуги",
        before=sums.before.get(whose, ZERO),
        figures=sums.whole.get(whose, Figures()),
        agreements=tuple(sorted((numbers[i], figures) for i, figures in behind.items())),
        sent=tuple(sums.sent.get(whose, ())),
    )


def _sums(session: Session, order: Order, *, is_detailed: bool) -> _Sums:
    sums = _Sums()
    asked = {"operator": order.operator_id, "period": order.period}
    for row in session.execute(_charged(is_detailed=is_detailed), asked):
        sums.notes(_whose(row), charge(row.amount))
    in_month = _shares(is_detailed=is_detailed).where(_share.c.period == _PERIOD)
    for row in session.execute(in_month, asked):
        whose = _whose(row)
        sums.notes(whose, kept(whose.scheme, row.amount, row.commission))
    earlier = _shares(is_detailed=False).where(_share.c.period < _PERIOD)
    for row in session.execute(earlier, asked):
        whose = _whose(row)
        sums.before[whose] += kept(whose.scheme, row.amount, row.commission).held
    for row in session.execute(_SENT, asked | {"last": order.period.last_day}):
        sums.sends(row, order.period)
    return sums


def _whose(row: Row[Any]) -> Whose:
    """A line without a charge is the operator's."""
    return Whose(Scheme(row.scheme or Scheme.OWN), row.supplier_id, row.agreement_id)


def _numbers(session: Session, order: Order) -> dict[int, str]:
    query = select(_agreement.c.id, _agreement.c.number)
    rows = session.execute(query.where(_agreement.c.operator_id == order.operator_id))
    return {row.id: row.number for row in rows}


_PERIOD: ColumnElement[Any] = bindparam("period", type_=PeriodType)


def _charged(*, is_detailed: bool) -> Select[Any]:
    whose, groups = _keys(_charge.c.agreement_id, is_detailed=is_detailed)
    return (
        select(*whose, func.sum(_charge.c.amount).label("amount"))
        .join(_agreement, _agreement.c.id == _charge.c.agreement_id)
        .where(_agreement.c.operator_id == bindparam("operator"), _charge.c.period == _PERIOD)
        .group_by(*groups)
    )


def _shares(*, is_detailed: bool) -> Select[Any]:
    whose, groups = _keys(_invoice.c.agreement_id, is_detailed=is_detailed)
    amount, commission = func.sum(_share.c.amount), func.sum(_share.c.commission)
    return (
        of_lines(*whose, amount.label("amount"), commission.label("commission"))
        .join(_share, _share.c.invoice_line_id == _line.c.id)
        .where(_invoice.c.operator_id == bindparam("operator"))
        .group_by(*groups)
    )


def _keys(
    agreement_id: ColumnElement[Any], *, is_detailed: bool
) -> tuple[list[ColumnElement[Any]], list[ColumnElement[Any]]]:
    """Whose a sum is, and what it is summed by; the agreement is NULL of all together."""
    party: list[ColumnElement[Any]] = [_charge.c.scheme, _charge.c.supplier_id]
    if is_detailed:
        return [*party, agreement_id], [*party, agreement_id]
    return [*party, null().label("agreement_id")], party


_SENT = (
    select(_remittance)
    .where(
        _remittance.c.operator_id == bindparam("operator"),
        _remittance.c.remitted_on <= bindparam("last"),
    )
    .order_by(_remittance.c.remitted_on, _remittance.c.id)
)
