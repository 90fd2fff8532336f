"""The flats' meters and what they showed, month by month."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from portal.domain.period import Period
from portal.imports.demo.cast import Flat, dice
from portal.imports.demo.supplies import BY_KEY, Row
from portal.imports.demo.timeline import Timeline, reading_day
from portal.imports.demo.usage import HABITS, opening, used

_YEARS_OLD = (2, 6)
_YEARS_TO_VERIFY = {"cold": 6, "hot": 6, "gas": 12, "power": 16}
_GUEST_VERIFIES_IN = 41  # days: soon enough for the portal to say so


@dataclass(frozen=True, slots=True)
class MeterKind:
    """A device on the wall; day and night are two dials of one."""

    key: str
    login: str
    dials: tuple[str, ...]

    def serial(self, flat: Flat) -> str:
        return str(dice(flat.number, self.key, "serial").randint(10_000_000, 99_999_999))


METERS = (
    MeterKind("cold", "Счетчик холодной воды", ("cold",)),
    MeterKind("hot", "Счетчик горячей воды", ("hot",)),
    MeterKind("gas", "Счетчик газа", ("gas",)),
    MeterKind("power", "Счетчик электроэнергии", ("day", "night")),
)
DEVICE_OF = {dial: meter.key for meter in METERS for dial in meter.dials}


def metered(flat: Flat, time: Timeline) -> Iterator[Row]:
    """The rows of the flat's meters, as they were when the house's history begins."""
    for meter in METERS:
        installed_on = _installed_on(flat, meter, time)
        for dial in meter.dials:
            yield {
                "account": f"{flat.agreement}/{meter.key}",
                "service": BY_KEY[dial].external_id,
                "installed_on": installed_on,
                "serial": meter.serial(flat),
                "integer_digits": HABITS[dial].integer_digits,
                "fraction_digits": HABITS[dial].fraction_digits,
                "verified_until": _verified_until(flat, meter, installed_on, time),
                "opening_value": opening(flat, dial).text(),
                "opening_on": time.first.first_day,
            }


def readings(flat: Flat, time: Timeline) -> Iterator[Row]:
    for dial, device in DEVICE_OF.items():
        value = opening(flat, dial)
        for period in read_periods(flat, time):
            value = value + used(flat, dial, period)
            yield {
                "account": f"{flat.agreement}/{device}",
                "service": BY_KEY[dial].external_id,
                "taken_on": reading_day(flat.number, period),
                "value": value.text(),
            }


def read_periods(flat: Flat, time: Timeline) -> Iterator[Period]:
    """The months whose readings the flat has given; the guest gives this month's himself."""
    for period in time.periods:
        is_guests = flat.is_guest and period == time.current
        if time.is_over(reading_day(flat.number, period)) and not is_guests:
            yield period


def _installed_on(flat: Flat, meter: MeterKind, time: Timeline) -> date:
    chance = dice(flat.number, meter.key, "installed")
    year = time.first.year - chance.randint(*_YEARS_OLD)
    return date(year, chance.randint(1, 12), chance.randint(1, 28))


def _verified_until(flat: Flat, meter: MeterKind, installed_on: date, time: Timeline) -> date:
    if flat.is_guest and meter.key == "hot":
        return time.today + timedelta(days=_GUEST_VERIFIES_IN)
    years = _YEARS_TO_VERIFY[meter.key]
    until = installed_on
    while until <= time.today:
        until = until.replace(year=until.year + years)
    return until
