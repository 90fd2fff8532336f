"""Events in the words of the old cabinet."""

from datetime import UTC, datetime

import pytest

from portal.domain.feed import EventKind, event_line
from portal.domain.money import Money

AT = datetime(2014, 5, 28, 3, 50, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kind", "facts", "text", "address"),
    [
        ("tariff", {"tariff": "Тариф ЖКХ"}, "Тариф изменен на «Тариф ЖКХ»", ""),
        ("payment", {"amount": 2500_00}, "Проведен платеж на сумму 2 500,00 ₽", "/payments"),
        (
            "lock",
            {"state": 10, "login": "Абонент (услуги)"},
            "Состояние «Выключен» применено к учетной записи «Абонент (услуги)»",
            "",
        ),
        (
            "message",
            {"notice_id": 7, "title": "Отключение воды завтра"},
            "Получено сообщение: «Отключение воды з...»",
            "/messages/7",
        ),
        ("message", {"notice_id": 7, "title": "Семнадцать знаков"},
         "Получено сообщение: «Семнадцать знаков»", "/messages/7"),
        (
            "service",
            {"service": "Услуга ЖКХ № 1", "amount": -17_45, "is_correction": True},
            "Исправлено списание по услуге «Услуга ЖКХ № 1»",
            "/charges",
        ),
        (
            "service",
            {"service": "Услуга ЖКХ № 1", "amount": 2017_45},
            "Списание по услуге «Услуга ЖКХ № 1»",
            "/charges",
        ),
    ],
)  # fmt: skip
def test_each_kind_has_its_sentence(kind, facts, text, address):
    event = event_line(kind, AT, facts)
    assert event.text.replace("\N{NBSP}", " ") == text
    assert event.address == address
    assert (event.kind, event.happened_at) == (EventKind(kind), AT)
    assert event.amount == (Money(facts["amount"]) if "amount" in facts else None)


def test_another_kind_is_a_mistake():
    with pytest.raises(ValueError, match="weather"):
        event_line("weather", AT, {})
