"""Money, volumes and prices: strings, because TOML's own fractions are binary and would round
silently.
"""

from portal.domain.money import Money
from portal.domain.quantity import Price, Quantity, Scaled
from portal.imports.book.raw import TEXT_MAX, Unquoted, Wrong, shown, string

# A hundred thousand million roubles: sums of such sums still fit into the database's numbers.
KOPECKS_MAX = 10**13
_WHOLE = Quantity.parse("100")


def money(value: object) -> Money:
    """Any sign."""
    try:
        amount = Money.parse(_number(value))
    except ValueError:
        raise Wrong(f'{shown(value)} не сумма. Пишется так: "2 500,00"') from None
    if abs(amount.kopecks) > KOPECKS_MAX:
        raise Wrong(f"{amount} — слишком большая сумма")
    return amount


def positive_money(value: object) -> Money:
    amount = money(value)
    if amount.kopecks <= 0:
        raise Wrong("сумма должна быть больше нуля")
    return amount


def quantity(value: object) -> Quantity:
    """Any sign."""
    return Quantity(_scaled(value).micro)


def counted(value: object) -> Quantity:
    """A volume that cannot be below zero."""
    return Quantity(_not_negative(value).micro)


def price(value: object) -> Price:
    return Price(_not_negative(value).micro)


def percent(value: object) -> Quantity:
    """Of a hundred, or of a year."""
    part = counted(value)
    if part > _WHOLE:
        raise Wrong("не может быть больше 100 процентов")
    return part


def _scaled(value: object) -> Scaled:
    try:
        return Scaled.parse(_number(value))
    except ValueError:
        raise Wrong(
            f'{shown(value)} не число. Пишется так: "11823,9" (до 12 цифр до запятой и 6 после)'
        ) from None


def _not_negative(value: object) -> Scaled:
    number = _scaled(value)
    if number.micro < 0:
        raise Wrong("не может быть меньше нуля")
    return number


def _number(value: object) -> str:
    if isinstance(value, Unquoted):
        comma = value.replace(".", ",")
        raise Wrong(f'дробное число пишется в кавычках: "{comma}", иначе оно неточное')
    return str(value) if type(value) is int else string(value, TEXT_MAX)
