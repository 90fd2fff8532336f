"""What the machines' door takes and answers: as a schema and as a page."""

from functools import cache
from typing import Any

from fastapi import APIRouter, Request
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema
from starlette.responses import JSONResponse, Response

from components.api_page import ApiField, ApiOperation, ProblemKind, api_page
from components.frame import plain_frame
from portal.api import readings
from portal.api.shapes import EntrySent, ProblemTold
from portal.web.problem import DOCS, KINDS, QUESTION, TITLES

TITLE = "Доступ для ваших устройств"
SCHEMA = "/api/openapi.json"
_REF = "#/components/schemas/{model}"

router = APIRouter(include_in_schema=False)


@router.api_route(SCHEMA, methods=["GET", "HEAD"])
async def told_to_machines() -> Response:
    return JSONResponse(schema())


@router.api_route(DOCS, methods=["GET", "HEAD"])
async def told_to_people(request: Request) -> Response:
    body = api_page(operations(), problem_kinds(), SCHEMA)
    response: Response = request.app.state.pages.response(TITLE, plain_frame(TITLE, body))
    return response


@cache
def schema() -> dict[str, Any]:
    """OpenAPI 3.1, of the machines' door alone."""
    described = get_openapi(title=TITLE, version="1", routes=readings.router.routes)
    models = [(model, "validation") for model in (EntrySent, ProblemTold)]
    _, found = models_json_schema(models, ref_template=_REF)  # type: ignore[arg-type] # a literal
    described["components"]["schemas"] |= found["$defs"]
    _leave_out_what_we_never_say(described)
    return described


def operations() -> tuple[ApiOperation, ...]:
    """As they stand in the schema."""
    return tuple(
        _operation(method, path, operation)
        for path, methods in schema()["paths"].items()
        for method, operation in methods.items()
    )


def problem_kinds() -> tuple[ProblemKind, ...]:
    """Each with the status that it comes with."""
    statuses = {kind: status for status, kind in reversed(KINDS.items())} | {QUESTION: 422}
    return tuple(ProblemKind(kind, statuses[kind], title) for kind, title in TITLES.items())


def _leave_out_what_we_never_say(described: dict[str, Any]) -> None:
    """FastAPI promises its own words for faults in parameters, and the code's for enumerations."""
    schemas = described["components"]["schemas"]
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    for shape in schemas.values():
        if "enum" in shape:
            shape.pop("description", None)
    for methods in described["paths"].values():
        for operation in methods.values():
            if "application/json" in operation["responses"].get("422", {}).get("content", {}):
                del operation["responses"]["422"]


def _operation(method: str, path: str, told: dict[str, Any]) -> ApiOperation:
    body = told.get("requestBody", {}).get("content", {}).get("application/json", {})
    answer = told["responses"]["200"]["content"]["application/json"]
    parameters = [
        ApiField(each["name"], each.get("description", ""), _PLACES[each["in"]])
        for each in told.get("parameters", [])
    ]
    return ApiOperation(
        method=method.upper(),
        path=path,
        summary=told["summary"],
        description=told["description"],
        parameters=tuple(parameters),
        sent=_fields(body.get("schema", {})),
        told=_fields(answer["schema"]),
    )


_PLACES = {"query": "в адресе", "header": "заголовок"}


def _fields(wanted: dict[str, Any], under: str = "") -> tuple[ApiField, ...]:
    """Every field of a schema, those inside others as «readings[].value»."""
    properties = _resolved(wanted).get("properties", {})
    found: list[ApiField] = []
    for name, shape in properties.items():
        inner = _inner(shape)
        if inner is None:
            found.append(ApiField(under + name, shape.get("description", "")))
        else:
            mark = "[]." if shape.get("type") == "array" else "."
            found += _fields(inner, f"{under}{name}{mark}")
    return tuple(found)


def _inner(shape: dict[str, Any]) -> dict[str, Any] | None:
    """The schema of the object, or of the objects, that a field holds."""
    options = [shape, shape.get("items", {}), *shape.get("anyOf", [])]
    inner = next((each for each in options if "$ref" in each), None)
    return inner if inner is not None and "properties" in _resolved(inner) else None


def _resolved(wanted: dict[str, Any]) -> dict[str, Any]:
    """What a reference leads to."""
    if "$ref" not in wanted:
        return wanted
    name = wanted["$ref"].rsplit("/", 1)[-1]
    found: dict[str, Any] = schema()["components"]["schemas"][name]
    return found
