"""What the guest did lately: paid a sum by mistake, which went back to her, and promised to pay."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select

from portal.db.base import table_of
from portal.db.ledger import Payment
from portal.db.parties import Agreement
from portal.db.session import Session
from portal.domain.identity import ResidentId
from portal.domain.money import Money
from portal.domain.period import Period
from portal.imports.demo.cast import GUEST, flats
from portal.imports.demo.supplies import Row
from portal.imports.demo.timeline import ZONE, midnight
from portal.services.incoming.refunding import RefundOrder, refund
from portal.services.invoices import unpaid_invoices
from portal.services.promises import offers
from portal.services.promising import Word, promise

_MISTAKEN: Final = "700,00"
_PROMISED: Final = Money(3000_00)
_CHANNEL, _NUMBER = "card", "94471203"
_DOCUMENT: Final = "заявление 12"
_KEY: Final = "promise-of-the-guest"
_payment, _agreement = table_of(Payment), table_of(Agreement)


def mistaken_payments(now: datetime) -> list[Row]:
    """Whoever made it meant another's agreement."""
    return [
        {
            "channel": _CHANNEL,
            "external_id": _NUMBER,
            "agreement": flats()[GUEST - 1].agreement,
            "amount": _MISTAKEN,
            "paid_at": _lately(now, timedelta(days=2)).replace(tzinfo=None),
        }
    ]


def give_back(session: Session, officer: str, now: datetime) -> None:
    """All of what was paid by mistake."""
    of_it = (_payment.c.channel == _CHANNEL) & (_payment.c.external_id == _NUMBER)
    payment_id = session.execute(select(_payment.c.id).where(of_it)).scalar_one()
    order = RefundOrder(
        document=_DOCUMENT,
        amount=None,
        refunded_at=_lately(now, timedelta(days=1)),
        payment_id=payment_id,
        officer=officer,
        note="Ошибочный платеж",
    )
    refund(session, order, now)


def give_word(session: Session, now: datetime) -> None:
    """The guest's, for a part of what she owes."""
    number = flats()[GUEST - 1].agreement
    whose = select(_agreement.c.id, _agreement.c.resident_id).where(_agreement.c.number == number)
    agreement_id, resident_id = session.execute(whose).one()
    guest = ResidentId(resident_id)
    found = offers(session, guest, unpaid_invoices(session, guest), now)
    (offer,) = (each for each in found if each.agreement_id == agreement_id)
    word = Word(_KEY, agreement_id, min(_PROMISED, offer.most), offer.due_on)
    promise(session, guest, word, now)


def _lately(now: datetime, ago: timedelta) -> datetime:
    """Where the house stands, to the minute; in no month that is closed."""
    here = now.astimezone(ZONE)
    began = midnight(Period.of(here.date()).first_day)
    return max(here - ago, began).replace(second=0, microsecond=0)
