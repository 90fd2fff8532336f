"""The month of a service with a meter: by readings, or by what stands in for them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

from portal.domain.charging.banded_norm import norm_in_bands
from portal.domain.charging.case import Case, explained, used
from portal.domain.charging.counted import Interval, Measured, Meter, intervals, measured
from portal.domain.charging.deciding import measured_in
from portal.domain.charging.estimated import average_lines
from portal.domain.charging.line import Lack, Line, NotChargeable
from portal.domain.charging.metered import metered_lines
from portal.domain.charging.methods import Fallback, Method
from portal.domain.charging.norm import by_norm, by_raised_norm, dwellers, naming_owners
from portal.domain.charging.outcome import ServiceMonth
from portal.domain.charging.people import absences
from portal.domain.charging.shared import lines_of, volume_of
from portal.domain.charging.way import Chosen, Obstacle, Trouble, Way, way
from portal.domain.proof import METERED_RULE, RULES_354
from portal.domain.quantity import Quantity
from portal.domain.timeline import Days, pieces, value_on

_BEFORE_RULE = f"{RULES_354}, пункт 42; приложение 2, формула 4"
_READ = Chosen(Way.METERED, "", "", METERED_RULE)


def submitted(case: Case) -> ServiceMonth:
    """Charged when its readings come: nothing here, but others take its volume."""
    return case.became(volume=counted_volume(case))


def counted_volume(case: Case) -> Quantity | None:
    """What its meters counted; None while no reading tells."""
    meters = _meters(case)
    told = measured_in(meters, case.month)
    if told is not None and case.alike:
        return volume_of(case, meters, told)
    return told.volume if told else None


def read(case: Case) -> ServiceMonth:
    """Raises NotChargeable."""
    meters, is_by_readings = _meters(case), case.service.fallback is Fallback.NONE
    obstacle = None if is_by_readings else _obstacle(case)
    if is_by_readings or obstacle is None:  # nearly always
        told = measured_in(meters, case.month)
        if told is not None:
            return _by_readings(case, told)
        if is_by_readings:
            raise NotChargeable(Lack.NO_READINGS, case.days)
    if not meters and case.service.service_id not in case.account.obstacle:
        return _never_metered(case)
    known = intervals(meters)
    chosen = way(case.month, known, obstacle, case.rules, due_day=case.due_day)
    told = measured(known, case.month)
    if chosen.way is Way.METERED and told is not None:
        return _by_readings(case, told)
    return _by_guess(case, chosen)


def _never_metered(case: Case) -> ServiceMonth:
    """As the days on which a meter could be fitted and those on which it could not are charged."""
    rows = [(days, _without(case, days)) for days in _alike(case, case.runs)]
    if len(rows) > 1:
        rows = [(days, _said_of(days, chosen)) for days, chosen in rows]
    lines = tuple(line for days, chosen in rows for line in _by_norm(case, days, chosen))
    return case.became(lines, used(lines), chosen=rows[-1][1])


def _by_guess(case: Case, chosen: Chosen) -> ServiceMonth:
    """And the days before the meter was fitted as they would be if it had been read."""
    fitted_on = min((meter.opened_on for meter in _meters(case)), default=case.days.first)
    before: tuple[Line, ...] = ()
    if case.days.first < fitted_on <= case.days.last:
        before, _ = _unmetered(case, fitted_on)
        left = Days(fitted_on, case.days.last)
        case = replace(case, runs=tuple(days for run in case.runs if (days := run.within(left))))
    lines = before + _instead(case, chosen)
    return case.became(lines, used(lines), chosen=chosen)


def _by_readings(case: Case, told: Measured) -> ServiceMonth:
    """And the days before the meter was fitted by the norm, unless only readings count; nothing
    where that was after the last day that was served.
    """
    days = case.days
    lines: tuple[Line, ...] = ()
    if told.days.within(days) is not None:
        lines = metered_lines(told, case.service.steps, served=days)
    if case.alike:
        lines = lines_of(case, _meters(case), told)
    if told.days.first <= days.first or case.service.fallback is Fallback.NONE:  # nearly always
        return case.became(lines, used(lines))
    before, chosen = _unmetered(case, told.days.first)
    lines = before + lines
    return case.became(lines, used(lines), chosen=chosen)


def _meters(case: Case) -> tuple[Meter, ...]:
    """Those that were there in the month."""
    meters = case.account.meters.get(case.service.service_id, ())
    if len(meters) == 1 and meters[0].opened_on <= case.days.first:  # nearly always
        return meters
    last = case.month.last_day
    return tuple(meter for meter in meters if meter.opened_on <= last)


def _obstacle(case: Case) -> Obstacle | None:
    """What takes the present meters' values away, or why there are none."""
    meters, obstacle = _meters(case), case.account.obstacle.get(case.service.service_id)
    if meters:
        opened_on = min(meter.opened_on for meter in meters)
        return obstacle if obstacle and obstacle.since >= opened_on else None
    return obstacle or _without_meter(case, case.days)


