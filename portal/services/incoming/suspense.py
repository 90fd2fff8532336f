"""Невыясненные поступления: what is held until somebody says whose it is, and the saying."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, Select, select

from portal.db import journal
from portal.db.base import table_of
from portal.db.folding import fold
from portal.db.incoming import Assignment, Inbox, Incoming, PayChannel
from portal.db.ledger import Refund
from portal.db.parties import Agreement
from portal.db.session import Session
from portal.domain.identity import Officer, ResidentId
from portal.domain.incoming import SEVERAL, slips
from portal.domain.money import Money
from portal.errors import Refused
from portal.services.ids import BIGGEST
from portal.services.incoming.crediting import credit, hold_still, take_turn
from portal.services.ledger import NewPayment
from portal.services.sign_in import tidy_name

NOTE_MAX: Final = 500
SUGGESTIONS_MAX: Final = 5
_channel, _incoming, _inbox = table_of(PayChannel), table_of(Incoming), table_of(Inbox)
_assignment, _agreement = table_of(Assignment), table_of(Agreement)
_refund = table_of(Refund)


@dataclass(frozen=True, slots=True)
class Held:
    """Money that nobody's agreement has; `suggested` are numbers one slip from the one typed,
    `words` what a file says of the payer.
    """

    number: int
    channel: str
    external_id: str
    account: str
    amount: Money
    paid_at: datetime
    is_closed: bool
    """There is such an agreement, and it is closed."""
    suggested: tuple[str, ...]
    words: str


@dataclass(frozen=True, slots=True)
class Assigned:
    amount: Money
    agreement: str
    is_new: bool


@dataclass(frozen=True, slots=True)
class _Known:
    """The numbers of an operator's agreements by how they are compared, those of closed ones, and
    the signs of which they are made.
    """

    numbers: dict[str, list[str]]
    closed: set[str]
    signs: set[str]

    def called(self, folded: Iterable[str]) -> list[str]:
        return sorted(number for each in folded for number in self.numbers.get(each, ()))


def held(session: Session, _officer: Officer) -> tuple[Held, ...]:
    """The oldest first."""
    rows = session.execute(_HELD).all()
    known = {each: _known(session, each) for each in {row.operator_id for row in rows}}
    return tuple(_told(row, known[row.operator_id]) for row in rows)


def assign(
    session: Session, officer: Officer, number: int, agreement: str, note: str, now: datetime
) -> Assigned:
    """Give what is held under `number` to an agreement; the same again changes nothing.

    Raises Refused: nothing is held under it or it went back, no such agreement, given to another,
    no reason.
    """
    row = _one(session, number)
    target = _target(session, row, agreement)
    if row.assigned_to is not None and row.assigned_to != target.id:
        raise Refused(f"Поступление {number} уже отнесено на другой договор")
    if row.assigned_to is None:
        _give(session, officer, row, target, _reason(note), now)
    return Assigned(row.amount, target.number, is_new=row.assigned_to is None)


def _give(
    session: Session, officer: Officer, row: Row[Any], target: Row[Any], note: str, now: datetime
) -> None:
    take_turn(session, row.operator_id, target.id)
    journal.add(
        session, Assignment, incoming_id=row.id, agreement_id=target.id, officer=officer.name,
        assigned_at=now, note=note,
    )  # fmt: skip
    new = NewPayment(
        agreement_id=target.id,
        channel=row.key,
        external_id=row.external_id,
        amount=row.amount,
        paid_at=row.paid_at,
        accepted_at=now,
        note=note,
        incoming_id=row.id,
        held_by=row.operator_id,
    )
    credit(session, new, ResidentId(target.resident_id), now)


def _one(session: Session, number: int) -> Row[Any]:
    row = _still(session, number) if 0 < number <= BIGGEST else None
    if row is None:
        raise Refused(f"Поступления {number} нет. Список: zhkh-portal suspense")
    if row.agreement_id is not None:
        raise Refused(f"Поступление {number} сразу попало на договор, относить нечего")
    if row.refunded is not None:
        raise Refused(f"Поступление {number} возвращено, относить нечего")
    return row


def _still(session: Session, number: int) -> Row[Any] | None:
    hold_still(session, number)
    return session.execute(_with_assignment().where(_incoming.c.id == number)).one_or_none()


def _target(session: Session, row: Row[Any], agreement: str) -> Row[Any]:
    """Closed ones too: whoever has moved out may still owe."""
    name = tidy_name(agreement)
    found = session.execute(
        select(_agreement).where(
            _agreement.c.number_folded == fold(name), _agreement.c.operator_id == row.operator_id
        )
    ).all()
    exact = [each for each in found if each.number == name]
    if len(exact or found) != 1:
        raise Refused(f"У исполнителя, которому заплачено, нет договора «{agreement}»")
    return (exact or list(found))[0]


def _reason(note: str) -> str:
    if not note.strip() or len(note) > NOTE_MAX:
        raise Refused(f"Напишите, почему это его деньги, не длиннее {NOTE_MAX} знаков: --note …")
    return note.strip()


def _told(row: Row[Any], known: _Known) -> Held:
    """Of several numbers between commas, as a file's purpose may name, those that there are are
    suggested first; so is one that there was not yet when the money came.
    """
    typed = {fold(tidy_name(each)) for each in row.account.split(SEVERAL)}
    is_closed = len(typed) == 1 and typed <= known.closed
    near = {told for each in typed for told in slips(each, known.signs)} - typed
    suggested = ([] if is_closed else known.called(typed)) + known.called(near)
    is_of_a_file = not row.answer
    return Held(
        row.id, row.name, row.external_id, row.account, row.amount, row.paid_at, is_closed,
        tuple(suggested[:SUGGESTIONS_MAX]),
        row.message.partition("\n")[0] if is_of_a_file else "",
    )  # fmt: skip


def _known(session: Session, operator_id: int) -> _Known:
    known = _Known(defaultdict(list), set(), set())
    columns = (_agreement.c.number, _agreement.c.number_folded, _agreement.c.closed_on)
    query = select(*columns).where(_agreement.c.operator_id == operator_id)
    for number, folded, closed_on in session.execute(query):
        known.numbers[folded].append(number)
        known.signs.update(folded)
        if closed_on is not None:
            known.closed.add(folded)
    return known


def _with_assignment() -> Select[Any]:
    return (
        select(
            _incoming.c.id, _incoming.c.external_id, _incoming.c.account, _incoming.c.amount,
            _incoming.c.paid_at, _incoming.c.agreement_id, _channel.c.key, _channel.c.name,
            _channel.c.operator_id, _assignment.c.agreement_id.label("assigned_to"),
            _incoming.c.answer, _inbox.c.message, _refund.c.amount.label("refunded"),
        )
        .join(_inbox, _inbox.c.id == _incoming.c.inbox_id)
        .join(_channel, _channel.c.id == _incoming.c.channel_id)
        .outerjoin(_assignment, _assignment.c.incoming_id == _incoming.c.id)
        .outerjoin(_refund, _refund.c.incoming_id == _incoming.c.id)
        .order_by(_incoming.c.id)
    )  # fmt: skip


_HELD: Final = _with_assignment().where(
    _incoming.c.agreement_id.is_(None), _assignment.c.id.is_(None), _refund.c.id.is_(None)
)
