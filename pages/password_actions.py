"""POST /password: a new password, in place of the initial one or by choice."""

import logging
from functools import partial

from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from pages.addresses import PROFILE
from pages.asking import Visitor, done, polite, text
from pages.password import password_screen
from pages.password_check import begin_check
from pages.screen import Asked, Closed
from portal.errors import Invalid
from portal.services.password_change import (
    CURRENT_FIELD,
    ChangedPassword,
    change_password,
    password_facts,
)
from portal.services.password_queue import PASSWORDS
from portal.services.password_rules import FIELD
from portal.web import live
from portal.web.addresses import NEW_PASSWORD, own_address
from portal.web.trouble import wants_json

REPEAT_FIELD = "repeat_password"
CHANGED = "Пароль изменен. На других устройствах нужно войти заново"
REVOKED = f"{CHANGED}, ключи своих устройств создать снова"
_log = logging.getLogger(__name__)

router = APIRouter()


@router.post(NEW_PASSWORD)
@polite
async def replace_password(request: Request, visitor: Visitor, form: FormData) -> Response:
    """The other sessions end, this one goes on under a new token."""
    is_forced = visitor.signed_in.must_change_password
    leads_to = own_address(text(form, "next"))
    if not is_forced and not visitor.settings.flags.menu_password:
        raise Closed
    try:
        changed = await _changed(request, visitor, form, is_forced=is_forced)
    except Invalid as refusal:
        if wants_json(request):
            raise
        return await _again(request, visitor, refusal, leads_to)
    _log.info("resident %d changed the password, ended %s", visitor.resident, changed.ended)
    await live.end(changed.ended)
    return _answer(request, changed, leads_to if is_forced else PROFILE)


async def _changed(
    request: Request, visitor: Visitor, form: FormData, *, is_forced: bool
) -> ChangedPassword:
    """Raises Invalid, TooManyAttempts, Unavailable, Refused.  What can be said without looking at
    the current password is said first, so that a weak new one costs no try.
    """
    current = None if is_forced else text(form, CURRENT_FIELD)
    new = text(form, FIELD)
    facts = await visitor.backend.read(password_facts, visitor.resident)
    facts.judge(new, current)
    if text(form, REPEAT_FIELD) != new:
        raise Invalid(REPEAT_FIELD, "Пароли не совпали. Наберите новый пароль ещё раз")
    check_id = None if is_forced else await begin_check(request, visitor)
    new_hash = await PASSWORDS.run(partial(facts.renewed, new, current))
    return await visitor.backend.write(
        change_password,
        visitor.resident,
        visitor.signed_in,
        facts,
        new_hash,
        visitor.backend.clock(),
        check_id=check_id,
    )


def _answer(request: Request, changed: ChangedPassword, address: str) -> Response:
    """The page is loaded anew, so that its socket comes under the new token too."""
    response: Response = (
        done(notice=REVOKED if changed.revoked else CHANGED, location=address)
        if wants_json(request)
        else RedirectResponse(address, 303)
    )
    new = changed.session
    request.app.state.cookie.give(response, new.token, remembered=new.remembered)
    return response


async def _again(request: Request, visitor: Visitor, refusal: Invalid, leads_to: str) -> Response:
    state, is_forced = request.app.state, visitor.signed_in.must_change_password
    asked = Asked(
        visitor.backend, visitor.settings, state.is_demo, visitor.signed_in, NEW_PASSWORD, {}, {}
    )
    screen = await password_screen(asked, refusal.errors, is_forced=is_forced, leads_to=leads_to)
    response: Response = state.pages.response(screen.title, screen.html, 422)
    return response
