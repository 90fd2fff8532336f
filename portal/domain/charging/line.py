"""What a charging method returns: lines with their proof, or one sentence that says what lacks."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from portal.domain.made import made_often
from portal.domain.money import Money
from portal.domain.proof import Proof
from portal.domain.quantity import SCALE, Price, Quantity
from portal.domain.rounding import nearest
from portal.domain.timeline import Days


class Part(StrEnum):
    """What a line is of its service's month."""

    BASE = "base"
    EXCESS = "excess"
    """What the raising coefficient adds; it is the operator's income, not the supplier's."""
    RECALCULATION = "recalculation"


@dataclass(frozen=True, slots=True)
class Priced:
    """A price and where it stands in the table of prices."""

    price_id: int
    price: Price
    terms: object = None
    """By which terms the money is settled: days with other terms are other lines."""


@made_often(frozen=True, slots=True)
class Line:
    """`volume` is rounded once to a millionth of its unit and `amount` once to the kopeck.

    The amount of an excess is the rounded total less the rounded base, so it may differ by a
    kopeck from its own volume × price.
    """

    part: Part
    days: Days
    volume: Quantity
    price_id: int
    price: Price
    amount: Money
    proof: Proof


class Lack(StrEnum):
    """Which fact is missing; it is never taken for a zero."""

    NO_PRICE = "no_price"
    NO_NORM = "no_norm"
    NO_COMMON_NORM = "no_common_norm"
    NO_AREA = "no_area"
    NO_HEATED_AREA = "no_heated_area"
    NO_COMMON_AREA = "no_common_area"
    NO_HOUSE_AREA = "no_house_area"
    NO_PERSONS = "no_persons"
    NO_QUANTITY = "no_quantity"
    NO_COEFFICIENT = "no_coefficient"
    NO_SEASON = "no_season"
    NO_HEAT_NORM = "no_heat_norm"
    NO_HOUSE_VOLUME = "no_house_volume"
    NO_YEAR_VOLUME = "no_year_volume"
    NO_DWELLINGS_VOLUME = "no_dwellings_volume"
    NO_READINGS = "no_readings"
    NO_OWN_METER = "no_own_meter"
    NO_VOLUME = "no_volume"
    NO_BANDS = "no_bands"
    READINGS_FALL = "readings_fall"


_OWN_METER_RULE = (
    "его объем в доме, где счетчики есть не у всех, задает формула 3(7) приложения 2 к Правилам "
    "354: точного ее текста у портала нет, и он ее не применяет"
)
_WORDS = {
    Lack.NO_PRICE: ("нет цены", "Добавьте ее в таблицу prices"),
    Lack.NO_NORM: ("нет норматива", "Добавьте его в таблицу norms"),
    Lack.NO_COMMON_NORM: (
        "нет норматива на общее имущество",
        "Добавьте его в таблицу norms или решение собрания «uncapped» в таблицу house_choices",
    ),
    Lack.NO_AREA: ("неизвестна площадь помещения", "Укажите ее"),
    Lack.NO_HEATED_AREA: ("неизвестна отапливаемая площадь помещения", "Укажите ее"),
    Lack.NO_COMMON_AREA: ("неизвестна площадь общего имущества дома", "Укажите ее"),
    Lack.NO_HOUSE_AREA: ("неизвестна общая площадь помещений дома", "Укажите ее"),
    Lack.NO_PERSONS: (
        "неизвестно число проживающих",
        "Укажите его (residents), а если никто не зарегистрирован — число собственников (owners)",
    ),
    Lack.NO_QUANTITY: ("неизвестно количество", "Укажите его"),
    Lack.NO_COEFFICIENT: ("нет повышающего коэффициента", "Добавьте его в таблицу coefficients"),
    Lack.NO_SEASON: (
        "неизвестно, сколько месяцев длится отопительный период",
        "Укажите это в таблице house_choices",
    ),
    Lack.NO_HEAT_NORM: ("нет норматива тепла на подогрев воды", "Добавьте его в таблицу norms"),
    Lack.NO_HOUSE_VOLUME: ("нет объема по общедомовому счетчику", "Внесите его показания"),
    Lack.NO_YEAR_VOLUME: (
        "нет объемов по общедомовому счетчику за каждый месяц прошлого года",
        "Внесите их в таблицу house_volumes, летом 0",
    ),
    Lack.NO_DWELLINGS_VOLUME: ("нет суммы объемов помещений дома", "Рассчитайте сначала их объемы"),
    Lack.NO_READINGS: ("нет показаний счетчика", "Внесите их"),
    Lack.NO_OWN_METER: (
        f"у помещения нет своего счетчика тепла; {_OWN_METER_RULE}",
        "Опишите его счетчик, либо дайте дому отопление по домовому счетчику (heating_house)",
    ),
    Lack.NO_VOLUME: (
        "неизвестен объем",
        "Внесите показания услуги, от которой он зависит, или ее данные",
    ),
    Lack.NO_BANDS: ("нет диапазонов потребления", "Добавьте их в таблицу bands"),
    Lack.READINGS_FALL: (
        "показания уменьшились, а пройти через ноль счетчик не мог",
        "Проверьте их и число цифр счетчика",
    ),
}


class NotChargeable(ValueError):
    """A month that cannot be charged; as text one sentence for the operator: for which days, what
    is missing, and what to do.
    """

    def __init__(self, lack: Lack, days: Days) -> None:
        what, remedy = _WORDS[lack]
        when = str(days)
        super().__init__(f"{when[0].upper()}{when[1:]} {what}. {remedy}")
        self.lack = lack
        self.days = days


def rounded(numerator: int, denominator: int = 1) -> Quantity:
    """`numerator` ÷ `denominator` millionths (the denominator > 0), to the nearest, half away from
    zero, as `cost` rounds: a correction is exactly the opposite of what it corrects.
    """
    return Quantity(nearest(numerator, denominator))


def in_turn(volumes: Iterable[Fraction]) -> list[Quantity]:
    """The exact volumes of a month's pieces, rounded so that any first few of them add up to their
    rounded sum; each differs from its exact volume by less than a millionth.
    """
    whole, before, parts = Fraction(0), Quantity(0), []
    for volume in volumes:
        whole += volume * SCALE
        so_far = rounded(whole.numerator, whole.denominator)
        parts.append(so_far - before)
        before = so_far
    return parts
