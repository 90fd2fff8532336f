"""Examples: what lines of «Расход средств» open to."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction

from markupsafe import Markup

from components.charge_table import Columns, charge_tables
from components.gallery_money import charge
from components.gallery_values import HOSTILE, UNBROKEN
from portal.domain.charging.bands import flat
from portal.domain.charging.counted import Meter, Reading, intervals, measured
from portal.domain.charging.estimated import Average, average_lines
from portal.domain.charging.line import Line, Part, Priced
from portal.domain.charging.metered import metered_lines
from portal.domain.charging.norm import by_raised_norm
from portal.domain.charging.recalculated import recalculation
from portal.domain.debt import Debt, Layer, Paid
from portal.domain.meter import UNKNOWN_DIAL
from portal.domain.money import Money
from portal.domain.penalty import penalty
from portal.domain.penalty_rules import Rules
from portal.domain.percent import Percent
from portal.domain.period import Period
from portal.domain.proof import RULES_354
from portal.domain.quantity import SCALE, Price, Quantity
from portal.domain.statement import ChargeLine, MonthUsed, Statement
from portal.domain.timeline import Days, constant

OCTOBER, SEPTEMBER = Period(2026, 10), Period(2026, 9)
_PRICES = constant(Priced(1, Price.parse("53,41")))
_DAYS = Days.of(OCTOBER)


def _read(month: Period, before: str, value: str) -> Line:
    taken = Reading(1, date(month.year, month.month, 21), month, Quantity.parse(value))
    meter = Meter("18-1", UNKNOWN_DIAL, Quantity.parse(before), month.first_day, (taken,))
    (told,) = filter(None, [measured(intervals([meter]), month)])
    (line,) = metered_lines(told, flat(_PRICES))
    return line


def _averaged(month: Period) -> Line:
    taken = Average(Period(2026, 3), Period(2026, 8), Quantity(50 * SCALE), Fraction(6))
    rule = f"{RULES_354}, подпункт «б» пункта 59"
    (line,) = average_lines(taken, Days.of(month), flat(_PRICES), rule)
    spoken = {
        "reason": "Показаний за октябрь нет, взято среднее за март–август",
        "advice": "Передайте показания до 25-го, и сумма будет пересчитана",
    }
    return replace(line, proof={**line.proof, "inputs": line.proof["inputs"] | spoken})


def _late() -> ChargeLine:
    debt = Debt(Period(2026, 3), date(2026, 4, 15), Money(5000_00), is_capital_repair=False)
    layer = Layer(debt, (Paid(date(2026, 6, 14), Money(1000_00)),))
    rules = Rules(constant(Percent.parse("9,5")))
    result = penalty(layer, date(2026, 9, 30), rules)
    line = charge("Содержание дома", result.total.kopecks)
    return replace(line, proof=result.proof, part="penalty")


def shown(
    service: str, line: Line, compared: Sequence[tuple[Period, str, int]] = (), unit: str = "м³"
) -> ChargeLine:
    """A line of October."""
    months = (MonthUsed(month, Quantity.parse(used), Money(sum_)) for month, used, sum_ in compared)
    return replace(
        charge(service, line.amount.kopecks),
        unit=unit,
        volume=line.volume,
        price=line.price,
        part=line.part,
        is_reversal=False,
        proof=line.proof,
        for_period=SEPTEMBER if line.part is Part.RECALCULATION else None,
        compared=tuple(months),
    )


def _lines() -> tuple[ChargeLine, ...]:
    used = ((OCTOBER, "10,45", 558_13), (SEPTEMBER, "9", 480_69), (Period(2025, 10), "12", 588_12))
    norm, excess = by_raised_norm(
        _DAYS, constant(3), constant(Quantity.parse("6,935")), constant(Quantity.parse("1,5")),
        _PRICES,
    )  # fmt: skip
    (late,) = recalculation(SEPTEMBER, [_read(SEPTEMBER, "240", "245,5")], [_averaged(SEPTEMBER)])
    return (
        shown("Холодная вода", _read(OCTOBER, "245,55", "256"), used),
        shown("Горячая вода", _averaged(OCTOBER)),
        shown("Холодная вода на кухне", norm),
        shown("Холодная вода на кухне", excess),
        shown("Холодная вода", late),
    )


def _extreme() -> Markup:
    worst = tuple(
        replace(line, unit=unit, service=unit, tariff="", amount=Money(-(10**13)))
        for line, unit in zip(_lines(), (UNBROKEN, HOSTILE) * 3, strict=False)
    )
    return charge_tables(Statement(worst, (), (_late(),)), Columns())


EXAMPLES: dict[str, Callable[[], Markup]] = {
    "proofs": lambda: charge_tables(Statement(_lines(), (), (_late(),)), Columns()),
    "proofs, extreme": _extreme,
}
