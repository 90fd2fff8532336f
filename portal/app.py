"""The composition root: here, and only here, all parts meet."""

import asyncio
import gc
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

import uvicorn
from fastapi import APIRouter, FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from nicegui import core, ui
from nicegui.middlewares import RedirectWithPrefixMiddleware, SetCacheControlMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response
from starlette.types import ASGIApp

from components.fragment import Fragment
from pages.cabinet import is_zkh_open
from pages.gate import Gate
from pages.router import UNKNOWN, Router
from pages.routes import ACTIONS, LINKS, ROUTES
from pages.screen import Route
from portal.api import documentation, readings
from portal.api.health import health_router
from portal.api.pay.cashier import Cashier
from portal.api.pay.notifications import PATH as NOTIFICATIONS
from portal.api.pay.notifications import notification_router
from portal.api.pay.routes import pay_router
from portal.backend import Backend
from portal.config import Settings
from portal.demo_bank.bank import DemoBank, Listener, beside
from portal.errors import PortalError
from portal.gateways.acquiring import Acquirer
from portal.gateways.yookassa import YooKassa
from portal.installation import refuse_a_shared_environment
from portal.mailroom import mailroom_of
from portal.web import connection, home_screen, live, logs, look, page_template
from portal.web.assets import Assets
from portal.web.compression import compress_each_message_alone
from portal.web.cookie import SessionCookie
from portal.web.front import Front
from portal.web.neighbours import Neighbours
from portal.web.outbox import wait_without_a_clock
from portal.web.plain_page import VIEWPORT, PlainPages
from portal.web.sockets import LARGEST_MESSAGE, Sockets
from portal.web.standing import Standing
from portal.web.trouble import Troubles

RECONNECT_SECONDS = 30.0
"""Measured: shorter outages pass unnoticed and unharmed, longer ones must not be hidden."""

_PACKING_LEVEL = 5
_POLISH_AFTER_SECONDS = 20.0
_MALFORMED = "Запрос составлен неправильно. Откройте страницу заново и повторите."


def create_app(
    settings: Settings,
    backend: Backend,
    *,
    routes: Sequence[Route] = ROUTES,
    actions: Sequence[APIRouter] = ACTIONS,
    is_demo: bool = False,
    bank: Acquirer | None = None,
) -> ASGIApp:
    """The whole portal as one ASGI application.  NiceGUI is a process-wide singleton: the last
    application created in a process is the one that works.

    An action finds in `request.app.state`: backend, settings, cookie, live, pages,
    troubles, cashier, is_demo.
    """
    live.reset()
    compress_each_message_alone()
    wait_without_a_clock()
    files = Assets()
    name = home_screen.app_name(settings.flags.company_info)
    style = look.prepare(
        files,
        Fragment.component,  # type: ignore[arg-type] # it has one
        app_name=name,
    )
    home_screen.add_manifest(files, name, takes_readings=is_zkh_open(settings.flags))
    page_template.install(style)
    pages = PlainPages(style)
    troubles = Troubles(pages)
    standing = Standing(backend)
    sockets = Sockets(standing)
    cashier = Cashier(backend, settings, bank or YooKassa())
    app = _application(settings, backend, pages, troubles, files, cashier)
    app.state.is_demo = is_demo
    machines = (health_router(backend), readings.router, documentation.router)
    for router in (*machines, pay_router(), notification_router(), *LINKS, *actions):
        app.include_router(router)
    gate = Gate(
        app,
        router=Router(routes, backend=backend, settings=settings, is_demo=is_demo),
        pages=pages,
        troubles=troubles,
        standing=standing,
        sockets=sockets,
    )
    _mount_nicegui(app, gate, style.icon)
    sockets.bind()
    packed = GZipMiddleware(gate, minimum_size=1000, compresslevel=_PACKING_LEVEL)
    front = Front(packed, settings=settings, files=files, standing=standing, troubles=troubles)
    return beside(front, _sandbox(settings)) if is_demo else front


def serve(settings: Settings, *, is_demo: bool = False) -> None:
    """Serve until a signal ends it.  Raises ForeignNames: see portal/installation.py."""
    refuse_a_shared_environment()
    logs.configure()
    backend = Backend(settings.database_url, letterhead=settings.letterhead)
    try:
        app = create_app(settings, backend, is_demo=is_demo)
        look_no_more_at_what_stays()
        uvicorn.run(app, **server_options(settings))
    finally:
        backend.close()


