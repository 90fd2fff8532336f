"""What was charged as the house gave its readings; the rest of each month `bill` charges."""

from collections.abc import Iterator

from portal.domain.period import Period
from portal.domain.quantity import cost
from portal.imports.demo.cast import Flat
from portal.imports.demo.counters import DEVICE_OF, read_periods
from portal.imports.demo.supplies import BY_KEY, Row
from portal.imports.demo.timeline import Timeline, at, reading_day
from portal.imports.demo.usage import used

_ANNOUNCED = ("cold", "hot")


def charges(flat: Flat, time: Timeline) -> Iterator[Row]:
    """In the order of posting."""
    for period in read_periods(flat, time):
        for dial in DEVICE_OF:
            yield _charge(flat, dial, period) | _announced(flat, dial, period, time)


def _charge(flat: Flat, dial: str, period: Period) -> Row:
    supply, volume = BY_KEY[dial], used(flat, dial, period)
    day = reading_day(flat.number, period)
    return {
        "key": f"{flat.agreement}/{dial}/{period}",
        "account": f"{flat.agreement}/{DEVICE_OF[dial]}",
        "service": supply.external_id,
        "reading": day,
        "posted_at": at(day, 19, flat.number),
        "period": str(period),
        "volume": volume.text(),
        "amount": cost(volume, supply.price_on(day)).plain,
    }


def _announced(flat: Flat, dial: str, period: Period, time: Timeline) -> Row:
    """The guest's side block tells of last month's water."""
    is_news = flat.is_guest and dial in _ANNOUNCED and period == time.current.shifted(-1)
    return {"announce": True} if is_news else {}
