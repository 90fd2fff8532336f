"""How a person's actions arrive and how they are answered: one translation for all of them.

The page's script sends a form by fetch and reads JSON; without a script the same form is sent by
the browser itself and gets a whole page.  Both carry the same fields.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial, wraps
from typing import Any
from urllib.parse import unquote

from fastapi import Request
from fastapi.responses import JSONResponse, RedirectResponse
from markupsafe import Markup
from starlette.datastructures import FormData
from starlette.responses import Response

from components.frame import plain_frame
from pages.addresses import PAYMENT, PROMISE
from portal.backend import Backend
from portal.config import Settings
from portal.domain.identity import ResidentId
from portal.errors import Invalid, PortalError, Refused
from portal.services.sessions import SignedIn
from portal.web.addresses import HOME, NEW_PASSWORD, sign_in_address
from portal.web.trouble import wants_json
from portal.web.visit import SIGNED_IN

SIGNED_OUT = "Войдите снова: введенное сохранено на этом устройстве"
TYPED_BY = "x-typed-by"
REFUSED = 422
_WITH_FORMS = ("/zkh", "/profile", PAYMENT, PROMISE)
# An initial password is known to others too: it opens nothing but the way to one's own.
_WITH_INITIAL_PASSWORD = frozenset({NEW_PASSWORD, "/logout/everywhere"})


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
Farewell = Callable[[Request, FormData], Response]
"""What a browser without script gets whose session has ended, so that nothing typed is lost."""


def polite(action: Action) -> Callable[[Request], Awaitable[Response]]:
    """The action as a route, for those who are signed in; the application answers the refusals
    that the action leaves.
    """
    return _answering(action, files_max=0)


def polite_with_files(
    files_max: int,
) -> Callable[[Action], Callable[[Request], Awaitable[Response]]]:
    """As `polite`, for a form that may bring files; fields of files left empty count too."""
    return partial(_answering, files_max=files_max)


def polite_keeping(
    farewell: Farewell, *, files_max: int = 0
) -> Callable[[Action], Callable[[Request], Awaitable[Response]]]:
    """As both, for a form whose fields outlive the session."""
    return partial(_answering, files_max=files_max, farewell=farewell)


def _answering(
    action: Action, files_max: int, farewell: Farewell | None = None
) -> Callable[[Request], Awaitable[Response]]:
    @wraps(action)
    async def answered(request: Request) -> Response:
        signed_in: SignedIn | None = request.scope.get(SIGNED_IN)
        if signed_in is None and farewell is not None and not wants_json(request):
            async with request.form(max_files=files_max, max_fields=500) as form:
                return farewell(request, form)
        if signed_in is None or _is_anothers(request, signed_in):
            return _signed_out(request)
        if signed_in.must_change_password and request.url.path not in _WITH_INITIAL_PASSWORD:
            return _password_first(request)
        visitor = Visitor(request.app.state.backend, request.app.state.settings, signed_in)
        async with request.form(max_files=files_max, max_fields=500) as form:
            try:
                return await action(request, visitor, form)
            except Invalid as refusal:
                if wants_json(request):
                    return refused(refusal)
                raise

    # FastAPI reads the signature: the wrapped one asks for what only this wrapper knows.
    del answered.__wrapped__
    answered.__annotations__ = {"request": Request, "return": Response}
    return answered


def done(**answer: Any) -> JSONResponse:  # noqa: ANN401 - JSON
    return JSONResponse({"state": "done", **answer})


def refused(
    refusal: PortalError, errors: Mapping[str, str] | None = None, **more: object
) -> Response:
    """What the script is told: the sentence, and those that belong beside fields."""
    fields = refusal.errors if isinstance(refusal, Invalid) else errors or {}
    listed = [{"field": field, "sentence": sentence} for field, sentence in fields.items()]
    answer = {"state": "refused", "notice": refusal.sentence, "errors": listed, **more}
    return JSONResponse(answer, REFUSED)


def page(request: Request, title: str, body: Markup, status: int = 200) -> Response:
    """A whole page, for a browser without script."""
    response: Response = request.app.state.pages.alone(title, plain_frame(title, body), status)
    return response


def text(form: FormData, name: str) -> str:
    """A field's text; of a missing one, and of a file, there is none."""
    value = form.get(name, "")
    return value if isinstance(value, str) else ""


def _is_anothers(request: Request, signed_in: SignedIn) -> bool:
    """Whether a page of a former resident's sends what he has typed, in a browser where another
    one is signed in by now.
    """
    typed_by = request.headers.get(TYPED_BY)
    return typed_by is not None and unquote(typed_by) != signed_in.login


def _signed_out(request: Request) -> Response:
    if wants_json(request):
        return JSONResponse({"state": "signed-out", "notice": SIGNED_OUT}, 401)
    return RedirectResponse(sign_in_address(_page_of(request.url.path)), 303)


def _page_of(action: str) -> str:
    """The page whose form it is."""
    forms = (page for page in _WITH_FORMS if f"{action}/".startswith(f"{page}/"))
    return next(forms, HOME)


def _password_first(request: Request) -> Response:
    if wants_json(request):
        raise Refused("Сначала придумайте свой пароль вместо выданного")
    return RedirectResponse(NEW_PASSWORD, 303)