def look_no_more_at_what_stays() -> None:
    """All that is there before the first visitor is there to the end.  Looked through for garbage
    again and again, it would stop everybody for a tenth of a second each time.
    """
    gc.collect()
    gc.freeze()


def server_options(settings: Settings) -> dict[str, Any]:
    """How uvicorn is to run it."""
    return {
        "host": settings.host,
        "port": settings.port,
        "log_config": None,
        "access_log": False,  # the front writes it, without queries
        "proxy_headers": False,  # the front reads them, and only those of trusted proxies
        "server_header": False,
        **connection.protocols(settings),
        "ws_max_size": LARGEST_MESSAGE,
        "timeout_graceful_shutdown": 5,
    }


def _sandbox(settings: Settings) -> ASGIApp:
    """A bank for the demonstration, which tells the portal under a name that the portal knows."""
    listener = Listener(
        f"{settings.own_address}{NOTIFICATIONS}", urlsplit(settings.usual_origin).netloc
    )
    return DemoBank(settings.data_dir / "demo-bank.json", listener).app()


def _application(
    settings: Settings,
    backend: Backend,
    pages: PlainPages,
    troubles: Troubles,
    files: Assets,
    cashier: Cashier,
) -> FastAPI:
    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        lasting = (_polish(files), cashier.watch(), Neighbours(backend).watch())
        working = [asyncio.create_task(each) for each in lasting]
        carrying = mailroom_of(settings, backend)
        if carrying is not None:
            carrying.start()
        yield
        for task in working:
            task.cancel()
        if carrying is not None:
            await asyncio.to_thread(carrying.stop)

    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)
    app.state.backend = backend
    app.state.settings = settings
    app.state.cookie = SessionCookie(settings)
    app.state.live = live
    app.state.pages = pages
    app.state.troubles = troubles
    app.state.cashier = cashier
    _answer_calmly(app, troubles)
    return app


async def _polish(files: Assets) -> None:
    """Not at once: a server that has just come back has people waiting."""
    await asyncio.sleep(_POLISH_AFTER_SECONDS)
    await asyncio.to_thread(files.polish)


def _answer_calmly(app: FastAPI, troubles: Troubles) -> None:
    """No fault reaches a person in the words of a framework."""

    async def refused(request: Request, fault: Exception) -> Response:
        assert isinstance(fault, PortalError)  # noqa: S101 - registered for nothing else
        return troubles.refusal(request, fault)

    async def malformed(request: Request, _fault: Exception) -> Response:
        return troubles.answer(request, 422, _MALFORMED)

    async def without_route(request: Request, fault: Exception) -> Response:
        status = fault.status_code if isinstance(fault, HTTPException) else 404
        return troubles.answer(request, status, UNKNOWN if status in {404, 405} else _MALFORMED)

    async def unexpected(request: Request, _fault: Exception) -> Response:
        return troubles.unexpected(request)

    app.add_exception_handler(PortalError, refused)
    app.add_exception_handler(RequestValidationError, malformed)
    app.add_exception_handler(405, without_route)
    app.add_exception_handler(400, malformed)
    for each in (app, core.app):
        each.add_exception_handler(Exception, unexpected)


def _mount_nicegui(app: FastAPI, gate: Gate, icon: str) -> None:
    ui.run_with(
        app,
        root=gate.draw,
        title="Личный кабинет",
        viewport=VIEWPORT,
        favicon=icon,
        language="ru",
        dark=None,
        tailwind=False,
        binding_refresh_interval=None,
        reconnect_timeout=RECONNECT_SECONDS,
        show_welcome_message=False,
        gzip_middleware_factory=None,
    )
    core.app.config.vue_config_script = look.LIVE_CONFIG
    # They put a proxy's prefix, which the front takes away, before redirections, and caching rules
    # on files that the front serves, for a tenth of each page's time.
    needless: set[object] = {RedirectWithPrefixMiddleware, SetCacheControlMiddleware}
    stack = core.app.user_middleware
    stack[:] = [each for each in stack if each.cls not in needless]
