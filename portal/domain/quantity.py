"""Volumes and prices as exact scaled integers: millionths of a unit, millionths of a rouble."""

import re
from typing import Self

from portal.domain.made import made_often
from portal.domain.money import MINUS, NBSP, Money
from portal.domain.rounding import nearest

SCALE = 1_000_000
DECIMALS = 6
_SHAPE = re.compile(r"([+-]?)(?=[.,]?\d)(\d{0,12})(?:[.,](\d{0,6}))?", re.ASCII)
_SPACE = re.compile(r"\s")
_MICRO_PER_KOPECK = SCALE * SCALE // 100


@made_often(frozen=True, slots=True, order=True)
class Scaled:
    """A decimal number with six exact decimals; cannot be made from a float."""

    micro: int

    def __post_init__(self) -> None:
        if type(self.micro) is not int:
            raise TypeError("an exact number is whole millionths")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Digits with a comma or a dot, spaces ignored, leading zeros tolerated; «14235,» and «,5»
        are numbers too, as static/js/amounts.js reads them.

        Raises ValueError: not a number, more than 12 digits before or 6 after the separator.
        """
        match = _SHAPE.fullmatch(_SPACE.sub("", text.replace(MINUS, "-")))
        if match is None:
            raise ValueError(text)
        sign, whole, fraction = match.groups()
        micro = int(whole or "0") * SCALE + int((fraction or "0").ljust(DECIMALS, "0"))
        return cls(-micro if sign == "-" else micro)

    @property
    def decimals(self) -> int:
        """How many decimals are needed to write the number, 0 to 6."""
        return len(f"{abs(self.micro) % SCALE:06}".rstrip("0"))

    def text(self, decimals: int | None = None, *, grouped: bool = False) -> str:
        """The number with a comma: with its own decimals, or padded to `decimals` (never cut)."""
        shown = max(self.decimals, decimals or 0)
        whole, fraction = divmod(abs(self.micro), SCALE)
        digits = f"{whole:,}".replace(",", NBSP) if grouped else str(whole)
        tail = f",{fraction:06}"[: shown + 1] if shown else ""
        return f"{MINUS if self.micro < 0 else ''}{digits}{tail}"

    def __str__(self) -> str:
        return self.text(grouped=True)


class Quantity(Scaled):
    """A volume or a counter's value in the service's unit."""

    __slots__ = ()

    def __add__(self, other: "Quantity") -> "Quantity":
        return Quantity(self.micro + other.micro)

    def __sub__(self, other: "Quantity") -> "Quantity":
        return Quantity(self.micro - other.micro)

    def __neg__(self) -> "Quantity":
        return Quantity(-self.micro)


class Price(Scaled):
    """Roubles a unit, with up to six decimals."""

    __slots__ = ()

    def __str__(self) -> str:
        """«2,79 ₽»: as money, and with more decimals where the tariff has them."""
        return f"{self.text(2, grouped=True)}{NBSP}₽"


def cost(volume: Quantity, price: Price) -> Money:
    """`volume` × `price`, rounded once to the kopeck, half away from zero (so that a reversal is
    exactly the opposite of what it reverses).

    Правила 354 name no rounding step; a line of a bill is rounded once.
    """
    return Money(nearest(volume.micro * price.micro, _MICRO_PER_KOPECK))
