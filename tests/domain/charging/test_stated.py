"""What a stored charge says that its sum is: by it the books are proven."""

from datetime import date

import pytest

from portal.domain.charging.line import Part
from portal.domain.charging.norm import by_raised_norm
from portal.domain.charging.stated import priced_on, stated_amount
from portal.domain.money import Money
from portal.domain.quantity import Price
from portal.domain.timeline import constant
from tests.domain.charging.facts import OCTOBER, always, at, october, q

PRICE = Price.parse("53.41")
RECALCULATED = {
    "method": "recalculation",
    "inputs": {"month": "2026-09", "ought_amount": 42_728, "charged_amount": 50_000},
}


def test_a_line_is_its_volume_at_its_price():
    assert stated_amount(Part.BASE, q("8"), PRICE, {}) == Money.parse("427.28")
    assert stated_amount(Part.BASE, q("8"), PRICE, {"method": "area"}) == Money.parse("427.28")


def test_an_excess_is_a_difference_of_rounded_sums():
    coefficient = always("1.000001")
    for line in by_raised_norm(OCTOBER, constant(3), always("6.935"), coefficient, at("53.41")):
        assert stated_amount(line.part, line.volume, line.price, line.proof) == line.amount
    half = {"inputs": {"base_volume": 500_000}}
    # 0.5 + 0.5 at a kopeck are one; each half by itself is rounded up to one.
    assert stated_amount(Part.EXCESS, q("0.5"), Price.parse("0.01"), half) == Money(0)


def test_a_recalculation_is_what_it_ought_to_be_less_what_was_charged():
    amount = stated_amount(Part.RECALCULATION, q("-1"), PRICE, RECALCULATED)
    assert amount == Money.parse("-72.72")


def test_an_absence_is_a_recalculation_by_volume():
    absence = {"method": "absence", "inputs": {}}
    assert stated_amount(Part.RECALCULATION, q("-2"), PRICE, absence) == Money.parse("-106.82")


@pytest.mark.parametrize(
    ("part", "proof"),
    [
        (Part.EXCESS, {}),
        (Part.EXCESS, {"inputs": {"base_volume": None}}),
        (Part.EXCESS, {"inputs": None}),
        (Part.RECALCULATION, {"method": "recalculation", "inputs": {"ought_amount": 1}}),
        (Part.RECALCULATION, {"method": "recalculation", "inputs": {"charged_amount": 1}}),
        (Part.RECALCULATION, {"method": "recalculation"}),
    ],
)
def test_a_proof_that_lacks_its_inputs_proves_nothing(part, proof):
    with pytest.raises(ValueError, match=str(proof)[1:8]):
        stated_amount(part, q("1"), PRICE, proof)


def test_the_day_on_which_a_price_must_have_held():
    (line, *_) = by_raised_norm(october(3, 9), constant(3), always("6"), always("1.5"), at("53.41"))
    assert priced_on(line.proof) == date(2026, 10, 3)
    assert priced_on(RECALCULATED) == date(2026, 9, 30)
    assert priced_on({"method": "metered", "inputs": {"current": 1}}) is None
    assert priced_on({}) is None


@pytest.mark.parametrize(
    "proof",
    [
        {"method": "recalculation", "inputs": {"month": "2026-13"}},
        {"method": "recalculation", "inputs": {}},
        {"method": "recalculation"},
        {"inputs": {"from": "2026-02-30"}},
    ],
)
def test_a_day_that_there_is_not(proof):
    with pytest.raises(ValueError):  # noqa: PT011 - the sentence is the calendar's
        priced_on(proof)
