"""What the page counts while a person types is what the server would charge."""

import random
from pathlib import Path
from typing import Any

import pytest

from portal.domain.quantity import Price, Quantity, cost

pytestmark = pytest.mark.browser

SCRIPT = Path(__file__).parents[2] / "static" / "js" / "amounts.js"
COUNT = """
(cases) => cases.map(([previous, typed, price]) => {
  const { parse, cost, money, quantity } = window.zhAmounts;
  const used = parse(typed) - BigInt(previous);
  return [quantity(used), money(cost(used, BigInt(price)))];
})
"""


Case = tuple[int, str, int]
"""The previous value in millionths, the typed one, the price in millionths of a rouble."""


def a_case(chance: random.Random) -> Case:
    previous = chance.randrange(10**5 * 10**6)
    current = Quantity(chance.choice([previous, chance.randrange(previous, 10**5 * 10**6)]))
    typed = chance.choice([current.text(), current.text().replace(",", "."), "00" + current.text()])
    price = chance.choice([0, 1, 2_790_000, 53_410_000, chance.randrange(10**10)])
    return previous, typed, price


def as_the_server(case: Case) -> list[str]:
    previous, typed, price = case
    used = Quantity.parse(typed) - Quantity(previous)
    return [str(used), str(cost(used, Price(price)))]


def test_the_line_under_the_field_is_the_servers_arithmetic(desktop: Any, full: bool) -> None:
    chance = random.Random(755)
    cases = [a_case(chance) for _ in range(20_000 if full else 2_000)]
    desktop.goto("about:blank")
    desktop.add_script_tag(path=str(SCRIPT))

    counted = desktop.evaluate(COUNT, [[str(p), t, str(r)] for p, t, r in cases])

    assert counted == [as_the_server(case) for case in cases]


@pytest.mark.parametrize(
    "text", ["", "abc", ",", ".", "1,,", "-1", "1,2,3", "1e5", "1234567890123", "1,1234567"]
)
def test_what_is_not_a_number_counts_as_nothing(desktop: Any, text: str) -> None:
    desktop.goto("about:blank")
    desktop.add_script_tag(path=str(SCRIPT))

    assert desktop.evaluate("(text) => window.zhAmounts.parse(text)", text) is None


@pytest.mark.parametrize("text", ["14235,", "140.", ",5", ".25", "0,"])
def test_a_separator_without_digits_beside_it_counts_as_the_server_counts_it(
    desktop: Any, text: str
) -> None:
    desktop.goto("about:blank")
    desktop.add_script_tag(path=str(SCRIPT))

    counted = desktop.evaluate("(text) => String(window.zhAmounts.parse(text))", text)

    assert counted == str(Quantity.parse(text).micro)
