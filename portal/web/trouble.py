"""What a person reads when something did not work: a calm sentence, never the exception's text."""

from http import HTTPStatus

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from components.frame import plain_frame
from portal.errors import Invalid, NotFound, PortalError, Unavailable
from portal.services.brake import TooManyAttempts
from portal.web.plain_page import PlainPages
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


def status_of(error: PortalError) -> int:
    match error:
        case NotFound():
            return HTTPStatus.NOT_FOUND
        case Invalid():
            return HTTPStatus.UNPROCESSABLE_ENTITY
        case Unavailable():
            return HTTPStatus.SERVICE_UNAVAILABLE
        case TooManyAttempts():
            return HTTPStatus.TOO_MANY_REQUESTS
        case _:
            return HTTPStatus.CONFLICT


def wants_json(request: Request) -> bool:
    return "application/json" in request.headers.get("accept", "")


class Troubles:
    """The answers to what did not work, as a page or as JSON."""

    def __init__(self, pages: PlainPages) -> None:
        self._pages = pages

    def unexpected(self, request: Request) -> Response:
        """The person gets the number under which the front has written the fault in the log."""
        return self.answer(request, 500, unexpected_sentence(visit_of(request.scope).number))

    def refusal(self, request: Request, error: PortalError) -> Response:
        response = self.answer(request, status_of(error), error.sentence)
        if isinstance(error, TooManyAttempts):
            response.headers["retry-after"] = str(error.wait_seconds)
        return response

    def answer(self, request: Request, status: int, sentence: str) -> Response:
        if wants_json(request):
            state = _STATES.get(status, "failed" if status >= 500 else "refused")  # noqa: PLR2004
            return JSONResponse({"state": state, "notice": sentence}, status)
        title = title_of(status)
        return self._pages.response(title, trouble_screen(title, sentence), status)


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
