"""Which closed months a run of an open one looks at again, and for whose agreements."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import ColumnElement, FromClause, Select, select

from portal.db import journal
from portal.db.among import among, is_among, places_for
from portal.db.base import table_of
from portal.db.late import LateFact, LateFactTaken
from portal.db.session import Session
from portal.domain.period import Period
from portal.services.office.billing.neighbours import with_neighbours
from portal.services.office.billing.periods import Months
from portal.services.office.billing.posted import estimated
from portal.services.office.billing.silences import Missed, Silence, missed

_LOOKED_BACK: Final = 12
_late, _taken = table_of(LateFact), table_of(LateFactTaken)


@dataclass(slots=True)
class Earlier:
    """Of closed months before the one that is run."""

    whole: dict[Period, set[int]] = field(default_factory=lambda: defaultdict(set))
    """Agreements whose month is charged anew."""
    own: dict[Period, set[int]] = field(default_factory=lambda: defaultdict(set))
    """Those that were read late.  What their house shares out is another's too: that stays."""
    missed: list[Missed] = field(default_factory=list)
    """Months that nobody has charged and that a reading tells of."""
    taken: list[int] = field(default_factory=list)
    """The late facts of which no month is left to be looked at."""

    def months(self) -> Iterable[tuple[Period, set[int], set[int]]]:
        """In the order of time."""
        for period in sorted({*self.whole, *self.own}):
            whole = self.whole.get(period, set())
            yield period, whole, self.own.get(period, set()) - whole


def is_looked_for(agreement: FromClause) -> ColumnElement[bool]:
    """Whether a late fact of it waits for a run."""
    waiting = (
        select(_late.c.id)
        .outerjoin(_taken, _taken.c.late_fact_id == _late.c.id)
        .where(_late.c.agreement_id == agreement.c.id, _taken.c.id.is_(None))
    )
    return waiting.exists()


def earlier_months(
    session: Session,
    months: Months,
    period: Period,
    agreement_ids: Collection[int],
    told: Collection[Silence],
) -> Earlier:
    """Nothing of a run of a month that is itself closed; `told` by its own readings."""
    found = Earlier()
    if not months.is_closed(period):
        for each in missed(session, months, told):
            if each.is_run:
                found.whole[each.period].add(each.silence.agreement_id)
            else:
                found.missed.append(each)
        _look_at_late_facts(session, months, period, agreement_ids, found)
        _look_at_guesses(session, months, period, agreement_ids, found)
    return found


def take(session: Session, earlier: Earlier, now: datetime) -> None:
    """So that no other run looks at them."""
    rows = [{"late_fact_id": each, "taken_at": now} for each in earlier.taken]
    journal.add_all(session, LateFactTaken, rows)


def _look_at_late_facts(
    session: Session,
    months: Months,
    period: Period,
    agreement_ids: Collection[int],
    found: Earlier,
) -> None:
    query = _waiting(places_for(agreement_ids))
    for row in session.execute(query, among("agreement", agreement_ids)):
        count = row.last_period.months_since(row.first_period) + 1
        told = [row.first_period.shifted(number) for number in range(count)]
        closed = [each for each in told if months.is_closed(each) and each < period]
        for each in closed:
            found.whole[each].add(row.agreement_id)
        if len(closed) + (period in told) == len(told):
            found.taken.append(row.id)
    ours = set(agreement_ids)
    for each, some in found.whole.items():
        # What a house shares out is everybody's in it, so all of them are looked at.
        found.whole[each] = ours & {*with_neighbours(session, some)}


@cache
def _waiting(places: int) -> Select[Any]:
    return (
        select(_late.c.id, _late.c.agreement_id, _late.c.first_period, _late.c.last_period)
        .outerjoin(_taken, _taken.c.late_fact_id == _late.c.id)
        .where(is_among(_late.c.agreement_id, "agreement", places), _taken.c.id.is_(None))
        .order_by(_late.c.id)
    )


def _look_at_guesses(
    session: Session,
    months: Months,
    period: Period,
    agreement_ids: Collection[int],
    found: Earlier,
) -> None:
    """A year back, and as far beyond that as nobody had read the meter; a month that nobody has
    charged is no end of it.
    """
    if months.closed is None:
        return
    first, last = period.shifted(-_LOOKED_BACK), min(months.closed, period.shifted(-1))
    while more := estimated(session, first, last, agreement_ids):
        found.own |= more
        first, last = first.shifted(-_LOOKED_BACK), first.shifted(-1)
