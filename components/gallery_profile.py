"""Examples: the profile, messages, and what is said when something happens."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

from markupsafe import Markup

from components.device_keys import MadeKey, device_keys, made_key
from components.empty_state import empty_state
from components.gallery_values import HOSTILE, LONG, UNBROKEN, ZONE, menu
from components.more_list import more_list
from components.notice_bar import notice_bar, skeleton
from components.notice_list import notice_list, notice_text
from components.profile_forms import (
    agreement_cards,
    contact_form,
    password_form,
    receipts_card,
    session_list,
    text_size_card,
)
from components.stack import stack
from portal.domain.browser import OpenSession
from portal.domain.notice import Notice
from portal.domain.own_device import OwnDevice, Right
from portal.domain.profile import AgreementCard, ContactRules, Profile

AT = datetime(2026, 11, 20, 9, 5, tzinfo=UTC)
CARD = AgreementCard(
    "ДОМ-12", "Лесная, 7, кв. 12", "ООО «Уютный дом»", "+78000000000", "", "", None
)
CLOSED = AgreementCard(UNBROKEN, LONG, HOSTILE, "1", UNBROKEN, UNBROKEN, date(2025, 1, 31))
MARIA = Profile("Петрова Мария Ивановна", "DOM-12", "+71111234567", "email@email.ru", (CARD,))
NOBODY = Profile(HOSTILE, HOSTILE, "", "", (CLOSED,))
OUTAGE = Notice(
    3,
    "Отключение горячей воды",
    "С 10:00 до 18:00 горячей воды не будет.\n\nМеняем задвижку в подвале.",
    "ООО «Уютный дом»",
    AT,
    is_read=False,
)
READ = Notice(2, UNBROKEN, f"{HOSTILE}\n{UNBROKEN}", LONG, AT, is_read=True)


SENSOR = OwnDevice(1, "Датчик воды", Right.SUBMIT, AT, AT, is_asleep=False)
NEW = OwnDevice(2, "Умный дом", Right.READ, AT, None, is_asleep=False)
FORGOTTEN = OwnDevice(3, UNBROKEN[:40], Right.READ, AT, AT, is_asleep=True)
KEY = MadeKey("Умный дом", "zhkh_" + "3Yv-_8QkWm" * 4 + "abc")


def _sessions(*browsers: str) -> Markup:
    sessions = [
        OpenSession(index, browser, "203.0.113.7", AT, AT, is_current=index == 0)
        for index, browser in enumerate(browsers)
    ]
    return session_list(sessions, ZONE)


def _profile() -> Markup:
    return stack(
        contact_form(MARIA, ContactRules(), {}, {}),
        receipts_card(MARIA),
        text_size_card(),
        password_form({}),
        _sessions("Chrome, Android", "Firefox, Windows"),
        device_keys((SENSOR,), ZONE, {}, {}),
        agreement_cards(MARIA.agreements),
    )


def _profile_refused() -> Markup:
    errors = {
        "": "Ничего не изменено",
        "phone": "Проверьте номер телефона: нужно от 10 до 15 цифр, +7 916 123-45-67",
        "current_password": "Текущий пароль неверен",
    }
    fields = ContactRules(email=False, phone_mask="+7 (999) 999-99-99")
    return stack(
        contact_form(NOBODY, fields, {"phone": HOSTILE}, errors), _sessions(UNBROKEN, LONG)
    )


EXAMPLES: dict[str, Callable[[], Markup]] = {
    "profile": _profile,
    "profile, refused": _profile_refused,
    "profile, fixed": lambda: contact_form(NOBODY, ContactRules(phone=False, email=False), {}, {}),
    "profile, password refused": lambda: password_form(
        {"current_password": "Текущий пароль неверен", "new_password": "Слишком короткий пароль"}
    ),
    "receipts, off": lambda: receipts_card(replace(MARIA, wants_receipts=False)),
    "receipts, no address": lambda: receipts_card(NOBODY),
    "receipts, extreme": lambda: receipts_card(replace(MARIA, email=f"{UNBROKEN}@example.ru")),
    "devices, none": lambda: device_keys((), ZONE, {}, {}),
    "devices, a new key": lambda: device_keys((NEW, SENSOR, FORGOTTEN), ZONE, {}, {}, KEY),
    "devices, refused": lambda: device_keys(
        (),
        ZONE,
        {"name": HOSTILE, "right": "submit"},
        {"name": "Слишком длинное название", "current_password": "Текущий пароль неверен"},
    ),
    "key": lambda: made_key(KEY),
    "agreements, extreme": lambda: agreement_cards((CLOSED,)),
    "messages": lambda: notice_list((OUTAGE, READ), ZONE),
    "messages, none": lambda: notice_list((), ZONE),
    "message": lambda: notice_text(OUTAGE, ZONE),
    "message, extreme": lambda: notice_text(READ, ZONE),
    "more": lambda: more_list(menu("/more")),
    "notice, done": lambda: notice_bar("Запрос выполнен успешно"),
    "notice, refused": lambda: notice_bar(UNBROKEN, "refused"),
    "notice, offline": lambda: notice_bar("Нет ответа на отправку. Повторите", "offline"),
    "loading": skeleton,
    "empty": lambda: empty_state(LONG, UNBROKEN, address="/", link="На главную"),
}
