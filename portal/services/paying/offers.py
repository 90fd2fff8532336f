"""What a resident may pay on the page «Оплата», and by which ways."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import Row, Select, bindparam, select

from portal.db.among import among, is_among, places_for
from portal.db.base import table_of
from portal.db.invoices import Invoice
from portal.db.parties import Agreement, Operator, Premises, Resident
from portal.db.session import Session
from portal.domain.bill import InvoiceSummary, Requisites
from portal.domain.identity import ResidentId
from portal.domain.money import ZERO, Money
from portal.domain.pay_offer import PayOffer, PayWay
from portal.domain.pay_sum import PaySum, WrongSum, ensure_within, sum_of
from portal.domain.payment_purpose import joint_purpose
from portal.domain.payment_qr import Payer, payment_qr
from portal.domain.period import Period
from portal.domain.statement import Choice
from portal.errors import Invalid, NotFound
from portal.services.agreements import agreements
from portal.services.ids import ensure_possible
from portal.services.invoices import unpaid_invoices
from portal.services.paying.ways import Ways, ways_of

AMOUNT_FIELD: Final = "amount"
INVOICES_MAX: Final = 200
"""So many can be chosen at once: sixteen years of one agreement's."""
_invoice, _agreement = table_of(Invoice), table_of(Agreement)
_operator, _resident, _premises = table_of(Operator), table_of(Resident), table_of(Premises)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an address or a form asks for.  `invoice_ids` None is all that is unpaid, `way` the
    key of one; `amount_typed` is as it was typed, empty for as much as the invoices ask for.
    """

    agreement_id: int | None = None
    invoice_ids: tuple[int, ...] | None = None
    amount_typed: str = ""
    way: str = ""


def pay_offer(
    session: Session, resident: ResidentId, wanted: Wanted, now: datetime
) -> tuple[PayOffer, dict[str, str]]:
    """The offer, and what is wrong with the sum by its field: then no total is told.

    Raises NotFound: an agreement or an invoice is not the resident's, or not of this agreement.
    """
    own = agreements(session, resident)
    unpaid = unpaid_invoices(session, resident)
    agreement = _agreement_of(session, resident, wanted, own, unpaid)
    mine = [each for each in unpaid if each.agreement == agreement.title]
    payable = tuple(each for each in mine if not each.payee)
    row = session.execute(_PAYEE, {"resident": resident, "agreement": agreement.id}).one()
    today = now.astimezone(ZoneInfo(row.timezone)).date()
    is_closed = row.closed_on is not None and row.closed_on <= today
    ways = Ways() if is_closed else ways_of(session, row.operator_id)
    chosen = _chosen(payable, wanted.invoice_ids)
    total, errors = _total(payable, chosen, wanted, ways.buttons)
    purpose = joint_purpose(agreement.title, chosen)
    offer = PayOffer(
        agreements=own,
        agreement=agreement,
        is_closed=is_closed,
        payable=payable,
        elsewhere=tuple(each for each in mine if each.payee),
        other_debts=_other_debts(own, agreement, unpaid),
        chosen=frozenset(each.invoice_id for each in chosen),
        total=total,
        ways=ways.buttons,
        points=ways.points,
        requisites=_requisites(row),
        purpose=purpose,
        qr_text=_qr_text(row, total, purpose, chosen, Period.of(today)),
        today=today,
    )
    return offer, errors


def payable_sum(offer: PayOffer, errors: dict[str, str]) -> Money:
    """What is to be paid by this offer.  Raises Invalid: nothing says how much, or wrongly."""
    if errors:
        field, sentence = next(iter(errors.items()))
        raise Invalid(field, sentence)
    if offer.total is None:
        raise Invalid(AMOUNT_FIELD, "Введите сумму или выберите счет")
    return offer.total.amount


def _agreement_of(
    session: Session,
    resident: ResidentId,
    wanted: Wanted,
    own: Sequence[Choice],
    unpaid: Sequence[InvoiceSummary],
) -> Choice:
    """The one that is asked for, or that of the invoices; else the first with something to pay."""
    named = {wanted.agreement_id} if wanted.agreement_id is not None else set()
    named |= _of_invoices(session, resident, wanted.invoice_ids or ())
    if len(named) > 1:
        raise NotFound
    for choice in own:
        if choice.id in named:
            return choice
    if named or not own:
        raise NotFound
    owing = {each.agreement for each in unpaid}
    return next((choice for choice in own if choice.title in owing), own[0])


def _of_invoices(session: Session, resident: ResidentId, invoice_ids: Sequence[int]) -> set[int]:
    """The agreements of the resident's own invoices.  Raises NotFound: one is another's."""
    asked = {ensure_possible(invoice_id) for invoice_id in invoice_ids}
    if not asked:
        return set()
    if len(asked) > INVOICES_MAX:
        raise NotFound
    statement = (
        select(_invoice.c.id, _agreement.c.id.label("agreement_id"))
        .join(_agreement, _agreement.c.id == _invoice.c.agreement_id)
        .where(
            _agreement.c.resident_id == bindparam("resident"),
            is_among(_invoice.c.id, "invoice", places_for(asked)),
        )
    )
    rows = session.execute(statement, {"resident": resident} | among("invoice", asked)).all()
    if len(rows) != len(asked):
        raise NotFound
    return {row.agreement_id for row in rows}


def _chosen(
    payable: Sequence[InvoiceSummary], invoice_ids: tuple[int, ...] | None
) -> tuple[InvoiceSummary, ...]:
    """One that is paid by now, or is another payee's, cannot be chosen any more."""
    if invoice_ids is None:
        return tuple(payable)
    return tuple(each for each in payable if each.invoice_id in invoice_ids)


