"""How large this browser's letters are: a cookie, so that its first answer is drawn so already.

It belongs to the device, not to the person: the sign-in page follows it too.
"""

from contextvars import ContextVar

from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.responses import Response

from portal.config import Settings

LARGE = "large"
_NAME = "zhkh-text"
_AGE_SECONDS = 400 * 24 * 3600  # the longest that browsers keep a cookie
_asked: ContextVar[str] = ContextVar("text size", default="")


def hear(headers: Headers) -> None:
    """Whatever page answers this request is drawn as its browser wants."""
    _asked.set(cookie_parser(headers.get("cookie", "")).get(_NAME, ""))


def root_attribute() -> str:
    """What the page's root says of it to the styles; nothing for usual letters."""
    return f' data-zh-text="{LARGE}"' if _asked.get() == LARGE else ""


def keep(settings: Settings, response: Response, *, is_large: bool) -> None:
    """Let the browser remember it; usual letters need no remembering."""
    response.set_cookie(
        _NAME,
        LARGE if is_large else "",
        max_age=_AGE_SECONDS if is_large else 0,
        path="/",
        secure=(settings.public_url or "").startswith("https://"),
        httponly=True,
        samesite="lax",
    )
