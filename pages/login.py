"""«Вход»: the one page that everybody may see."""

from collections.abc import Mapping, Sequence

from fastapi import Request
from starlette.responses import Response

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
    carried: Sequence[tuple[str, str]] = (),
) -> Screen:
    """The form with what was typed, its password excepted; `leads_to`: where signing in leads,
    taking along `carried`.
    """
    demo_logins = DEMO_LOGINS if is_demo else ()
    leads_to = "" if leads_to == HOME else leads_to
    form = sign_in_form(values, errors, demo_logins, leads_to=leads_to, carried=carried)
    return Screen(TITLE, plain_frame(TITLE, form, demo_logins, flags.company_info), status)


def refused_sign_in(
    request: Request,
    values: Mapping[str, str],
    sentence: str,
    leads_to: str,
    *,
    carried: Sequence[tuple[str, str]],
    status: int,
) -> Response:
    """The page again, with the sentence that says why."""
    state = request.app.state
    screen = login_screen(
        values, {"": sentence}, leads_to, state.settings.flags, is_demo=state.is_demo,
        carried=carried,
    )  # fmt: skip
    response: Response = state.pages.response(screen.title, screen.html, status)
    return response
