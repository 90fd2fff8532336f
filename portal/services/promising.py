"""Giving one's word: one key, one promise, one answer for ever."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Row, Select, bindparam, select

from portal.db import journal
from portal.db.base import table_of
from portal.db.parties import Agreement
from portal.db.promises import Promise
from portal.db.session import Session
from portal.domain.identity import ResidentId
from portal.domain.money import Money
from portal.domain.period import day_text
from portal.domain.promise import NoPromise, PromiseOffer
from portal.errors import Refused
from portal.services.agreements import ensure_own
from portal.services.ids import ensure_possible
from portal.services.invoices import unpaid_invoices
from portal.services.promises import offers
from portal.services.submission import ensure_key

_promise, _agreement = table_of(Promise), table_of(Agreement)


@dataclass(frozen=True, slots=True)
class Word:
    """What a person confirms: the sum, and the day that he was shown."""

    key: str
    agreement_id: int
    amount: Money
    due_on: date


def promise(session: Session, resident: ResidentId, word: Word, now: datetime) -> None:
    """Store it; a repeat of the key is the same promise.

    Raises NotFound: the agreement is not the resident's; Refused: nothing, or not this, can be
    promised, another promise has this key, the day is not the one that was shown any more.
    """
    ensure_key(word.key)
    ensure_own(session, resident, ensure_possible(word.agreement_id))
    _take_turn(session, word.agreement_id)
    if _is_repeat(session, word):
        return
    offer = _judged(session, resident, word, now)
    journal.add(
        session, Promise, agreement_id=word.agreement_id, key=word.key, amount=word.amount,
        promised_on=offer.today, due_on=offer.due_on, created_at=now,
    )  # fmt: skip


def _is_repeat(session: Session, word: Word) -> bool:
    asked = {"agreement": word.agreement_id, "key": word.key}
    row: Row[Any] | None = session.execute(_BY_KEY, asked).one_or_none()
    if row is None:
        return False
    if (row.amount, row.due_on) != (word.amount, word.due_on):
        raise Refused(f"Эта отправка уже принята: обещано {row.amount} до {day_text(row.due_on)}")
    return True


def _judged(session: Session, resident: ResidentId, word: Word, now: datetime) -> PromiseOffer:
    found = offers(session, resident, unpaid_invoices(session, resident), now)
    offer = next((each for each in found if each.agreement_id == word.agreement_id), None)
    if offer is None:
        raise Refused("По этому договору обещанных платежей нет")
    try:
        offer.judge(word.amount)
    except NoPromise as fault:
        raise Refused(str(fault)) from None
    if offer.due_on != word.due_on:
        raise Refused(f"Срок теперь другой: до {day_text(offer.due_on)}. Пообещайте ещё раз")
    return offer


def _take_turn(session: Session, agreement_id: int) -> None:
    """Two promises of one agreement see each other: no key of the table forbids the second.
    SQLite's write transactions queue by themselves.
    """
    if session.is_postgresql:
        session.execute(_ALONE, {"agreement": agreement_id})


_BY_KEY: Final[Select[Any]] = select(_promise.c.amount, _promise.c.due_on).where(
    _promise.c.agreement_id == bindparam("agreement"), _promise.c.key == bindparam("key")
)
_ALONE: Final[Select[Any]] = (
    select(_agreement.c.id)
    .where(_agreement.c.id == bindparam("agreement"))
    .with_for_update(key_share=True)
)
