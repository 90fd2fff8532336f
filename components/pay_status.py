"""A payment by card or through СБП: awaited, then its receipt, or why there is none."""

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
        "Банк ещё не ответил. Если деньги списались, они не потеряются: второй раз не платите",
        "clock",
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
        facts=_facts(told, timezone),
        again=again,
        look_action=look_action,
    )


def pay_waiting(waiting: Sequence[PayTold], timezone: str) -> Markup:
    """Payments that the bank has not decided yet; nothing where there are none."""
    if not waiting:
        return Markup()
    return render("pay_waiting", waiting=waiting, timezone=timezone, words=STATE_WORDS)


def _facts(told: PayTold, timezone: str) -> list[tuple[str, str]]:
    zone = ZoneInfo(timezone)
    chosen, applied = ", ".join(told.invoices), ", ".join(told.applied_to)
    is_done = told.state is PayState.DONE
    listed = [
        ("Номер квитанции", str(told.number or "")),
        ("Оплачено", moment_text(told.ended_at, zone) if is_done and told.ended_at else ""),
        ("Начато", "" if is_done else moment_text(told.begun_at, zone)),
        ("Договор", told.agreement),
        ("За счета" if len(told.invoices) > 1 else "За счет", "" if is_done else chosen),
        ("Зачтено в счета" if len(told.applied_to) > 1 else "Зачтено в счет", applied),
        ("В счет следующих месяцев", str(told.advance) if is_done and told.advance else ""),
        ("Возвращено", str(told.refunded) if told.refunded else ""),
        ("Способ", f"{WAY_WORDS[told.way].short}, {told.channel}"),
        ("Номер у банка", told.external_id or ""),
    ]
    return [(label, value) for label, value in listed if value]
