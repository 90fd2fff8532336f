"""Services whose volume is that of other services of the agreement."""

from collections.abc import Iterable, Sequence

from portal.domain.charging.case import Case, used
from portal.domain.charging.line import rounded
from portal.domain.charging.methods import Method
from portal.domain.charging.outcome import ServiceMonth
from portal.domain.charging.waters import hot_water_heat, sewerage
from portal.domain.quantity import Quantity
from portal.domain.timeline import Days

FOLLOWING = frozenset({Method.WATERS, Method.WATER_HEAT})


def follow(case: Case, others: Iterable[ServiceMonth]) -> ServiceMonth:
    """Raises NotChargeable."""
    days, service = case.days, case.service
    volumes = _volumes(days, [told for told in others if told.external_id in service.sources])
    if service.method is Method.WATERS:
        lines = sewerage(days, volumes, service.prices)
    else:
        lines = hot_water_heat(days, _sum(volumes), service.heat_per_unit, service.prices)
    return case.became(lines, used(lines))


def _volumes(days: Days, sources: Iterable[ServiceMonth]) -> list[Quantity | None]:
    """What of each falls on `days`: of one served on other days too, its days' share."""
    volumes: list[Quantity | None] = []
    for told in sources:
        common = told.days.within(days)
        if common is None:
            continue
        volume = told.volume
        if volume is not None and common != told.days:
            volume = rounded(volume.micro * common.count, told.days.count)
        volumes.append(volume)
    return volumes


def _sum(volumes: Sequence[Quantity | None]) -> Quantity | None:
    known = [volume.micro for volume in volumes if volume is not None]
    return Quantity(sum(known)) if known and len(known) == len(volumes) else None
