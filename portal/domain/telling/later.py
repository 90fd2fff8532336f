"""What corrects other charges, and the penalty for paying late."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from portal.domain.money import ZERO, Money
from portal.domain.penalty import Row as PenaltyRow
from portal.domain.percent import Percent
from portal.domain.period import MONTHS, Period, day_text
from portal.domain.proven import Proven
from portal.domain.quantity import Quantity
from portal.domain.telling.told import Charged, Row, Told, measured, product
from portal.domain.timeline import Days

_BY: Mapping[str, str] = {
    Proven.METERED: "по показаниям",
    Proven.METERED_MONTH: "по показаниям",
    Proven.AVERAGE: "по среднему",
    Proven.NORM: "по нормативу",
    Proven.NORM_RAISED: "по нормативу",
    Proven.NORM_BANDS: "по нормативу",
}


def reversal(charged: Charged) -> Told:
    """Of the opposite of another charge."""
    return Told("Отменяет прежнее списание этой услуги", (product(charged),), mark="Исправление")


def recalculation(charged: Charged, tell: Callable[[Charged], Told]) -> Told:
    """Of a closed month or of a year; `tell` says of one charge how it ought to have been.

    Raises LookupError, TypeError, ValueError.
    """
    inputs, unit = charged.inputs, charged.unit
    when, this = _when(inputs)
    ought, was = (Money(inputs[f"{name}_amount"]) for name in ("ought", "charged"))
    volumes = [Quantity(inputs[f"{name}_volume"]) for name in ("ought", "charged")]
    becomes, before = (measured(volume, unit) for volume in volumes)
    how = _by(inputs["charged_by"])
    was_words = f"Было начислено{how} {before} на {was}" if was or volumes[1].micro else ""
    steps = (
        *([was_words] if was_words else [f"За {this} не было начислено ничего"]),
        f"Должно быть {becomes} на {ought}",
        f"{ought} − {_in_brackets(was)} = {charged.amount}",
        *_ought(charged, volumes[0], ought, tell),
    )
    return Told(_answer(when, charged.amount), steps, mark=f"Перерасчет за {when}")


def penalty(charged: Charged) -> Told:
    """Raises LookupError, TypeError, ValueError."""
    inputs = charged.inputs
    month = Period.parse(inputs["period"])
    debt, due_on = Money(inputs["debt"]), date.fromisoformat(inputs["due_on"])
    rows = [_penalty_row(each) for each in inputs["rows"]]
    total = Money.total(row.amount for row in rows)
    steps = [f"К оплате было {debt} до {day_text(due_on)}"]
    if total != charged.amount:
        before = total - charged.amount
        steps.append(f"Всего {total}, раньше начислено {before}: остается {charged.amount}")
    return Told(
        f"Просрочена оплата за {_of(month)}",
        tuple(steps),
        tuple(_told(row) for row in rows),
        advice="Заплатите долг, и пеня перестанет расти" if charged.amount > ZERO else "",
    )


def _when(inputs: Mapping[str, Any]) -> tuple[str, str]:
    """«сентябрь 2026» and «этот месяц», or «2026 год» and «этот год»."""
    if "year" in inputs:
        return f"{inputs['year']} год", "этот год"
    return _of(Period.parse(inputs["month"])), "этот месяц"


def _answer(when: str, amount: Money) -> str:
    if amount < ZERO:
        return f"За {when} было начислено больше, чем нужно"
    if amount > ZERO:
        return f"За {when} было начислено меньше, чем нужно"
    return f"За {when} изменился только объем"


def _by(methods: list[str]) -> str:
    """« по среднему»; of several ways, or of one that needs no words, nothing."""
    words = {_BY.get(method, "") for method in methods}
    (only,) = words if len(words) == 1 else ("",)
    return f" {only}" if only else ""


def _in_brackets(money: Money) -> str:
    return f"({money})" if money < ZERO else str(money)


def _ought(
    charged: Charged, volume: Quantity, amount: Money, tell: Callable[[Charged], Told]
) -> list[str]:
    """How what ought to be came about, where that is one charge."""
    proofs = charged.inputs["ought"]
    if len(proofs) != 1:
        return []
    one = replace(charged, volume=volume, amount=amount, proof=proofs[0])
    words = tell(one)
    return [words.answer, *(step for step in words.steps if step != product(one))]


def _penalty_row(stored: dict[str, Any]) -> PenaltyRow:
    paid_on = stored["paid_on"]
    return PenaltyRow(
        Days(date.fromisoformat(stored["first"]), date.fromisoformat(stored["last"])),
        Money(stored["debt"]),
        Percent(stored["rate"]),
        stored["divisor"],
        date.fromisoformat(paid_on) if paid_on else None,
    )


def _told(row: PenaltyRow) -> Row:
    when = str(row.days)
    paid = f"; оплачено {day_text(row.paid_on)}" if row.paid_on else ""
    return Row(f"{when[0].upper()}{when[1:]}", str(row.amount), f"{row.product}{paid}")


def _of(month: Period) -> str:
    """«сентябрь 2026»."""
    return f"{MONTHS[month.month - 1]} {month.year}"
