"""Letters: each tells its resident of his own payment, and its tries stop at its end."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from sqlalchemy import Select, String, cast, literal, select

from portal.db.base import table_of
from portal.db.ledger import Payment
from portal.db.outbox import Outbox, OutboxEvent
from portal.db.parties import Agreement
from portal.db.session import Session
from portal.domain.letter import End
from portal.services.audit_finding import Finding, Rule, stream
from portal.services.mailing.receipts import receipt_key

_outbox, _event = table_of(Outbox), table_of(OutboxEvent)
_payment, _agreement = table_of(Payment), table_of(Agreement)


def letter_findings(session: Session) -> Iterator[Finding]:
    for row in stream(session, _receipts()):
        if row.whose is None:
            sentence = f"квитанция «{row.key}» о платеже, которого нет"
            yield Finding(Rule.LETTER, _outbox.name, row.id, sentence)
        elif row.whose != row.resident_id:
            sentence = f"квитанция «{row.key}» о платеже жильца {row.whose}"
            yield Finding(Rule.LETTER, _outbox.name, row.id, sentence)
    for letter, tries in groupby(stream(session, _tries()), key=lambda row: row.outbox_id):
        told = [(row.number, row.state) for row in tries]
        if [number for number, _ in told] != list(range(1, len(told) + 1)):
            yield Finding(Rule.LETTER, _outbox.name, letter, "номера попыток идут не подряд")
        if any(state != End.FAILED for _, state in told[:-1]):
            yield Finding(Rule.LETTER, _outbox.name, letter, "после конца есть ещё попытки")


def _receipts() -> Select[Any]:
    of_payment = literal(receipt_key("")) + cast(_payment.c.id, String)
    return (
        select(
            _outbox.c.id,
            _outbox.c.key,
            _outbox.c.resident_id,
            _agreement.c.resident_id.label("whose"),
        )
        .outerjoin(_payment, of_payment == _outbox.c.key)
        .outerjoin(_agreement, _agreement.c.id == _payment.c.agreement_id)
        .order_by(_outbox.c.id)
    )


def _tries() -> Select[Any]:
    columns = (_event.c.outbox_id, _event.c.number, _event.c.state)
    return select(*columns).order_by(_event.c.outbox_id, _event.c.number)
