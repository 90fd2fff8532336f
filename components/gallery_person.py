"""Examples: the frame, the side block, signing in."""

from collections.abc import Callable

from markupsafe import Markup

from components.chrome import Crumb
from components.frame import page_frame, plain_frame
from components.gallery_readings import EXAMPLES as READINGS
from components.gallery_values import DEMO, HOSTILE, chrome, person, stranger
from components.side_block import side_block
from components.sign_in_form import forced_password_form, sign_in_form

HOME = Crumb("Главная", "/")


def _readings_page() -> Markup:
    return page_frame(
        chrome("/zkh"), (HOME, Crumb("ЖКХ")), "ЖКХ", READINGS["readings, typed"](), _side()
    )


def _side() -> Markup:
    return side_block(person())


def _stranger() -> Markup:
    who = stranger()
    return page_frame(
        chrome("/profile", who=who),
        (HOME, Crumb(HOSTILE)),
        HOSTILE,
        Markup("<p>{}</p>").format(HOSTILE),
        side_block(who),
    )


def _sign_in() -> Markup:
    return plain_frame("Вход", sign_in_form({}, {}, DEMO, leads_to="/zkh"), DEMO, "ООО «Дом»")


def _sign_in_refused() -> Markup:
    form = sign_in_form({"login": HOSTILE}, {"": "Неверный логин или пароль"})
    return plain_frame("Вход", form)


EXAMPLES: dict[str, Callable[[], Markup]] = {
    "frame, readings": _readings_page,
    "frame, hostile": _stranger,
    "frame, sign in": _sign_in,
    "frame, sign in refused": _sign_in_refused,
    "frame, new password": lambda: plain_frame(
        "Новый пароль", forced_password_form({"new_password": "Пароль короче 8 знаков"})
    ),
}
