"""The sandbox's addresses: `/v3/…` for the portal, `/pay/…` for people."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from ssl import PROTOCOL_TLS_CLIENT, SSLContext
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import httpx
from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from portal.demo_bank.page import MOODS, page_of
from portal.demo_bank.vault import CANCELED, PENDING, SUCCEEDED, Paid, Vault

AT: Final = "/demo-bank"
_HEADERS: Final = {
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; "
    "frame-ancestors 'none'; base-uri 'none'",
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
}
_TIMES: Final = {"pay": 1, "refuse": 1, "twice": 2, "silent": 0}
_PATIENCE_SECONDS: Final = 30.0
_NOBODY: Final = SSLContext(PROTOCOL_TLS_CLIENT)
"""Whom it trusts: the portal is on this computer, without TLS, and reading all the certificates of
the world would keep its pages waiting.
"""


@dataclass(frozen=True, slots=True)
class Listener:
    """Who is told what has happened, under the name by which he knows himself."""

    url: str
    host: str | None = None


class DemoBank:
    """`pages` is where people find it; None: under AT of whoever has sent them."""

    def __init__(self, file: Path, listener: Listener | None, pages: str | None = None) -> None:
        self._vault = Vault(file)
        self._listener = listener
        self._pages = pages

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/v3/payments", self._begin, methods=["POST"]),
                Route("/v3/payments/{number}", self._find),
                Route("/v3/refunds", self._give_back, methods=["POST"]),
                Route("/v3/refunds/{number}", self._find_refund),
                Route("/pay/{number}", self._page),
                Route("/pay/{number}", self._press, methods=["POST"]),
            ]
        )

    async def _begin(self, request: Request) -> Response:
        key = request.headers.get("idempotence-key", "")
        if not _is_known(request):
            return _refused(401, "invalid_credentials")
        try:
            asked = json.loads(await request.body())
            origin = _origin(asked["confirmation"]["return_url"])
            is_exact = isinstance(asked["amount"]["value"], str)
        except (ValueError, KeyError, TypeError):
            return _refused(400, "invalid_request")
        if not key or not is_exact:
            return _refused(400, "invalid_request")
        pages = self._pages or f"{origin}{AT}"
        return JSONResponse(self._vault.begin(key, asked, f"{pages}/pay"))

    async def _find(self, request: Request) -> Response:
        if not _is_known(request):
            return _refused(401, "invalid_credentials")
        payment = self._vault.find(request.path_params["number"])
        return _refused(404, "not_found") if payment is None else JSONResponse(payment)

    async def _give_back(self, request: Request) -> Response:
        if not _is_known(request):
            return _refused(401, "invalid_credentials")
        key = request.headers.get("idempotence-key", "")
        try:
            refund = self._vault.give_back(key, json.loads(await request.body())) if key else None
        except (ValueError, KeyError, TypeError):
            refund = None
        if refund is None:
            return _refused(400, "invalid_request")
        told = BackgroundTask(self._tell, "refund", dict(refund), 1)
        return JSONResponse(refund, background=told)

    async def _find_refund(self, request: Request) -> Response:
        if not _is_known(request):
            return _refused(401, "invalid_credentials")
        refund = self._vault.find_refund(request.path_params["number"])
        return _refused(404, "not_found") if refund is None else JSONResponse(refund)

    async def _page(self, request: Request) -> Response:
        payment = self._vault.find(request.path_params["number"])
        if payment is None:
            return Response("Нет такого платежа", 404, _HEADERS, "text/plain; charset=utf-8")
        return HTMLResponse(page_of(payment), headers=_HEADERS)

    async def _press(self, request: Request) -> Response:
        number = request.path_params["number"]
        payment = self._vault.find(number)
        told = parse_qs((await request.body()).decode(errors="replace"))
        mood = next(iter(told.get("mood", [])), "")
        if payment is None or mood not in MOODS:
            return Response(status_code=404)
        was_pending = payment["status"] == PENDING
        payment = self._vault.end(number, CANCELED if mood == "refuse" else SUCCEEDED)
        times = _TIMES[mood] if was_pending else 0
        return RedirectResponse(
            payment["confirmation"]["return_url"], 303, _HEADERS,
            BackgroundTask(self._tell, "payment", dict(payment), times),
        )  # fmt: skip

    async def _tell(self, what: str, about: Paid, times: int) -> None:
        if self._listener is None:
            return
        told = {"type": "notification", "event": f"{what}.{about['status']}", "object": about}
        headers = {"host": self._listener.host} if self._listener.host else {}
        async with httpx.AsyncClient(
            trust_env=False, timeout=_PATIENCE_SECONDS, verify=_NOBODY
        ) as client:
            for _ in range(times):
                await _post(client, self._listener.url, told, headers)


async def _post(
    client: httpx.AsyncClient, url: str, told: Mapping[str, Any], headers: Mapping[str, str]
) -> None:
    """A real bank would repeat it for a day; the portal asks by itself as well."""
    try:
        await client.post(url, json=told, headers=headers)
    except httpx.HTTPError:
        return


def beside(portal: ASGIApp, bank: ASGIApp) -> ASGIApp:
    """The portal, and the sandbox below AT.  Before the portal's own front: it is not a part of
    it, only at the same door.
    """

    async def both(scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        if scope["type"] == "http" and path.startswith(f"{AT}/"):
            await bank({**scope, "path": path.removeprefix(AT)}, receive, send)
        else:
            await portal(scope, receive, send)

    return both


def _is_known(request: Request) -> bool:
    """The sandbox knows every shop, but not without a name."""
    return request.headers.get("authorization", "").startswith("Basic ")


def _refused(status: int, code: str) -> Response:
    return JSONResponse({"type": "error", "code": code, "description": code}, status)


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
