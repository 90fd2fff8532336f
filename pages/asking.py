"""How a person's actions arrive and how they are answered: one translation for all of them.

The page's script sends a form by fetch and reads JSON; without a script the same form is sent by
the browser itself and gets a whole page.  Both carry the same fields.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
from markupsafe import Markup
from starlette.datastructures import FormData
from starlette.responses import Response

from components.frame import plain_frame
from portal.backend import Backend
from portal.config import Settings
from portal.domain.identity import ResidentId
from portal.errors import Invalid, NotFound, PortalError, Refused, Unavailable
from portal.services.brake import TooManyAttempts
from portal.services.sessions import SignedIn

SIGNED_OUT = "Войдите снова: введенное сохранено на этом устройстве"


class SignedOut(PortalError):
    """Nobody is signed in any more."""

    def __init__(self) -> None:
        super().__init__(SIGNED_OUT)


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who acts, and with what."""

    backend: Backend
    settings: Settings
    signed_in: SignedIn

    @property
    def resident(self) -> ResidentId:
        return self.signed_in.resident


Action = Callable[[Request, Visitor, FormData], Awaitable[Response]]


def visitor(request: Request) -> Visitor:
    """Raises SignedOut."""
    signed_in: SignedIn | None = request.scope.get("zhkh")
    if signed_in is None:
        raise SignedOut
    return Visitor(request.app.state.backend, request.app.state.settings, signed_in)


def polite(action: Action) -> Callable[[Request], Awaitable[Response]]:
    """The action as a route: a refusal becomes an answer instead of an error."""

    @wraps(action)
    async def answered(request: Request) -> Response:
        try:
            async with request.form(max_files=0, max_fields=500) as form:
                return await action(request, visitor(request), form)
        except PortalError as refusal:
            return refused(request, refusal)

    # FastAPI reads the signature: the wrapped one asks for what only this wrapper knows.
    del answered.__wrapped__
    answered.__annotations__ = {"request": Request, "return": Response}
    return answered


def done(**answer: Any) -> JSONResponse:  # noqa: ANN401 - JSON
    return JSONResponse({"state": "done", **answer})


def refused(
    request: Request, refusal: PortalError, errors: Mapping[str, str] | None = None, **more: object
) -> Response:
    """The refusal as JSON for the script, as a page for a browser without one."""
    response = _refused(request, refusal, errors, more)
    if isinstance(refusal, TooManyAttempts):
        response.headers["retry-after"] = str(refusal.wait_seconds)
    return response


def _refused(
    request: Request,
    refusal: PortalError,
    errors: Mapping[str, str] | None,
    more: Mapping[str, object],
) -> Response:
    status, state = _kind(refusal)
    if isinstance(refusal, SignedOut) and not wants_json(request):
        return RedirectResponse("/login", 303)
    if not wants_json(request):
        return page("Не получилось", _sentence_page(refusal.sentence), status)
    fields = {refusal.field: refusal.sentence} if isinstance(refusal, Invalid) else errors or {}
    listed = [{"field": field, "sentence": sentence} for field, sentence in fields.items()]
    answer = {"state": state, "notice": refusal.sentence, "errors": listed, **more}
    return JSONResponse(answer, status)


def page(title: str, html: Markup, status: int = 200) -> HTMLResponse:
    """A whole page without the live part, for a browser without script."""
    return HTMLResponse(
        Markup(
            '<!doctype html><html lang="ru"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            "<title>{}</title></head><body>{}</body></html>"
        ).format(title, html),
        status,
    )


def wants_json(request: Request) -> bool:
    return "application/json" in request.headers.get("accept", "")


def _kind(refusal: PortalError) -> tuple[int, str]:
    match refusal:
        case SignedOut():
            return 401, "signed-out"
        case NotFound():
            return 404, "not-found"
        case Unavailable():
            return 503, "unavailable"
        case TooManyAttempts():
            return 429, "refused"
        case Invalid() | Refused() | _:
            return 422, "refused"


def _sentence_page(sentence: str) -> Markup:
    return plain_frame(
        "Не получилось",
        Markup('<p>{}</p><p><a class="zh-button" href="/">На главную</a></p>').format(sentence),
    )
