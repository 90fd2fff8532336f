"""«Вход»: the one page that everybody may see."""

from collections.abc import Mapping

from components.frame import plain_frame
from components.sign_in_form import sign_in_form
from pages.screen import Asked, Screen
from portal.config import Flags
from portal.domain.demo import DEMO_LOGINS
from portal.web.addresses import HOME, own_address

TITLE = "Вход"


async def login_page(asked: Asked) -> Screen:
    """`/login?next=/zkh`."""
    leads_to = own_address(asked.query.get("next"))
    return login_screen({}, {}, leads_to, asked.flags, is_demo=asked.is_demo)


def login_screen(
    values: Mapping[str, str],
    errors: Mapping[str, str],
    leads_to: str,
    flags: Flags,
    *,
    is_demo: bool,
    status: int = 200,
) -> Screen:
    """The form with what was typed, its password excepted; `leads_to`: where signing in leads."""
    demo_logins = DEMO_LOGINS if is_demo else ()
    form = sign_in_form(values, errors, demo_logins, leads_to="" if leads_to == HOME else leads_to)
    return Screen(TITLE, plain_frame(TITLE, form, demo_logins, flags.company_info), status)
