"""What a person reads when something did not work: a calm sentence, never the exception's text."""

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from components.frame import plain_frame
from portal.errors import Invalid, NotFound, PortalError, Unavailable
from portal.services.brake import TooManyAttempts
from portal.services.device_door import NotAllowed, NotLetIn
from portal.web.doors import is_for_machines
from portal.web.plain_page import PlainPages
from portal.web.problem import problem
from portal.web.visit import visit_of

_STATES = {
    401: "signed-out",
    403: "forbidden",
    404: "not-found",
    408: "too-slow",
    409: "conflict",
    413: "too-large",
    429: "too-many",
    503: "unavailable",
}
_TITLES = {
    403: "Запрос не принят",
    404: "Страница не найдена",
    405: "Страница не найдена",
    408: "Запрос не дошел целиком",
    413: "Слишком много данных",
    429: "Слишком много попыток",
    500: "Что-то пошло не так",
    503: "Портал временно не отвечает",
}

_STATUSES: tuple[tuple[type[PortalError], int], ...] = (
    (NotFound, 404),
    (Invalid, 422),
    (Unavailable, 503),
    (TooManyAttempts, 429),
    (NotLetIn, 401),
    (NotAllowed, 403),
)
_WRONG_KEY = 'Bearer error="invalid_token"'
_NARROW_KEY = 'Bearer error="insufficient_scope", scope="submit"'


def status_of(error: PortalError) -> int:
    return next((status for kind, status in _STATUSES if isinstance(error, kind)), 409)


def wants_json(request: Request) -> bool:
    return "application/json" in request.headers.get("accept", "")


class Troubles:
    """The answers to what did not work, as a page, as JSON or, for machines, as a problem."""

    def __init__(self, pages: PlainPages) -> None:
        self._pages = pages

    def unexpected(self, request: Request) -> Response:
        """The person gets the number under which the front has written the fault in the log."""
        return self.answer(request, 500, unexpected_sentence(visit_of(request.scope).number))

    def refusal(self, request: Request, error: PortalError) -> Response:
        response = self.answer(request, status_of(error), error.sentence)
        response.headers.update(_headers(error))
        return response

    def answer(self, request: Request, status: int, sentence: str) -> Response:
        if is_for_machines(request.url.path):
            return problem(status, sentence)
        if wants_json(request):
            state = _STATES.get(status, "failed" if status >= 500 else "refused")  # noqa: PLR2004
            return JSONResponse({"state": state, "notice": sentence}, status)
        title = title_of(status)
        return self._pages.response(title, trouble_screen(title, sentence), status)


def _headers(error: PortalError) -> dict[str, str]:
    """RFC 9110, 10.2.3 and 11.6.1; RFC 6750, 3."""
    match error:
        case TooManyAttempts():
            return {"retry-after": str(error.wait_seconds)}
        case NotLetIn():
            return {"www-authenticate": "Bearer" if error.is_empty else _WRONG_KEY}
        case NotAllowed():
            return {"www-authenticate": _NARROW_KEY}
        case _:
            return {}


def title_of(status: int) -> str:
    return _TITLES.get(status, "Запрос не выполнен")


def unexpected_sentence(number: str) -> str:
    return (
        "Портал не смог выполнить запрос. Повторите через минуту. Если не поможет, "
        f"сообщите управляющей компании номер {number}."
    )


def trouble_screen(title: str, sentence: str) -> Markup:
    """A whole screen of its own, with the way home."""
    body = Markup('<p>{}</p><p><a class="zh-button" href="/">На главную</a></p>').format(sentence)
    return plain_frame(title, body)
