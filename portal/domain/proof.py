"""How the number of a charge came about, kept with the charge for whoever asks later."""

from fractions import Fraction
from typing import Any, Final

from portal.domain.proven import Proven
from portal.domain.quantity import Quantity

METERED = Proven.METERED.value
RULES_354 = "Правила предоставления коммунальных услуг (ПП РФ № 354)"
METERED_RULE = f"{RULES_354}, приложение 2, формула 1"
_RISEN = "(текущее − предыдущее) × цена"
_ROLLED_OVER = "(текущее + емкость счетчика − предыдущее) × цена"
_PRODUCT = "объем × цена"
_WIDEST: Final = 1 << 63

Proof = dict[str, Any]
"""`method`, `inputs` in whole millionths, `formula` in words, `rule` with its paragraph."""


def metered_proof(
    current: Quantity, previous: Quantity | None, *, is_rollover: bool, rule: str = METERED_RULE
) -> Proof:
    """Of a consumption between two readings."""
    return {
        "method": METERED,
        "inputs": {
            "current": current.micro,
            "previous": previous.micro if previous is not None else None,
            "rolled_over": is_rollover,
        },
        "formula": _ROLLED_OVER if is_rollover else _RISEN,
        "rule": rule,
    }


def exact_ratio(number: Fraction) -> list[int | str]:
    """Numerator and denominator.  One that 64 bits do not hold is told by its digits: as a number
    of a document it would be refused, or read as a float.
    """
    parts = (number.numerator, number.denominator)
    return [part if abs(part) < _WIDEST else str(part) for part in parts]


def stated_proof(method: str, inputs: dict[str, Any], rule: str) -> Proof:
    """Of a volume that whoever charges states."""
    return {"method": method, "inputs": inputs, "formula": _PRODUCT, "rule": rule}


def reversal_proof(charge_id: int) -> Proof:
    """Of the opposite of another charge."""
    return {
        "method": Proven.REVERSAL.value,
        "inputs": {"charge": charge_id},
        "formula": "",
        "rule": "",
    }
