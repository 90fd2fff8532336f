"""By what a charge was reckoned: the words of a proof's `method`, the only place that has them.

They are stored with charges: a word is never changed, and where a service's own word says the same
it is that one.
"""

from enum import StrEnum
from typing import Final

from portal.domain.charging.methods import Method


class Proven(StrEnum):
    """What of them follows from a product is described in `telling.products`."""

    METERED = Method.METERED.value
    METERED_MONTH = Method.METERED_MONTH.value
    AVERAGE = "average"
    NORM = Method.NORM.value
    NORM_RAISED = Method.NORM_RAISED.value
    NORM_BANDS = "norm_bands"
    ABSENCE = "absence"
    AREA = Method.AREA.value
    HEATED_AREA = Method.HEATED_AREA.value
    CAPITAL_REPAIR = Method.CAPITAL_REPAIR.value
    PERSON = Method.PERSON.value
    QUANTITY = "quantity"
    HEATING_NORM = Method.HEATING_NORM.value
    HEATING_NORM_ALL_YEAR = "heating_norm_all_year"
    HEATING_HOUSE_METER = "heating_house_meter"
    HEATING_HOUSE_METER_ALL_YEAR = "heating_house_meter_all_year"
    HEATING_OWN_METERS = "heating_own_meters"
    COMMON_NORM = Method.COMMON_NORM.value
    COMMON_HOUSE_METER = "common_house_meter"
    COMMON_HOUSE_METER_CAPPED = "common_house_meter_capped"
    SEWERAGE = "sewerage"
    HOT_WATER_HEAT = "hot_water_heat"
    ONE_TIME = Method.ONE_TIME.value
    PERIODIC_DAILY = Method.PERIODIC_DAILY.value
    PERIODIC_MONTHLY = "periodic_monthly"
    USAGE = Method.USAGE.value
    USAGE_RATED = "usage_rated"
    RECALCULATION = "recalculation"
    REVERSAL = "reversal"
    PENALTY = "penalty"


GUESSES: Final = (Proven.AVERAGE, Proven.NORM, Proven.NORM_RAISED, Proven.NORM_BANDS)
"""What stands in for readings until they come."""
