"""«Профиль»: contacts, password, where one is signed in, one's own devices."""

from collections.abc import Mapping

from markupsafe import Markup

from components.device_keys import MadeKey, device_keys
from components.notice_bar import notice_bar
from components.profile_forms import (
    agreement_cards,
    contact_form,
    password_form,
    receipts_card,
    session_list,
    text_size_card,
)
from components.stack import stack
from pages.cabinet import cabinet, load
from pages.screen import Asked, Screen
from portal.config import Flags
from portal.domain.profile import ContactRules
from portal.services.profile_page import profile_page as load_profile

TITLE = "Профиль"
NOTHING: Mapping[str, str] = {}
SAVED = {
    "contacts": "Контакты сохранены",
    "password": "Пароль изменен",
    "revoked": "Ключ отозван",
    "large": "Включен крупный текст",
    "usual": "Размер текста снова обычный",
    "on": "Квитанции об оплате будут приходить на почту",
    "off": "Квитанции об оплате на почту не приходят",
}


async def profile_page(asked: Asked) -> Screen:
    """`/profile`; `?saved=contacts` after a form without script."""
    return await profile_screen(asked)


async def profile_screen(
    asked: Asked, values: Mapping[str, str] = NOTHING, errors: Mapping[str, str] = NOTHING
) -> Screen:
    """The page with the contacts that were typed and what was wrong with them."""
    return await _screen(asked, values, errors, NOTHING, NOTHING, None)


async def devices_screen(
    asked: Asked,
    values: Mapping[str, str] = NOTHING,
    errors: Mapping[str, str] = NOTHING,
    made: MadeKey | None = None,
) -> Screen:
    """The page with a new key, or with what was typed for one and what was wrong with it."""
    return await _screen(asked, NOTHING, NOTHING, values, errors, made)


async def _screen(
    asked: Asked,
    values: Mapping[str, str],
    errors: Mapping[str, str],
    device_values: Mapping[str, str],
    device_errors: Mapping[str, str],
    made: MadeKey | None,
) -> Screen:
    current = asked.signed_in.session_id if asked.signed_in else 0
    person, found = await load(asked, load_profile, current, asked.now)
    parts = [
        _saved(asked.query.get("saved", "")),
        contact_form(found.profile, contact_rules(asked.flags), values, errors),
        receipts_card(found.profile) if asked.settings.letterhead else Markup(),
        text_size_card(),
        password_form(NOTHING) if asked.flags.menu_password else Markup(),
        session_list(found.sessions, person.timezone),
        device_keys(found.devices, person.timezone, device_values, device_errors, made),
        agreement_cards(found.profile.agreements),
    ]
    return cabinet(asked, person, TITLE, stack(*parts))


def contact_rules(flags: Flags) -> ContactRules:
    allowed = flags.editing_client_info
    return ContactRules(allowed.phone, allowed.email, allowed.phone_mask)


def _saved(what: str) -> Markup:
    return notice_bar(SAVED[what]) if what in SAVED else Markup()
