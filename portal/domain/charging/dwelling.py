"""What is charged by what a dwelling is and has: its area, its people, its places and pieces."""

from portal.domain.charging.line import Lack, Line, Priced
from portal.domain.charging.method import Factor, Method
from portal.domain.charging.product import charged
from portal.domain.proven import Proven
from portal.domain.quantity import Quantity
from portal.domain.timeline import Days, Timeline

HOUSING_CODE = "Жилищный кодекс РФ"
CONTRACT = "Договор об оказании услуги"

AREA = Factor("area", "S", "общая площадь помещения", Lack.NO_AREA)
HEATED_AREA = Factor("heated_area", "S", "отапливаемая площадь помещения", Lack.NO_HEATED_AREA)
PERSONS = Factor("persons", "n", "число проживающих", Lack.NO_PERSONS, scale=1)
QUANTITY = Factor("quantity", "k", "количество", Lack.NO_QUANTITY)

_BY_AREA = Method.product(Proven.AREA, f"{HOUSING_CODE}, статья 156", AREA)
_BY_HEATED_AREA = Method.product(Proven.HEATED_AREA, f"{HOUSING_CODE}, статья 156", HEATED_AREA)
_CAPITAL_REPAIR = Method.product(
    Proven.CAPITAL_REPAIR, f"{HOUSING_CODE}, статья 156, часть 8.1, и статья 169, часть 1", AREA
)
_BY_PERSON = Method.product(Proven.PERSON, CONTRACT, PERSONS)
_BY_QUANTITY = Method.product(Proven.QUANTITY, CONTRACT, QUANTITY)


def by_area(days: Days, area: Timeline[Quantity], prices: Timeline[Priced]) -> tuple[Line, ...]:
    """Maintenance of the house: the dwelling's total area in m² × the rate of a month."""
    return charged(_BY_AREA, days, (area,), prices)


def by_heated_area(
    days: Days, heated_area: Timeline[Quantity], prices: Timeline[Priced]
) -> tuple[Line, ...]:
    """The heated area in m² × the rate of a month; heating by a norm is in `heating`."""
    return charged(_BY_HEATED_AREA, days, (heated_area,), prices)


def capital_repair(
    days: Days, area: Timeline[Quantity], prices: Timeline[Priced]
) -> tuple[Line, ...]:
    """The contribution to the fund of capital repair: total area in m² × the region's minimum."""
    return charged(_CAPITAL_REPAIR, days, (area,), prices)


def by_person(days: Days, persons: Timeline[int], prices: Timeline[Priced]) -> tuple[Line, ...]:
    return charged(_BY_PERSON, days, (persons,), prices)


def by_quantity(
    days: Days, quantity: Timeline[Quantity], prices: Timeline[Priced]
) -> tuple[Line, ...]:
    """Parking places, intercoms, posts of a guard: the quantity × the price of a month."""
    return charged(_BY_QUANTITY, days, (quantity,), prices)
