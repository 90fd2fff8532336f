"""Which readings of a meter decide a month, so that a long history costs nothing."""

from collections.abc import Sequence

from portal.domain.charging.counted import (
    Interval,
    Measured,
    Meter,
    Reading,
    Step,
    by_meter,
    in_order,
    intervals,
    measured,
    step_of,
    steps_of,
)
from portal.domain.period import Period
from portal.domain.timeline import Days


def measured_in(meters: Sequence[Meter], month: Period) -> Measured | None:
    """`measured` of their `intervals`; of one meter only the readings that tell of `month` are
    looked at.

    Raises NotChargeable as `intervals` does.
    """
    if len(meters) != 1:
        return measured(intervals(meters), month)
    (meter,) = meters
    taken = in_order(meter)
    index, counts_for, before = _deciding(taken, month)
    if counts_for is None:
        return None
    return measured([_interval(meter, taken, index, counts_for, before)], month)


def is_decided(meters: Sequence[Meter], month: Period) -> bool:
    """Whether what was read of the one meter earlier than its readings here has no part in what
    is counted for `month`.
    """
    if len(meters) != 1 or meters[0].opened_on > month.first_day:
        return False
    index, counts_for, _ = _deciding(in_order(meters[0]), month)
    return index > 0 and counts_for is not None


def _deciding(taken: Sequence[Reading], month: Period) -> tuple[int, Period | None, Period | None]:
    """The place of the first reading that counts for `month` or for a later one, what it counts
    for, and what the one before it counts for; None where there is none.
    """
    index, counts_for = len(taken), None
    while index:
        earlier = taken[index - 1].counts_for
        earlier = earlier if counts_for is None else min(earlier, counts_for)
        if earlier < month:
            return index, counts_for, earlier
        counts_for, index = earlier, index - 1
    return index, counts_for, None


def _interval(
    meter: Meter, taken: Sequence[Reading], index: int, month: Period, before: Period | None
) -> Interval:
    """From the reading before the one at `index`, which counts for `before`, to the last that
    counts for `month` because an earlier or it itself does.
    """
    end = len(taken)
    while taken[end - 1].counts_for != month:
        end -= 1
    value, day = meter.opening, meter.opened_on
    if index:
        value, day = taken[index - 1].value, taken[index - 1].taken_on
    if index + 1 == end:  # nearly always
        steps: tuple[Step, ...] = (step_of(meter, value, day, taken[index]),)
    else:
        counted = steps_of(meter, taken[index:end], value, day)
        steps = tuple(by_meter(step for _, step in counted))
    first = before.shifted(1).first_day if before else meter.opened_on
    return Interval(Days(first, month.last_day), steps)
