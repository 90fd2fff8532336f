"""The ways in which a month of a service is charged: the words of a service's `method`."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Method(StrEnum):
    """How a service's volume comes about.  `Method("volume")`, a word of former files, is `WATERS`.

    Raises ValueError: no such word.
    """

    METERED = "metered"
    METERED_MONTH = "metered_month"
    BANDS = "bands"
    NORM = "norm"
    NORM_RAISED = "norm_raised"
    """With the raising coefficient, where a meter could be fitted."""
    AREA = "area"
    HEATED_AREA = "heated_area"
    PERSON = "person"
    FIXED = "fixed"
    HEATING_NORM = "heating_norm"
    HEATING_HOUSE = "heating_house"
    HEATING_INDIVIDUAL = "heating_individual"
    COMMON_NORM = "common_norm"
    COMMON_HOUSE = "common_house"
    CAPITAL_REPAIR = "capital_repair"
    WATERS = "waters"
    WATER_HEAT = "water_heat"
    PERIODIC_DAILY = "periodic_daily"
    PERIODIC_MONTH = "periodic_month"
    USAGE = "usage"
    ONE_TIME = "one_time"

    @property
    def words(self) -> str:
        """What comes after «начисляется»: «по площади»."""
        return _WORDS[self]

    @property
    def is_charged_at_once(self) -> bool:
        """Whether a reading is charged when it comes; others are charged with their month."""
        return self is Method.METERED

    @property
    def is_given_by_residents(self) -> bool:
        """Whether they may submit its readings; those of the others the operator brings in."""
        return self in _GIVEN

    @property
    def is_read(self) -> bool:
        """Whether its volume comes from readings of the account's own meter."""
        return self in _READ

    @property
    def takes_volumes(self) -> bool:
        """Whether it needs the volumes of other services of the account's agreement."""
        return self in _OF_OTHERS

    @classmethod
    def _missing_(cls, value: object) -> "Method | None":
        return FORMER_WORDS.get(value) if isinstance(value, str) else None


class Fallback(StrEnum):
    """What is charged for a month without readings, of a service that is metered by the month."""

    NONE = "none"
    AVERAGE_THEN_NORM = "average_then_norm"
    """Правила 354, пункты 59 и 60."""


_OF_OTHERS: Final = frozenset({Method.WATERS, Method.WATER_HEAT, Method.COMMON_HOUSE})
FORMER_WORDS: Final[Mapping[str, Method]] = {"volume": Method.WATERS}
_GIVEN: Final = frozenset({Method.METERED, Method.METERED_MONTH, Method.BANDS})
_READ: Final = frozenset(
    {Method.METERED, Method.METERED_MONTH, Method.BANDS, Method.HEATING_INDIVIDUAL}
)
_WORDS: Final[Mapping[Method, str]] = {
    Method.METERED: "по счетчику, сразу при передаче показаний",
    Method.METERED_MONTH: "по счетчику, за месяц",
    Method.BANDS: "по счетчику, за месяц, по диапазонам потребления",
    Method.NORM: "по нормативу на человека",
    Method.NORM_RAISED: "по нормативу с повышающим коэффициентом",
    Method.AREA: "по площади",
    Method.HEATED_AREA: "по отапливаемой площади",
    Method.PERSON: "по числу проживающих",
    Method.FIXED: "по количеству",
    Method.HEATING_NORM: "по нормативу отопления",
    Method.HEATING_HOUSE: "по домовому счетчику тепла",
    Method.HEATING_INDIVIDUAL: "по домовому и квартирным счетчикам тепла",
    Method.COMMON_NORM: "по нормативу на общее имущество",
    Method.COMMON_HOUSE: "по домовому счетчику за вычетом квартир",
    Method.CAPITAL_REPAIR: "по площади, взносом на капитальный ремонт",
    Method.WATERS: "по объему других услуг",
    Method.WATER_HEAT: "по теплу в объеме горячей воды",
    Method.PERIODIC_DAILY: "за месяц, по дням обслуживания",
    Method.PERIODIC_MONTH: "за месяц, целиком",
    Method.USAGE: "по данным другой системы",
    Method.ONE_TIME: "за разовую работу",
}
