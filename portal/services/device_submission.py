"""Readings that a device of the resident's submits by itself."""

from datetime import datetime

from portal.db.session import Session
from portal.domain.identity import ResidentId
from portal.services.device_door import hold_token
from portal.services.entry import Entry, Scope
from portal.services.submission import Receipt, submit_readings


def submit_from_device(
    session: Session,
    resident: ResidentId,
    token_id: int,
    key: str,
    entry: Entry,
    scope: Scope,
    now: datetime,
) -> Receipt:
    """As the page does it, while the key holds.

    Raises NotLetIn, and what `submit_readings` raises.
    """
    hold_token(session, resident, token_id)
    return submit_readings(session, resident, key, entry, scope, now)
