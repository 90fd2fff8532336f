"""POST /profile/contacts: phone and e-mail, after the password was typed once more; /profile/text:
how large the letters are on this device; /profile/receipts: whether receipts go to the e-mail.
"""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.datastructures import FormData
from starlette.responses import Response

from pages.addresses import PROFILE
from pages.asking import Visitor, done, polite, text
from pages.password_check import require_password
from pages.profile import SAVED, contact_rules, profile_screen
from pages.screen import Asked, Closed
from portal.errors import Invalid
from portal.services.password_change import CURRENT_FIELD
from portal.services.profile import change_contacts
from portal.services.profile import choose_receipts as store_receipts
from portal.web import live, text_size
from portal.web.trouble import wants_json

_FIELDS = ("phone", "email")

router = APIRouter()


@router.post("/profile/contacts")
@polite
async def save_contacts(request: Request, visitor: Visitor, form: FormData) -> Response:
    """Both at once; one that the form leaves out, as one that nobody may change, stays."""
    try:
        await _save(request, visitor, form)
    except Invalid as refusal:
        if wants_json(request):
            raise
        return await _again(request, visitor, form, refusal)
    await live.refresh(visitor.resident)
    if wants_json(request):
        return done(notice=SAVED["contacts"])
    return RedirectResponse(f"{PROFILE}?saved=contacts", 303)


@router.post("/profile/text")
@polite
async def choose_text_size(request: Request, visitor: Visitor, form: FormData) -> Response:
    """The page is loaded anew: what is drawn larger is its root."""
    if not visitor.settings.flags.menu_profile:
        raise Closed
    is_large = text(form, "size") == text_size.LARGE
    size = "large" if is_large else "usual"
    response: Response = (
        done(notice=SAVED[size], location=PROFILE)
        if wants_json(request)
        else RedirectResponse(f"{PROFILE}?saved={size}", 303)
    )
    text_size.keep(visitor.settings, response, is_large=is_large)
    return response


@router.post("/profile/receipts")
@polite
async def choose_receipts(request: Request, visitor: Visitor, form: FormData) -> Response:
    """Without the password: there is nothing in it for anybody else."""
    if visitor.settings.letterhead is None:
        raise Closed
    is_on = text(form, "receipts") == "on"
    await visitor.backend.write(store_receipts, visitor.resident, wanted=is_on)
    await live.refresh(visitor.resident)
    what = "on" if is_on else "off"
    if wants_json(request):
        return done(notice=SAVED[what])
    return RedirectResponse(f"{PROFILE}?saved={what}", 303)


async def _save(request: Request, visitor: Visitor, form: FormData) -> None:
    flags = visitor.settings.flags
    if not flags.menu_profile:
        raise Closed
    await require_password(request, visitor, text(form, CURRENT_FIELD))
    phone, email = (text(form, name) if name in form else None for name in _FIELDS)
    await visitor.backend.write(
        change_contacts, visitor.resident, phone, email, contact_rules(flags)
    )


async def _again(request: Request, visitor: Visitor, form: FormData, refusal: Invalid) -> Response:
    """The page with what was typed, for a browser without script."""
    state = request.app.state
    asked = Asked(
        visitor.backend, visitor.settings, state.is_demo, visitor.signed_in, PROFILE, {}, {}
    )
    values = {name: text(form, name) for name in _FIELDS}
    screen = await profile_screen(asked, values, refusal.errors)
    response: HTMLResponse = state.pages.response(screen.title, screen.html, 422)
    return response
