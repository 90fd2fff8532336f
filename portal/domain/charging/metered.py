"""The lines of a month that was read from a meter."""

from datetime import date
from functools import lru_cache
from typing import Any

from portal.domain.charging.bands import Bands, Cut, cuts_of
from portal.domain.charging.counted import Interval, Measured, Step
from portal.domain.charging.line import Line, Part
from portal.domain.period import Period
from portal.domain.proof import METERED_RULE, Proof, exact_ratio
from portal.domain.proven import Proven
from portal.domain.quantity import SCALE
from portal.domain.timeline import Days, Timeline

METERED_MONTH = Proven.METERED_MONTH.value
_RISEN = "текущее − предыдущее"
_ROLLED_OVER = "текущее + емкость счетчика − предыдущее"
_REPLACED = "(последнее старого счетчика − предыдущее) + (текущее нового − значение при установке)"


def metered_lines(
    known: Measured, tariff: Timeline[Bands], *, served: Days | None = None
) -> tuple[Line, ...]:
    """One line a price and a band.  Where the price changed the month's volume is spread evenly
    over its days, of which only `served` count.

    Raises NotChargeable: days without a price; ValueError: no day that was served was measured.
    """
    days = known.days if served is None else known.days.within(served)
    if days is None:
        raise ValueError((known.days, served))
    parts = cuts_of(known.volume, days, tariff)
    return tuple([base_line(cut, _proof(known, days, cut)) for cut in parts])


def base_line(cut: Cut, proof: Proof) -> Line:
    priced = cut.priced
    return Line(Part.BASE, cut.days, cut.volume, priced.price_id, priced.price, cut.amount, proof)


def cut_inputs(cut: Cut, served: Days) -> dict[str, Any]:
    """The part of a proof that says what of the volume of the days `served` a line is."""
    inputs: dict[str, Any] = {"price": cut.priced.price.micro}
    inputs |= _days_inputs(cut.days.first, cut.days.last, served.first, served.last)
    if cut.is_banded:
        upto = None if cut.upto is None else cut.upto.micro
        inputs["band"] = {"above": cut.above.micro, "upto": upto}
    if cut.before:
        inputs["before"] = exact_ratio(cut.before * SCALE)
    return inputs


@lru_cache(maxsize=4096)  # a run asks for the same month again and again
def _days_inputs(first: date, last: date, served_first: date, served_last: date) -> dict[str, Any]:
    return {
        "from": first.isoformat(),
        "to": last.isoformat(),
        "days": Days(first, last).count,
        "days_served": Days(served_first, served_last).count,
        "days_of_month": Days.of(Period.of(served_first)).count,
    }


def cut_formula(volume: str, cut: Cut, days: Days) -> str:
    """`volume` in words, and what is done with it on the way to the line's amount."""
    words = [volume]
    if cut.days != days:
        words.append("дни этой строки / все дни")
    if cut.is_banded:
        words = [f"часть от {' × '.join(words)} в пределах диапазона"]
    return " × ".join([*words, "цена"])


def _proof(known: Measured, days: Days, cut: Cut) -> Proof:
    volume = f"({_volume_words(known.interval)})"
    if known.is_shared:
        volume += " × дни месяца / дни между показаниями"
    return {
        "method": METERED_MONTH,
        "inputs": {**_readings(known), **cut_inputs(cut, days)},
        "formula": cut_formula(volume, cut, days),
        "rule": METERED_RULE,
    }


def _volume_words(interval: Interval) -> str:
    if len(interval.steps) > 1:
        return _REPLACED
    return _ROLLED_OVER if interval.steps[0].passed.micro else _RISEN


def _readings(known: Measured) -> dict[str, Any]:
    whole = known.interval.days
    return {
        "month": str(Period.of(known.days.first)),
        "readings": [_reading(step) for step in known.interval.steps],
        "interval": {"from": whole.first.isoformat(), "to": whole.last.isoformat()},
        "measured": {"from": known.days.first.isoformat(), "to": known.days.last.isoformat()},
    }


def _reading(step: Step) -> dict[str, Any]:
    return {
        "reading": step.reading_id,
        "serial": step.serial,
        "previous": step.previous.micro,
        "previous_on": step.previous_on.isoformat(),
        "current": step.current.micro,
        "current_on": step.current_on.isoformat(),
        "passed": step.passed.micro,
    }
