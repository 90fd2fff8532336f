"""«Новый пароль»: where an initial password leads before anything else opens."""

from collections.abc import Mapping

from components.frame import plain_frame
from components.profile_forms import password_form
from components.sign_in_form import forced_password_form
from pages.screen import Asked, Closed, Screen

TITLE = "Новый пароль"


async def password_page(asked: Asked) -> Screen:
    """`/password`.  Raises Closed: the operator lets nobody choose another password."""
    is_forced = asked.signed_in is not None and asked.signed_in.must_change_password
    if not is_forced and not asked.flags.menu_password:
        raise Closed
    return password_screen({}, asked.flags.company_info, is_forced=is_forced)


def password_screen(
    errors: Mapping[str, str], company: str, *, is_forced: bool, status: int = 200
) -> Screen:
    """Forced: the initial password was typed a moment ago and is not asked again."""
    form = forced_password_form(errors) if is_forced else password_form(errors)
    return Screen(TITLE, plain_frame(TITLE, form, (), company), status)
