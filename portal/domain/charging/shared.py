"""A meter that goes on counting when the tariff changes: its volume is divided between them."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from fractions import Fraction
from itertools import pairwise

from portal.domain.charging.bands import Bands
from portal.domain.charging.case import Case
from portal.domain.charging.counted import (
    Interval,
    Measured,
    Meter,
    Step,
    by_meter,
    in_order,
    share_of,
    steps_of,
)
from portal.domain.charging.facts import ServiceFacts
from portal.domain.charging.line import Line, in_turn
from portal.domain.charging.metered import metered_lines
from portal.domain.quantity import SCALE, Quantity
from portal.domain.timeline import Days, Since, Timeline, value_on

Turn = tuple[Days, ServiceFacts]
"""The days of one of the services."""


def lines_of(case: Case, meters: Iterable[Meter], told: Measured) -> tuple[Line, ...]:
    """The case's part of what the month's meters counted: by the days of each tariff, or by a
    reading of the day of the change or of the day before it.  All parts add up to the volume.
    """
    turns = _turns(case)
    steps = _joined(turns)
    lines: list[Line] = []
    for part, days in _parts(meters, told, turns):
        if part.days.within(days) is not None:
            lines += metered_lines(part, steps, served=days)
    return tuple(line for line in lines if _is_of(case, turns, line.days))


def volume_of(case: Case, meters: Iterable[Meter], told: Measured) -> Quantity:
    """The same without prices."""
    turns, own = _turns(case), Quantity(0)
    for part, days in _parts(meters, told, turns):
        pieces = [(run.within(days), service) for run, service in turns]
        known = [(days, service) for days, service in pieces if days is not None]
        whole = sum(days.count for days, _ in known)
        exact = (Fraction(part.volume.micro * d.count, SCALE * whole) for d, _ in known)
        for (_, service), volume in zip(known, in_turn(exact), strict=True):
            own += volume if service is case.service else Quantity(0)
    return own


def _turns(case: Case) -> list[Turn]:
    """All days of the meter's services in the order of time."""
    turns = [(run, case.service) for run in case.runs]
    turns += [(run, service) for service, runs in case.alike for run in runs]
    return sorted(turns, key=lambda turn: turn[0].first)


def _is_of(case: Case, turns: list[Turn], days: Days) -> bool:
    begun = [service for run, service in turns if run.first <= days.first]
    return begun[-1] is case.service


def _joined(turns: Iterable[Turn]) -> Timeline[Bands]:
    """The prices of each service from its first day on."""
    rows: list[Since[Bands | None]] = []
    for run, service in turns:
        rows.append(Since(run.first, value_on(service.steps, run.first)))
        rows += [since for since in service.steps if run.first < since.valid_from <= run.last]
    return tuple(rows)


def _parts(
    meters: Iterable[Meter], told: Measured, turns: list[Turn]
) -> Iterator[tuple[Measured, Days]]:
    """What was measured, cut at the changes of which a reading tells, each with its days."""
    first, last = turns[0][0].first, turns[-1][0].last
    for (_, before), (run, after) in pairwise(turns):
        if before is after:
            continue
        halves = _halves(meters, told.interval, run.first.toordinal())
        if halves is None:
            continue
        end = run.first - timedelta(1)
        earlier, later = (_within(half, told) for half in halves)
        if earlier is not None:
            yield earlier, Days(first, end)
        if later is None:
            return
        first, told = run.first, later
    yield told, Days(first, last)


def _within(half: Interval, told: Measured) -> Measured | None:
    days = half.days.within(told.days)
    return None if days is None else Measured(days, share_of(half, days), half)


def _halves(
    meters: Iterable[Meter], interval: Interval, change: int
) -> tuple[Interval, Interval] | None:
    """The interval before the change and from it on; None where nothing was read then."""
    steps = [step for step in _steps(meters) if _is_within(step, interval)]
    number = next(
        (n for n, step in enumerate(steps, 1) if change - step.current_on.toordinal() in {0, 1}), 0
    )
    day = interval.days.first.fromordinal(change)
    if not number or number == len(steps) or day not in interval.days:
        return None
    before, after = tuple(by_meter(steps[:number])), tuple(by_meter(steps[number:]))
    return (
        Interval(Days(interval.days.first, day - timedelta(1)), before),
        Interval(Days(day, interval.days.last), after),
    )


def _steps(meters: Iterable[Meter]) -> Iterator[Step]:
    for meter in sorted(meters, key=lambda each: each.opened_on):
        for _, step in steps_of(meter, in_order(meter), meter.opening, meter.opened_on):
            yield step


def _is_within(step: Step, interval: Interval) -> bool:
    first, last = interval.steps[0], interval.steps[-1]
    return first.previous_on <= step.previous_on and step.current_on <= last.current_on
