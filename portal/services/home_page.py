"""«Главная» together with the counters that it reminds of."""

from datetime import datetime

from portal.db.session import Session
from portal.domain.device import Device
from portal.domain.feed import EventKind
from portal.domain.identity import ResidentId
from portal.services.entry import Scope
from portal.services.home import Home, home
from portal.services.registers import devices


def home_page(
    session: Session,
    resident: ResidentId,
    kinds: frozenset[EventKind],
    scope: Scope | None,
    now: datetime,
) -> tuple[Home, tuple[Device, ...]]:
    """Six statements; no devices where the operator has closed the ЖКХ module (no `scope`).

    Raises NotFound.
    """
    found = home(session, resident, kinds, now)
    if scope is None:
        return found, ()
    return found, devices(session, resident, scope.matches, scope.serial_field, now)