def _other_debts(
    own: Sequence[Choice], agreement: Choice, unpaid: Sequence[InvoiceSummary]
) -> tuple[tuple[Choice, Money], ...]:
    owed = (
        (each, Money.total(bill.remainder for bill in unpaid if bill.agreement == each.title))
        for each in own
        if each != agreement
    )
    return tuple((choice, debt) for choice, debt in owed if debt)


def _total(
    payable: Sequence[InvoiceSummary],
    chosen: Sequence[InvoiceSummary],
    wanted: Wanted,
    ways: Sequence[PayWay],
) -> tuple[PaySum | None, dict[str, str]]:
    asked = Money.total(each.remainder for each in chosen)
    try:
        amount = sum_of(wanted.amount_typed) or asked
        if amount == ZERO:
            return None, {}
        _ensure_within(amount, wanted.way, ways)
    except WrongSum as wrong:
        return None, {AMOUNT_FIELD: wrong.sentence}
    return PaySum(amount, asked, Money.total(each.remainder for each in payable)), {}


def _ensure_within(amount: Money, key: str, ways: Sequence[PayWay]) -> None:
    """By the way that is chosen, before that by the first; by requisites alone it may be any sum
    that is no slip.  Raises WrongSum.
    """
    bounds = [(way.amount_min, way.amount_max) for way in ways if way.key == key]
    bounds += [(way.amount_min, way.amount_max) for way in ways]
    ensure_within(amount, *next(iter(bounds), (None, None)))


def _requisites(row: Row[Any]) -> Requisites:
    """The operator's of today: an old invoice may name an account that is closed by now."""
    return Requisites(
        name=row.name,
        inn=row.inn,
        kpp=row.kpp or "",
        account=row.account,
        bank_name=row.bank_name,
        bic=row.bic,
        corr_account=row.corr_account or "",
    )


def _qr_text(
    row: Row[Any],
    total: PaySum | None,
    purpose: str,
    chosen: Sequence[InvoiceSummary],
    this_month: Period,
) -> str:
    """Of the newest month that is paid; of an advance of the present one."""
    if total is None:
        return ""
    return payment_qr(
        _requisites(row),
        total.amount,
        purpose,
        personal_account=row.number,
        period=max((each.period for each in chosen), default=this_month),
        payer=Payer.named(row.resident_name, row.address or ""),
    )


# Made once and kept: writing it anew costs more than running it.
_PAYEE: Final[Select[Any]] = (
    select(
        _agreement.c.number, _agreement.c.closed_on, _agreement.c.operator_id,
        _operator.c.timezone, _operator.c.name, _operator.c.inn, _operator.c.kpp,
        _operator.c.account, _operator.c.bank_name, _operator.c.bic, _operator.c.corr_account,
        _resident.c.name.label("resident_name"), _premises.c.address,
    )
    .join(_operator, _operator.c.id == _agreement.c.operator_id)
    .join(_resident, _resident.c.id == _agreement.c.resident_id)
    .outerjoin(_premises, _premises.c.id == _agreement.c.premises_id)
    .where(
        _agreement.c.id == bindparam("agreement"),
        _agreement.c.resident_id == bindparam("resident"),
    )
)  # fmt: skip
