"""The words of a charge, and the few ways in which numbers stand in them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from portal.domain.money import NBSP, Money
from portal.domain.proof import Proof
from portal.domain.quantity import SCALE, Price, Quantity, cost
from portal.domain.rounding import nearest
from portal.domain.timeline import Days

ISOLATED, ISOLATED_END = "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"
"""Around somebody's words, which may run in another direction than the sentence."""
_NO_ISOLATES = str.maketrans(dict.fromkeys("\u2066\u2067\u2068\u2069"))


@dataclass(frozen=True, slots=True)
class Charged:
    """What the words of a stored charge follow from."""

    unit: str
    volume: Quantity
    price: Price
    amount: Money
    proof: Proof
    read_on: date | None = None
    previous_on: date | None = None
    """The days of the two readings, where the charge has some of its own."""

    @property
    def inputs(self) -> Mapping[str, Any]:
        inputs: Mapping[str, Any] = self.proof.get("inputs", {})
        return inputs

    @property
    def method(self) -> str:
        return str(self.proof.get("method", ""))


@dataclass(frozen=True, slots=True)
class Row:
    """What stands beside a sum: «с 16 мая по 14 июля 2026», «95,00 ₽», and how it came about."""

    title: str
    sum: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """`answer` says in a line why this much; `steps` are the formulas below it, `rows` what they
    add up; `advice` is what would change the sum, empty when nothing would.

    Somebody's words in them stand between `ISOLATED` and `ISOLATED_END`.
    """

    answer: str
    steps: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    advice: str = ""
    rule: str = ""
    mark: str = ""
    """One word or two beside the name of the service; empty of a usual charge."""


def foreign(text: str) -> str:
    return f"{ISOLATED}{text.translate(_NO_ISOLATES)}{ISOLATED_END}" if text else ""


def measured(volume: Quantity | str, unit: str) -> str:
    """«10,45 м³»."""
    return f"{volume}{NBSP}{foreign(unit)}" if unit else str(volume)


def product(charged: Charged) -> str:
    """«10,45 м³ × 53,41 ₽ = 558,13 ₽»; where the sum is not that product (a difference of rounded
    sums: a kopeck may lie between) no equation is claimed.
    """
    is_exact = cost(charged.volume, charged.price) == charged.amount
    volume = measured(charged.volume, charged.unit)
    return f"{volume} × {charged.price} {'=' if is_exact else '≈'} {charged.amount}"


def equation(words: str, exact: Fraction, volume: Quantity, unit: str) -> str:
    """«3 человека × 6,935 м³ = 20,805 м³»; `exact`, in units, may have more decimals."""
    sign = "=" if exact * SCALE == volume.micro else "≈"
    return f"{words} {sign} {measured(volume, unit)}"


def rounded(exact: Fraction) -> Quantity:
    """Units to the nearest millionth."""
    return Quantity(nearest(exact.numerator * SCALE, exact.denominator))


def days_of(inputs: Mapping[str, Any]) -> Days:
    """Raises LookupError, ValueError."""
    return Days(date.fromisoformat(inputs["from"]), date.fromisoformat(inputs["to"]))


def share(part: int, whole: int) -> str:
    """« × 17 из 31 дн.»; nothing of all of them."""
    return "" if part == whole else f" × {part} из {whole}{NBSP}дн."


def when(inputs: Mapping[str, Any]) -> str:
    """«, с 1 по 17 октября 2026»; nothing of a whole month."""
    if inputs.get("days", 0) == inputs.get("days_of_month", 0):
        return ""
    return f", {days_of(inputs)}"
