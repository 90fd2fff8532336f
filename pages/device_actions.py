"""POST /profile/devices and /profile/devices/revoke: keys of the resident's own devices."""

import logging
from collections.abc import Mapping

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.datastructures import FormData
from starlette.responses import Response

from components.device_keys import MadeKey, made_key
from pages.addresses import PROFILE, own_number
from pages.asking import Visitor, done, polite, text
from pages.password_check import require_password
from pages.profile import SAVED, devices_screen
from pages.screen import Asked, Closed, Screen
from portal.errors import Invalid
from portal.services.device_tokens import NewToken, make_token, revoke_token
from portal.services.password_change import CURRENT_FIELD
from portal.web import live
from portal.web.trouble import wants_json

_FIELDS = ("name", "right")
_log = logging.getLogger(__name__)

router = APIRouter()


@router.post("/profile/devices")
@polite
async def make_key(request: Request, visitor: Visitor, form: FormData) -> Response:
    """The answer is the only place where the key is ever shown."""
    try:
        new = await _made(request, visitor, form)
    except Invalid as refusal:
        if wants_json(request):
            raise
        values = {name: text(form, name) for name in _FIELDS}
        errors = {refusal.field: refusal.sentence}
        return _page(request, await devices_screen(_asked(request, visitor), values, errors), 422)
    made = MadeKey(new.name, new.secret)
    await live.refresh(visitor.resident)
    if wants_json(request):
        return done(made=made_key(made))
    return _page(request, await devices_screen(_asked(request, visitor), made=made), 200)


@router.post("/profile/devices/revoke")
@polite
async def revoke_key(request: Request, visitor: Visitor, form: FormData) -> Response:
    _require_open(visitor)
    token_id = own_number(_texts(form), "token_id")
    await visitor.backend.write(revoke_token, visitor.resident, token_id, visitor.backend.clock())
    _log.info("resident %d revoked key %d", visitor.resident, token_id)
    await live.refresh(visitor.resident)
    if wants_json(request):
        return done(notice=SAVED["revoked"])
    return RedirectResponse(f"{PROFILE}?saved=revoked", 303)


async def _made(request: Request, visitor: Visitor, form: FormData) -> NewToken:
    _require_open(visitor)
    await require_password(request, visitor, text(form, CURRENT_FIELD))
    new = await visitor.backend.write(
        make_token, visitor.resident, text(form, "name"), text(form, "right"),
        visitor.backend.clock(),
    )  # fmt: skip
    _log.info("resident %d made key %d: %s", visitor.resident, new.token_id, new.right)
    return new


def _require_open(visitor: Visitor) -> None:
    if not visitor.settings.flags.menu_profile:
        raise Closed


def _texts(form: FormData) -> Mapping[str, str]:
    return {name: text(form, name) for name in form}


def _asked(request: Request, visitor: Visitor) -> Asked:
    return Asked(
        visitor.backend, visitor.settings, request.app.state.is_demo, visitor.signed_in,
        PROFILE, {}, {},
    )  # fmt: skip


def _page(request: Request, screen: Screen, status: int) -> Response:
    """A whole page, for a browser without script."""
    response: HTMLResponse = request.app.state.pages.response(screen.title, screen.html, status)
    return response
