"""What each stored reading says that was used."""

from dataclasses import dataclass
from datetime import date

from portal.domain.quantity import Quantity
from portal.imports.book.desk import Desk
from portal.imports.book.known import Entry
from portal.imports.book.registers import dial_of
from portal.services.register_state import OPENING


@dataclass(frozen=True, slots=True)
class Consumption:
    """What a reading says of its register; `volume` is None for one that only opens."""

    reading_id: int
    current: Quantity
    previous: Quantity | None
    volume: Quantity | None
    is_rollover: bool


def consumptions(desk: Desk) -> dict[tuple[int, int, date], Consumption]:
    """Every stored reading of the accounts concerned, by register and date; of several on one
    date the accepted one, and rather a reading than an opening value.
    """
    readings = desk.known["readings"].by_key
    found: dict[tuple[int, int, date], Consumption] = {}
    for entry in sorted(
        readings.values(), key=lambda entry: (entry["source"] != OPENING, entry["id"])
    ):
        key = (entry["account_id"], entry["service_id"], entry["taken_on"])
        found[key] = _consumption(desk, entry)
    return found


def _consumption(desk: Desk, entry: Entry) -> Consumption:
    previous = desk.known["readings"].by_id.get(entry["previous_id"])
    current: Quantity = entry["value"]
    if previous is None or entry["source"] == OPENING:
        return Consumption(entry["id"], current, None, None, is_rollover=False)
    before: Quantity = previous["value"]
    dial = dial_of(desk.known["meters"].by_id.get(entry["meter_id"]))
    rolled = dial.rolled_over(before, current)
    volume = rolled if rolled is not None else current - before
    return Consumption(entry["id"], current, before, volume, is_rollover=rolled is not None)
