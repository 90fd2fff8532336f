"""The meters of accounts as a month is charged by them: readings, and what takes them away."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import Row, Select, bindparam, select

from portal.db.accounts import Meter as MeterRow
from portal.db.among import among, is_among, places_for
from portal.db.base import table_of
from portal.db.readings import Reading as ReadingRow
from portal.db.session import Session
from portal.domain.charging.counted import Meter, Reading
from portal.domain.charging.deciding import is_decided
from portal.domain.charging.way import Obstacle, Trouble
from portal.domain.deadline import TOLERANCE_DAYS, counting_day, counting_month
from portal.domain.made import made_often
from portal.domain.meter import UNKNOWN_DIAL, Dial
from portal.domain.period import Period
from portal.services.office.billing.periods import Months
from portal.services.office.billing.posted import Served
from portal.services.register_state import BY_RESIDENT, OPENING

_meter, _reading = table_of(MeterRow), table_of(ReadingRow)
_newer = _reading.alias("newer")
_DAY = timedelta(1)
_LATELY = 2
"""Months before the one that is asked for: who is read each month has two readings in them."""
_Rows = list[Row[Any]]


@made_often(frozen=True, slots=True)
class Register:
    """A series of meters of one service of one account, and the obstacle, if any."""

    meters: tuple[Meter, ...]
    obstacle: Obstacle | None
    former: tuple[Meter, ...] = ()
    """The series before it."""


def registers(
    session: Session, months: Months, account_ids: Collection[int], month: Period | None = None
) -> dict[int, dict[int, Register]]:
    """By the account and the service, in two statements.  Where `month` is given: the last series
    that began by its end, for what was charged while a meter lacked stays so when there is a new
    one.  If the readings of lately decide it, the meters have only these, however long they have
    been read: then it takes two statements more.
    """
    hung = _hung(session, account_ids)
    if month is None:
        return _found(months, hung, _read(session, account_ids))
    since = month.shifted(-_LATELY).first_day
    found = _found(months, hung, _read(session, account_ids, since), month)
    more = _undecided(found, hung, month) | _silent(session, account_ids, found)
    if more:
        theirs = {served: rows for served, rows in hung.items() if served[0] in more}
        found |= _found(months, theirs, _read(session, more), month)
    return found


def _hung(session: Session, account_ids: Collection[int]) -> dict[Served, _Rows]:
    accounts, places = among("account", account_ids), places_for(account_ids)
    hung: dict[Served, _Rows] = defaultdict(list)
    for row in session.execute(_meters(places), accounts).all():
        hung[row.account_id, row.service_id].append(row)
    return hung


def _read(session: Session, account_ids: Collection[int], since: date = date.min) -> _Rows:
    asked = among("account", account_ids) | {"since": since}
    return list(session.execute(_readings(places_for(account_ids)), asked).all())


def _found(
    months: Months, hung: Mapping[Served, _Rows], rows: _Rows, month: Period | None = None
) -> dict[int, dict[int, Register]]:
    read: dict[int, _Rows] = defaultdict(list)
    undescribed: dict[Served, _Rows] = defaultdict(list)
    for row in rows:
        meter_id: int | None = row.meter_id
        served = row.account_id, row.service_id
        (undescribed[served] if meter_id is None else read[meter_id]).append(row)
    found: dict[int, dict[int, Register]] = defaultdict(dict)
    for (account_id, service_id), meters in hung.items():
        found[account_id][service_id] = _register(months, meters, read, month)
    for (account_id, service_id), alone in undescribed.items():
        register = Register(_of_rows(months, None, alone), None)
        found[account_id].setdefault(service_id, register)
    return found


def _undecided(
    found: Mapping[int, Mapping[int, Register]], hung: Mapping[Served, _Rows], month: Period
) -> set[int]:
    """Accounts with a meter of which more is to be known than what was read of it lately."""
    return {
        account_id
        for account_id, own in found.items()
        for service_id, register in own.items()
        if register.obstacle is not None
        or len(hung.get((account_id, service_id), ())) > 1
        or not is_decided(register.meters, month)
    }


def _silent(
    session: Session, account_ids: Collection[int], found: Mapping[int, Mapping[int, Register]]
) -> set[int]:
    """Accounts with a service of which nothing was read lately, and no meter is described."""
    query = _ever_read(places_for(account_ids))
    rows = session.execute(query, among("account", account_ids)).all()
    return {row[0] for row in rows if row[1] not in found.get(row[0], ())}


@cache
def _meters(places: int) -> Select[Any]:
    of_accounts = is_among(_meter.c.account_id, "account", places)
    return select(_meter).where(of_accounts).order_by(_meter.c.installed_on, _meter.c.id)


@cache
def _readings(places: int) -> Select[Any]:
    """Those that nothing supersedes, in the order of their chain."""
    return (
        select(
            _reading.c.id, _reading.c.account_id, _reading.c.service_id, _reading.c.meter_id,
            _reading.c.taken_on, _reading.c.value, _reading.c.source, _reading.c.accepted_at,
        )
        .outerjoin(_newer, _newer.c.supersedes_id == _reading.c.id)
        .where(
            is_among(_reading.c.account_id, "account", places),
            _reading.c.taken_on >= bindparam("since"),
            _newer.c.id.is_(None),
        )
        .order_by(_reading.c.taken_on, _reading.c.id)
    )  # fmt: skip


@cache
def _ever_read(places: int) -> Select[Any]:
    of_accounts = is_among(_reading.c.account_id, "account", places)
    return select(_reading.c.account_id, _reading.c.service_id).where(of_accounts).distinct()


def _register(
    months: Months, hung: _Rows, read: Mapping[int, _Rows], month: Period | None
) -> Register:
    """A meter that took over from the one before without a break goes on with its series."""
    series: list[Meter] = []
    former: list[Meter] = []
    obstacle: Obstacle | None = None
    for row in hung:
        own = _obstacle(row)
        if not _follows(row, hung, obstacle):
            if month is not None and row is not hung[0] and row.installed_on > month.last_day:
                break
            former, series = series, []
            own = own or obstacle
        series += _before(_of_rows(months, row, read.get(row.id, [])), own)
        obstacle = own
    return Register(tuple(series), obstacle, tuple(former))


def _follows(row: Row[Any], hung: Iterable[Row[Any]], obstacle: Obstacle | None) -> bool:
    """Whether it replaced another not later than that one ceased to count."""
    replaced = row.replaces_id
    if replaced is None or all(each.id != replaced for each in hung):
        return False
    return obstacle is None or bool(row.installed_on <= obstacle.since)


def _obstacle(row: Row[Any]) -> Obstacle | None:
    """The first that befell it."""
    found = []
    if row.broken_since is not None:
        found.append(Obstacle(Trouble.BROKEN, row.broken_since))
    if row.removed_on is not None:
        found.append(Obstacle(Trouble.BROKEN, row.removed_on))
    if row.verified_until is not None:
        found.append(Obstacle(Trouble.UNVERIFIED, row.verified_until + _DAY))
    return min(found, key=lambda each: each.since, default=None)


def _before(meters: tuple[Meter, ...], obstacle: Obstacle | None) -> list[Meter]:
    """Without the readings that an obstacle of its own takes away, but with the closing value,
    which is of the day itself.
    """
    if obstacle is None or not meters or obstacle.since < meters[0].opened_on:
        return list(meters)
    return [
        replace(meter, readings=tuple(r for r in meter.readings if r.taken_on <= obstacle.since))
        for meter in meters
    ]


def _of_rows(months: Months, row: Row[Any] | None, rows: list[Row[Any]]) -> tuple[Meter, ...]:
    """Nothing is counted before the first value that is known, which is the opening one.  `row`
    is None where the operator has described no meter.
    """
    if not rows:
        return ()
    first, *later = rows
    readings = [_counted(months, each) for each in later if each.source != OPENING]
    if row is not None and row.closing_value is not None and row.removed_on is not None:
        last = Period.of(row.removed_on)
        readings.append(Reading(rows[-1].id, row.removed_on, last, row.closing_value))
    dial = UNKNOWN_DIAL if row is None else _dial(row.integer_digits, row.fraction_digits)
    serial = "" if row is None else row.serial or ""
    meter = Meter(serial, dial, first.value, _opened_on(months, first), tuple(readings))
    return (meter,)


@lru_cache(maxsize=256)
def _dial(integer_digits: int | None, fraction_digits: int | None) -> Dial:
    return Dial(integer_digits, fraction_digits)


def _opened_on(months: Months, first: Row[Any]) -> date:
    """An opening value is of its own day; a first reading ends the month that it counts for."""
    if first.source == OPENING:
        day: date = first.taken_on
        return day
    return _counted(months, first).counts_for.shifted(1).first_day


def _counted(months: Months, row: Iterable[Any]) -> Reading:
    """What the operator brings in is of the day on which it was taken, whenever it comes."""
    reading_id, _, _, _, taken_on, value, source, accepted_at = row  # quicker than its names
    day = taken_on
    if source == BY_RESIDENT:
        arrived_on = accepted_at.astimezone(months.zone).date()
        tolerated = months.entry_tolerance_days
        day = counting_day(day, arrived_on, TOLERANCE_DAYS if tolerated is None else tolerated)
    return Reading(reading_id, taken_on, counting_month(day, months.readings_due_day), value)
