"""Rollovers that the file tells of and that are hardly any."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date

from portal.domain.reading import is_plausible_rollover
from portal.imports.book.consumption import Consumption
from portal.imports.book.desk import Desk
from portal.imports.book.reading import Row
from portal.imports.book.registers import Register, dial_of, register_of
from portal.services.consumption import HISTORY_MAX

_Days = dict[date, Consumption]


def rollover_warnings(
    desk: Desk, consumptions: Mapping[tuple[int, int, date], Consumption]
) -> Iterator[str]:
    """A sentence for each reading of the file with `rollover = true` whose consumption the entry
    on the page would refuse.  Only for a load without faults.
    """
    rolled = [row for row in desk.book.rows["readings"] if row.get("rollover", False)]
    days: dict[tuple[int, int], _Days] = defaultdict(dict)
    for (account_id, service_id, day), used in consumptions.items() if rolled else ():
        days[account_id, service_id][day] = used
    for row in rolled:
        register = register_of(desk, row)
        if sentence := _warning(desk, row, register, days[register.ids]):
            yield sentence


def _warning(desk: Desk, row: Row, register: Register, days: _Days) -> str:
    used = days[row["taken_on"]]
    reading = desk.known["readings"].by_id[used.reading_id]
    dial = dial_of(desk.known["meters"].by_id.get(reading["meter_id"]))
    before = [days[day].volume for day in sorted(days, reverse=True) if day < row["taken_on"]]
    volumes = [volume for volume in before if volume is not None][:HISTORY_MAX]
    if used.volume is None or is_plausible_rollover(dial, volumes, used.volume):
        return ""
    return (
        f"{row.place} {row.label}: через ноль получается расход {used.volume} "
        f"{register.service['unit']}, это намного больше обычного. "
        "Проверьте, прошел ли счетчик через ноль"
    )
