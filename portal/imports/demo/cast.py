"""Who lives in the house: forty flats, invented from a seed."""

from dataclasses import dataclass
from random import Random

from portal.domain.quantity import Quantity

HOUSE = SEED = "Лесная, 7"
ADDRESS = "г. Лесногорск, ул. Лесная, 7"
FLATS = 40
GUEST = 12
"""The flat whose resident anybody may be in the demonstration."""

_SURNAMES = (
    "Абрамов", "Белов", "Виноградов", "Громов", "Дмитриев", "Ефимов", "Жуков", "Зайцев", "Исаев",
    "Калинин", "Лаптев", "Макаров", "Никитин", "Орлов", "Поляков", "Родионов", "Савельев",
    "Тихонов", "Устинов", "Фролов", "Харитонов", "Цветков", "Чернов", "Шубин", "Щербаков",
    "Юдин", "Яковлев", "Баранов", "Власов", "Гусев", "Данилов", "Егоров", "Золотов", "Ильин",
    "Крылов", "Лебедев", "Медведев", "Носов", "Осипов", "Петухов",
)  # fmt: skip
_HIM = ("Алексей", "Борис", "Виктор", "Дмитрий", "Игорь", "Михаил", "Павел", "Сергей", "Тимур")
_HER = ("Анна", "Вера", "Галина", "Елена", "Ирина", "Людмила", "Наталья", "Ольга", "Татьяна")
_FATHERS = ("Александров", "Андреев", "Васильев", "Иванов", "Николаев", "Петров", "Юрьев")
# One after another on a landing.
_AREAS = ("61,7", "38,4", "74,2", "54,3")
_UNHEATED = Quantity.parse("2,1")


@dataclass(frozen=True, slots=True)
class Flat:
    number: int
    owner: str
    area: Quantity
    people: int
    has_parking: bool
    has_internet: bool
    has_phone: bool
    is_careless: bool
    """Pays late, or not at all."""

    @property
    def heated_area(self) -> Quantity:
        return self.area - _UNHEATED

    @property
    def agreement(self) -> str:
        return f"DOM-{self.number}"

    @property
    def internet_agreement(self) -> str:
        return f"NET-{1000 + self.number}"

    @property
    def login(self) -> str:
        return f"lesnaya7-{self.number}"

    @property
    def is_guest(self) -> bool:
        return self.number == GUEST


def dice(*about: object) -> Random:
    """Chance that is the same each time for the same thing, whatever else was thrown before."""
    return Random("/".join([SEED, *map(str, about)]))  # noqa: S311 - an invented house, no secret


def flats() -> list[Flat]:
    return [_flat(number) for number in range(1, FLATS + 1)]


def _flat(number: int) -> Flat:
    chance = dice("flat", number)
    is_guest = number == GUEST
    owner = _name(chance, number)
    return Flat(
        number=number,
        owner="Петрова Мария Ивановна" if is_guest else owner,
        area=Quantity.parse(_AREAS[(number - 1) % len(_AREAS)]),
        people=3 if is_guest else chance.choice((1, 2, 2, 3, 3, 4, 5)),
        has_parking=is_guest or chance.random() < 1 / 2,
        has_internet=is_guest or chance.random() < 2 / 3,
        has_phone=is_guest or dice("phone line", number).random() < 1 / 4,
        is_careless=not is_guest and chance.random() < 1 / 10,
    )


def _name(chance: Random, number: int) -> str:
    surname = _SURNAMES[(number - 1) % len(_SURNAMES)]
    father = chance.choice(_FATHERS)
    if chance.random() < 1 / 2:
        return f"{surname} {chance.choice(_HIM)} {father}ич"
    return f"{surname}а {chance.choice(_HER)} {father}на"
