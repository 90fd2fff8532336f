"""Who knocks at the payment systems' door, and what he brings."""

import base64
import binascii
import logging
from urllib.parse import parse_qsl

from fastapi import Request
from starlette.responses import Response

from portal.api.pay.desk import Message
from portal.backend import Backend
from portal.domain.incoming import fingerprint_of
from portal.services.incoming.channels import Channel, Closed, Knock, count_failure, enter
from portal.web.doors import CERTIFICATE

FIELDS_MAX = 100
_FORM = "application/x-www-form-urlencoded"
_log = logging.getLogger(__name__)


async def entered(request: Request, dialect: str, key: str | None) -> Channel | Response:
    """The channel, or the answer to somebody who has none.  Raises TooManyAttempts, Unavailable.

    The address and the certificate are true: the front has seen to it.
    """
    backend: Backend = request.app.state.backend
    secret, now = request.app.state.settings.signing_secret(), backend.clock()
    knock = _knock(request, dialect, key)
    found = await backend.read(enter, secret, knock, now)
    if isinstance(found, Channel):
        return found
    _log.warning("%s: no way in for %s: %s", dialect, knock.address, found.why)
    if found.is_wrong_password:
        await backend.write(count_failure, secret, knock, now)
    return _refusal(found)


async def message_of(request: Request) -> Message:
    """The query and the form together: some systems send both."""
    parts = [request.scope["query_string"], await request.body() if _is_form(request) else b""]
    raw = "&".join(part.decode("utf-8", "backslashreplace") for part in parts if part)
    address = request.client.host if request.client else ""
    return Message(address, raw.replace("\0", "\\x00"), _fields(raw))


def _fields(raw: str) -> dict[str, str] | None:
    """None: it is not UTF-8, has far too much in it, or says a thing twice."""
    try:
        pairs = parse_qsl(raw, keep_blank_values=True, errors="strict", max_num_fields=FIELDS_MAX)
    except ValueError:
        return None
    fields = dict(pairs)
    return fields if len(fields) == len(pairs) else None


def _is_form(request: Request) -> bool:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    return request.method == "POST" and kind == _FORM


def _refusal(closed: Closed) -> Response:
    if closed.wants_password:
        return Response(status_code=401, headers={"www-authenticate": 'Basic realm="pay"'})
    return Response(status_code=403)


def _knock(request: Request, dialect: str, key: str | None) -> Knock:
    login, password = _basic(request.headers.get("authorization", ""))
    return Knock(
        dialect=dialect,
        key=key,
        address=request.client.host if request.client else "",
        login=login,
        password=password,
        certificate=fingerprint_of(request.headers.get(CERTIFICATE, "")),
    )


def _basic(header: str) -> tuple[str | None, str]:
    """RFC 7617; what is no Basic is nobody's."""
    scheme, _, told = header.partition(" ")
    if scheme.lower() != "basic":
        return None, ""
    try:
        login, _, password = base64.b64decode(told.strip(), validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return "", ""
    return login, password
