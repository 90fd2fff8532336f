"""What is kept with a charge that is not charged by the month."""

from portal.domain.proof import METERED_RULE, metered_proof, reversal_proof, stated_proof
from portal.domain.quantity import Quantity

RULES = "Правила предоставления коммунальных услуг (ПП РФ № 354)"


def q(text: str) -> Quantity:
    return Quantity.parse(text)


def test_a_dial_that_went_up():
    assert metered_proof(q("256"), q("248"), is_rollover=False) == {
        "method": "metered",
        "inputs": {"current": 256_000_000, "previous": 248_000_000, "rolled_over": False},
        "formula": "(текущее − предыдущее) × цена",
        "rule": f"{RULES}, приложение 2, формула 1",
    }


def test_a_dial_that_went_through_zero_by_another_rule():
    assert metered_proof(q("3"), q("99998"), is_rollover=True, rule="договор, п. 4") == {
        "method": "metered",
        "inputs": {"current": 3_000_000, "previous": 99_998_000_000, "rolled_over": True},
        "formula": "(текущее + емкость счетчика − предыдущее) × цена",
        "rule": "договор, п. 4",
    }


def test_a_first_reading_has_none_before_it():
    proof = metered_proof(q("3"), None, is_rollover=False)
    assert proof["inputs"]["previous"] is None
    assert proof["rule"] == METERED_RULE


def test_a_volume_that_is_stated():
    assert stated_proof("area", {"area": 54_300_000}, "ЖК РФ, статья 156") == {
        "method": "area",
        "inputs": {"area": 54_300_000},
        "formula": "объем × цена",
        "rule": "ЖК РФ, статья 156",
    }


def test_an_opposite_names_what_it_reverses():
    assert reversal_proof(17) == {
        "method": "reversal", "inputs": {"charge": 17}, "formula": "", "rule": "",
    }  # fmt: skip
