"""Methods that multiply facts of the dwelling, its people and its house."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, Final

from portal.domain.money import MINUS, NBSP, Money
from portal.domain.period import day_text
from portal.domain.proven import Proven
from portal.domain.quantity import SCALE, Quantity, cost
from portal.domain.telling.told import (
    Charged,
    Told,
    equation,
    measured,
    product,
    share,
    when,
)
from portal.domain.wording import counted

RAISED: Final = "Надбавка"
_M2: Final = "м²"


def people(number: int) -> str:
    """«3 человека», «−2 человека»."""
    sign = MINUS if number < 0 else ""
    return f"{sign}{abs(number)}{NBSP}{counted(abs(number), 'человек', 'человека', 'человек')}"


def _months(number: int) -> str:
    return f"{number}{NBSP}мес."


_WHOLE: Final[Mapping[str, Callable[[int], str]]] = {
    "persons": people,
    "persons_absent": people,
    "season_months": _months,
    "months_of_year": _months,
}
_UNITS: Final[Mapping[str, str]] = {
    "coefficient": "",
    "area": _M2,
    "heated_area": _M2,
    "common_area": _M2,
    "house_area": _M2,
}


@dataclass(frozen=True, slots=True)
class _Way:
    """`terms` are products of names of inputs, «÷» before those that divide; what `is_served`
    belongs to the days of service, as in `charging.method.Term`.
    """

    answer: str
    terms: tuple[tuple[str, bool], ...]
    volume_unit: str = ""
    """Of the fact `volume`, where that is not the unit of the service."""


def _way(answer: str, terms: str, *, is_served: bool = False, volume_unit: str = "") -> _Way:
    return _Way(answer, ((terms, is_served),), volume_unit)


_BY_AREA = _way("По общей площади помещения", "area")
_COMMON = "norm × common_area × area ÷ house_area"
_PART = "remainder × area ÷ house_area"
_RAISED = _way("", "persons × norm × coefficient")
BY_PRODUCT: Final[Mapping[str, _Way]] = {
    Proven.AREA: _BY_AREA,
    Proven.CAPITAL_REPAIR: _BY_AREA,
    Proven.HEATED_AREA: _way("По отапливаемой площади помещения", "heated_area"),
    Proven.PERSON: _way("По числу проживающих", "persons"),
    Proven.QUANTITY: _way("По количеству", "quantity"),
    Proven.NORM: _way("По нормативу на проживающих", "persons × norm"),
    Proven.ABSENCE: _way(
        "Снято за время, когда проживающие отсутствовали", "persons_absent × norm"
    ),
    Proven.HEATING_NORM: _way("По нормативу отопления на площадь", "heated_area × norm"),
    Proven.HEATING_NORM_ALL_YEAR: _way(
        "По нормативу отопления на площадь, поровну на весь год",
        "heated_area × norm × season_months ÷ months_of_year",
    ),
    Proven.HEATING_HOUSE_METER: _way(
        "Доля помещения в тепле по счетчику дома", "heated_area × house_volume ÷ house_area"
    ),
    Proven.HEATING_HOUSE_METER_ALL_YEAR: _way(
        "Доля помещения в тепле дома за прошлый год, поровну на все месяцы",
        "heated_area × year_volume ÷ months_of_year ÷ house_area",
    ),
    Proven.HEATING_OWN_METERS: _Way(
        "По своему счетчику тепла и доле в общем тепле дома",
        (("volume", True), ("heated_area × remainder ÷ house_area", False)),
    ),
    Proven.COMMON_NORM: _way("Доля помещения в нормативе на общее имущество дома", _COMMON),
    Proven.COMMON_HOUSE_METER: _way("Доля помещения в общем расходе дома", _PART),
    Proven.COMMON_HOUSE_METER_CAPPED: _way(
        "Доля помещения в общем расходе дома, не больше норматива", _COMMON
    ),
    Proven.SEWERAGE: _way(
        "По объему воды: сколько пришло, столько и ушло", "volume", is_served=True
    ),
    Proven.HOT_WATER_HEAT: _way(
        "Тепло на подогрев горячей воды", "volume × heat_norm", is_served=True, volume_unit="м³"
    ),
    Proven.ONE_TIME: _way("За работу", "quantity", is_served=True),
    Proven.PERIODIC_DAILY: _way("Плата за месяц, по дням обслуживания", "quantity"),
    Proven.PERIODIC_MONTHLY: _way("Плата за месяц", "quantity", is_served=True),
    Proven.USAGE: _way("По данным поставщика", "volume", is_served=True),
}


def by_product(charged: Charged) -> Told:
    """Raises LookupError, TypeError, ValueError: the proof lacks what its method takes."""
    inputs, way = charged.inputs, BY_PRODUCT[charged.method]
    answer = f"{of_whom(way.answer, inputs)}{_day(charged) or when(inputs)}"
    steps = (*_before(charged), *_volume(charged, way), product(charged))
    return Told(answer, steps)


def of_whom(answer: str, inputs: Mapping[str, Any]) -> str:
    """Who is counted where nobody lives."""
    if "owners" not in inputs:
        return answer
    return answer.replace("на проживающих", "на собственников: никто не зарегистрирован")


def excess(charged: Charged) -> Told:
    """What a raising coefficient adds: the rounded total less the rounded base.

    Raises as `by_product` does.
    """
    inputs = charged.inputs
    base = Quantity(inputs["base_volume"])
    total = base + charged.volume
    coefficient = Quantity(inputs["coefficient"])
    words, exact = _terms(charged, _RAISED)
    above, below = (cost(volume, charged.price) for volume in (total, base))
    return Told(
        f"Надбавка: норматив умножен на {coefficient}{when(inputs)}",
        (
            equation(words, exact, total, charged.unit),
            f"Без надбавки {measured(base, charged.unit)}, они начислены отдельно",
            f"{above} − {below} = {charged.amount}",
        ),
        mark=RAISED,
    )


def rated(charged: Charged) -> Told:
    """What another system has priced; its volume is said where it is known.

    Raises LookupError, TypeError.
    """
    used = charged.inputs.get("used")
    amount = Money(charged.inputs["amount"] // (SCALE // 100))
    volume = f" за {measured(Quantity(used), charged.unit)}" if used else ""
    return Told("По данным поставщика", (f"Поставщик насчитал {amount}{volume}",))


def _day(charged: Charged) -> str:
    """Of a work the day on which it was done, never a part of a month."""
    if charged.method != Proven.ONE_TIME:
        return ""
    return f" {day_text(date.fromisoformat(charged.inputs['from']))}"


def _before(charged: Charged) -> list[str]:
    """Where a fact has parts of its own."""
    inputs, unit = charged.inputs, charged.unit
    volumes = inputs.get("volumes", ())
    if len(volumes) > 1:
        parts = " + ".join(str(Quantity(micro)) for micro in volumes)
        return [f"{parts} = {measured(Quantity(sum(volumes)), unit)}"]
    if inputs.get("dwellings_volume") is None:
        return []
    house, dwellings = Quantity(inputs["house_volume"]), Quantity(inputs["dwellings_volume"])
    left = Quantity(inputs.get("remainder", (house - dwellings).micro))
    all_of_it = f"{measured(house, unit)}, у помещений {measured(dwellings, unit)}"
    return [f"По счетчику дома {all_of_it}, на общее остается {measured(left, unit)}"]


def _volume(charged: Charged, way: _Way) -> list[str]:
    """Nothing where it is one fact as it is: the product with the price says that already."""
    words, exact = _terms(charged, way)
    if "×" not in words:
        return []
    return [equation(words, exact, charged.volume, charged.unit)]


def _terms(charged: Charged, way: _Way) -> tuple[str, Fraction]:
    """The sum of products in words, and what it is exactly."""
    unit = way.volume_unit or charged.unit
    told = [_term(charged, terms.split(), unit, is_served=served) for terms, served in way.terms]
    return " + ".join(words for words, _ in told), sum((exact for _, exact in told), Fraction(0))


def _term(
    charged: Charged, terms: Sequence[str], volume_unit: str, *, is_served: bool
) -> tuple[str, Fraction]:
    inputs, words, exact = charged.inputs, "", Fraction(1)
    for sign, name in zip(("", *terms[1::2]), terms[::2], strict=True):
        value = inputs[name]
        told = _fact(name, value, volume_unit if name == "volume" else charged.unit)
        words += f" {sign} {told}" if sign else told
        factor = Fraction(value, 1 if name in _WHOLE else SCALE)
        exact = exact / factor if sign == "÷" else exact * factor
    if "days" not in inputs:
        return words, exact
    part, whole = inputs["days"], inputs["days_served" if is_served else "days_of_month"]
    return words + share(part, whole), exact * Fraction(part, whole)


def _fact(name: str, value: int, unit: str) -> str:
    if name in _WHOLE:
        return _WHOLE[name](value)
    return measured(Quantity(value), _UNITS.get(name, unit))
