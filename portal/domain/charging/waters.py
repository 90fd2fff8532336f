"""What follows from volumes of water: sewerage, and the heat of hot water."""

from collections.abc import Sequence

from portal.domain.charging.line import Lack, Line, Priced
from portal.domain.charging.method import Factor, Method
from portal.domain.charging.product import charged
from portal.domain.proof import RULES_354
from portal.domain.proven import Proven
from portal.domain.quantity import Quantity
from portal.domain.timeline import Days, Timeline, constant

_WATERS = Factor("volume", "V", "сумма объемов холодной и горячей воды", Lack.NO_VOLUME)
_HOT = Factor("volume", "V", "объем горячей воды", Lack.NO_VOLUME)
_HEAT = Factor("heat_norm", "q", "норматив тепла на подогрев кубометра", Lack.NO_HEAT_NORM)

_SEWERAGE = Method.served(Proven.SEWERAGE, RULES_354, _WATERS)
_HEAT_OF_WATER = Method.served(Proven.HOT_WATER_HEAT, f"{RULES_354}, пункт 38", _HOT, _HEAT)


def sewerage(
    days: Days, volumes: Sequence[Quantity | None], prices: Timeline[Priced]
) -> tuple[Line, ...]:
    """Where the sewage has no meter: as much as water came in, in m³.  Of water by a raised norm
    the base volume counts.

    Raises NotChargeable: the volume of one of the waters is unknown, or there is none at all.
    """
    known = [volume for volume in volumes if volume is not None]
    is_known = volumes and len(known) == len(volumes)
    total = Quantity(sum(volume.micro for volume in known)) if is_known else None
    inputs = {"volumes": [volume.micro for volume in known]}
    return charged(_SEWERAGE, days, (constant(total),), prices, known=inputs)


def hot_water_heat(
    days: Days,
    volume: Quantity | None,
    heat_norm: Timeline[Quantity],
    prices: Timeline[Priced],
) -> tuple[Line, ...]:
    """The second component of hot water: what heats `volume` (m³, whether metered or by norm) at
    `heat_norm` Gcal a m³; the first is the water itself, charged as cold water is.
    """
    return charged(_HEAT_OF_WATER, days, (constant(volume), heat_norm), prices)
