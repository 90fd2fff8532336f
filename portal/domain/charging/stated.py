"""What a stored charge's own volume, price and proof say that its amount is."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from portal.domain.charging.line import Part
from portal.domain.charging.recalculated import RECALCULATED
from portal.domain.money import Money
from portal.domain.period import Period
from portal.domain.proof import Proof
from portal.domain.quantity import Price, Quantity, cost


def stated_amount(part: Part, volume: Quantity, price: Price, proof: Proof) -> Money:
    """Of an excess and of a recalculation a difference of amounts that were rounded each by
    itself; else volume × price.

    Raises ValueError: the proof lacks what its kind of line follows from.
    """
    inputs: Mapping[str, Any] = proof.get("inputs", {})
    try:
        if part is Part.EXCESS:
            base = Quantity(inputs["base_volume"])
            return cost(base + volume, price) - cost(base, price)
        if proof.get("method") == RECALCULATED:
            return Money(inputs["ought_amount"]) - Money(inputs["charged_amount"])
    except (LookupError, TypeError) as fault:
        raise ValueError(proof) from fault
    return cost(volume, price)


def priced_on(proof: Proof) -> date | None:
    """The last day by which the price must have held; None where the proof does not tell.

    Raises ValueError: it tells of a day that there is not.
    """
    inputs: Mapping[str, Any] = proof.get("inputs", {})
    if proof.get("method") == RECALCULATED:
        return Period.parse(str(inputs.get("month"))).last_day
    first = inputs.get("from")
    return None if first is None else date.fromisoformat(str(first))
