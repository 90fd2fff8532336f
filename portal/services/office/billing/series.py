"""From the rows of meters, readings and acts to series of meters, and what takes them away."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, TypeAlias

from sqlalchemy import Row

from portal.domain.charging.counted import Meter, Reading
from portal.domain.charging.way import Obstacle, Trouble
from portal.domain.deadline import TOLERANCE_DAYS, counting_day, counting_month
from portal.domain.made import made_often
from portal.domain.meter import UNKNOWN_DIAL, Dial
from portal.domain.period import Period, day_text
from portal.domain.quantity import Quantity
from portal.services.office.billing.periods import Months
from portal.services.register_state import BY_RESIDENT, OPENING

_DAY = timedelta(1)
Rows: TypeAlias = list[Row[Any]]


@made_often(frozen=True, slots=True)
class Register:
    """A series of meters of one service of one account, and the obstacle, if any."""

    meters: tuple[Meter, ...]
    obstacle: Obstacle | None
    former: tuple[Meter, ...] = ()
    """The series before it."""


@dataclass(frozen=True, slots=True)
class _Part:
    """The meters of one row from one act to the next, nearly always all of its time."""

    begins: date
    meters: tuple[Meter, ...]
    obstacle: Obstacle | None
    is_admitted: bool = False
    """Whether it begins because somebody was let in at last."""


def register(
    months: Months,
    hung: Rows,
    read: Mapping[int, Rows],
    month: Period | None,
    refusals: Sequence[Row[Any]] = (),
) -> Register:
    """A meter that took over from the one before without a break goes on with its series."""
    series: list[Meter] = []
    former: list[Meter] = []
    obstacle: Obstacle | None = None
    for number, (row, part) in enumerate(_parts(months, hung, read, month, refusals)):
        own = part.obstacle
        if part.is_admitted or not _follows(row, hung, obstacle):
            if month is not None and number and part.begins > month.last_day:
                break
            former, series = series, []
            own = own or obstacle
        series += _before(part.meters, own)
        obstacle = own
    return Register(tuple(series), obstacle, tuple(former))


def _parts(
    months: Months,
    hung: Rows,
    read: Mapping[int, Rows],
    month: Period | None,
    refusals: Sequence[Row[Any]],
) -> Iterator[tuple[Row[Any], _Part]]:
    for row in hung:
        rows = read.get(row.id, [])
        if not refusals:  # nearly always
            yield row, _Part(row.installed_on, of_rows(months, row, rows), _obstacle(row))
            continue
        for part in _between_acts(months, row, rows, refusals):
            befell = _obstacle(row)
            yield row, replace(part, obstacle=_deciding(befell, part, month))


def _between_acts(
    months: Months, row: Row[Any], rows: Rows, refusals: Sequence[Row[Any]]
) -> Iterator[_Part]:
    """What is read between an act and the day on which somebody was let in does not count; from
    that day on the meter counts anew, from the value that was found.
    """
    begins, admitted = row.installed_on, None
    for act in refusals:
        if act.refused_on < begins or (row.removed_on is not None and row.removed_on <= begins):
            continue
        refused = _refused(act, begins)
        counting = [each for each in rows if each.taken_on <= refused.since]
        meters = _meters_of(months, row, counting, admitted)
        is_read = bool(meters) and meters[0].opened_on <= refused.since
        yield _Part(begins, meters if is_read else (), refused, admitted is not None)
        if act.admitted_on is None:
            return
        begins, admitted = act.admitted_on, act
        rows = [each for each in rows if each.taken_on > begins]
    yield _Part(begins, _meters_of(months, row, rows, admitted), None, admitted is not None)


def _refused(act: Row[Any], begins: date) -> Obstacle:
    """From the first day of the month of the act on (Правила 354, п. 60(3))."""
    since = max(act.refused_on.replace(day=1), begins)
    return Obstacle(Trouble.REFUSED, since, f"{act.document} от {day_text(act.refused_on)}")


def _deciding(befell: Obstacle | None, part: _Part, month: Period | None) -> Obstacle | None:
    """An act decides its month and those after it, whatever befell the meter before; what befell
    it does so in the months before the act.
    """
    refused = part.obstacle
    if befell is not None and befell.since < part.begins:
        befell = replace(befell, since=part.begins)
    if refused is None or befell is None:
        return refused or befell
    is_later = month is not None and Period.of(refused.since) > month
    return befell if is_later and befell.since < refused.since else refused


def _meters_of(
    months: Months, row: Row[Any], rows: Rows, admitted: Row[Any] | None
) -> tuple[Meter, ...]:
    if admitted is None:
        return of_rows(months, row, rows)
    opening, day = admitted.admitted_value, admitted.admitted_on
    return (_meter(months, row, (opening, day), rows, rows[-1].id if rows else 0),)


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


def of_rows(months: Months, row: Row[Any] | None, rows: Rows) -> tuple[Meter, ...]:
    """Nothing is counted before the first value that is known, which is the opening one.  `row`
    is None where the operator has described no meter.
    """
    if not rows:
        return ()
    first, *later = rows
    begun = first.value, _opened_on(months, first)
    return (_meter(months, row, begun, later, rows[-1].id),)


def _meter(
    months: Months,
    row: Row[Any] | None,
    begun: tuple[Quantity, date],
    rows: Rows,
    last_id: int,
) -> Meter:
    """From the value of a day on."""
    readings = [_counted(months, each) for each in rows if each.source != OPENING]
    if row is not None and row.closing_value is not None and row.removed_on is not None:
        last = Period.of(row.removed_on)
        readings.append(Reading(last_id, row.removed_on, last, row.closing_value))
    dial = UNKNOWN_DIAL if row is None else _dial(row.integer_digits, row.fraction_digits)
    serial = "" if row is None else row.serial or ""
    return Meter(serial, dial, *begun, tuple(readings))


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
