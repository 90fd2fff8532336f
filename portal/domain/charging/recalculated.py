"""What a month's lines become when more is known: the difference, posted in an open month."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from portal.domain.charging.bands import Bands
from portal.domain.charging.counted import Interval, measured
from portal.domain.charging.line import Line, Part
from portal.domain.charging.metered import metered_lines
from portal.domain.money import Money
from portal.domain.period import Period
from portal.domain.proof import RULES_354, Proof
from portal.domain.proven import Proven
from portal.domain.quantity import Quantity
from portal.domain.timeline import Days, Timeline

RECALCULATED = Proven.RECALCULATION.value
RECALCULATED_RULE = (
    f"{RULES_354}, пункты 59 и 60: средний объем и норматив заменяют показания, пока их нет"
)
YEARLY = "year/"
"""How the keys of charges begin that correct a whole year; they are for its last month."""
_LAST_MONTH = 12
_FORMULA = "должно быть начислено − уже начислено"

_Key = tuple[int, Part]


def late_lines(
    known: Sequence[Interval],
    tariff: Timeline[Bands],
    charged: Mapping[Period, Sequence[Line]],
) -> tuple[Line, ...]:
    """What readings change in months that were charged, mostly by the average or the norm, before
    they came: every month's volume at its own prices, less what `charged` has for it, earlier
    recalculations included.  Months that readings do not tell of stay as they are, and so do
    lines for days before the meter was fitted.

    Raises NotChargeable: days without a price.
    """
    lines: list[Line] = []
    for month, posted in sorted(charged.items()):
        told = measured(known, month)
        if told is not None:
            concerned = [line for line in posted if line.days.first in told.days]
            lines += recalculation(month, metered_lines(told, tariff), concerned)
    return tuple(lines)


def recalculation(
    month: Period, ought: Iterable[Line], charged: Iterable[Line], rule: str = RECALCULATED_RULE
) -> tuple[Line, ...]:
    """One line a price of `month`, negative where too much was charged, so that what was charged
    and it are together exactly what ought to be, in volume and to the kopeck; none where nothing
    changes.

    Its amount is a difference of rounded amounts, so it may differ by a kopeck from its own
    volume × price.
    """
    was, becomes = _by_price(charged), _by_price(ought)
    lines = (
        _line(month, key, becomes[key], was[key], rule) for key in dict.fromkeys([*was, *becomes])
    )
    return tuple(line for line in lines if line.volume.micro or line.amount)


def year_recalculation(
    year: int, ought: Iterable[Line], charged: Iterable[Line], rule: str
) -> tuple[Line, ...]:
    """The same of a whole year, for its last month."""
    december = Period(year, _LAST_MONTH)
    lines = recalculation(december, ought, charged, rule)
    return tuple(replace(line, proof=_of_year(line.proof, year)) for line in lines)


def _of_year(proof: Proof, year: int) -> Proof:
    return proof | {"inputs": proof["inputs"] | {"year": year}}


def corrected_part(line: Line) -> Part:
    """Whose money a line is: a recalculation belongs to the part that it corrects."""
    if line.part is not Part.RECALCULATION:
        return line.part
    return Part(line.proof["inputs"].get("part", Part.BASE))


def _by_price(lines: Iterable[Line]) -> dict[_Key, list[Line]]:
    found: dict[_Key, list[Line]] = defaultdict(list)
    for line in lines:
        found[line.price_id, corrected_part(line)].append(line)
    return found


def _line(
    month: Period, key: _Key, ought: Sequence[Line], charged: Sequence[Line], rule: str
) -> Line:
    named = ought or charged
    return Line(
        Part.RECALCULATION,
        Days(min(line.days.first for line in named), max(line.days.last for line in named)),
        _volume(ought) - _volume(charged),
        key[0],
        named[0].price,
        _amount(ought) - _amount(charged),
        _proof(month, key, ought, charged, rule),
    )


def _proof(
    month: Period, key: _Key, ought: Sequence[Line], charged: Sequence[Line], rule: str
) -> Proof:
    inputs: dict[str, Any] = {"month": str(month), "part": key[1].value}
    for name, lines in (("ought", ought), ("charged", charged)):
        inputs[f"{name}_volume"] = _volume(lines).micro
        inputs[f"{name}_amount"] = _amount(lines).kopecks
    inputs["ought"] = [line.proof for line in ought]
    inputs["charged_by"] = list(dict.fromkeys(line.proof["method"] for line in charged))
    return {"method": RECALCULATED, "inputs": inputs, "formula": _FORMULA, "rule": rule}


def _volume(lines: Iterable[Line]) -> Quantity:
    return Quantity(sum(line.volume.micro for line in lines))


def _amount(lines: Iterable[Line]) -> Money:
    return Money.total(line.amount for line in lines)
