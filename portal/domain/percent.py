"""Hundredths of something: a key rate, a commission."""

from portal.domain.money import NBSP, Money
from portal.domain.quantity import SCALE, Scaled
from portal.domain.rounding import nearest


class Percent(Scaled):
    """Per cent, with up to six decimals; what a year or a collection it is of, its owner says."""

    __slots__ = ()

    def of(self, amount: Money) -> Money:
        """Rounded once to the kopeck, half away from zero."""
        return Money(nearest(amount.kopecks * self.micro, 100 * SCALE))

    def __str__(self) -> str:
        """«9,5 %»."""
        return f"{self.text(grouped=True)}{NBSP}%"
