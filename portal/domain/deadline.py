"""Until when readings of a month are wanted, and which day of a reading decides it.

The due day and the tolerance are the operator's: rules of a contract, not of a law.
"""

from datetime import date, timedelta
from functools import lru_cache
from itertools import groupby

from portal.domain.period import Period
from portal.domain.timeline import Since, Timeline

TOLERANCE_DAYS = 5
"""Where the operator has set none."""
TOLERANCE_DAYS_MAX = 31


def counting_day(taken_on: date, arrived_on: date, tolerance_days: int) -> date:
    """The day by which a reading of the resident's own is in time or late: that on which it was
    taken, even if it waited on a phone without a network, but not for longer than the operator
    tolerates; after that the day of its arrival.
    """
    is_tolerated = (arrived_on - taken_on).days <= tolerance_days
    return taken_on if is_tolerated else arrived_on


@lru_cache(maxsize=4096)  # many readings are of the same few days
def counting_month(counted_on: date, due_day: int) -> Period:
    """The month for whose volume a reading counts: until the due day that month, later the next.

    Source: Правила 354: by default the 25th, a contract may set another day.
    """
    return Period.of(counted_on).shifted(int(counted_on.day > due_day))


def counting_months(arrives_on: date, tolerance_days: int, due_day: int) -> Timeline[Period]:
    """For which month a reading of the resident's own counts that arrives on that day, by the day
    on which it was taken.
    """
    tolerated = (arrives_on - timedelta(ago) for ago in range(tolerance_days, -1, -1))
    counted = (
        (day, counting_month(counting_day(day, arrives_on, tolerance_days), due_day))
        for day in (date.min, *tolerated)
    )
    runs = (next(run) for _, run in groupby(counted, key=lambda pair: pair[1]))
    return tuple(Since(day, month) for day, month in runs)
