"""The portal without a network: real front, pages of signing in, real database."""

from pathlib import Path

import httpx
from fastapi import APIRouter, Request
from markupsafe import Markup
from starlette.datastructures import FormData
from starlette.responses import Response

from pages import password_actions, sign_in_actions
from pages.asking import Visitor, done, polite
from pages.login import login_page
from pages.password import password_page
from pages.password_check import require_password
from pages.screen import Asked, Route, Screen
from portal.app import create_app
from portal.backend import Backend
from portal.config import load_settings
from tests.support import nicegui

ORIGIN = "http://127.0.0.1:8080"
JSON = {"accept": "application/json"}

delicate = APIRouter()


@delicate.post("/delicate")
@polite
async def _change_something_delicate(
    request: Request, visitor: Visitor, form: FormData
) -> Response:
    await require_password(request, visitor, str(form.get("current_password", "")))
    return done()


async def _home(_asked: Asked) -> Screen:
    return Screen("Главная", Markup("<p>Дома</p>"))


ROUTES = (
    Route("/login", login_page, is_public=True),
    Route("/password", password_page),
    Route("/", _home),
    Route("/zkh", _home),
)


class Door:
    """One portal; `browser()` is a browser with a cookie jar of its own."""

    def __init__(
        self, backend: Backend, folder: Path, *, is_demo: bool = False, **environ: str
    ) -> None:
        settings = load_settings(
            {"ZHKH_DATA_DIR": str(folder), "ZHKH_SECRET": "s" * 32, "ZHKH_PORT": "8080"} | environ
        )
        self.backend = backend
        self.origin = settings.allowed_origins[-1]
        nicegui.unused()
        self._app = create_app(
            settings,
            backend,
            routes=ROUTES,
            actions=(sign_in_actions.router, password_actions.router, delicate),
            is_demo=is_demo,
        )

    def browser(self, address: str = "192.0.2.7") -> httpx.AsyncClient:
        """Says where it comes from, as browsers do; follows no redirect."""
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(self._app, client=(address, 40_000)),
            base_url=self.origin,
            headers={"origin": self.origin, "user-agent": "Firefox"},
        )


async def is_in(browser: httpx.AsyncClient) -> bool:
    """Whether the home page opens; HEAD, so that it need not come alive."""
    return (await browser.head("/")).status_code == 200
