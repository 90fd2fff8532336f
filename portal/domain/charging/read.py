"""The month of a service with a meter: by readings, or by what stands in for them."""

from dataclasses import replace
from datetime import date, timedelta

from portal.domain.charging.banded_norm import norm_in_bands
from portal.domain.charging.case import Case, explained, used
from portal.domain.charging.counted import Measured, Meter, intervals, measured
from portal.domain.charging.deciding import measured_in
from portal.domain.charging.estimated import average_lines
from portal.domain.charging.line import Lack, Line, NotChargeable
from portal.domain.charging.metered import metered_lines
from portal.domain.charging.methods import Fallback, Method
from portal.domain.charging.norm import by_norm, by_raised_norm
from portal.domain.charging.outcome import ServiceMonth
from portal.domain.charging.people import absences
from portal.domain.charging.way import Chosen, Obstacle, Trouble, Way, way
from portal.domain.proof import RULES_354
from portal.domain.quantity import Quantity
from portal.domain.timeline import Days, value_on

_BEFORE_RULE = f"{RULES_354}, пункт 42; приложение 2, формула 4"


def submitted(case: Case) -> ServiceMonth:
    """Charged when its readings come: nothing here, but others take its volume."""
    return case.became(volume=counted_volume(case))


def counted_volume(case: Case) -> Quantity | None:
    """What its meters counted; None while no reading tells."""
    told = measured_in(_meters(case), case.month)
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
    known = intervals(meters)
    chosen = way(case.month, known, obstacle, case.rules, due_day=case.due_day)
    told = measured(known, case.month)
    if chosen.way is Way.METERED and told is not None:
        return _by_readings(case, told)
    lines = _instead(case, chosen)
    return case.became(lines, used(lines), chosen=chosen)


def _by_readings(case: Case, told: Measured) -> ServiceMonth:
    """And the days before the meter was fitted by the norm, unless only readings count; nothing
    where that was after the last day that was served.
    """
    days = case.days
    lines: tuple[Line, ...] = ()
    if told.days.within(days) is not None:
        lines = metered_lines(told, case.service.steps, served=days)
    if told.days.first <= days.first or case.service.fallback is Fallback.NONE:  # nearly always
        return case.became(lines, used(lines))
    before = _before_meter(case, told.days.first)
    chosen = _unmetered(case, Days(before[0].first, before[-1].last))
    lines = tuple(line for run in before for line in _by_norm(case, run, chosen)) + lines
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


def _before_meter(case: Case, fitted_on: date) -> tuple[Days, ...]:
    """The days that were served before that."""
    earlier = Days(case.days.first, fitted_on - timedelta(1))
    found = (run.within(earlier) for run in case.runs)
    return tuple(days for days in found if days)


def _unmetered(case: Case, days: Days) -> Chosen:
    """By what the days before the meter are charged: as a month without it, but nothing can be
    advised any more; where nobody has said that one could be fitted, without a coefficient.
    """
    before = case.account.obstacle.get(case.service.service_id)
    if before is not None and before.since > days.last:
        before = None
    obstacle, when = before or _without_meter(case, days), str(days)
    when = f"{when[0].upper()}{when[1:]}"
    if obstacle is None:
        reason = f"{when} счетчика не было, поэтому взят норматив"
        return Chosen(Way.NORM, reason, "", _BEFORE_RULE)
    chosen = way(case.month, (), obstacle, case.rules, due_day=case.due_day)
    reason = f"{when}: {chosen.reason[0].lower()}{chosen.reason[1:]}"
    return replace(chosen, reason=reason, advice="")


def _instead(case: Case, chosen: Chosen) -> tuple[Line, ...]:
    """By the average or by the norm."""
    taken, steps = chosen.average, case.service.steps
    if taken is None:
        return tuple(line for run in case.runs for line in _by_norm(case, run, chosen))
    lines = (average_lines(taken, run, steps, chosen.rule) for run in case.runs)
    return explained((line for of_run in lines for line in of_run), chosen)


def _by_norm(case: Case, days: Days, chosen: Chosen) -> tuple[Line, ...]:
    service, people = case.service, case.premises.persons
    is_raised = chosen.way is Way.NORM_RAISED
    away = case.premises.absences if chosen.counts_absences else ()
    if service.method is Method.BANDS:
        coefficient = service.coefficient if is_raised else None
        lines = norm_in_bands(
            days, people, service.norm, service.steps, coefficient=coefficient, absences=away
        )
    elif is_raised:
        lines = by_raised_norm(days, people, service.norm, service.coefficient, service.prices)
    else:
        lines = by_norm(days, people, service.norm, service.prices)
        lines += absences(case, (days,)) if away else ()
    return explained(lines, chosen)
