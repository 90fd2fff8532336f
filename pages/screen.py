"""What a page is asked with, and what it answers: no page knows more of the web than this."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from portal.backend import Backend
from portal.config import Flags, Settings
from portal.domain.identity import ResidentId
from portal.errors import NotFound, Refused
from portal.services.sessions import SignedIn


class Closed(NotFound):
    """The operator's flags close a section: its page and its actions."""

    def __init__(self) -> None:
        super().__init__("Раздел недоступен")


@dataclass(frozen=True, slots=True)
class Asked:
    """One request for a page, from the first answer or from a tap inside the page."""

    backend: Backend
    settings: Settings
    is_demo: bool
    signed_in: SignedIn | None
    path: str
    parameters: Mapping[str, str]
    query: Mapping[str, str]
    fields: Sequence[tuple[str, str]] = ()
    """The query as it came; `query` has the last of each name."""
    is_ahead: bool = False
    """Fetched, but nobody looks at it yet: by HEAD, or by a browser that guesses the next tap."""

    @property
    def resident(self) -> ResidentId:
        """Who asks.  Raises Refused: nobody is signed in."""
        if self.signed_in is None:
            raise Refused("Войдите, чтобы продолжить")
        return self.signed_in.resident

    def every(self, name: str) -> tuple[str, ...]:
        """What the query has under one name."""
        return tuple(value for each, value in self.fields if each == name)

    @property
    def is_remembered(self) -> bool:
        """Whether the browser asked to be remembered."""
        return self.signed_in is not None and self.signed_in.remembered

    @property
    def now(self) -> datetime:
        return self.backend.clock()

    @property
    def flags(self) -> Flags:
        return self.settings.flags


@dataclass(frozen=True, slots=True)
class Screen:
    """A whole screen: the tab's title and the markup; `status` is for the first answer."""

    title: str
    html: Markup
    status: int = 200
    is_plain: bool = False
    """It never comes alive: whatever it can do, it does without a socket."""


Page = Callable[[Asked], Awaitable[Screen]]


@dataclass(frozen=True, slots=True)
class Route:
    """An address: its pattern («/zkh/{account}/{service}»), its page, who may see it."""

    pattern: str
    page: Page
    is_public: bool = False
    """Answers without sign-in."""
    is_offered: Callable[[Flags], bool] = lambda _flags: True
    """Whether the operator's flags open it; closed, it answers «Раздел недоступен»."""
