"""Whose pages a transaction has changed, as the journal tells it: for those who did not run it."""

from collections.abc import Collection, Iterable
from typing import Any, Final

from sqlalchemy import Select, bindparam, func, select

from portal.db.among import among, is_among, places_for
from portal.db.audit_records import AuditRecord
from portal.db.base import Base, table_of
from portal.db.invoices import Invoice
from portal.db.ledger import Charge
from portal.db.notices import Event
from portal.db.parties import Agreement
from portal.db.paying import BankResolution, Intent, IntentEvent
from portal.db.session import Session
from portal.domain.identity import ResidentId

_RESIDENT: Final = "resident:"
_record, _agreement = table_of(AuditRecord), table_of(Agreement)
_event, _intent_event, _intent = table_of(Event), table_of(IntentEvent), table_of(Intent)
_resolution = table_of(BankResolution)


def newest(session: Session) -> int:
    """The last record of the journal; 0 where there is none."""
    return session.scalar(_NEWEST) or 0


def sealed(session: Session, since: int, missing: Collection[int]) -> tuple[int, ...]:
    """The records after `since`, and those of `missing` that are there by now."""
    asked = {"since": since, **among("missing", missing)}
    query = _later(places_for(missing))
    return tuple(session.scalars(query, asked))


def whose(session: Session, records: Collection[int]) -> frozenset[ResidentId]:
    """Who sees something else since these transactions: whoever acted himself, and whom the office,
    a bank or a terminal has charged, credited or told something.
    """
    query = select(_record.c.actor, _record.c.claims).where(
        is_among(_record.c.id, "record", places_for(records))
    )
    found: set[int] = set()
    for actor, claims in session.execute(query, among("record", records)):
        if actor.startswith(_RESIDENT):
            found.add(int(actor.removeprefix(_RESIDENT)))
        for table, residents in _RESIDENTS.items():
            found |= _of_rows(session, residents, claims.get(table, ()))
    return frozenset(map(ResidentId, found))


def _of_rows(session: Session, residents: Select[Any], ids: Iterable[str]) -> set[int]:
    """One transaction's rows stand together: those between them cost less than their list, and
    whoever is told of nothing new is not harmed.
    """
    numbers = [int(each) for each in ids]
    if not numbers:
        return set()
    return set(session.scalars(residents, {"first": min(numbers), "last": max(numbers)}))


def _later(places: int) -> Select[Any]:
    is_later = _record.c.id > bindparam("since")
    return select(_record.c.id).where(is_later | is_among(_record.c.id, "missing", places))


def _of_agreements(model: type[Base]) -> Select[Any]:
    table = table_of(model)
    own = _agreement.c.id == table.c.agreement_id
    return _between(table, select(_agreement.c.resident_id).distinct().join(table, own))


def _between(table: Any, query: Select[Any]) -> Select[Any]:  # noqa: ANN401 - a table
    return query.where(table.c.id.between(bindparam("first"), bindparam("last")))


# Made once and kept.
_NEWEST: Final = select(func.max(_record.c.id))
_RESIDENTS: Final = {
    _event.name: _between(_event, select(_event.c.resident_id).distinct()),
    _intent_event.name: _between(
        _intent_event,
        select(_intent.c.resident_id)
        .distinct()
        .join(_intent_event, _intent_event.c.intent_id == _intent.c.id),
    ),
    _resolution.name: _between(
        _resolution,
        select(_intent.c.resident_id)
        .distinct()
        .join(_intent_event, _intent_event.c.intent_id == _intent.c.id)
        .join(_resolution, _resolution.c.intent_event_id == _intent_event.c.id),
    ),
    "charge": _of_agreements(Charge),
    "invoice": _of_agreements(Invoice),
}
