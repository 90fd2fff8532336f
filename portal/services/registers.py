"""The counters of a resident."""

from collections.abc import Callable, Collection, Iterable
from datetime import date, datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select

from portal.db.among import among, places_for
from portal.db.base import table_of
from portal.db.parties import Agreement, Operator
from portal.db.session import Session
from portal.domain.charging.methods import Method
from portal.domain.device import Device, KnownReading, Register
from portal.domain.identity import ResidentId
from portal.domain.period import Period
from portal.services.bands_in_force import bands_of
from portal.services.register_query import register_query
from portal.services.register_row import RegisterRow
from portal.services.register_state import OPENING, Newest, RegisterState, state_of

Matches = Callable[[str], bool]
"""Whether a service's external id is one of the ЖКХ module's."""

_agreement, _operator = table_of(Agreement), table_of(Operator)
_ZONES = (
    select(_operator.c.timezone)
    .join(_agreement, _agreement.c.operator_id == _operator.c.id)
    .where(_agreement.c.resident_id == bindparam("resident"))
    .distinct()
    .order_by(_operator.c.timezone)
)


def registers(
    session: Session,
    resident: ResidentId,
    matches: Matches,
    serial_field: str,
    now: datetime,
    *,
    only: Collection[int] | None = None,
) -> list[RegisterState]:
    """The resident's counters in the order of the page; `only` narrows them to some accounts.

    `serial_field` names the additional field that holds the serial number.
    """
    days = _local_days(session, resident, now)
    if not days:
        return []
    parameters = {"resident": resident, "serial_field": serial_field}
    parameters |= {f"day_{number}": day for number, day in enumerate(days.values())}
    if only is None:
        query = register_query(tuple(days))
    else:
        query = register_query(tuple(days), places_for(only))
        parameters |= among("account", only)
    rows = map(RegisterRow._make, session.execute(query, parameters).all())
    shown = [row for row in rows if matches(row.external_id)]
    bands = bands_of(session, {r.service_id for r in shown if Method(r.method) is Method.BANDS})
    return [state_of(row, days[row.timezone], bands.get(row.service_id, ())) for row in shown]


def devices(
    session: Session, resident: ResidentId, matches: Matches, serial_field: str, now: datetime
) -> tuple[Device, ...]:
    """The devices of the ЖКХ page: accounts with a tariff of services that have at least one
    one-time service of the module.
    """
    return as_devices(registers(session, resident, matches, serial_field, now), now)


def as_devices(states: Iterable[RegisterState], now: datetime) -> tuple[Device, ...]:
    """Counters grouped by their account, as they are shown at the moment `now`."""
    return tuple(
        _device(list(group), now) for _, group in groupby(states, key=lambda s: s.account_id)
    )


def _local_days(session: Session, resident: ResidentId, now: datetime) -> dict[str, date]:
    """Today's date in the zone of each of the resident's operators."""
    zones = session.execute(_ZONES, {"resident": resident}).scalars()
    return {zone: now.astimezone(ZoneInfo(zone)).date() for zone in zones}


def _device(group: list[RegisterState], now: datetime) -> Device:
    first = group[0]
    verified = [state.verified_until for state in group if state.verified_until]
    return Device(
        account_id=first.account_id,
        login=first.login,
        serial=first.serial,
        state=first.state,
        verified_until=min(verified, default=None),
        is_ended=first.is_ended,
        registers=tuple(_register(state, now) for state in group),
    )


def _register(state: RegisterState, now: datetime) -> Register:
    newest = state.newest
    this_month = Period.at(now, state.zone)
    return Register(
        account_id=state.account_id,
        service_id=state.service_id,
        external_id=state.external_id,
        name=state.name,
        unit=state.unit,
        price=state.price if state.is_priced and not state.bands else None,
        dial=state.dial,
        previous=_known(newest, state.zone, now) if newest else None,
        is_open=state.is_open,
        is_given=newest is not None
        and newest.source != OPENING
        and Period.of(newest.counts_on(state.zone, state.tolerance_days)) == this_month,
        months=state.months(now),
        bands=state.bands,
        photo=state.photo,
    )


def _known(newest: Newest, zone: ZoneInfo, now: datetime) -> KnownReading:
    return KnownReading(
        newest.reading_id,
        newest.taken_on,
        newest.value,
        volume=newest.charge.volume if newest.charge else None,
        before=newest.previous_value,
        is_correctable=newest.is_correctable(zone, now),
        price=newest.charge.price if newest.charge else None,
    )
