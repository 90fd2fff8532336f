"""Storing an entry: one key, one transaction, one answer for ever."""

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, select

from portal.db import journal
from portal.db.base import table_of
from portal.db.notices import Event
from portal.db.readings import Reading, Submission
from portal.db.session import Session
from portal.domain.entry import EntryLine, EntrySummary
from portal.domain.feed import EventKind
from portal.domain.identity import ResidentId
from portal.domain.money import Money
from portal.domain.payee import Payee
from portal.domain.period import Period
from portal.domain.proof import metered_proof, reversal_proof
from portal.domain.reading import Question
from portal.errors import PortalError, Refused
from portal.services import entry_answer
from portal.services.entry import Entry, Scope, account_of, assess, summary
from portal.services.ledger import NewCharge, post_charges
from portal.services.photos import share_photos
from portal.services.plan import Planned
from portal.services.plan_payees import payees_of
from portal.services.register_state import BY_RESIDENT, RegisterState
from portal.services.turn import take_turn
from portal.services.unswept import unswept

QUESTIONED = "Проверьте отмеченные значения и подтвердите их"
KEY = re.compile(r"[A-Za-z0-9_-]{16,64}", re.ASCII)
_submission = table_of(Submission)

_BY_KEY = select(_submission.c.id, _submission.c.request_digest, _submission.c.answer).where(
    _submission.c.resident_id == bindparam("resident"), _submission.c.key == bindparam("key")
)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was stored, under the number that the resident can quote."""

    number: int
    entry: EntrySummary


class EntryQuestioned(PortalError):
    """Nothing was stored: the entry must be confirmed once more, a value of it (see the lines'
    questions) or its sum, which has changed since it was shown.
    """

    def __init__(self, entry: EntrySummary, sentence: str = QUESTIONED) -> None:
        super().__init__(sentence)
        self.entry = entry


def ensure_key(key: str) -> None:
    """Raises Refused: a form without a key that could tell its repeat from another."""
    if KEY.fullmatch(key) is None:
        raise Refused("Отправка без номера. Обновите страницу и повторите")


def check_readings(
    session: Session, resident: ResidentId, entry: Entry, scope: Scope, now: datetime
) -> EntrySummary:
    """What `submit_readings` would store now, with the questions that it would ask.

    Raises EntryRefused, NotFound.
    """
    return summary(*assess(session, resident, entry, scope, now))


@unswept()
def submit_readings(
    session: Session, resident: ResidentId, key: str, entry: Entry, scope: Scope, now: datetime
) -> Receipt:
    """Store all readings of an entry with their charges, transfers and events.

    A repeat of the key gets the first answer; other values under a used key are refused.
    Raises EntryRefused, EntryQuestioned, NotFound, Refused.
    """
    ensure_key(key)
    # Before looking: the key's first tap may be at work.
    take_turn(session, resident, {account_of(value.key) for value in entry.given})
    digest = _digest(entry)
    first = _first_answer(session, resident, key, digest)
    if first is not None:
        return first
    if entry.photos:
        share_photos(session)
    taken_on, planned = assess(session, resident, entry, scope, now)
    answer = summary(taken_on, planned)
    _require_consent(entry, planned, answer)
    number = journal.add(
        session, Submission, resident_id=resident, key=key, request_digest=digest,
        answer=entry_answer.to_json(answer), accepted_at=now,
    )  # fmt: skip
    _store(session, resident, number, taken_on, list(zip(planned, answer.lines, strict=True)), now)
    return Receipt(number, entry_answer.settled(answer))


def _digest(entry: Entry) -> str:
    """Of what was typed.  The confirmations are left out: they come with the second tap."""
    values = sorted(
        [v.key, v.text.strip(), v.seen_id, *([v.photo] if v.photo else [])] for v in entry.values
    )
    typed = [entry.taken_on, values]
    return hashlib.sha256(json.dumps(typed).encode()).hexdigest()


def _first_answer(session: Session, resident: ResidentId, key: str, digest: str) -> Receipt | None:
    row = session.execute(_BY_KEY, {"resident": resident, "key": key}).one_or_none()
    if row is None:
        return None
    if row.request_digest != digest:
        raise Refused(
            f"Эта отправка уже принята под номером {row.id} с другими значениями. "
            "Обновите страницу, чтобы увидеть, что записано"
        )
    return Receipt(row.id, entry_answer.from_json(row.answer))


def _require_consent(entry: Entry, planned: tuple[Planned, ...], answer: EntrySummary) -> None:
    """Raises EntryQuestioned: a question is not answered, or the sum is not the one shown."""
    confirmed = {value.key: value.confirmed for value in entry.values}
    for plan in planned:
        question = plan.verdict.question
        if question is not None and question not in confirmed[plan.state.key]:
            raise EntryQuestioned(answer)
    if entry.agreed is not None and entry.agreed != answer.total:
        raise EntryQuestioned(
            answer,
            f"Сумма изменилась: было {entry.agreed}, стало {answer.total}. Проверьте и подтвердите",
        )


def _store(
    session: Session,
    resident: ResidentId,
    number: int,
    taken_on: date,
    planned: list[tuple[Planned, EntryLine]],
    now: datetime,
) -> None:
    """Each value with the line that tells of it, which takes its time to be written."""
    new = [plan for plan, _ in planned if not plan.is_known]
    rows = [_reading_row(plan, number, taken_on, now) for plan in new]
    ids = journal.add_all(session, Reading, rows)
    payees = payees_of(session, new, taken_on)
    charges: list[NewCharge] = []
    for plan, reading_id, payee in zip(new, ids, payees, strict=True):
        charges += _reversal(plan, now)
        charges += _charge(plan, reading_id, payee, now)
    post_charges(session, charges)
    told = [(plan, line.difference) for plan, line in planned if not plan.is_known]
    journal.add_all(session, Event, [_event(resident, p, sum_, now) for p, sum_ in told if sum_])


def _reading_row(plan: Planned, number: int, taken_on: date, now: datetime) -> dict[str, Any]:
    return {
        "account_id": plan.state.account_id,
        "service_id": plan.state.service_id,
        "meter_id": plan.state.meter_id,
        "taken_on": taken_on,
        "value": plan.value,
        "previous_id": plan.previous_id,
        "revision": plan.corrects.revision + 1 if plan.corrects else 0,
        "supersedes_id": plan.corrects.reading_id if plan.corrects else None,
        "source": BY_RESIDENT,
        "submission_id": number,
        "accepted_at": now,
        "photo_id": plan.photo_id,
    }


def _charge(plan: Planned, reading_id: int, payee: Payee, now: datetime) -> list[NewCharge]:
    """The charge of a reading; none for the first of a chain, which only opens it, and for one
    that is charged with its month.
    """
    if plan.verdict.is_first or plan.charged_for is not None:
        return []
    return [
        NewCharge(
            **_place(plan.state, payee, now),
            volume=plan.verdict.volume,
            price_id=plan.price_id,
            price=plan.price,
            amount=plan.verdict.amount,
            reading_id=reading_id,
            proof=metered_proof(
                plan.value,
                plan.previous_value,
                is_rollover=plan.verdict.question is Question.ROLLOVER,
            ),
        )
    ]


def _place(state: RegisterState, payee: Payee, now: datetime) -> dict[str, Any]:
    """To whom and for what something is charged, when, and whose it is."""
    return {
        "agreement_id": state.agreement_id, "operator_id": state.operator_id,
        "account_id": state.account_id, "service_id": state.service_id,
        "period": Period.at(now, state.zone), "posted_at": now,
        "scheme": payee.scheme, "supplier_id": payee.supplier_id,
    }  # fmt: skip


def _reversal(plan: Planned, now: datetime) -> list[NewCharge]:
    """The opposite of the corrected reading's charge, posted now."""
    charge = plan.corrects.charge if plan.corrects else None
    if plan.corrects is None or charge is None:
        return []
    return [
        NewCharge(
            **_place(plan.state, charge.payee, now),
            volume=-charge.volume,
            price_id=charge.price_id,
            price=charge.price,
            amount=-charge.amount,
            reading_id=plan.corrects.reading_id,
            reverses_id=charge.charge_id,
            proof=reversal_proof(charge.charge_id),
        )
    ]


def _event(resident: ResidentId, plan: Planned, sum_: Money, now: datetime) -> dict[str, Any]:
    """Of a correction the difference, so that the events add up to what is owed."""
    facts = {"service": plan.state.name, "amount": sum_.kopecks}
    return {
        "resident_id": resident, "kind": EventKind.SERVICE.value, "happened_at": now,
        "facts": facts | ({"is_correction": True} if plan.corrects else {}),
    }  # fmt: skip
