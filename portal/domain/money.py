"""Money as whole kopecks."""

import re
from collections.abc import Iterable
from typing import Self

from portal.domain.made import made_often

_SHAPE = re.compile(r"([+-]?)(\d{1,15})(?:[.,](\d{1,2}))?", re.ASCII)
NBSP = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"


@made_often(frozen=True, slots=True, order=True)
class Money:
    """A sum in kopecks; positive is what is owed or paid, negative a correction in the other
    direction.  It cannot be made from a float.
    """

    kopecks: int

    def __post_init__(self) -> None:
        if type(self.kopecks) is not int:
            raise TypeError("money is whole kopecks")

    @classmethod
    def parse(cls, text: str) -> Self:
        """«2 500,00», «2500.5» or «-17»; more than two decimals are refused, never rounded.

        Raises ValueError.
        """
        match = _SHAPE.fullmatch(re.sub(r"\s", "", text.replace(MINUS, "-")))
        if match is None:
            raise ValueError(text)
        sign, roubles, kopecks = match.groups()
        whole = int(roubles) * 100 + int((kopecks or "0").ljust(2, "0"))
        return cls(-whole if sign == "-" else whole)

    @classmethod
    def total(cls, parts: Iterable["Money"]) -> Self:
        return cls(sum(part.kopecks for part in parts))

    def __add__(self, other: "Money") -> "Money":
        return Money(self.kopecks + other.kopecks)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.kopecks - other.kopecks)

    def __neg__(self) -> "Money":
        return Money(-self.kopecks)

    def __abs__(self) -> "Money":
        return Money(abs(self.kopecks))

    def __bool__(self) -> bool:
        return self.kopecks != 0

    def __str__(self) -> str:
        """«2 017,45 ₽», with no-break spaces: the only way in which a person is shown money."""
        roubles, kopecks = divmod(abs(self.kopecks), 100)
        grouped = f"{roubles:,}".replace(",", NBSP)
        return f"{MINUS if self.kopecks < 0 else ''}{grouped},{kopecks:02}{NBSP}₽"

    @property
    def plain(self) -> str:
        """«2017,45», what the field of a bank's form takes."""
        roubles, kopecks = divmod(abs(self.kopecks), 100)
        return f"{'-' if self.kopecks < 0 else ''}{roubles},{kopecks:02}"


ZERO = Money(0)


def split(total: Money, weights: list[int]) -> list[Money]:
    """`total` in parts proportional to `weights` (each ≥ 0, not all 0), by the largest remainder;
    of equal remainders the first wins.  The parts add up to `total` exactly.

    Source: partial payment of one document is shared pro rata, Правила 354, п. 118.
    """
    whole = sum(weights)
    if whole <= 0 or min(weights) < 0:
        raise ValueError(weights)
    sign = -1 if total.kopecks < 0 else 1
    shares = [divmod(abs(total.kopecks) * weight, whole) for weight in weights]
    missing = abs(total.kopecks) - sum(share for share, _ in shares)
    by_remainder = sorted(range(len(shares)), key=lambda i: (-shares[i][1], i))
    lucky = set(by_remainder[:missing])
    return [Money(sign * (share + (i in lucky))) for i, (share, _) in enumerate(shares)]
