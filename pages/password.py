"""«Новый пароль»: where an initial password leads before anything else opens."""

from collections.abc import Mapping

from components.chrome import Crumb
from components.frame import plain_frame
from components.profile_forms import password_form
from components.sign_in_form import forced_password_form
from pages.addresses import PROFILE
from pages.cabinet import cabinet, load_frame
from pages.screen import Asked, Closed, Screen
from portal.web.addresses import HOME, own_address

TITLE = "Новый пароль"


async def password_page(asked: Asked) -> Screen:
    """`/password?next=/zkh`.  Raises Closed: the operator lets nobody choose another password."""
    is_forced = asked.signed_in is not None and asked.signed_in.must_change_password
    if not is_forced and not asked.flags.menu_password:
        raise Closed
    leads_to = own_address(asked.query.get("next"))
    return await password_screen(asked, {}, is_forced=is_forced, leads_to=leads_to)


async def password_screen(
    asked: Asked, errors: Mapping[str, str], *, is_forced: bool, leads_to: str = HOME
) -> Screen:
    """Forced: the initial password was typed a moment ago and is not asked again, and there is no
    cabinet yet to stand in; `leads_to` is where the person was going.
    """
    if not is_forced:
        person = await load_frame(asked)
        return cabinet(asked, person, TITLE, password_form(errors), (Crumb("Профиль", PROFILE),))
    form = forced_password_form(errors, leads_to="" if leads_to == HOME else leads_to)
    return Screen(TITLE, plain_frame(TITLE, form, (), asked.flags.company_info))
