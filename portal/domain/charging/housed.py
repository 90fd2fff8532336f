"""Services that share out what is left of a house's volume when its dwellings' are known."""

from collections.abc import Iterable

from portal.domain.charging.case import Case, used
from portal.domain.charging.choices import Choice, decision_for
from portal.domain.charging.common import common_by_house_meter
from portal.domain.charging.heating import heating_by_own_meters
from portal.domain.charging.house import HouseVolumes
from portal.domain.charging.line import Lack, Line, NotChargeable
from portal.domain.charging.methods import Method
from portal.domain.charging.outcome import ServiceMonth
from portal.domain.charging.plain import common_norm, house_volume
from portal.domain.charging.read import counted_volume
from portal.domain.quantity import Quantity
from portal.domain.timeline import Days

OF_HOUSE = frozenset({Method.COMMON_HOUSE, Method.HEATING_INDIVIDUAL})


def dwellings_of(months: Iterable[ServiceMonth]) -> dict[str, Quantity | None]:
    """What all dwellings of a house used, by the codes of services; None where one is unknown."""
    sums: dict[str, Quantity | None] = {}
    for told in months:
        before, volume = sums.get(told.external_id, Quantity(0)), told.volume
        sums[told.external_id] = None if before is None or volume is None else before + volume
    return sums


def common(case: Case) -> ServiceMonth:
    """Raises NotChargeable."""
    lines = case.in_runs(_common)
    return case.became(lines, used(lines))


def own_heat(case: Case) -> ServiceMonth:
    """The dwelling's own volume, which the house's sum takes, is told even while that sum lacks.

    Raises NotChargeable: it has no readings, or no meter.
    """
    volume = counted_volume(case)
    if volume is None:
        is_metered = bool(case.account.meters.get(case.service.service_id))
        is_metered |= case.service.service_id in case.account.obstacle
        raise NotChargeable(Lack.NO_READINGS if is_metered else Lack.NO_OWN_METER, case.days)
    try:
        lines = heating_by_own_meters(
            case.days, volume, _volumes(case), case.premises.heated_area, case.house.total_area,
            case.service.prices,
        )  # fmt: skip
    except NotChargeable as lack:
        return case.became((), volume, lack=lack.with_traceback(None))
    return case.became(lines, volume)


def _common(case: Case, days: Days) -> tuple[Line, ...]:
    limit = common_norm(case) if _is_capped(case) else None
    area, house_area = case.premises.area, case.house.total_area
    return common_by_house_meter(
        days, _volumes(case), area, house_area, case.service.prices, limit=limit
    )


def _is_capped(case: Case) -> bool:
    """Unless the owners' meeting decided otherwise."""
    decision = decision_for(case.house.choices.get(case.service.external_id, ()), case.month)
    return decision is None or decision.choice is not Choice.UNCAPPED


def _volumes(case: Case) -> HouseVolumes:
    """Of codes that no dwelling has nothing is known; if none has one of them, nothing at all."""
    codes = case.service.sources or (case.service.external_id,)
    dwellings = case.house.dwellings
    known = [dwellings[code] for code in codes if code in dwellings]
    sums = [volume.micro for volume in known if volume is not None]
    is_known = bool(known) and len(sums) == len(known)
    return HouseVolumes(house_volume(case), Quantity(sum(sums)) if is_known else None)
