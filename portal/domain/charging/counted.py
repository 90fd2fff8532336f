"""What the meters of one service counted: from readings to the volume of each month."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from fractions import Fraction
from itertools import accumulate, groupby

from portal.domain.charging.line import Lack, NotChargeable, in_turn
from portal.domain.made import made_often
from portal.domain.meter import Dial
from portal.domain.period import Period
from portal.domain.quantity import SCALE, Quantity
from portal.domain.timeline import Days

_NOTHING = Quantity(0)


@made_often(frozen=True, slots=True)
class Reading:
    """A value that stands: superseded ones are left out."""

    reading_id: int
    taken_on: date
    counts_for: Period
    """By `deadline.counting_month`; what an act decides on the last day may count for its own
    month, but none for a month before that of `taken_on`.
    """
    value: Quantity


@made_often(frozen=True, slots=True)
class Meter:
    """A meter of a service from the day on which it was fitted or found good again.

    `readings` may be in any order; the value at which it was taken off is the last of them.
    """

    serial: str
    dial: Dial
    opening: Quantity
    opened_on: date
    readings: tuple[Reading, ...] = ()


@made_often(frozen=True, slots=True)
class Step:
    """From one value of a meter to a later one of the same meter."""

    serial: str
    previous: Quantity
    previous_on: date
    current: Quantity
    current_on: date
    reading_id: int
    passed: Quantity
    """What the counter began anew: its capacity for each time that it passed its end."""

    @property
    def volume(self) -> Quantity:
        return Quantity(self.current.micro + self.passed.micro - self.previous.micro)

    def then(self, later: "Step") -> "Step":
        """This step and the next of the same meter as one."""
        return Step(
            self.serial, self.previous, self.previous_on,
            later.current, later.current_on, later.reading_id, self.passed + later.passed,
        )  # fmt: skip


@made_often(frozen=True, slots=True)
class Interval:
    """What was counted between the readings of two months, for whole months of account: from the
    day after the earlier month (or the day of fitting) to the end of the later.
    """

    days: Days
    steps: tuple[Step, ...]
    """One a meter, in the order of time."""

    @property
    def volume(self) -> Quantity:
        if len(self.steps) == 1:  # nearly always
            return self.steps[0].volume
        return Quantity(sum(step.volume.micro for step in self.steps))

    @property
    def month(self) -> Period:
        """The month whose reading ends it."""
        return Period.of(self.days.last)

    @property
    def months(self) -> tuple[Period, ...]:
        first = Period.of(self.days.first)
        return tuple(first.shifted(i) for i in range(self.month.months_since(first) + 1))


@made_often(frozen=True, slots=True)
class Measured:
    """What readings say of one month."""

    days: Days
    """Those of the month that the meters counted."""
    volume: Quantity
    interval: Interval

    @property
    def is_shared(self) -> bool:
        """Whether the readings tell of several months together."""
        return self.days is not self.interval.days and self.days != self.interval.days


def intervals(meters: Iterable[Meter]) -> tuple[Interval, ...]:
    """What meters counted that followed one another without a break, in any order.

    After a break (broken, not verified, taken off) a new series begins: what was charged
    without a meter stays as it was charged.

    Raises NotChargeable: a value below the one before it on a dial that cannot have passed its
    end in between.
    """
    series = sorted(meters, key=lambda meter: meter.opened_on)
    dated = [pair for meter in series for pair in _of(meter)]
    # What a reading counts for, earlier ones count for as well, however late they arrived.
    months = list(accumulate((month for month, _ in reversed(dated)), min))[::-1]
    steps = zip(months, (step for _, step in dated), strict=True)
    return tuple(_intervals(series[0].opened_on, steps)) if series else ()


def measured(known: Iterable[Interval], month: Period) -> Measured | None:
    """The volume of `month`; None while no reading counts for it or a later month.

    Of an interval of several months each gets its days' share, rounded to a millionth so that the
    months add up to the interval exactly.
    """
    whole = Days.of(month)
    for interval in known:
        if interval.days.last >= whole.last:
            days = interval.days.within(whole)
            return Measured(days, share_of(interval, days), interval) if days else None
    return None


def share_of(interval: Interval, days: Days) -> Quantity:
    """What of an interval falls on some of its days."""
    if days is interval.days or days == interval.days:  # nearly always: no need of fractions
        return interval.volume
    before = (days.first - interval.days.first).days
    after = (interval.days.last - days.last).days
    exact = Fraction(interval.volume.micro, SCALE * interval.days.count)
    return in_turn(exact * count for count in (before, days.count, after))[1]


def _intervals(opened_on: date, steps: Iterable[tuple[Period, Step]]) -> Iterator[Interval]:
    """What counts for a month before the first that is counted only moves the value on."""
    first, earliest = opened_on, Period.of(opened_on)
    for month, group in groupby(steps, key=lambda pair: pair[0]):
        if month < earliest:
            continue
        yield Interval(Days(first, month.last_day), tuple(by_meter(step for _, step in group)))
        first = month.shifted(1).first_day


def by_meter(steps: Iterable[Step]) -> Iterator[Step]:
    for _, group in groupby(steps, key=lambda step: step.serial):
        whole, *later = group
        for step in later:
            whole = whole.then(step)
        yield whole


def _of(meter: Meter) -> Iterator[tuple[Period, Step]]:
    return steps_of(meter, in_order(meter), meter.opening, meter.opened_on)


def in_order(meter: Meter) -> Sequence[Reading]:
    if len(meter.readings) <= 1:
        return meter.readings
    return sorted(meter.readings, key=lambda reading: (reading.taken_on, reading.reading_id))


def steps_of(
    meter: Meter, taken: Iterable[Reading], value: Quantity, day: date
) -> Iterator[tuple[Period, Step]]:
    """From `value`, read on `day`, through `taken` in their order."""
    for reading in taken:
        yield reading.counts_for, step_of(meter, value, day, reading)
        value, day = reading.value, reading.taken_on


def step_of(meter: Meter, value: Quantity, day: date, reading: Reading) -> Step:
    passed = _passed(meter.dial, value, day, reading)
    return Step(
        meter.serial, value, day, reading.value, reading.taken_on, reading.reading_id, passed
    )


def _passed(dial: Dial, previous: Quantity, previous_on: date, reading: Reading) -> Quantity:
    if reading.value.micro >= previous.micro:
        return _NOTHING
    used = dial.rolled_over(previous, reading.value)
    if used is None:
        raise NotChargeable(Lack.READINGS_FALL, Days(previous_on, reading.taken_on))
    return used + previous - reading.value
