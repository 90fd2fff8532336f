"""The one cookie: an opaque token that means something only to our own table of sessions."""

import re

from starlette.datastructures import Headers
from starlette.responses import Response

from portal.config import Settings

_TOKEN = re.compile(r"[A-Za-z0-9_-]{20,128}")
# The longest that a remembered session may live (portal/services/sessions.py ends it earlier).
_REMEMBERED_SECONDS = 365 * 24 * 3600


class SessionCookie:
    """Behind TLS it is `__Host-`: no other host, path or plain connection can set it."""

    def __init__(self, settings: Settings) -> None:
        self._is_secure = (settings.public_url or "").startswith("https://")
        self.name = "__Host-zhkh" if self._is_secure else "zhkh"

    def token(self, headers: Headers) -> str | None:
        """The token as sent; None when there is none or it cannot be one of ours."""
        for line in headers.getlist("cookie"):
            for pair in line.split(";"):
                name, _, value = pair.strip().partition("=")
                if name == self.name and _TOKEN.fullmatch(value):
                    return value
        return None

    def give(self, response: Response, token: str, *, remembered: bool) -> None:
        """Not remembered: the browser forgets it when it is closed."""
        response.set_cookie(
            self.name,
            token,
            max_age=_REMEMBERED_SECONDS if remembered else None,
            path="/",
            secure=self._is_secure,
            httponly=True,
            samesite="lax",
        )

    def take(self, response: Response) -> None:
        response.delete_cookie(
            self.name, path="/", secure=self._is_secure, httponly=True, samesite="lax"
        )
