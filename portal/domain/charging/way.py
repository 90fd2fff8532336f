"""By what a metered service's month is charged, and in which words that is said."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from portal.domain.charging.counted import Interval, measured
from portal.domain.charging.estimated import Average, Rules, average
from portal.domain.period import MONTHS, MONTHS_OF, Period, since_day_text
from portal.domain.proof import METERED_RULE, RULES_354
from portal.domain.wording import counted


class Way(StrEnum):
    METERED = "metered"
    AVERAGE = "average"
    NORM = "norm"
    NORM_RAISED = "norm_raised"
    """With the raising coefficient of the service; one of 1 raises nothing."""


class Trouble(StrEnum):
    """Why a meter's values do not count."""

    BROKEN = "broken"
    """Out of order, lost or taken off."""
    UNVERIFIED = "unverified"
    REFUSED = "refused"
    """Twice nobody was let in to check it, and there is an act."""
    ABSENT = "absent"
    """Never fitted although it could be."""
    IMPOSSIBLE = "impossible"
    """It cannot be fitted, and there is an act."""


@dataclass(frozen=True, slots=True)
class Obstacle:
    trouble: Trouble
    since: date
    """The first day without a meter that counts: of an expired verification the day after."""
    document: str = ""
    """The act that says so, with its day."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """`reason` and `advice` are sentences for the resident; the advice says what would change the
    sum and is empty when nothing would.
    """

    way: Way
    reason: str
    advice: str
    rule: str
    average: Average | None = None
    """Where the way is the average."""
    counts_absences: bool = False
    """Whether who was away is not charged: only where no meter can be fitted."""


_AT_ONCE = {
    Trouble.REFUSED: (
        Way.NORM_RAISED,
        "Проверить счетчик не дали дважды, поэтому взят норматив с повышающим коэффициентом",
        "Договоритесь о проверке счетчика, и снова будет начисляться по показаниям",
        f"{RULES_354}, пункт 60(3)",
    ),
    Trouble.ABSENT: (
        Way.NORM_RAISED,
        "Счетчика нет, хотя установить его можно, поэтому взят норматив с повышающим коэффициентом",
        "Установите счетчик, и будет начисляться по показаниям",
        f"{RULES_354}, пункт 42; приложение 2, формула 4(1)",
    ),
    Trouble.IMPOSSIBLE: (
        Way.NORM,
        "Счетчик установить нельзя, поэтому взят норматив",
        "",
        f"{RULES_354}, пункт 42; приложение 2, формула 4",
    ),
}
_WORDS = {
    Trouble.BROKEN: ("Счетчик неисправен", "Почините или замените счетчик"),
    Trouble.UNVERIFIED: ("Счетчик не поверен", "Поверьте или замените счетчик"),
}


def way(
    month: Period,
    known: Sequence[Interval],
    obstacle: Obstacle | None,
    rules: Rules,
    *,
    due_day: int,
) -> Chosen:
    """By what `month` is charged.  `known` is what the present series of meters counted; values
    that an obstacle takes away are not in it.  `due_day` is until when readings are wanted.

    An average stands in for at most `rules.periods` months in a row without readings, whyever
    they lack; the raising coefficient comes so many months after a meter failed, and never only
    because readings were not sent.
    """
    if obstacle is not None and Period.of(obstacle.since) > month:
        obstacle = None
    if obstacle is not None and obstacle.trouble in _AT_ONCE:
        is_impossible = obstacle.trouble is Trouble.IMPOSSIBLE
        chosen = Chosen(*_AT_ONCE[obstacle.trouble], counts_absences=is_impossible)
        act = f" ({obstacle.document})" if obstacle.document else ""
        return replace(chosen, reason=f"{chosen.reason}{act}")
    if measured(known, month) is not None:
        return Chosen(Way.METERED, "По показаниям счетчика", "", METERED_RULE)
    if obstacle is not None:
        return _failed(month, known, obstacle, rules)
    return _not_sent(month, known, rules, due_day)


def _not_sent(month: Period, known: Sequence[Interval], rules: Rules, due_day: int) -> Chosen:
    """Правила 354, п. 59 «б», and after its periods п. 60: the norm without a coefficient."""
    name, taken = MONTHS[month.month - 1], average(known, rules)
    advice = f"Передайте показания до {due_day}-го, и сумма будет пересчитана"
    rule = f"{RULES_354}, подпункт «б» пункта 59"
    if taken is None:
        reason = (
            f"Показаний за {name} нет, а прежние охватывают меньше "
            f"{_months(rules.least_months)}, поэтому взят норматив"
        )
        return Chosen(Way.NORM, reason, advice, rule)
    missing = month.months_since(taken.last)
    if missing <= rules.periods:
        reason = f"Показаний за {name} нет, взято среднее за {_span(taken)}"
        return Chosen(Way.AVERAGE, reason, advice, rule, taken)
    reason = f"Показаний нет {missing}-й месяц подряд, поэтому взят норматив"
    return Chosen(Way.NORM, reason, advice, f"{RULES_354}, пункт 60")


def _failed(month: Period, known: Sequence[Interval], obstacle: Obstacle, rules: Rules) -> Chosen:
    """Правила 354, п. 59 «а», and after its periods п. 60: the norm with the coefficient."""
    words, remedy = _WORDS[obstacle.trouble]
    failed, taken = Period.of(obstacle.since), average(known, rules)
    raised_from = failed.shifted(rules.periods)
    what, rule = f"{words} {since_day_text(obstacle.since)}", f"{RULES_354}, подпункт «а» пункта 59"
    if month >= raised_from:
        reason = f"{what}, поэтому взят норматив с повышающим коэффициентом"
        return Chosen(Way.NORM_RAISED, reason, remedy, f"{RULES_354}, пункт 60")
    advice = (
        f"{remedy}: с {MONTHS_OF[raised_from.month - 1]} {raised_from.year} будет начисляться по "
        "нормативу с повышающим коэффициентом"
    )
    if taken is None or month.months_since(taken.last) > rules.periods:
        return Chosen(Way.NORM, f"{what}, поэтому взят норматив", advice, rule)
    return Chosen(Way.AVERAGE, f"{what}, взято среднее за {_span(taken)}", advice, rule, taken)


def _months(number: int) -> str:
    return f"{number} {counted(number, 'месяца', 'месяцев', 'месяцев')}"


def _span(taken: Average) -> str:
    """«май–октябрь», «ноябрь 2025 – апрель 2026»."""
    first, last = MONTHS[taken.first.month - 1], MONTHS[taken.last.month - 1]
    if taken.first.year == taken.last.year:
        return f"{first}–{last}"
    return f"{first} {taken.first.year} – {last} {taken.last.year}"
