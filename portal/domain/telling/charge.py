"""The one way from a stored charge to its words."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Final

from portal.domain.charging.methods import Method
from portal.domain.proven import Proven
from portal.domain.telling.counted import at_once, by_average, by_month, by_norm_in_bands
from portal.domain.telling.later import penalty, recalculation, reversal
from portal.domain.telling.products import BY_PRODUCT, by_product, excess, rated
from portal.domain.telling.told import Charged, Told, product, when

_INSTEAD: Final[Mapping[str, str]] = {Proven.AVERAGE: "По среднему"}
_BY_NORM: Final = "По нормативу"


def told(charged: Charged) -> Told:
    """By the charge's proof; of one that lacks what its method takes (a file of another billing
    states volumes without their facts) only the product of volume and price.
    """
    try:
        words = _teller(charged)(charged)
    except (ArithmeticError, LookupError, TypeError, ValueError):
        words = _stated(charged)
    words = _explained(words, charged)
    return replace(words, rule=str(charged.proof.get("rule") or ""))


def _explained(words: Told, charged: Charged) -> Told:
    """With why no readings were taken, and what would change that."""
    reason, advice = (str(charged.inputs.get(name) or "") for name in ("reason", "advice"))
    if not reason:
        return words
    if words.mark:
        return replace(words, steps=(reason, *words.steps), advice=advice)
    part = when(charged.inputs).removeprefix(", ")
    days = (f"За дни {part}",) if part and part.casefold() not in reason.casefold() else ()
    mark = _INSTEAD.get(charged.method, _BY_NORM)
    return replace(words, answer=reason, steps=(*days, *words.steps), advice=advice, mark=mark)


def _teller(charged: Charged) -> Callable[[Charged], Told]:
    if "base_volume" in charged.inputs and charged.method == Proven.NORM_RAISED:
        return excess
    return _TELLERS[charged.method]


def _stated(charged: Charged) -> Told:
    try:
        words = Method(charged.method).words
    except ValueError:
        return Told(product(charged))
    return Told(f"{words[0].upper()}{words[1:]}", (product(charged),))


_TELLERS: Final[Mapping[str, Callable[[Charged], Told]]] = {
    **dict.fromkeys(BY_PRODUCT, by_product),
    Proven.USAGE_RATED: rated,
    Proven.METERED: at_once,
    Proven.METERED_MONTH: by_month,
    Proven.AVERAGE: by_average,
    Proven.NORM_BANDS: by_norm_in_bands,
    Proven.REVERSAL: reversal,
    Proven.RECALCULATION: partial(recalculation, tell=told),
    Proven.PENALTY: penalty,
}