def _without_meter(case: Case, days: Days) -> Obstacle | None:
    """None where nobody has said whether one could be fitted."""
    possible = value_on(case.meter_possible, days.last)
    if possible is None:
        return None
    return Obstacle(Trouble.ABSENT if possible else Trouble.IMPOSSIBLE, days.first)


def _alike(case: Case, runs: Iterable[Days]) -> Iterator[Days]:
    """Cut where it changes whether a meter could be fitted."""
    return (piece for run in runs for piece in pieces(run, (case.meter_possible,)))


def _without(case: Case, days: Days) -> Chosen:
    return way(case.month, (), _without_meter(case, days), case.rules, due_day=case.due_day)


def _said_of(days: Days, chosen: Chosen) -> Chosen:
    when = str(days)
    reason = f"{when[0].upper()}{when[1:]}: {chosen.reason[0].lower()}{chosen.reason[1:]}"
    return replace(chosen, reason=reason)


def _unmetered(case: Case, fitted_on: date) -> tuple[tuple[Line, ...], Chosen]:
    """The days that were served before the meter was fitted, by the one before it if there was."""
    earlier = Days(case.days.first, fitted_on - timedelta(1))
    runs = [days for run in case.runs if (days := run.within(earlier))]
    known = intervals(case.account.former.get(case.service.service_id, ()))
    if told := measured(known, case.month):
        served = Days(runs[0].first, runs[-1].last)
        return metered_lines(told, case.service.steps, served=served), _READ
    rows = [(days, _before_meter(case, days, known)) for days in _alike(case, runs)]
    lines = tuple(line for days, chosen in rows for line in _guessed(case, days, chosen))
    return lines, rows[-1][1]


def _before_meter(case: Case, days: Days, known: Sequence[Interval]) -> Chosen:
    """By what the days before the meter are charged: as a month without it, but nothing can be
    advised any more; where nobody has said that one could be fitted, without a coefficient.
    `known` is of the meter before it.
    """
    before = case.account.obstacle.get(case.service.service_id)
    if before is not None and before.since > days.last:
        before = None
    obstacle = before or _without_meter(case, days)
    if obstacle is None and not known:
        when = str(days)
        reason = f"{when[0].upper()}{when[1:]} счетчика не было, поэтому взят норматив"
        return Chosen(Way.NORM, reason, "", _BEFORE_RULE)
    chosen = way(case.month, known, obstacle, case.rules, due_day=case.due_day)
    return replace(_said_of(days, chosen), advice="")


def _instead(case: Case, chosen: Chosen) -> tuple[Line, ...]:
    """By the average or by the norm."""
    return tuple(line for run in case.runs for line in _guessed(case, run, chosen))


def _guessed(case: Case, days: Days, chosen: Chosen) -> tuple[Line, ...]:
    taken = chosen.average
    if taken is None:
        return _by_norm(case, days, chosen)
    return explained(average_lines(taken, days, case.service.steps, chosen.rule), chosen)


def _by_norm(case: Case, days: Days, chosen: Chosen) -> tuple[Line, ...]:
    service, premises = case.service, case.premises
    people = dwellers(premises.persons, premises.owners)
    is_raised = chosen.way is Way.NORM_RAISED
    away = premises.absences if chosen.counts_absences else ()
    if service.method is Method.BANDS:
        coefficient = service.coefficient if is_raised else None
        lines = norm_in_bands(
            days, people, service.norm, service.steps, coefficient=coefficient, absences=away,
            registered=premises.persons,
        )  # fmt: skip
    elif is_raised:
        lines = by_raised_norm(days, people, service.norm, service.coefficient, service.prices)
    else:
        lines = by_norm(days, people, service.norm, service.prices)
    gone = absences(case, (days,)) if away and service.method is not Method.BANDS else ()
    return explained(naming_owners(lines, people), chosen) + gone
