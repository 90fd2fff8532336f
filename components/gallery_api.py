"""Examples: the description of the door for devices."""

from collections.abc import Callable

from markupsafe import Markup

from components.api_page import ApiField, ApiOperation, ProblemKind, api_page
from components.frame import plain_frame
from components.gallery_values import LONG, UNBROKEN

SUBMIT = ApiOperation(
    "POST",
    "/api/v1/readings",
    "Передать показания",
    "Примутся все или ни одного.",
    (ApiField("idempotency-key", "Номер отправки", "заголовок"),),
    (ApiField("readings[].value", "Показание строкой"), ApiField(UNBROKEN, LONG)),
    (ApiField("number", "Номер, под которым показания приняты"),),
)
REFUSED = ProblemKind("refused", 422, "Показания не приняты")


def _page() -> Markup:
    return plain_frame("Доступ", api_page((SUBMIT,), (REFUSED,), "/api/openapi.json"))


EXAMPLES: dict[str, Callable[[], Markup]] = {"frame, devices' door": _page}
