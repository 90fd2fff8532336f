"""Until when readings of a month are wanted, and which day of a reading decides it.

The due day and the tolerance are the operator's: rules of a contract, not of a law.
"""

from datetime import date
from functools import lru_cache

from portal.domain.period import Period

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

    Source: Правила 354, п. 31 «г»: by default the 25th, a contract may set another day.
    """
    return Period.of(counted_on).shifted(int(counted_on.day > due_day))
