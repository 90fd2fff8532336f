"""Facts in few words, for the tests of charging."""

from datetime import date
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from portal.domain.charging.line import Line, Part, Priced
from portal.domain.charging.method import Method
from portal.domain.money import Money
from portal.domain.period import Period
from portal.domain.quantity import SCALE, Price, Quantity
from portal.domain.timeline import Days, Since, Timeline, constant, value_on

OCTOBER = Days.of(Period(2026, 10))


def october(first: int, last: int) -> Days:
    return Days(date(2026, 10, first), date(2026, 10, last))


def q(text: str) -> Quantity:
    return Quantity.parse(text)


def money(text: str) -> Money:
    return Money.parse(text)


def always(text: str) -> Timeline[Quantity]:
    return constant(q(text))


def price(text: str, price_id: int = 1) -> Priced:
    return Priced(price_id, Price.parse(text))


def at(text: str) -> Timeline[Priced]:
    return constant(price(text))


def since(day: int, value: Any) -> Since[Any]:
    return Since(date(2026, 10, day), value)


def amounts(lines: tuple[Line, ...], part: Part | None = None) -> list[str]:
    return [line.amount.plain for line in lines if part in (None, line.part)]


def total(lines: tuple[Line, ...]) -> Money:
    return Money.total(line.amount for line in lines)


def volume(lines: tuple[Line, ...]) -> Quantity:
    return Quantity(sum(line.volume.micro for line in lines))


def known_on(timeline: Timeline[Any], day: date) -> Any:
    value = value_on(timeline, day)
    assert value is not None
    return value


def half_up(exact: Fraction) -> int:
    """To the nearest whole, half away from zero; written apart from what it judges."""
    whole = int(abs(exact) + Fraction(1, 2))
    return whole if exact >= 0 else -whole


def recomputed(line: Line, method: Method) -> tuple[int, int]:
    """Millionths and kopecks that follow from nothing but the proof's inputs."""
    inputs = line.proof["inputs"]
    exact = sum((_term(term, inputs) for term in method.terms), Fraction(0)) * SCALE
    before = Fraction(*map(int, inputs.get("before", [0, 1])))
    micro = half_up(before + exact) - half_up(before)
    return micro, half_up(Fraction(micro * inputs["price"], SCALE * SCALE) * 100)


def _term(term: Any, inputs: dict[str, Any]) -> Fraction:
    product = Fraction(inputs.get("days", 1), inputs.get(_base(term), 1))
    for factor in term.factors:
        value = Fraction(inputs[factor.name], factor.scale)
        product = product / value if factor.divides else product * value
    return product


def _base(term: Any) -> str:
    return "days_served" if term.is_served else "days_of_month"


micros = st.integers(0, 10**10)
quantities = micros.map(Quantity)
some = st.integers(1, 10**10).map(Quantity)
priced = st.builds(Priced, st.integers(1, 5), st.integers(0, 5 * 10**9).map(Price))
days_of_october = st.tuples(st.integers(1, 31), st.integers(1, 31)).map(
    lambda ends: october(min(ends), max(ends))
)


def dated(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Timeline[Any]]:
    """Known on every day of October, with up to three changes inside it."""
    changes = st.lists(st.tuples(st.integers(2, 31), values), max_size=3, unique_by=lambda c: c[0])
    return st.tuples(values, changes).map(
        lambda facts: (
            Since(date(2020, 1, 1), facts[0]),
            *(since(day, value) for day, value in sorted(facts[1], key=lambda c: c[0])),
        )
    )
