"""From an address to a screen: for the first answer and for every tap in a live page."""

import asyncio
import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from pages.screen import Asked, Closed, Route, Screen
from portal.backend import Backend
from portal.config import Settings
from portal.errors import NotFound, PortalError
from portal.services.sessions import SignedIn
from portal.web.addresses import (
    NEW_PASSWORD,
    SIGN_IN,
    is_own,
    new_password_address,
    own_address,
    sign_in_address,
)
from portal.web.trouble import status_of, title_of, trouble_screen, unexpected_sentence

PATIENCE_SECONDS = 20.0
_FIELDS_MAX = 50
UNKNOWN = "Такой страницы нет. Возможно, адрес введен с ошибкой или она больше не существует."
_TOO_SLOW = "Портал отвечает слишком долго. Повторите через минуту."
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Not here: the person belongs on another page now."""

    address: str


class Router:
    def __init__(
        self,
        routes: Sequence[Route],
        *,
        backend: Backend,
        settings: Settings,
        is_demo: bool,
    ) -> None:
        self._routes = [(_pattern(route.pattern), route) for route in routes]
        self._backend = backend
        self._settings = settings
        self._is_demo = is_demo

    def knows(self, path: str) -> bool:
        """Whether some page stands there, whoever may see it."""
        return self._match(path)[0] is not None

    async def answer(
        self, address: str, signed_in: SignedIn | None, number: str, *, is_ahead: bool = False
    ) -> Screen | Elsewhere:
        """What stands at `address` for whoever asks; a fault is told as the reference `number`.
        `is_ahead`: it is fetched, but nobody looks at it yet.
        """
        parts = _parts(address)
        route, parameters = self._match(parts.path)
        if elsewhere := _elsewhere(address, route, signed_in):
            return elsewhere
        if route is None:
            return trouble(NotFound(UNKNOWN))
        if not route.is_offered(self._settings.flags):
            return trouble(Closed())
        try:
            asked = Asked(
                backend=self._backend,
                settings=self._settings,
                is_demo=self._is_demo,
                signed_in=signed_in,
                path=parts.path,
                parameters=parameters,
                query=dict(fields := _fields(parts.query)),
                fields=fields,
                is_ahead=is_ahead,
            )
            return await _drawn(route, asked)
        except PortalError as error:
            return trouble(error)
        except Exception:  # noqa: BLE001 - a page that fails must not take the tab along
            _log.exception("unexpected fault at %s", parts.path)
            return trouble_of(500, unexpected_sentence(number))

    def _match(self, path: str) -> tuple[Route | None, dict[str, str]]:
        """Each part of the path is decoded by itself: a service's id may hold a slash."""
        for pattern, route in self._routes:
            if found := pattern.fullmatch(path.rstrip("/") or "/"):
                return route, {name: unquote(part) for name, part in found.groupdict().items()}
        return None, {}


def trouble(error: PortalError) -> Screen:
    """The refusal as a screen of its own."""
    title = error.sentence if isinstance(error, Closed) else None
    return trouble_of(status_of(error), error.sentence, title)


def trouble_of(status: int, sentence: str, title: str | None = None) -> Screen:
    title = title or title_of(status)
    return Screen(title, trouble_screen(title, sentence), status)


async def _drawn(route: Route, asked: Asked) -> Screen:
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await route.page(asked)
    except TimeoutError:
        _log.warning("%s took longer than %.0f s", route.pattern, PATIENCE_SECONDS)
        return trouble_of(503, _TOO_SLOW)


def _elsewhere(address: str, route: Route | None, signed_in: SignedIn | None) -> Elsewhere | None:
    if route is None:
        return None
    if signed_in is None:
        return None if route.is_public else Elsewhere(sign_in_address(address))
    if route.pattern == SIGN_IN:
        return Elsewhere(own_address(dict(_fields(urlsplit(address).query)).get("next")))
    if signed_in.must_change_password and not route.is_public and route.pattern != NEW_PASSWORD:
        return Elsewhere(new_password_address(address))
    return None


def _parts(address: str) -> SplitResult:
    """What leads elsewhere, or cannot even be taken apart, is an address of nothing."""
    if not is_own(address):
        return urlsplit("/!")
    try:
        return urlsplit(address)
    except ValueError:
        return urlsplit("/!")


def _fields(query: str) -> list[tuple[str, str]]:
    """Too many fields are as good as none: no page of ours asks with them."""
    try:
        return parse_qsl(query, keep_blank_values=True, max_num_fields=_FIELDS_MAX)
    except ValueError:
        return []


def _pattern(pattern: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", pattern)
    return re.compile(
        "".join(
            f"(?P<{part}>[^/]+)" if index % 2 else re.escape(part)
            for index, part in enumerate(parts)
        )
    )
