"""A payment by card or through СБП: awaited, then its receipt, or why there is none."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from markupsafe import Markup

from components.pay_form import WAY_WORDS
from components.rendering import render
from portal.domain.paying import PayState, PayTold
from portal.domain.period import moment_text


@dataclass(frozen=True, slots=True)
class StateWords:
    """`title` heads the page; `sentence` says what it means for the money."""

    title: str
    sentence: str
    icon: str


STATE_WORDS: Final = {
    PayState.WAITING: StateWords(
        "Ждем подтверждения банка",
        "Страница изменится сама, как только банк ответит",
        "clock",
    ),
    PayState.CHECKING: StateWords(
        "Проверяем оплату",
        "Пока не ясно, прошла ли она. Если деньги списаны, они не пропадут: второй раз не платите",
        "clock",
    ),
    PayState.RESOLVED: StateWords(
        "Проверка закончена",
        "Управляющая компания проверила эту оплату. Что зачислено, видно в «Платежах»",
        "search",
    ),
    PayState.DONE: StateWords("Оплачено", "Деньги зачислены, спасибо", "done"),
    PayState.CANCELED: StateWords("Оплата не прошла", "Деньги не списаны", "refused"),
    PayState.REFUSED: StateWords(
        "Банк не начал оплату",
        "Деньги не списаны. Попробуйте ещё раз или другим способом",
        "refused",
    ),
}
OPEN: Final = frozenset({PayState.WAITING, PayState.CHECKING})
_SPEAKS_OF_WAYS = re.compile("карт|сбп", re.IGNORECASE)


def pay_status(
    told: PayTold, timezone: str, *, again: str = "/payment", look_action: str = "/payment/look"
) -> Markup:
    """`again` leads to the same choice anew.  While the bank is awaited the page asks anew by
    itself, also without script.
    """
    return render(
        "pay_status",
        told=told,
        words=STATE_WORDS[told.state],
        is_open=told.state in OPEN,
        is_done=told.state is PayState.DONE,
        is_resolved=told.state is PayState.RESOLVED,
        facts=_facts(told, timezone),
        again=again,
        look_action=look_action,
    )


def pay_waiting(waiting: Sequence[PayTold], timezone: str) -> Markup:
    """Payments that the bank has not decided yet; nothing where there are none."""
    return _open_list(waiting, timezone, "zh-waiting", "Ждут ответа банка")


def pay_cleared(cleared: Sequence[PayTold], timezone: str) -> Markup:
    """What people have looked into lately, in their words; nothing where there is none."""
    return _open_list(cleared, timezone, "zh-cleared", "Ответ управляющей компании")


def _open_list(listed: Sequence[PayTold], timezone: str, name: str, heading: str) -> Markup:
    if not listed:
        return Markup()
    return render(
        "pay_waiting",
        listed=listed, timezone=timezone, words=STATE_WORDS, name=name, heading=heading,
    )  # fmt: skip


def _facts(told: PayTold, timezone: str) -> list[tuple[str, str]]:
    zone = ZoneInfo(timezone)
    chosen, applied = ", ".join(told.invoices), ", ".join(told.applied_to)
    is_done, is_resolved = told.state is PayState.DONE, told.state is PayState.RESOLVED
    ended = moment_text(told.ended_at, zone) if told.ended_at else ""
    listed = [
        ("Номер квитанции", str(told.number or "")),
        ("Оплачено", ended if is_done else ""),
        ("Проверено", ended if is_resolved else ""),
        ("Начато", "" if is_done else moment_text(told.begun_at, zone)),
        ("Договор", told.agreement),
        ("За счета" if len(told.invoices) > 1 else "За счет", "" if is_done else chosen),
        ("Зачтено в счета" if len(told.applied_to) > 1 else "Зачтено в счет", applied),
        ("В счет следующих месяцев", str(told.advance) if is_done and told.advance else ""),
        ("Возвращено", str(told.refunded) if told.refunded else ""),
        ("Способ", _way(told)),
        ("Номер у банка", told.external_id or ""),
    ]
    return [(label, value) for label, value in listed if value]


def _way(told: PayTold) -> str:
    """A channel whose own name speaks of cards or of СБП would say it twice."""
    short = WAY_WORDS[told.way].short
    return short if _SPEAKS_OF_WAYS.search(told.channel) else f"{short}, {told.channel}"
