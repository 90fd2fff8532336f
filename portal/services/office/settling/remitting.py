"""Перечисление: money that goes on to a supplier, and the account that must have it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, bindparam, func, select

from portal.db.base import table_of
from portal.db.invoices import Invoice, InvoiceLine
from portal.db.ledger import Charge
from portal.db.session import Session
from portal.db.settlements import Remittance, Share
from portal.db.suppliers import Supplier
from portal.domain.identity import Officer
from portal.domain.money import ZERO, Money
from portal.domain.period import Period, day_text
from portal.domain.settlement import Scheme, transfer
from portal.errors import Refused
from portal.services.ledger_settled import NewRemittance, post_remittance
from portal.services.office.billing.periods import Months, months_of
from portal.services.office.settling.agreed import of_lines

DOCUMENT_MAX: Final = 100
_invoice, _line, _charge = table_of(Invoice), table_of(InvoiceLine), table_of(Charge)
_share, _remittance, _supplier = table_of(Share), table_of(Remittance), table_of(Supplier)


@dataclass(frozen=True, slots=True)
class Payee:
    """A supplier by its id."""

    supplier_id: int
    name: str


@dataclass(frozen=True, slots=True)
class Paper:
    """What the operator says of a remittance; `on` None is today, below zero is returned."""

    document: str
    amount: Money
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Remitted:
    """`left` is what is still to be transferred; a replay has the first one's day."""

    on: date
    left: Money
    is_new: bool


def supplier_called(session: Session, _officer: Officer, key: str) -> Payee:
    """Raises Refused: there is none."""
    rows = session.execute(select(_supplier.c.id, _supplier.c.key, _supplier.c.name))
    known = {row.key: Payee(row.id, row.name) for row in rows}
    if key not in known:
        there = ", ".join(f"«{each}»" for each in sorted(known)) or "ещё никого"
        raise Refused(f"Поставщика «{key}» нет. Есть: {there}")
    return known[key]


def held(session: Session, operator_id: int, supplier_id: int) -> Money:
    """What of the supplier's money lies with the operator, of all that was shared."""
    asked = {"operator": operator_id, "supplier": supplier_id}
    collected, commission = session.execute(_COLLECTED, asked).one()
    sent = session.scalar(_SENT, asked)
    return (collected or ZERO) - (commission or ZERO) - (sent or ZERO)


def remit(
    session: Session,
    officer: Officer,
    sides: tuple[int, int],
    paper: Paper,
    now: datetime,
) -> Remitted:
    """Note a remittance between the operator and the supplier of these ids; the same document
    again changes nothing.

    Raises Refused: the document has another sum, there is not so much, the day is not possible.
    """
    operator_id, supplier_id = sides
    months = months_of(session, operator_id)
    document = paper.document.strip()
    known = session.execute(
        _KNOWN, {"operator": operator_id, "supplier": supplier_id, "document": document}
    ).one_or_none()
    if known is not None:
        _refuse_another_sum(document, known, paper)
        return Remitted(known.remitted_on, held(session, *sides), is_new=False)
    _refuse_document(document)
    on = paper.on or now.astimezone(months.zone).date()
    _refuse_day(months, on, now)
    left = _left(held(session, *sides), paper.amount)
    new = NewRemittance(
        operator_id=operator_id,
        supplier_id=supplier_id,
        document=document,
        amount=paper.amount,
        remitted_on=on,
        accepted_at=now,
        officer=officer.name,
    )
    post_remittance(session, new)
    return Remitted(on, left, is_new=True)


def _refuse_another_sum(document: str, known: Any, paper: Paper) -> None:  # noqa: ANN401 - a row
    if known.amount != paper.amount:
        raise Refused(
            f"Документ «{document}» уже есть: {known.amount}, {day_text(known.remitted_on)}. "
            "Другая сумма под тем же документом не принята"
        )


def _refuse_document(document: str) -> None:
    if not document or len(document) > DOCUMENT_MAX:
        raise Refused(f"Укажите документ, не длиннее {DOCUMENT_MAX} знаков: «п/п 45»")


def _refuse_day(months: Months, on: date, now: datetime) -> None:
    if on > now.astimezone(months.zone).date():
        raise Refused(f"{day_text(on)} ещё не наступило")
    period = Period.of(on)
    if months.is_closed(period):
        first = months.open_for(period).first_day
        raise Refused(
            f"{period.title} закрыт. Укажите день не раньше {day_text(first)}, "
            "а день платежа допишите к документу"
        )


def _left(there: Money, amount: Money) -> Money:
    """Raises Refused: nothing moves, or more than there is."""
    if not amount:
        raise Refused("Сумма нулевая: перечислять нечего")
    try:
        return there + transfer(there, amount).held
    except ValueError as fault:
        raise Refused(f"{fault}. Сначала выполните settle, если были новые оплаты") from fault


def _of_parties(operator: ColumnElement[Any], supplier: ColumnElement[Any]) -> ColumnElement[bool]:
    return (operator == bindparam("operator")) & (supplier == bindparam("supplier"))


_COLLECTED = (
    of_lines(func.sum(_share.c.amount), func.sum(_share.c.commission))
    .join(_share, _share.c.invoice_line_id == _line.c.id)
    .where(_of_parties(_invoice.c.operator_id, _charge.c.supplier_id))
    .where(_charge.c.scheme == Scheme.AGENCY)
)
_PARTIES = _of_parties(_remittance.c.operator_id, _remittance.c.supplier_id)
_SENT = select(func.sum(_remittance.c.amount)).where(_PARTIES)
_KNOWN = select(_remittance.c.amount, _remittance.c.remitted_on).where(
    _PARTIES, _remittance.c.document == bindparam("document")
)
