"""The description of the door for devices, for whoever sets one up."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from components.rendering import render


@dataclass(frozen=True, slots=True)
class ApiField:
    """One field or parameter; `place` tells where it goes when it is not in the body."""

    name: str
    meaning: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class ApiOperation:
    """One thing that can be asked for."""

    method: str
    path: str
    summary: str
    description: str
    parameters: tuple[ApiField, ...]
    sent: tuple[ApiField, ...]
    told: tuple[ApiField, ...]


@dataclass(frozen=True, slots=True)
class ProblemKind:
    """`name` is the end of a problem's `type`, and its place on the page."""

    name: str
    status: int
    title: str


def api_page(
    operations: Sequence[ApiOperation], problems: Sequence[ProblemKind], schema: str
) -> Markup:
    """`schema` is the address of the same in OpenAPI."""
    return render("api_page", operations=operations, problems=problems, schema=schema)
