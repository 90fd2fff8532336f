"""What readings that are charged with their month may come to, by what the run itself reads."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import partial
from itertools import groupby

from portal.db.session import Session
from portal.domain.charging.bands import Bands, cuts
from portal.domain.charging.counted import Meter, Reading
from portal.domain.charging.foreseen import foreseen
from portal.domain.charging.line import NotChargeable
from portal.domain.charging.month import charge_agreement
from portal.domain.charging.way import Obstacle
from portal.domain.money import Money
from portal.domain.period import Period
from portal.domain.quantity import SCALE, Quantity
from portal.domain.timeline import Days, Timeline, constant, value_on
from portal.services.office.billing.book import read_book
from portal.services.office.billing.facts import read_facts
from portal.services.office.billing.periods import Months
from portal.services.office.billing.registers import registers as read_registers
from portal.services.register_state import Counter, RegisterState


@dataclass(frozen=True, slots=True)
class Foresight:
    """A counter with its readings so far, and by what its volumes are priced."""

    meters: tuple[Meter, ...]
    steps: Timeline[Bands]
    obstacle: Obstacle | None = None
    instead: Callable[[Period], Money] | None = None
    """What the run charges for a month of which no readings count, by the average or the norm."""

    def of(
        self, value: Quantity, taken_on: date, month: Period, used: Quantity, instead_of: int | None
    ) -> Money:
        """What `value` adds to its month's charge.  `used` is what it says was used since the
        reading before it; `instead_of` the id of the one that it replaces.

        Where the month cannot be reckoned yet, `used` is priced as if it were all of `month`; where
        the meter does not count on that day any more, it is what the month comes to without it.
        """
        if self.instead and self.obstacle and taken_on > self.obstacle.since:
            return self.instead(month)
        new = Reading(0, taken_on, month, value)
        try:
            return foreseen(_without(self.meters, instead_of), new, self.steps)
        except NotChargeable:
            return self._alone(used, month)

    def _alone(self, used: Quantity, month: Period) -> Money:
        """Raises NotChargeable: not even `month` has a price."""
        prices = constant(value_on(self.steps, month.last_day))
        parts = cuts(Fraction(used.micro, SCALE), Days.of(month), prices)
        return Money.total(part.amount for part in parts)


def foresights(session: Session, states: Iterable[RegisterState]) -> dict[Counter, Foresight]:
    """Of those that are charged with their month: no statement where there is none, else eight of
    each operator, however many counters he has; more only for a value of a meter that does not
    count.
    """
    monthly = sorted(
        (state for state in states if state.is_by_month), key=lambda state: state.operator_id
    )
    found: dict[Counter, Foresight] = {}
    for _, some in groupby(monthly, key=lambda state: state.operator_id):
        found |= _of_operator(session, list(some))
    return found


def _of_operator(session: Session, states: Sequence[RegisterState]) -> dict[Counter, Foresight]:
    book = read_book(session, {state.tariff_id for state in states})
    months = _months(states[0])
    read = read_registers(session, months, {state.account_id for state in states})
    found = {}
    for state in states:
        register = read.get(state.account_id, {}).get(state.service_id)
        meters = register.meters if register else ()
        obstacle = register.obstacle if register else None
        if obstacle and meters and obstacle.since < min(meter.opened_on for meter in meters):
            obstacle = None  # it befell those before them
        instead = partial(_charged, session, months, state) if obstacle else None
        steps = book[state.service_id].facts.steps
        found[state.counter] = Foresight(meters, steps, obstacle, instead)
    return found


def _charged(session: Session, months: Months, state: RegisterState, month: Period) -> Money:
    """Nothing where the run lacks a fact."""
    facts = read_facts(session, months, month, [state.agreement_id])
    told = charge_agreement(facts.agreements[state.agreement_id], month)
    own = [each for each in told if (each.account_id, each.service_id) == state.counter]
    return Money.total(line.amount for each in own for line in each.lines)


def _months(state: RegisterState) -> Months:
    """As far as it takes to know for which months readings count."""
    return Months(
        operator_id=state.operator_id,
        name="",
        zone=state.zone,
        readings_due_day=state.readings_due_day,
        entry_tolerance_days=state.tolerance_days,
        charges_penalty=False,
        closed=None,
        sent=frozenset(),
    )


def _without(meters: tuple[Meter, ...], reading_id: int | None) -> tuple[Meter, ...]:
    if reading_id is None:
        return meters
    return tuple(
        replace(meter, readings=tuple(r for r in meter.readings if r.reading_id != reading_id))
        for meter in meters
    )
