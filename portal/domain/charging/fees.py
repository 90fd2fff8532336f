"""Services by contract: once, for a month, or as another rating system counted them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from portal.domain.charging.dwelling import CONTRACT, QUANTITY
from portal.domain.charging.line import Lack, Line, NotChargeable, Priced
from portal.domain.charging.method import Factor, Method
from portal.domain.charging.product import NOTHING_MORE, charged
from portal.domain.money import Money
from portal.domain.proven import Proven
from portal.domain.quantity import SCALE, Price, Quantity
from portal.domain.timeline import Days, Timeline, constant, value_on

_USED = Factor("volume", "V", "объем по данным поставщика", Lack.NO_VOLUME)
_PRICED = Factor("amount", "V", "сумма по данным поставщика в рублях", Lack.NO_VOLUME)
ROUBLE = Price(SCALE)
_KOPECK = SCALE // 100

_ONE_TIME = Method.served(Proven.ONE_TIME, CONTRACT, QUANTITY)
_DAILY = Method.product(Proven.PERIODIC_DAILY, CONTRACT, QUANTITY)
_MONTHLY = Method.served(Proven.PERIODIC_MONTHLY, CONTRACT, QUANTITY)
_USAGE = Method.served(Proven.USAGE, CONTRACT, _USED)
_RATED = Method.served(Proven.USAGE_RATED, CONTRACT, _PRICED)


def one_time(
    day: date,
    quantity: Quantity | None,
    prices: Timeline[Priced],
    *,
    known: Mapping[str, Any] = NOTHING_MORE,
) -> tuple[Line, ...]:
    """A call-out, a seal: at the price of the day on which it was done."""
    return charged(_ONE_TIME, Days(day, day), (constant(quantity),), prices, known=known)


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


def usage(
    days: Days,
    volume: Quantity | None,
    prices: Timeline[Priced],
    *,
    known: Mapping[str, Any] = NOTHING_MORE,
) -> tuple[Line, ...]:
    """What another system counted in `days`: minutes, gigabytes."""
    return charged(_USAGE, days, (constant(volume),), prices, known=known)


def rated(
    days: Days,
    amount: Money,
    prices: Timeline[Priced],
    *,
    known: Mapping[str, Any] = NOTHING_MORE,
) -> tuple[Line, ...]:
    """What another system has priced too: so many roubles at one rouble each.  The id is that of
    the price on the last of the days, which takes no other part.

    Raises NotChargeable: the service has no price that day.
    """
    listed = value_on(prices, days.last)
    if listed is None:
        raise NotChargeable(Lack.NO_PRICE, Days(days.last, days.last))
    roubles = constant(Quantity(amount.kopecks * _KOPECK))
    return charged(_RATED, days, (roubles,), constant(replace(listed, price=ROUBLE)), known=known)
