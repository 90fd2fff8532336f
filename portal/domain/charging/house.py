"""What a house used together, and the part of it that falls to a dwelling by its area."""

from dataclasses import dataclass
from enum import StrEnum

from portal.domain.charging.line import Lack, NotChargeable
from portal.domain.charging.method import Factor
from portal.domain.quantity import Quantity
from portal.domain.timeline import Days

HOUSE_AREA = Factor(
    "house_area", "Sд", "общая площадь помещений дома", Lack.NO_HOUSE_AREA, divides=True
)
HOUSE_VOLUME = Factor("house_volume", "Vд", "объем по счетчику дома", Lack.NO_HOUSE_VOLUME)
YEAR_VOLUME = Factor(
    "year_volume", "Vг", "объем по счетчику дома за прошлый год", Lack.NO_YEAR_VOLUME
)
REMAINDER = Factor(
    "remainder",
    "R",
    "объем по счетчику дома за вычетом объемов помещений",
    Lack.NO_HOUSE_VOLUME,
)


class Shortfall(StrEnum):
    """What a house's remainder becomes when the dwellings used more than its meter shows."""

    ZERO = "zero"
    DISTRIBUTED = "distributed"
    """Every dwelling is charged less by its part."""


@dataclass(frozen=True, slots=True)
class HouseVolumes:
    """Of one month: by the meter of the house, and the sum of the volumes of its dwellings."""

    metered: Quantity | None
    dwellings: Quantity | None

    def remainder(self, days: Days, shortfall: Shortfall) -> Quantity:
        """Raises NotChargeable: one of the two is unknown."""
        if self.metered is None:
            raise NotChargeable(Lack.NO_HOUSE_VOLUME, days)
        if self.dwellings is None:
            raise NotChargeable(Lack.NO_DWELLINGS_VOLUME, days)
        left = self.metered - self.dwellings
        return left if shortfall is Shortfall.DISTRIBUTED else max(left, Quantity(0))

    def inputs(self) -> dict[str, int | None]:
        """For a proof, in millionths."""
        return {
            "house_volume": self.metered.micro if self.metered is not None else None,
            "dwellings_volume": self.dwellings.micro if self.dwellings is not None else None,
        }
