"""For those who watch the portal: whether it lives, and whether it can work."""

import asyncio

from fastapi import APIRouter
from fastapi.responses import PlainTextResponse
from sqlalchemy.exc import SQLAlchemyError

from portal.backend import Backend
from portal.db.session import Session
from portal.db.version import is_current
from portal.errors import PortalError

_PATIENCE_SECONDS = 5.0


def health_router(backend: Backend) -> APIRouter:
    router = APIRouter()

    @router.get("/healthz")
    async def alive() -> PlainTextResponse:
        return PlainTextResponse("ok")

    @router.get("/readyz")
    async def ready() -> PlainTextResponse:
        """Whether the database answers and no migration is missing."""
        is_ready = await _is_ready(backend)
        return PlainTextResponse("ok" if is_ready else "not ready", 200 if is_ready else 503)

    return router


async def _is_ready(backend: Backend) -> bool:
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            return await backend.read(_is_current)
    except (PortalError, SQLAlchemyError, TimeoutError):
        return False


def _is_current(session: Session) -> bool:
    return is_current(session.connection)
