"""A penalty as it is charged: what it came to, without what was charged for that debt before."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from portal.domain.money import Money
from portal.domain.penalty import Penalty, Row
from portal.domain.percent import Percent
from portal.domain.proof import Proof
from portal.domain.timeline import Days

PENALTY: Final = "penalty"
"""The part that such a charge is of its service."""
_WITHOUT = "; из нее вычтено начисленное раньше"


def charged_proof(penalty: Penalty, bill: str, charged: Money) -> Proof:
    """Of a charge of `penalty.beyond(charged)`; `bill` is the number of the bill that is owed.
    The inputs have `charged` in kopecks.
    """
    proof = penalty.proof
    formula = proof["formula"] + (_WITHOUT if charged else "")
    inputs = proof["inputs"] | {"bill": bill, "charged": charged.kopecks}
    return {**proof, "inputs": inputs, "formula": formula}


def stated_penalty(proof: Proof) -> Money:
    """What the rows of a stored charge's proof come to beyond what was charged before.

    Raises ValueError: the proof lacks what it follows from, or one of its rows is wrong.
    """
    inputs: Mapping[str, Any] = proof.get("inputs", {})
    try:
        rows = [_row(given) for given in inputs["rows"]]
        stated = [Money(given["amount"]) for given in inputs["rows"]]
        charged = Money(inputs["charged"])
    except (LookupError, TypeError) as fault:
        raise ValueError(proof) from fault
    if [row.amount for row in rows] != stated:
        raise ValueError(proof)
    return Money.total(stated) - charged


def stated_before(proof: Proof) -> Money:
    """What it says was charged before.  Raises ValueError."""
    try:
        return Money(proof["inputs"]["charged"])
    except (LookupError, TypeError) as fault:
        raise ValueError(proof) from fault


def _row(given: Mapping[str, Any]) -> Row:
    days = Days(date.fromisoformat(given["first"]), date.fromisoformat(given["last"]))
    if days.count != given["days"]:
        raise ValueError(given)
    return Row(days, Money(given["debt"]), Percent(given["rate"]), given["divisor"], None)
