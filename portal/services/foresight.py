"""What readings that are charged with their month may come to, by what the run itself reads."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from itertools import groupby

from portal.db.session import Session
from portal.domain.charging.bands import Bands, cuts
from portal.domain.charging.counted import Meter, Reading
from portal.domain.charging.foreseen import foreseen
from portal.domain.charging.line import NotChargeable
from portal.domain.money import Money
from portal.domain.period import Period
from portal.domain.quantity import SCALE, Quantity
from portal.domain.timeline import Days, Timeline, constant, value_on
from portal.services.office.billing.book import read_book
from portal.services.office.billing.periods import Months
from portal.services.office.billing.registers import registers as read_registers
from portal.services.register_state import Counter, RegisterState


@dataclass(frozen=True, slots=True)
class Foresight:
    """A counter with its readings so far, and by what its volumes are priced."""

    meters: tuple[Meter, ...]
    steps: Timeline[Bands]

    def of(
        self, value: Quantity, taken_on: date, month: Period, used: Quantity, instead_of: int | None
    ) -> Money:
        """What `value` adds to its month's charge.  `used` is what it says was used since the
        reading before it; `instead_of` the id of the one that it replaces.

        Where the month cannot be reckoned yet, `used` is priced as if it were all of `month`.
        """
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
    each operator, however many counters he has.
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
    read = read_registers(session, _months(states[0]), {state.account_id for state in states})
    found = {}
    for state in states:
        register = read.get(state.account_id, {}).get(state.service_id)
        meters = register.meters if register else ()
        found[state.counter] = Foresight(meters, book[state.service_id].facts.steps)
    return found


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
