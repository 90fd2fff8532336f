"""Methods that take readings, or what stands in for them."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from portal.domain.charging.metered import METERED_MONTH as MONTH
from portal.domain.money import NBSP
from portal.domain.period import MONTHS, Period, day_text
from portal.domain.proof import Proof
from portal.domain.quantity import SCALE, Quantity, cost
from portal.domain.telling.products import RAISED, of_whom, people
from portal.domain.telling.told import (
    Charged,
    Told,
    equation,
    foreign,
    measured,
    product,
    rounded,
    share,
    when,
)

AT_ONCE = "По показаниям счетчика"


def at_once(charged: Charged) -> Told:
    """Of a reading that was charged when it came.  Raises LookupError, TypeError."""
    inputs = charged.inputs
    current, previous = Quantity(inputs["current"]), Quantity(inputs["previous"])
    passed = charged.volume - (current - previous) if inputs["rolled_over"] else Quantity(0)
    steps = [_rise(current, previous, passed, charged.unit), product(charged)]
    return Told(_read_on(charged.read_on), (*steps, *_was(previous, charged.previous_on)))


def by_month(charged: Charged) -> Told:
    """Of a month between two readings.  Raises LookupError, TypeError, ValueError."""
    inputs, unit = charged.inputs, charged.unit
    readings = inputs["readings"]
    used = sum(_used(each).micro for each in readings)
    part, whole = _days(inputs["measured"]), _days(inputs["interval"])
    steps = [_reading(each, unit, is_named=len(readings) > 1) for each in readings]
    if len(readings) > 1:
        parts = " + ".join(str(_used(each)) for each in readings)
        steps.append(f"{parts} = {measured(Quantity(used), unit)}")
    month = Fraction(used * part, SCALE * whole)
    if part != whole:
        steps.append(_of_interval(inputs, Quantity(used), rounded(month), unit))
    steps += _cut(charged, rounded(month), inputs["days_served"])
    last, first = readings[-1], readings[0]
    was = _was(Quantity(first["previous"]), date.fromisoformat(first["previous_on"]))
    answer = _read_on(date.fromisoformat(last["current_on"]))
    return Told(f"{answer}{when(inputs)}", (*steps, product(charged), *was))


def by_average(charged: Charged) -> Told:
    """Raises LookupError, TypeError, ValueError."""
    inputs, unit = charged.inputs, charged.unit
    months = Fraction(*inputs["months"])
    monthly = Fraction(inputs["used"], SCALE) / months
    whole = measured(Quantity(inputs["used"]), unit)
    first, last = (Period.parse(inputs[name]) for name in ("first_month", "last_month"))
    steps = [
        f"За {_span(first, last)} израсходовано {whole}",
        equation(f"{whole} ÷ {_months(months)}", monthly, rounded(monthly), unit) + " в месяц",
        *_cut(charged, rounded(monthly), inputs["days_of_month"]),
        product(charged),
    ]
    return Told(f"По среднему расходу{when(inputs)}", tuple(steps))


def by_norm_in_bands(charged: Charged) -> Told:
    """Raises LookupError, TypeError, ValueError."""
    inputs, unit = charged.inputs, charged.unit
    living = inputs["persons"] - inputs.get("persons_absent", 0)
    words = f"{people(living)} × {measured(Quantity(inputs['norm']), unit)}"
    exact = Fraction(living * inputs["norm"], SCALE)
    if "coefficient" in inputs:
        words += f" × {Quantity(inputs['coefficient'])}"
        exact = exact * inputs["coefficient"] / SCALE
    steps = [equation(words, exact, rounded(exact), unit)]
    if "base_volume" in inputs:
        answer, difference = _raised(charged)
        return Told(answer, (*steps, difference), mark=RAISED)
    steps += _cut(charged, rounded(exact), inputs["days_of_month"])
    answer = of_whom("По нормативу на проживающих", inputs)
    return Told(f"{answer}{when(inputs)}", (*steps, product(charged)))


def last_reading(proof: Proof) -> tuple[Quantity, date] | None:
    """The one that ended a month of `by_month`; None of every other charge."""
    readings = proof.get("inputs", {}).get("readings") if proof.get("method") == MONTH else None
    if not readings:
        return None
    return Quantity(readings[-1]["current"]), date.fromisoformat(readings[-1]["current_on"])


def _raised(charged: Charged) -> tuple[str, str]:
    inputs = charged.inputs
    base = Quantity(inputs["base_volume"])
    above, below = (cost(volume, charged.price) for volume in (base + charged.volume, base))
    coefficient = Quantity(inputs["coefficient"])
    answer = f"Надбавка: норматив умножен на {coefficient}{when(inputs)}"
    return answer, f"{above} − {below} = {charged.amount}"


def _read_on(day: date | None) -> str:
    return AT_ONCE if day is None else f"{AT_ONCE} от {day_text(day)}"


def _was(previous: Quantity, day: date | None) -> list[str]:
    return [] if day is None else [f"Предыдущие показания {previous.text()} от {day_text(day)}"]


def _rise(current: Quantity, previous: Quantity, passed: Quantity, unit: str) -> str:
    """«256,00 − 245,55 = 10,45 м³»: as numbers of one kind, without the dial's zeros before."""
    decimals = max(current.decimals, previous.decimals)
    after, before = current.text(decimals), previous.text(decimals)
    used = measured(current + passed - previous, unit)
    if passed.micro:
        return f"{before} → {after} через ноль = {used}"
    return f"{after} − {before} = {used}"


