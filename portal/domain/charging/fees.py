"""Services by contract: once, for a month, or as another rating system counted them."""

from datetime import date

from portal.domain.charging.dwelling import CONTRACT, QUANTITY
from portal.domain.charging.line import Lack, Line, Priced
from portal.domain.charging.method import Factor, Method
from portal.domain.charging.product import charged
from portal.domain.quantity import Quantity
from portal.domain.timeline import Days, Timeline, constant, value_on

_USED = Factor("volume", "V", "объем по данным поставщика", Lack.NO_VOLUME)

_ONE_TIME = Method.served("one_time", CONTRACT, QUANTITY)
_DAILY = Method.product("periodic_daily", CONTRACT, QUANTITY)
_MONTHLY = Method.served("periodic_monthly", CONTRACT, QUANTITY)
_USAGE = Method.served("usage", CONTRACT, _USED)


def one_time(day: date, quantity: Quantity | None, prices: Timeline[Priced]) -> tuple[Line, ...]:
    """A call-out, a seal: at the price of the day on which it was done."""
    return charged(_ONE_TIME, Days(day, day), (constant(quantity),), prices)


def periodic_daily(
    days: Days, quantity: Timeline[Quantity], prices: Timeline[Priced]
) -> tuple[Line, ...]:
    """A month's fee in equal parts by days: only the days that were served are paid."""
    return charged(_DAILY, days, (quantity,), prices)


def periodic_monthly(
    days: Days, quantity: Timeline[Quantity], prices: Timeline[Priced]
) -> tuple[Line, ...]:
    """A month's fee, whole however many days were served, with the quantity and at the price of
    the first of them.
    """
    then = constant(value_on(quantity, days.first)), constant(value_on(prices, days.first))
    return charged(_MONTHLY, days, then[:1], then[1])


def usage(days: Days, volume: Quantity | None, prices: Timeline[Priced]) -> tuple[Line, ...]:
    """What another system counted in `days`: minutes, gigabytes; or, where it rates them itself,
    roubles at a price of one rouble.
    """
    return charged(_USAGE, days, (constant(volume),), prices)
