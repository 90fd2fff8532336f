"""Examples: the frame, the home page, signing in."""

from collections.abc import Callable
from datetime import date

from markupsafe import Markup

from components.chrome import Crumb
from components.frame import page_frame, plain_frame
from components.gallery_money import EXAMPLES as MONEY
from components.gallery_money import LATE, PARTLY, UNPAID
from components.gallery_readings import EXAMPLES as READINGS
from components.gallery_values import (
    DEMO,
    HOSTILE,
    LONG,
    TODAY,
    UNBROKEN,
    ZONE,
    chrome,
    events,
    person,
    stranger,
)
from components.home_cards import (
    events_card,
    home_cards,
    install_card,
    owed_card,
    readings_card,
)
from components.rendering import name
from components.side_block import side_block
from components.sign_in_form import forced_password_form, sign_in_form
from portal.domain.money import Money

HOME = Crumb("Главная", "/")


def _readings_page() -> Markup:
    return page_frame(
        chrome("/zkh"), (HOME, Crumb("ЖКХ")), "ЖКХ", READINGS["readings, typed"](), _side()
    )


def _charges_page() -> Markup:
    crumbs = (HOME, Crumb("Счет"), Crumb("Расход средств"))
    body = MONEY["charges, the manual's"]()
    return page_frame(chrome("/charges"), crumbs, "Расход средств", body, _side())


def _home_page() -> Markup:
    missing = ("Холодная вода", "Газ", "День", "Ночь")
    body = home_cards(
        owed_card((PARTLY, UNPAID), TODAY),
        readings_card(missing, 5, TODAY, deadline_day=25),
        install_card("prompt", is_shown=True),
        events_card(events(), ZONE),
    )
    return page_frame(chrome("/"), (), "Добрый вечер, Мария", body, _side())


def _home(body: Markup) -> Markup:
    return home_cards(body)


def _side() -> Markup:
    return side_block(person(), TODAY)


def _stranger() -> Markup:
    who = stranger()
    return page_frame(
        chrome("/profile", who=who),
        (HOME, Crumb(HOSTILE)),
        HOSTILE,
        Markup("<p>{}</p>").format(name(HOSTILE)),
        side_block(who, TODAY),
    )


def _sign_in() -> Markup:
    return plain_frame("Вход", sign_in_form({}, {}, DEMO, leads_to="/zkh"), DEMO, "ООО «Дом»")


def _sign_in_refused() -> Markup:
    form = sign_in_form({"login": HOSTILE}, {"": "Неверный логин или пароль"})
    return plain_frame("Вход", form)


EXAMPLES: dict[str, Callable[[], Markup]] = {
    "frame, home": _home_page,
    "frame, readings": _readings_page,
    "frame, charges": _charges_page,
    "frame, hostile": _stranger,
    "frame, sign in": _sign_in,
    "frame, sign in refused": _sign_in_refused,
    "frame, new password": lambda: plain_frame(
        "Новый пароль", forced_password_form({"new_password": "Пароль короче 8 знаков"})
    ),
    "home, late": lambda: _home(owed_card((LATE,), TODAY, unbilled=Money(8095_15))),
    "home, an advance": lambda: _home(owed_card((LATE,), TODAY, advance=Money(10**13))),
    "home, a debt without invoice": lambda: _home(owed_card((), TODAY, debt=Money(10**13))),
    "home, all done": lambda: home_cards(
        owed_card((), TODAY), readings_card((), 5, TODAY, deadline_day=25), events_card((), ZONE)
    ),
    "home, onto Apple's screen": lambda: _home(install_card("share", is_shown=True)),
    "home, extreme": lambda: _home(
        readings_card((UNBROKEN, LONG, HOSTILE), 3, date(2026, 11, 30), deadline_day=25)
    ),
}
