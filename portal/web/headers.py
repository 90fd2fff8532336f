"""What every answer says to the browser about safety."""

from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders

from portal.config import Settings

_FIRST_ERROR = 400
_YEAR = 365 * 24 * 3600
_FORBIDDEN_FEATURES = (
    "accelerometer",
    "camera",
    "display-capture",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "usb",
)


class SecurityHeaders:
    """NiceGUI evaluates templates and handlers in the browser, so scripts need 'unsafe-eval' and
    'unsafe-inline'; everything else is as strict as a page without them.
    """

    def __init__(self, settings: Settings) -> None:
        self._fixed = {
            "content-security-policy": _policy(settings),
            "x-content-type-options": "nosniff",
            "x-frame-options": "DENY",
            # Not `no-referrer`: with that a form's POST says `Origin: null` and we would refuse it.
            "referrer-policy": "same-origin",
            "permissions-policy": ", ".join(f"{name}=()" for name in _FORBIDDEN_FEATURES),
            "cross-origin-opener-policy": "same-origin",
            "cross-origin-resource-policy": "same-origin",
        }
        if (settings.public_url or "").startswith("https://"):
            self._fixed["strict-transport-security"] = f"max-age={_YEAR}; includeSubDomains"

    def apply(self, headers: MutableHeaders, status: int) -> None:
        """Ours replace whatever the answer says.  Pages, errors and what has no caching rule are
        not kept: NiceGUI would let a missing script be missing for a year.
        """
        for name, value in self._fixed.items():
            headers[name] = value
        is_page = headers.get("content-type", "").startswith("text/html")
        if is_page or status >= _FIRST_ERROR or "cache-control" not in headers:
            headers["cache-control"] = "no-store"


def _policy(settings: Settings) -> str:
    sockets = " ".join(_socket_origin(origin) for origin in settings.allowed_origins)
    return "; ".join(
        (
            "default-src 'self'",
            "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data:",
            f"connect-src 'self' {sockets}",  # Safari before 15.4: 'self' is no WebSocket
            "frame-src 'none'",
            "object-src 'none'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
            "form-action 'self'",
        )
    )


def _socket_origin(origin: str) -> str:
    parts = urlsplit(origin)
    return f"{'wss' if parts.scheme == 'https' else 'ws'}://{parts.netloc}"
