"""Who lives in the same houses."""

from collections.abc import Collection
from functools import cache
from typing import Any

from sqlalchemy import Select, select

from portal.db.among import among, is_among, places_for
from portal.db.base import table_of
from portal.db.parties import Agreement, Premises
from portal.db.session import Session

_agreement, _premises = table_of(Agreement), table_of(Premises)
_served = _agreement.alias("served")


def with_neighbours(session: Session, agreement_ids: Collection[int]) -> list[int]:
    """Also the other agreements of the same houses, whoever serves them: what a house used beyond
    its dwellings follows from all of them.
    """
    query = _neighbours(places_for(agreement_ids))
    rows = session.scalars(query, among("agreement", agreement_ids))
    return sorted({*agreement_ids, *rows})


@cache
def _neighbours(places: int) -> Select[Any]:
    """An outer join has SQLite begin with the agreements; else it would look through all premises
    of the installation for each chunk.
    """
    home = _premises.alias("home")
    return (
        select(_agreement.c.id)
        .join(_premises, _premises.c.id == _agreement.c.premises_id)
        .where(
            _premises.c.house_id.in_(
                select(home.c.house_id)
                .select_from(_served)
                .outerjoin(home, home.c.id == _served.c.premises_id)
                .where(is_among(_served.c.id, "agreement", places))
            )
        )
    )
