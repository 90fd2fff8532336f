"""What premises have, and from when: areas, people, absences."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from typing import Any

from sqlalchemy import Row, Select, Table, select

from portal.db.among import among, is_among, places_for
from portal.db.base import table_of
from portal.db.parties import Absence as AbsenceRow
from portal.db.parties import PremisesFact
from portal.db.session import Session
from portal.domain.charging.absence import Absence
from portal.domain.charging.facts import PremisesFacts
from portal.domain.quantity import SCALE, Quantity
from portal.domain.timeline import Timeline, combined, constant
from portal.services.office.billing.book import by_kind

_premises_fact, _absence = table_of(PremisesFact), table_of(AbsenceRow)
Rows = Mapping[int, list[Row[Any]]]


def rows_of(session: Session, table: Table, owner: str, ids: Collection[int]) -> Rows:
    """All rows of a table by their owner, in the order of their days."""
    found: dict[int, list[Row[Any]]] = defaultdict(list)
    for row in session.execute(_of_owners(table, owner, places_for(ids)), among("id", ids)).all():
        found[getattr(row, owner)].append(row)
    return found


@cache
def _of_owners(table: Table, owner: str, places: int) -> Select[Any]:
    order = [table.c[name] for name in ("position", "valid_from") if name in table.c]
    return select(table).where(is_among(table.c[owner], "id", places)).order_by(*order, table.c.id)


def read_premises(session: Session, parties: Iterable[Row[Any]]) -> dict[int, PremisesFacts]:
    """What premises had from the beginning on holds until something dated says otherwise."""
    rows = {row.premises_id: row for row in parties if row.premises_id is not None}
    facts = rows_of(session, _premises_fact, "premises_id", rows)
    away = rows_of(session, _absence, "premises_id", rows)
    found = {}
    for premises_id, row in rows.items():
        since = by_kind(facts.get(premises_id, ()))
        found[premises_id] = PremisesFacts(
            area=_from(row.area, since.get("area", ())),
            heated_area=_from(row.heated_area, since.get("heated_area", ())),
            persons=_from(row.residents_registered, _people(since.get("residents", ()))),
            owners=_people(since.get("owners", ())),
            absences=tuple(
                Absence(each.left_on, each.returned_on, each.persons)
                for each in away.get(premises_id, ())
            ),
        )
    return found


def _from(starting: Any, later: Timeline[Any]) -> Timeline[Any]:  # noqa: ANN401 - of any kind
    at_first: Timeline[Any] = constant(starting)
    return (*at_first, *later)


def _people(since: Timeline[Quantity]) -> Timeline[int]:
    """A file brings whole numbers only."""
    return combined(lambda value: value.micro // SCALE, since)
