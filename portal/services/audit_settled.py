"""What is between the operator and his suppliers: each commission and remittance has its transfer,
each part of a payment is what the lines of its invoice say.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import Row, Select, func, select, union

from portal.db.among import among, is_among, places_for
from portal.db.base import table_of
from portal.db.invoices import Allocation, Invoice, InvoiceLine
from portal.db.ledger import Charge, Payment, Transfer
from portal.db.parties import Operator
from portal.db.session import Session
from portal.db.settlements import Remittance, Share
from portal.db.suppliers import ServiceTerms
from portal.domain.money import ZERO, Money
from portal.domain.period import Period
from portal.domain.settlement import Fee, Scheme, Terms, collection
from portal.errors import Refused
from portal.services.audit_finding import Finding, Rule, stream
from portal.services.audit_remitted import remittance_findings
from portal.services.audit_transfers import moved, transfer_faults, with_transfer
from portal.services.ledger_settled import COMMISSION, REMITTANCE, moment_within
from portal.services.ledger_sides import Side, commission_sides, in_order, remittance_sides
from portal.services.office.settling.agreed import commission_of, month_of, of_lines
from portal.services.office.settling.sharing import invoice_shares

_AT_ONCE: Final = 1000
_MONTH: Final = ("account_id", "service_id", "supplier_id", "month")
_invoice, _line, _share = table_of(Invoice), table_of(InvoiceLine), table_of(Share)
_allocation, _payment, _operator = table_of(Allocation), table_of(Payment), table_of(Operator)
_charge, _transfer = table_of(Charge), table_of(Transfer)
_remittance, _terms = table_of(Remittance), table_of(ServiceTerms)


def settled_transfer_findings(session: Session) -> Iterator[Finding]:
    """Commissions and remittances whose transfers are not as they must be."""
    for row in stream(session, _shares()):
        for sentence in _commission_faults(row):
            yield Finding(Rule.LEDGER, _share.name, row.id, sentence)
    for row in stream(session, _remittances()):
        for sentence in _remittance_faults(row):
            yield Finding(Rule.LEDGER, _remittance.name, row.id, sentence)


def settled_sums(session: Session) -> Iterator[tuple[tuple[Side, Side], Money]]:
    """What commissions and remittances moved from credit to debit, all together."""
    whose = (_invoice.c.operator_id, _charge.c.supplier_id)
    kept = of_lines(*whose, func.sum(_share.c.commission).label("amount"))
    kept = kept.join(_share, _share.c.invoice_line_id == _line.c.id).group_by(*whose)
    for row in session.execute(kept):
        if row.amount:
            yield commission_sides(row.operator_id, row.supplier_id), row.amount
    sent = (_remittance.c.operator_id, _remittance.c.supplier_id)
    sums = select(*sent, func.sum(_remittance.c.amount).label("amount")).group_by(*sent)
    for row in session.execute(sums):
        yield remittance_sides(row.operator_id, row.supplier_id), row.amount


def settlement_findings(session: Session) -> Iterator[Finding]:
    """Shares that do not follow from the invoices' lines or from what was agreed."""
    for row in stream(session, _shares()):
        for sentence in _share_faults(row):
            yield Finding(Rule.SETTLEMENT, _share.name, row.id, sentence)
    yield from _strange_commissions(session)
    yield from remittance_findings(session)
    documents = session.execute(_documents()).scalars().all()
    for start in range(0, len(documents), _AT_ONCE):
        yield from _guarded_parts(session, documents[start : start + _AT_ONCE])


def _shares() -> Select[Any]:
    """References that lead nowhere are `reference_findings`' to tell."""
    moment = func.coalesce(_allocation.c.allocated_at, _payment.c.accepted_at)
    shares = (
        of_lines(
            _share.c.id, _share.c.commission, _share.c.period, moment.label("moment"),
            _invoice.c.operator_id, _operator.c.timezone, _charge.c.scheme, _charge.c.supplier_id,
            *moved(),
        )
        .join(_share, _share.c.invoice_line_id == _line.c.id)
        .join(_allocation, _allocation.c.id == _share.c.allocation_id)
        .outerjoin(_payment, _payment.c.id == _allocation.c.payment_id)
        .where(moment.is_not(None))
    )  # fmt: skip
    return with_transfer(shares, _transfer.c.share_id == _share.c.id)


def _commission_faults(row: Row[Any]) -> Iterator[str]:
    if row.transfer_id is None:
        if row.commission:
            yield f"вознаграждение {row.commission} без проводки"
        return
    if not row.commission:
        yield "вознаграждения нет, а проводка есть"
    sides = in_order(
        *commission_sides(row.operator_id, row.supplier_id), is_owed=row.commission > ZERO
    )
    moment = moment_within(row.period, row.moment, ZoneInfo(row.timezone))
    yield from transfer_faults(row, sides, (abs(row.commission), COMMISSION, moment))
    if row.undone_id is not None:
        yield f"проводка {row.transfer_id} вознаграждения что-то сторнирует"


def _share_faults(row: Row[Any]) -> Iterator[str]:
    paid_in = Period.at(row.moment, ZoneInfo(row.timezone))
    if row.period < paid_in:
        yield f"учтено в {row.period}, а оплачено в {paid_in}"
    if row.commission and row.scheme != Scheme.AGENCY:
        yield f"вознаграждение {row.commission}, а деньги собраны не для поставщика"


