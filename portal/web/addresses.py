"""Addresses inside the portal, and what may be asked for as one."""

from urllib.parse import quote, urlsplit

from starlette.datastructures import Headers

from portal.config import Settings

SIGN_IN = "/login"
NEW_PASSWORD = "/password"  # noqa: S105 - an address
HOME = "/"
_LONGEST = 1000


def own_address(text: str | None) -> str:
    """`text` if it leads to a page of ours, else the home page."""
    return text if text and len(text) <= _LONGEST and is_own(text) else HOME


def is_own(address: str) -> bool:
    """Whether it stays within the portal.

    One `/` at the beginning and neither another one nor a backslash: browsers read those as the
    name of a host.  They drop control characters and spaces, so those lead nowhere either.
    """
    if not address.startswith("/") or address.startswith("//") or "\\" in address:
        return False
    return not any(sign <= " " or sign == "\x7f" for sign in address)


def origin_of(settings: Settings, headers: Headers) -> str:
    """The origin of ours at which a request knocked: only there the browser has its cookie."""
    host = headers.get("host", "").lower()
    fitting = (each for each in settings.allowed_origins if urlsplit(each).netloc == host)
    return next(fitting, settings.usual_origin)


def sign_in_address(then: str) -> str:
    """Where to sign in so as to come back to `then`."""
    return _by_way_of(SIGN_IN, then)


def new_password_address(then: str) -> str:
    """Where to choose a password of one's own so as to come to `then`."""
    return _by_way_of(NEW_PASSWORD, then)


def _by_way_of(door: str, then: str) -> str:
    wanted = own_address(then)
    if wanted == HOME or urlsplit(wanted).path in {SIGN_IN, NEW_PASSWORD}:
        return door
    return f"{door}?next={quote(wanted, safe='/')}"
