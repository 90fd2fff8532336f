"""What a machine is told when something did not work: RFC 9457, in the same sentences that people
read.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from starlette.responses import JSONResponse

MEDIA_TYPE = "application/problem+json"
DOCS = "/api/docs"
QUESTION = "question"
KINDS = {
    400: "malformed",
    401: "no-key",
    403: "forbidden",
    404: "not-found",
    405: "not-found",
    409: "conflict",
    413: "too-large",
    415: "wrong-type",
    422: "refused",
    429: "too-many",
    500: "failed",
    503: "unavailable",
}
TITLES = {
    "malformed": "Запрос составлен неправильно",
    "no-key": "Нужен ключ",
    "forbidden": "Запрос не принят",
    "not-found": "Не найдено",
    "conflict": "Запрос не выполнен",
    "too-large": "Слишком много данных",
    "wrong-type": "Неизвестный вид данных",
    "refused": "Показания не приняты",
    QUESTION: "Нужно подтверждение",
    "too-many": "Слишком много запросов",
    "failed": "Что-то пошло не так",
    "unavailable": "Портал временно не отвечает",
}
"""A kind stays the same for ever: machines know it by its place in the documentation."""


class Problem(JSONResponse):
    media_type = MEDIA_TYPE


def problem(
    status: int,
    sentence: str,
    errors: Sequence[dict[str, Any]] = (),
    *,
    kind: str = "",
    more: Mapping[str, object] = MappingProxyType({}),
) -> Problem:
    """`errors` tell the place of each fault in the request by a `pointer` (RFC 6901); `more` are
    members of this kind alone.
    """
    kind = kind or KINDS.get(status, "failed")
    answer = {
        "type": f"{DOCS}#{kind}",
        "title": TITLES[kind],
        "status": int(status),
        "detail": sentence,
        **({"errors": list(errors)} if errors else {}),
        **more,
    }
    return Problem(answer, status)
