"""The browser of a request: from where, what it says of itself, whom it has let in before."""

import re
from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response

from portal.config import Settings
from portal.services.devices import DEVICES_MAX
from portal.services.sessions import Browser

_NAME = "zhkh-device"
_PATH = "/login"  # nobody else asks for it
_AGE_SECONDS = 400 * 24 * 3600  # the longest that browsers keep a cookie
_TOKENS = re.compile(rf"[\w-]{{20,128}}(\.[\w-]{{20,128}}){{0,{DEVICES_MAX - 1}}}", re.ASCII)


def browser_of(request: Request) -> Browser:
    """The address is the person's own: the front has put it there."""
    return Browser(
        address=request.client.host if request.client else "",
        user_agent=request.headers.get("user-agent", ""),
        devices=_devices(request),
    )


def mark_device(request: Request, response: Response, token: str) -> None:
    """Let the browser be known from now on, and keep the others who sign in with it known."""
    settings: Settings = request.app.state.settings
    tokens: Sequence[str] = (token, *_devices(request))[:DEVICES_MAX]
    response.set_cookie(
        _NAME,
        ".".join(tokens),
        max_age=_AGE_SECONDS,
        path=_PATH,
        secure=(settings.public_url or "").startswith("https://"),
        httponly=True,
        samesite="lax",
    )


def _devices(request: Request) -> tuple[str, ...]:
    sent = request.cookies.get(_NAME, "")
    return tuple(sent.split(".")) if _TOKENS.fullmatch(sent) else ()
