"""Methods whose month follows from the dwelling, the people in it and the house alone."""

from collections.abc import Callable, Mapping
from typing import Final

from portal.domain.charging.case import Case
from portal.domain.charging.choices import Choice, Decision, decision_for
from portal.domain.charging.common import CommonNorm, common_by_norm
from portal.domain.charging.dwelling import (
    by_area,
    by_heated_area,
    by_person,
    by_quantity,
    capital_repair,
)
from portal.domain.charging.fees import periodic_daily, periodic_monthly
from portal.domain.charging.heating import (
    heating_by_house_meter,
    heating_by_house_meter_all_year,
    heating_by_norm,
    heating_by_norm_all_year,
)
from portal.domain.charging.line import Line
from portal.domain.charging.methods import Method
from portal.domain.charging.people import norm, raised_norm
from portal.domain.charging.served import quantity_of
from portal.domain.quantity import Quantity
from portal.domain.timeline import Days, Timeline, constant


def house_volume(case: Case) -> Quantity | None:
    """By the meter of the house: under the service's own code, or of all that it takes."""
    metered, service = case.house.metered, case.service
    own = metered.get(service.external_id)
    if own is not None or not service.sources:
        return own
    found = [metered[code] for code in service.sources if code in metered]
    if len(found) != len(service.sources):
        return None
    return Quantity(sum(volume.micro for volume in found))


def common_norm(case: Case) -> CommonNorm:
    return CommonNorm(case.service.common_norm, case.house.common_area)


def _area(case: Case, days: Days) -> tuple[Line, ...]:
    return by_area(days, case.premises.area, case.service.prices)


def _heated_area(case: Case, days: Days) -> tuple[Line, ...]:
    return by_heated_area(days, case.premises.heated_area, case.service.prices)


def _capital_repair(case: Case, days: Days) -> tuple[Line, ...]:
    return capital_repair(days, case.premises.area, case.service.prices)


def _person(case: Case, days: Days) -> tuple[Line, ...]:
    return by_person(days, case.premises.persons, case.service.prices)


def _fixed(case: Case, days: Days) -> tuple[Line, ...]:
    quantity = quantity_of(case.account, case.service.service_id)
    return by_quantity(days, quantity, case.service.prices)


def _periodic_daily(case: Case, days: Days) -> tuple[Line, ...]:
    quantity = quantity_of(case.account, case.service.service_id)
    return periodic_daily(days, quantity, case.service.prices)


def _periodic_month(case: Case, days: Days) -> tuple[Line, ...]:
    """Once, however often it was interrupted."""
    if days != case.runs[0]:
        return ()
    quantity = quantity_of(case.account, case.service.service_id)
    return periodic_monthly(days, quantity, case.service.prices)


def _heating_norm(case: Case, days: Days) -> tuple[Line, ...]:
    service, area = case.service, case.premises.heated_area
    decision = _spread(case)
    if decision is None:
        return heating_by_norm(days, area, service.norm, service.prices)
    months: Timeline[int] = constant(decision.season_months)
    return heating_by_norm_all_year(days, area, service.norm, months, service.prices)


def _heating_house(case: Case, days: Days) -> tuple[Line, ...]:
    service, area, house_area = case.service, case.premises.heated_area, case.house.total_area
    if _spread(case) is None:
        volume = house_volume(case)
        return heating_by_house_meter(days, volume, area, house_area, service.prices)
    year = case.house.last_year.get(service.external_id)
    return heating_by_house_meter_all_year(days, year, area, house_area, service.prices)


def _spread(case: Case) -> Decision | None:
    """What was decided for the month, where its payment is spread over the year."""
    decision = decision_for(case.house.choices.get(case.service.external_id, ()), case.month)
    return decision if decision and decision.choice is Choice.ALL_YEAR else None


def _common_norm(case: Case, days: Days) -> tuple[Line, ...]:
    area, house_area = case.premises.area, case.house.total_area
    return common_by_norm(days, common_norm(case), area, house_area, case.service.prices)


PLAIN: Final[Mapping[Method, Callable[[Case, Days], tuple[Line, ...]]]] = {
    Method.NORM: norm,
    Method.NORM_RAISED: raised_norm,
    Method.AREA: _area,
    Method.HEATED_AREA: _heated_area,
    Method.PERSON: _person,
    Method.FIXED: _fixed,
    Method.HEATING_NORM: _heating_norm,
    Method.HEATING_HOUSE: _heating_house,
    Method.COMMON_NORM: _common_norm,
    Method.CAPITAL_REPAIR: _capital_repair,
    Method.PERIODIC_DAILY: _periodic_daily,
    Method.PERIODIC_MONTH: _periodic_month,
}
