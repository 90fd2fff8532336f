"""The sticker on a meter: its QR code leads to the field of this very meter."""

from urllib.parse import quote

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from pages.cabinet import is_zkh_open
from pages.screen import Closed
from portal.domain.sticker import PATH
from portal.services.sessions import SignedIn
from portal.services.stickers import sticker_place
from portal.web.addresses import new_password_address, sign_in_address
from portal.web.visit import SIGNED_IN

router = APIRouter()


@router.api_route(f"{PATH}{{token}}", methods=["GET", "HEAD"])
async def open_sticker(request: Request, token: str) -> Response:
    """Leads on, after signing in and choosing a password if need be.

    Raises NotFound: the application answers it.
    """
    signed_in: SignedIn | None = request.scope.get(SIGNED_IN)
    here = PATH + quote(token, safe="")
    if signed_in is None:
        return RedirectResponse(sign_in_address(here), 303)
    if signed_in.must_change_password:
        return RedirectResponse(new_password_address(here), 303)
    backend, settings = request.app.state.backend, request.app.state.settings
    if not is_zkh_open(settings.flags):
        raise Closed
    secret = settings.signing_secret()
    place = await backend.read(sticker_place, signed_in.resident, secret, token)
    service = quote(place.external_id, safe="")
    return RedirectResponse(f"/zkh/{place.account_id}/{service}", 303)
