"""Events of the side block: one wording for each kind."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from portal.domain.device import state_name
from portal.domain.money import Money

TITLE_SHOWN = 17


class EventKind(StrEnum):
    """The kinds, spelt as the flags of `infoblock` that show or hide them."""

    TARIFF = "tariff"
    PAYMENT = "payment"
    LOCK = "lock"
    MESSAGE = "message"
    SERVICE = "service"


@dataclass(frozen=True, slots=True)
class FeedEvent:
    """One line of the side block; `address` is where a tap leads, empty for nowhere."""

    kind: EventKind
    happened_at: datetime
    text: str
    address: str
    amount: Money | None


def payment_facts(amount: Money) -> dict[str, Any]:
    """What is kept of a payment that is told."""
    return {"amount": amount.kopecks}


def refund_facts(amount: Money) -> dict[str, Any]:
    """Of money that went back."""
    return {"amount": amount.kopecks, "is_refund": True}


def event_line(kind: str, happened_at: datetime, facts: Mapping[str, Any]) -> FeedEvent:
    """The event in the words of the old cabinet (its manual, figures 8 and 9)."""
    sort = EventKind(kind)
    amount = Money(facts["amount"]) if "amount" in facts else None
    return FeedEvent(sort, happened_at, _text(sort, facts, amount), _address(sort, facts), amount)


def _text(kind: EventKind, facts: Mapping[str, Any], amount: Money | None) -> str:
    match kind:
        case EventKind.TARIFF:
            return f"Тариф изменен на «{facts['tariff']}»"
        case EventKind.PAYMENT:
            what = "Возвращено из платежа" if facts.get("is_refund") else "Проведен платеж на сумму"
            return f"{what} {amount}"
        case EventKind.LOCK:
            state = state_name(facts["state"]).capitalize()
            return f"Состояние «{state}» применено к учетной записи «{facts['login']}»"
        case EventKind.MESSAGE:
            return f"Получено сообщение: «{_cut(facts['title'])}»"
        case EventKind.SERVICE:
            what = "Исправлено списание" if facts.get("is_correction") else "Списание"
            return f"{what} по услуге «{facts['service']}»"


def _address(kind: EventKind, facts: Mapping[str, Any]) -> str:
    match kind:
        case EventKind.PAYMENT:
            return "/payments"
        case EventKind.MESSAGE:
            return f"/messages/{facts['notice_id']}"
        case EventKind.SERVICE:
            return "/charges"
        case _:
            return ""


def _cut(title: str) -> str:
    return title if len(title) <= TITLE_SHOWN else f"{title[:TITLE_SHOWN]}..."
