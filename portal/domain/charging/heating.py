"""Heating: by norm, by the meter of the house, with meters in the dwellings."""

from portal.domain.charging.dwelling import HEATED_AREA
from portal.domain.charging.house import (
    HOUSE_AREA,
    HOUSE_VOLUME,
    REMAINDER,
    YEAR_VOLUME,
    HouseVolumes,
    Shortfall,
)
from portal.domain.charging.line import Lack, Line, Priced
from portal.domain.charging.method import Factor, Method, Term
from portal.domain.charging.product import charged
from portal.domain.proof import RULES_354
from portal.domain.proven import Proven
from portal.domain.quantity import Quantity
from portal.domain.timeline import Days, Timeline, constant

_MONTHS_OF_YEAR = 12
_APPENDIX = f"{RULES_354}, пункт 42(1); приложение 2"

_NORM = Factor("norm", "N", "норматив на квадратный метр в месяц", Lack.NO_NORM)
_SEASON = Factor("season_months", "m", "месяцев отопительного периода", Lack.NO_SEASON, scale=1)
_YEAR = Factor("months_of_year", "M", "месяцев в году", Lack.NO_SEASON, scale=1, divides=True)
_OWN = Factor("volume", "V", "объем по счетчику помещения", Lack.NO_VOLUME)

_BY_NORM = Method.product(Proven.HEATING_NORM, _APPENDIX, HEATED_AREA, _NORM)
_BY_NORM_ALL_YEAR = Method.product(
    Proven.HEATING_NORM_ALL_YEAR, _APPENDIX, HEATED_AREA, _NORM, _SEASON, _YEAR
)
_BY_HOUSE_METER = Method.product(
    Proven.HEATING_HOUSE_METER, f"{_APPENDIX}, формула 3", HEATED_AREA, HOUSE_VOLUME, HOUSE_AREA
)
_BY_HOUSE_METER_ALL_YEAR = Method.product(
    Proven.HEATING_HOUSE_METER_ALL_YEAR,
    f"{_APPENDIX}, формула 3",
    HEATED_AREA,
    YEAR_VOLUME,
    _YEAR,
    HOUSE_AREA,
)
_BY_OWN_METERS = Method.of(
    Proven.HEATING_OWN_METERS,
    _APPENDIX,
    Term((_OWN,), is_served=True),
    Term((HEATED_AREA, REMAINDER, HOUSE_AREA)),
)


def heating_by_norm(
    days: Days, area: Timeline[Quantity], norm: Timeline[Quantity], prices: Timeline[Priced]
) -> tuple[Line, ...]:
    """In a house without a meter, paid in the heating season: m² × norm (Gcal a m² and month)."""
    return charged(_BY_NORM, days, (area, norm), prices)


def heating_by_norm_all_year(
    days: Days,
    area: Timeline[Quantity],
    norm: Timeline[Quantity],
    season_months: Timeline[int],
    prices: Timeline[Priced],
) -> tuple[Line, ...]:
    """The same spread evenly over the year: × months of the season (whole or begun) ÷ 12."""
    facts = (area, norm, season_months, constant(_MONTHS_OF_YEAR))
    return charged(_BY_NORM_ALL_YEAR, days, facts, prices)


def heating_by_house_meter(
    days: Days,
    house_volume: Quantity | None,
    area: Timeline[Quantity],
    house_area: Timeline[Quantity],
    prices: Timeline[Priced],
) -> tuple[Line, ...]:
    """In a house with a meter and none in the dwellings.  `house_volume` is the month's, in
    Gcal.
    """
    return charged(_BY_HOUSE_METER, days, (area, constant(house_volume), house_area), prices)


def heating_by_house_meter_all_year(
    days: Days,
    year_volume: Quantity | None,
    area: Timeline[Quantity],
    house_area: Timeline[Quantity],
    prices: Timeline[Priced],
) -> tuple[Line, ...]:
    """The same spread evenly over the year: the average month of the year before, of which
    `year_volume` is the whole, in Gcal.  What the year itself comes to is known when it is over.
    """
    facts = (area, constant(year_volume), constant(_MONTHS_OF_YEAR), house_area)
    return charged(_BY_HOUSE_METER_ALL_YEAR, days, facts, prices)


def heating_by_own_meters(
    days: Days,
    volume: Quantity | None,
    house: HouseVolumes,
    area: Timeline[Quantity],
    house_area: Timeline[Quantity],
    prices: Timeline[Priced],
    *,
    shortfall: Shortfall = Shortfall.DISTRIBUTED,
) -> tuple[Line, ...]:
    """In a house with a meter where dwellings have their own: the dwelling's volume, and its part
    by area of what the house used beyond all dwellings.

    The formula has no rule of its own for a negative remainder: to the letter it is distributed,
    and all dwellings together are charged exactly what the house used.
    """
    remainder = constant(house.remainder(days, shortfall))
    facts = (constant(volume), area, remainder, house_area)
    return charged(_BY_OWN_METERS, days, facts, prices, known=house.inputs())