def _remittances() -> Select[Any]:
    return with_transfer(
        select(*_remittance.columns, *moved()), _transfer.c.remittance_id == _remittance.c.id
    )


def _remittance_faults(row: Row[Any]) -> Iterator[str]:
    if row.transfer_id is None:
        yield f"перечисление {row.amount} без проводки"
        return
    sides = in_order(*remittance_sides(row.operator_id, row.supplier_id), is_owed=row.amount > ZERO)
    yield from transfer_faults(row, sides, (abs(row.amount), REMITTANCE, row.accepted_at))
    if row.undone_id is not None:
        yield f"проводка {row.transfer_id} перечисления что-то сторнирует"


def _strange_commissions(session: Session) -> Iterator[Finding]:
    """Those that follow from none of the terms that there are with the supplier."""
    agreed: dict[tuple[int, int], list[Terms]] = defaultdict(list)
    for row in session.execute(select(_terms).where(_terms.c.scheme == Scheme.AGENCY)):
        there = agreed[row.service_id, row.supplier_id]
        there.append(Terms(Scheme.AGENCY, commission_of(row)))
    for _, rows in groupby(stream(session, _collected()), key=attrgetter(*_MONTH)):
        in_month, before = ZERO, defaultdict[int, Money](lambda: ZERO)
        for row in rows:
            terms = agreed.get((row.service_id, row.supplier_id), [])
            whole = in_month, before[row.charge_id]
            asked = {_commission(each, *whole, row.amount) for each in terms}
            if row.commission not in asked:
                sentence = f"вознаграждение {row.commission} не следует из условий с поставщиком"
                yield Finding(Rule.SETTLEMENT, _share.name, row.id, sentence)
            in_month += row.amount
            before[row.charge_id] += row.amount


def _commission(terms: Terms, in_month: Money, of_charge: Money, amount: Money) -> Money:
    """A fee is of all that was collected for the month, a percentage of the charge."""
    before = in_month if isinstance(terms.commission, Fee) else of_charge
    return collection(terms, before, amount).commission


def _collected() -> Select[Any]:
    """For each month of a service, in the order in which it was shared."""
    return (
        of_lines(
            _share.c.id, _share.c.amount, _share.c.commission, _line.c.charge_id,
            _charge.c.account_id, _charge.c.service_id, _charge.c.supplier_id,
            month_of(_charge).label("month"),
        )
        .join(_share, _share.c.invoice_line_id == _line.c.id)
        .where(_charge.c.scheme == Scheme.AGENCY)
        .order_by(
            _charge.c.account_id, _charge.c.service_id, _charge.c.supplier_id, month_of(_charge),
            _share.c.id,
        )
    )  # fmt: skip


def _documents() -> Select[Any]:
    """Those to which a shared allocation leads, and those from which one comes."""
    is_shared = select(_share.c.id).where(_share.c.allocation_id == _allocation.c.id).exists()
    ends = union(
        select(_allocation.c.invoice_id.label("id")).where(is_shared),
        select(_allocation.c.credit_id).where(is_shared, _allocation.c.credit_id.is_not(None)),
    ).subquery()
    return select(ends.c.id).order_by(ends.c.id)


def _guarded_parts(session: Session, documents: Sequence[int]) -> Iterator[Finding]:
    """An invoice of which more was paid than it asks for has no parts; the others have."""
    try:
        yield from list(_strange_parts(session, documents))
    except Refused:
        if len(documents) > 1:
            for document in documents:
                yield from _guarded_parts(session, [document])
            return
        sentence = "оплачено больше, чем в строках счета"
        yield Finding(Rule.SETTLEMENT, _invoice.name, documents[0], sentence)


def _strange_parts(session: Session, wanted: Sequence[int]) -> Iterator[Finding]:
    query = _parts(places_for(wanted))
    found = {
        (row.allocation_id, row.invoice_line_id): row
        for row in session.execute(query, among("document", wanted))
    }
    shared = {allocation_id for allocation_id, _ in found}
    for line_id, parts in invoice_shares(session, wanted).items():
        for part in parts:
            row = found.pop((part.allocation_id, line_id), None)
            if row is None and part.allocation_id in shared:
                sentence = f"часть {part.amount} строки {line_id} не учтена"
                yield Finding(Rule.SETTLEMENT, _allocation.name, part.allocation_id, sentence)
            elif row is not None and row.amount != part.amount:
                sentence = f"по строкам счета {part.amount}, а учтено {row.amount}"
                yield Finding(Rule.SETTLEMENT, _share.name, row.id, sentence)
    for row in found.values():
        sentence = f"учтено {row.amount}, а по строкам счета ничего"
        yield Finding(Rule.SETTLEMENT, _share.name, row.id, sentence)


def _parts(places: int) -> Select[Any]:
    return (
        select(_share.c.id, _share.c.allocation_id, _share.c.invoice_line_id, _share.c.amount)
        .join(_line, _line.c.id == _share.c.invoice_line_id)
        .where(is_among(_line.c.invoice_id, "document", places))
    )
