"""The resident's agreements, as the filters of the pages offer them."""

from sqlalchemy import bindparam, select

from portal.db.base import table_of
from portal.db.parties import Agreement
from portal.db.session import Session
from portal.domain.identity import ResidentId
from portal.domain.statement import Choice
from portal.errors import NotFound

_agreement = table_of(Agreement)
_OWN = (
    select(_agreement.c.id, _agreement.c.number)
    .where(_agreement.c.resident_id == bindparam("resident"))
    .order_by(_agreement.c.closed_on.is_not(None), _agreement.c.id)
)


def agreements(session: Session, resident: ResidentId) -> tuple[Choice, ...]:
    """Those in force first."""
    rows = session.execute(_OWN, {"resident": resident})
    return tuple(Choice(row.id, row.number) for row in rows)


def ensure_own(session: Session, resident: ResidentId, agreement_id: int | None) -> None:
    """Raises NotFound: the agreement that a filter names is not the resident's."""
    if agreement_id is None:
        return
    if all(choice.id != agreement_id for choice in agreements(session, resident)):
        raise NotFound