def _used(reading: Mapping[str, Any]) -> Quantity:
    return Quantity(reading["current"] + reading["passed"] - reading["previous"])


def _reading(reading: Mapping[str, Any], unit: str, *, is_named: bool) -> str:
    current, previous, passed = (Quantity(reading[name]) for name in _VALUES)
    rise = _rise(current, previous, passed, unit)
    return f"Счетчик {foreign(reading['serial'])}: {rise}" if is_named else rise


_VALUES = ("current", "previous", "passed")


def _days(span: Mapping[str, str]) -> int:
    first, last = (date.fromisoformat(span[name]) for name in ("from", "to"))
    return (last - first).days + 1


def _of_interval(inputs: Mapping[str, Any], used: Quantity, month: Quantity, unit: str) -> str:
    """Readings that tell of several months together."""
    part, whole = _days(inputs["measured"]), _days(inputs["interval"])
    name = MONTHS[Period.parse(inputs["month"]).month - 1]
    exact = Fraction(used.micro * part, SCALE * whole)
    words = f"{measured(used, unit)}{share(part, whole)}"
    return f"На {name} из них: {equation(words, exact, month, unit)}"


def _cut(charged: Charged, month: Quantity, whole: int) -> list[str]:
    """What of a month's volume the line is: its days and its band."""
    inputs, unit = charged.inputs, charged.unit
    part, band = inputs["days"], inputs.get("band")
    exact = Fraction(month.micro * part, SCALE * whole)
    words = f"{measured(month, unit)}{share(part, whole)}"
    if band is None:
        return [] if part == whole else [equation(words, exact, charged.volume, unit)]
    inside = measured(charged.volume, unit)
    return [f"Из {words} в диапазоне {_band(band, unit)} — {inside}"]


def _band(band: Mapping[str, int | None], unit: str) -> str:
    """«свыше 100 до 150 кВт·ч в месяц»."""
    above, upto = band["above"], band["upto"]
    low = f"свыше {Quantity(above)} " if above else ""
    high = "" if upto is None else f"до {Quantity(upto)} "
    words = f"{low}{high}".strip()
    return f"«{measured(words, unit)} в месяц»"


def _months(months: Fraction) -> str:
    """«6 мес.», «5,55 мес.»."""
    exact = Quantity(round(months * 100) * (SCALE // 100))
    return f"{exact}{NBSP}мес."


def _span(first: Period, last: Period) -> str:
    """«май–октябрь 2026», «ноябрь 2025 – апрель 2026»."""
    name = MONTHS[first.month - 1]
    if first == last:
        return f"{name} {first.year}"
    until = f"{MONTHS[last.month - 1]} {last.year}"
    return f"{name}–{until}" if first.year == last.year else f"{name} {first.year} – {until}"
