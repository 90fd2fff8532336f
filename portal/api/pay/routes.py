"""`/pay/osmp`, `/pay/sber` and whatever else terminals speak; `/pay/osmp/{key}` where several
channels would fit.
"""

import logging

from fastapi import APIRouter, Request
from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import Response

from portal.api.pay.desk import Told, answer
from portal.api.pay.door import entered, message_of
from portal.domain.dialect import Dialect
from portal.domain.dialects import dialects
from portal.domain.incoming import Refusal
from portal.errors import Unavailable
from portal.web import live
from portal.web.doors import FOR_PAYMENTS

_log = logging.getLogger(__name__)


def pay_router() -> APIRouter:
    router = APIRouter(prefix=FOR_PAYMENTS.rstrip("/"))
    for dialect in dialects().values():
        _add(router, dialect)
    return router


def _add(router: APIRouter, dialect: Dialect) -> None:
    async def of_any(request: Request) -> Response:
        return await _answered(request, dialect, None)

    async def of_one(request: Request, key: str) -> Response:
        return await _answered(request, dialect, key)

    for path, endpoint in ((f"/{dialect.name}", of_any), (f"/{dialect.name}/{{key}}", of_one)):
        router.add_api_route(
            path, endpoint, methods=["GET", "POST"], include_in_schema=False, response_model=None
        )


async def _answered(request: Request, dialect: Dialect, key: str | None) -> Response:
    """Raises TooManyAttempts."""
    message = await message_of(request)
    try:
        channel = await entered(request, dialect.name, key)
    except (Unavailable, SQLAlchemyError):
        _log.exception("%s: told to repeat", dialect.name)
        return _written(dialect, Told(dialect.refused(message.fields or {}, Refusal.TEMPORARY)))
    if isinstance(channel, Response):
        return channel
    told = await answer(request.app.state.backend, dialect, channel, message)
    if told.resident is not None:
        await live.refresh(told.resident)
    return _written(dialect, told)


def _written(dialect: Dialect, told: Told) -> Response:
    return Response(told.text, media_type=dialect.media_type)
