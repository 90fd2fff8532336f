"""Utilities that keep the common property of a house (СОИ): its lamps, its lifts, its cleaning."""

from dataclasses import dataclass
from fractions import Fraction

from portal.domain.charging.dwelling import AREA, HOUSING_CODE
from portal.domain.charging.house import HOUSE_AREA, REMAINDER, HouseVolumes, Shortfall
from portal.domain.charging.line import Lack, Line, NotChargeable, Priced
from portal.domain.charging.method import Factor, Method
from portal.domain.charging.product import charged
from portal.domain.period import Period
from portal.domain.proven import Proven
from portal.domain.quantity import SCALE, Quantity
from portal.domain.timeline import Days, Timeline, constant, pieces, value_on

_RULE = f"{HOUSING_CODE}, статья 156, части 9.2 и 9.3"
_METER_RULE = f"{HOUSING_CODE}, статья 156, часть 9.2"
_NORM = Factor("norm", "N", "норматив на квадратный метр общего имущества", Lack.NO_NORM)
_COMMON_AREA = Factor("common_area", "Sо", "площадь общего имущества", Lack.NO_COMMON_AREA)

_BY_NORM = Method.product(Proven.COMMON_NORM, _RULE, _NORM, _COMMON_AREA, AREA, HOUSE_AREA)
_BY_HOUSE_METER = Method.product(
    Proven.COMMON_HOUSE_METER, _METER_RULE, REMAINDER, AREA, HOUSE_AREA
)
_CAPPED = Method.product(
    Proven.COMMON_HOUSE_METER_CAPPED,
    f"{_METER_RULE}: не больше, чем по нормативу",
    _NORM,
    _COMMON_AREA,
    AREA,
    HOUSE_AREA,
)


@dataclass(frozen=True, slots=True)
class CommonNorm:
    """The norm a m² of common property and month, and that property's area in m²."""

    norm: Timeline[Quantity]
    common_area: Timeline[Quantity]

    def volume(self, month: Period) -> Fraction:
        """What the whole house may be charged for `month`, exact.  Raises NotChargeable."""
        days = Days.of(month)
        whole = Fraction(0)
        for piece in pieces(days, (self.norm, self.common_area)):
            norm = self._known(self.norm, Lack.NO_COMMON_NORM, piece)
            area = self._known(self.common_area, Lack.NO_COMMON_AREA, piece)
            whole += Fraction(norm.micro * area.micro * piece.count, SCALE * SCALE * days.count)
        return whole

    @staticmethod
    def _known(timeline: Timeline[Quantity], lack: Lack, piece: Days) -> Quantity:
        value = value_on(timeline, piece.first)
        if value is None:
            raise NotChargeable(lack, piece)
        return value


def common_by_norm(
    days: Days,
    norm: CommonNorm,
    area: Timeline[Quantity],
    house_area: Timeline[Quantity],
    prices: Timeline[Priced],
) -> tuple[Line, ...]:
    """The dwelling's part, by its total area, of norm × area of the common property."""
    return charged(_BY_NORM, days, (norm.norm, norm.common_area, area, house_area), prices)


def common_by_house_meter(
    days: Days,
    house: HouseVolumes,
    area: Timeline[Quantity],
    house_area: Timeline[Quantity],
    prices: Timeline[Priced],
    *,
    limit: CommonNorm | None,
    shortfall: Shortfall = Shortfall.ZERO,
) -> tuple[Line, ...]:
    """The dwelling's part, by its total area, of what the house used beyond its dwellings; of a
    month in which `limit` is less, by the norm.  `limit` is None where the owners' meeting decided
    to pay by the meter whatever it shows.
    """
    remainder = house.remainder(days, shortfall)
    known = house.inputs()
    if limit is not None and _exceeds(remainder, limit, days):
        facts = (limit.norm, limit.common_area, area, house_area)
        return charged(_CAPPED, days, facts, prices, known=known)
    return charged(
        _BY_HOUSE_METER, days, (constant(remainder), area, house_area), prices, known=known
    )


def _exceeds(remainder: Quantity, limit: CommonNorm, days: Days) -> bool:
    return Fraction(remainder.micro, SCALE) > limit.volume(Period.of(days.first))
