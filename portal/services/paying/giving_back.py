"""What a bank says of money that an officer has asked it to give back: a step of the request, and
the refund in the books, once, whoever has asked and however often.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, bindparam, func, select

from portal.db import journal
from portal.db.base import table_of
from portal.db.incoming import Incoming, PayChannel
from portal.db.ledger import Payment
from portal.db.parties import Agreement, Resident
from portal.db.paying import Intent, IntentEvent, RefundEvent, RefundRequest
from portal.db.session import Session
from portal.domain.giving_back import OPEN, AskedBack, RefundStep, judge_refund
from portal.domain.identity import ResidentId
from portal.domain.money import Money
from portal.domain.paying import BankRefund, Step
from portal.errors import NotFound
from portal.gateways.acquiring import Receipt
from portal.services.paying.outgoing import Unended, receipt_address, receipt_of
from portal.services.paying.refunds import book_refund
from portal.services.paying.settling import WORDS_MAX

_request, _step = table_of(RefundRequest), table_of(RefundEvent)
_channel, _payment, _incoming = table_of(PayChannel), table_of(Payment), table_of(Incoming)
_intent, _intent_step = table_of(Intent), table_of(IntentEvent)
_resident, _agreement = table_of(Resident), table_of(Agreement)
_ENDS: Final = tuple(step.value for step in RefundStep if step not in OPEN)
Steps = dict[RefundStep, Row[Any]]


@dataclass(frozen=True, slots=True)
class Returning:
    """A request as the bank is to hear of it; `step` is the one that holds, None before the first.
    `words` are the bank's own, for people.
    """

    token: str
    channel: str
    shop_id: str
    base_url: str | None
    payment_number: str
    amount: Money
    account: str
    receipt: Receipt | None
    begun_at: datetime
    step: RefundStep | None
    external_id: str | None
    words: str


def returning(session: Session, token: str) -> Returning:
    """Raises NotFound."""
    row = _row(session, token)
    steps = _steps(session, row.id)
    step = _holding(steps)
    return Returning(
        token=token,
        channel=row.key,
        shop_id=row.shop_id or "",
        base_url=row.base_url,
        payment_number=row.payment_number,
        amount=row.amount,
        account=row.account or "",
        receipt=receipt_of(row),
        begun_at=row.created_at,
        step=step,
        external_id=_external_id(steps),
        words=(steps[step].words or "") if step is not None else "",
    )


def unended_refunds(
    session: Session, before: datetime, since: datetime | None = None
) -> tuple[Unended, ...]:
    """As `unended`, of requests."""
    query = _UNENDED if since is None else _UNENDED.where(_request.c.created_at >= since)
    rows = session.execute(query.where(_request.c.created_at <= before))
    return tuple(Unended(row.token, row.created_at, is_refund=True) for row in rows)


def settle_back(session: Session, token: str, told: BankRefund, now: datetime) -> ResidentId | None:
    """Make of the request what the bank says of it; whose page has changed.

    Raises Refused: the bank has given back what the books cannot give.
    """
    row = _row(session, token)
    steps = _steps(session, row.id)
    asked = AskedBack(row.payment_number, row.amount, _external_id(steps))
    step = judge_refund(asked, told)
    if RefundStep.DONE in steps or step in steps or (step is RefundStep.SENT and steps):
        return None
    resident = None
    if step is RefundStep.DONE:
        resident = book_refund(session, row.channel_id, told, now, (row.officer, row.note))
    _add(session, row.id, step, now, told.external_id, _words(step, told))
    return resident


def note_refund(session: Session, token: str, step: RefundStep, words: str, now: datetime) -> None:
    """A step of which the bank's refund tells nothing.  What has ended stays so."""
    row = _row(session, token)
    if _holding(_steps(session, row.id)) in OPEN:
        _add(session, row.id, step, now, None, words)


def _add(
    session: Session, request_id: int, step: RefundStep, now: datetime,
    external_id: str | None, words: str | None,
) -> None:  # fmt: skip
    journal.add(
        session, RefundEvent, request_id=request_id, at=now, state=step.value,
        external_id=external_id, words=words and words[:WORDS_MAX],
    )  # fmt: skip


def _words(step: RefundStep, told: BankRefund) -> str | None:
    if step is not RefundStep.STRANGE:
        return None
    return f"{told.status}, {told.amount} {told.currency}, payment {told.payment_id}"


def _holding(steps: Steps) -> RefundStep | None:
    """Money that went back counts, whatever was said besides."""
    return RefundStep.DONE if RefundStep.DONE in steps else next(reversed(steps), None)


def _external_id(steps: Steps) -> str | None:
    """The bank's number, once it has told one of this very refund."""
    for step in (RefundStep.DONE, RefundStep.SENT, RefundStep.CANCELED):
        if step in steps:
            return str(steps[step].external_id)
    return None


def _row(session: Session, token: str) -> Row[Any]:
    row = session.execute(_BY_TOKEN, {"token": token}).first()
    if row is None:
        raise NotFound
    return row


def _steps(session: Session, request_id: int) -> Steps:
    rows = session.execute(_STEPS, {"request": request_id})
    return {RefundStep(row.state): row for row in rows}


# Made once and kept.
_NUMBER: Final = func.coalesce(_payment.c.external_id, _incoming.c.external_id)
_BY_TOKEN: Final = (
    select(
        _request, _channel.c.key, _channel.c.shop_id, _channel.c.base_url, _channel.c.has_receipts,
        _channel.c.vat_code, _channel.c.tax_system, *receipt_address(),
        _NUMBER.label("payment_number"), _agreement.c.number.label("account"),
    )
    .join(_channel, _channel.c.id == _request.c.channel_id)
    .outerjoin(_payment, _payment.c.id == _request.c.payment_id)
    .outerjoin(_incoming, _incoming.c.id == _request.c.incoming_id)
    .outerjoin(
        _intent_step,
        (_intent_step.c.external_id == _NUMBER) & (_intent_step.c.state == Step.PAID.value),
    )
    .outerjoin(
        _intent,
        (_intent.c.id == _intent_step.c.intent_id)
        & (_intent.c.channel_id == _request.c.channel_id),
    )
    .outerjoin(_resident, _resident.c.id == _intent.c.resident_id)
    .outerjoin(_agreement, _agreement.c.id == _intent.c.agreement_id)
    .where(_request.c.token == bindparam("token"))
)  # fmt: skip
_STEPS: Final = select(_step).where(_step.c.request_id == bindparam("request")).order_by(_step.c.id)
_UNENDED: Final = (
    select(_request.c.token, _request.c.created_at)
    .where(
        ~select(_step.c.id)
        .where(_step.c.request_id == _request.c.id, _step.c.state.in_(_ENDS))
        .exists()
    )
    .order_by(_request.c.created_at, _request.c.id)
)
