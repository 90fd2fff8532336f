"""`/pay/yookassa/notifications`: a bank says that something has happened.

Nobody has signed it, so that it credits nothing: it is kept, and the bank is asked (ЮKassa,
«Входящие уведомления»).  Whatever cannot be asked now, the cashier asks later.
"""

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from portal.api.pay.cashier import Cashier
from portal.api.pay.door import entered
from portal.backend import Backend
from portal.domain.incoming import Unspoken
from portal.errors import PortalError, Refused
from portal.services.incoming import inbox
from portal.services.incoming.channels import Channel
from portal.services.paying.keeping import kept
from portal.services.paying.outgoing import meant
from portal.web.doors import FOR_PAYMENTS

PATH = f"{FOR_PAYMENTS}yookassa/notifications"
_PAYMENT, _REFUND = "payment.", "refund."
_LONGEST = 100
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Notice:
    """What a notification says that it is about; empty is nothing that can be read."""

    event: str = ""
    external_id: str = ""
    token: str = ""


def notification_router() -> APIRouter:
    router = APIRouter()
    for path, endpoint in ((PATH, _of_any), (f"{PATH}/{{key}}", _of_one)):
        router.add_api_route(
            path, endpoint, methods=["POST"], include_in_schema=False, response_model=None
        )
    return router


async def _of_any(request: Request) -> Response:
    return await _heard(request, None)


async def _of_one(request: Request, key: str) -> Response:
    return await _heard(request, key)


async def _heard(request: Request, key: str | None) -> Response:
    """200 as soon as it is kept; but a refund that cannot be asked of now nobody would ask of
    later.  Raises TooManyAttempts, Unavailable: then the bank repeats it.
    """
    raw = await request.body()
    channel = await entered(request, Unspoken.YOOKASSA.value, key)
    if isinstance(channel, Response):
        return channel
    await _keep(request, channel, raw)
    notice = notice_of(raw)
    if notice.event.startswith(_REFUND) and notice.external_id:
        await _ask_of_refund(request, channel, notice)
        return Response(status_code=200)
    try:
        await _ask(request, channel, notice)
    except PortalError as fault:
        _log.warning("channel %s: the bank will be asked later: %s", channel.key, fault)
    return Response(status_code=200)


async def _ask_of_refund(request: Request, channel: Channel, notice: Notice) -> None:
    cashier: Cashier = request.app.state.cashier
    try:
        await cashier.look_at_refund(channel.channel_id, notice.external_id)
    except Refused as fault:
        _log.error("channel %s: refund %s: %s", channel.key, notice.external_id, fault)


async def _keep(request: Request, channel: Channel, raw: bytes) -> None:
    backend: Backend = request.app.state.backend
    address = request.client.host if request.client else ""
    message = kept(raw.decode(errors="backslashreplace"))
    await backend.write(inbox.keep, channel, address, message, backend.clock())


async def _ask(request: Request, channel: Channel, notice: Notice) -> None:
    backend: Backend = request.app.state.backend
    cashier: Cashier = request.app.state.cashier
    token = None
    if notice.event.startswith(_PAYMENT) and notice.external_id:
        token = await backend.read(meant, channel.channel_id, notice.external_id, notice.token)
    if token is None:
        _log.warning("channel %s: a notification of nothing of ours", channel.key)
        return
    await cashier.look(token, notice.external_id)


def notice_of(raw: bytes) -> Notice:
    try:
        told = json.loads(raw, parse_float=str)
    except (ValueError, RecursionError):
        return Notice()
    about = _inner(told, "object")
    token = _text(_inner(about, "metadata"), "payment_intent_id")
    return Notice(_text(_inner({"": told}, ""), "event"), _text(about, "id"), token)


def _inner(told: Any, name: str) -> Mapping[str, Any]:  # noqa: ANN401 - JSON
    inner = told.get(name) if isinstance(told, dict) else None
    return inner if isinstance(inner, dict) else {}


def _text(told: Mapping[str, Any], name: str) -> str:
    """What our columns can hold."""
    text = told.get(name)
    is_ours = isinstance(text, str) and text.isascii() and text.isprintable()
    return text[:_LONGEST] if is_ours and isinstance(text, str) else ""
