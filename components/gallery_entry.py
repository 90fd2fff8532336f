"""Examples: what is asked before a reading is stored, and said after."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from markupsafe import Markup

from components.confirmation import accepted, confirmation
from components.gallery_values import HOSTILE, LONG, TODAY, UNBROKEN
from portal.domain.entry import EntryLine, EntrySummary
from portal.domain.money import ZERO, Money
from portal.domain.period import Period
from portal.domain.quantity import Price, Quantity
from portal.domain.reading import Question

COLD = EntryLine(
    key="11/zkh_cold",
    device="Счетчик холодной воды",
    service="Холодная вода",
    unit="м³",
    previous_text="00248,120",
    previous_on=date(2026, 10, 21),
    current_text="00256,120",
    volume=Quantity.parse("8"),
    price=Price.parse("53,41"),
    amount=Money(427_28),
    is_first=False,
    instead_of=None,
    question=None,
    sentence="",
)
GAS = replace(
    COLD,
    key="15/zkh_gas",
    device="Счетчик газа",
    service="Газ",
    previous_text="",
    previous_on=None,
    current_text="00012,345",
    volume=Quantity(0),
    amount=ZERO,
    is_first=True,
)
DAY = replace(
    COLD,
    key="13/zkh_day",
    device="Счетчик электроэнергии",
    service="День",
    unit="кВт·ч",
    previous_text="006444",
    current_text="070000",
    volume=Quantity.parse("63556"),
    price=Price.parse("7,55"),
    amount=Money(479_847_80),
    question=Question.LARGE,
    sentence="Расход 63 556 кВт·ч — это намного больше обычного, будет списано "
    "479 847,80 ₽. Не лишняя ли цифра? Если всё верно, подтвердите",
)
LATER = replace(COLD, charged_for=Period(2026, 11))
BANDED = replace(
    LATER,
    key="13/zkh_day",
    device="Счетчик электроэнергии",
    service="День",
    unit="кВт·ч",
    previous_text="006444",
    current_text="006624",
    volume=Quantity.parse("180"),
    price=None,
    price_words="до 150 кВт·ч в месяц — 6,10 ₽, больше — 8,54 ₽",
    amount=Money(1171_20),
)
CARRIED = (("taken_on", "2026-11-24"), ("value:11/zkh_cold", "256,12"), ("seen:11/zkh_cold", "7"))


def _asked(*lines: EntryLine, errors: dict[str, str] | None = None) -> Markup:
    return confirmation(EntrySummary(TODAY, lines), "key-1", CARRIED, errors or {})


def _dialog(content: Markup) -> Markup:
    return Markup(
        '<dialog class="zh-dialog" aria-labelledby="zh-confirm-title" open>{}</dialog>'
    ).format(content)


def _extreme() -> Markup:
    line = replace(
        DAY,
        service=HOSTILE,
        device=UNBROKEN,
        unit=LONG,
        sentence=UNBROKEN,
        amount=Money(10**13),
        volume=Quantity(10**17),
        instead_of=Money(961_38),
    )
    return _asked(line, errors={line.key: HOSTILE, "": LONG})


EXAMPLES: dict[str, Callable[[], Markup]] = {
    "confirmation": lambda: _asked(COLD),
    "confirmation, with a photo": lambda: _asked(replace(COLD, has_photo=True)),
    "confirmation, questioned": lambda: _asked(COLD, GAS, DAY),
    "confirmation, unanswered": lambda: _asked(
        DAY, errors={DAY.key: "Отметьте, что всё верно, или исправьте показание"}
    ),
    "confirmation, correction": lambda: _asked(replace(COLD, instead_of=Money(961_38))),
    "confirmation, extreme": _extreme,
    "confirmation, by the month": lambda: _asked(LATER),
    "confirmation, by bands": lambda: _asked(BANDED),
    "confirmation, now and by the month": lambda: _asked(LATER, DAY),
    "accepted, by the month": lambda: accepted(EntrySummary(TODAY, (LATER,)), 129),
    "confirmation, dialog": lambda: _dialog(_asked(COLD, DAY)),
    "accepted": lambda: accepted(EntrySummary(TODAY, (replace(COLD, has_photo=True), GAS)), 128),
    "confirmation, a page": lambda: confirmation(
        EntrySummary(TODAY, (COLD,)), "key-1", CARRIED, {}, is_page=True
    ),
    "accepted, a page": lambda: accepted(EntrySummary(TODAY, (COLD,)), 128, is_page=True),
    "accepted, extreme": lambda: accepted(
        EntrySummary(TODAY, (replace(COLD, service=UNBROKEN, device=HOSTILE, unit=LONG),)), 10**9
    ),
}
