"""The one live element of a page: our markup, and the way by which another takes its place."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup
from nicegui import ui
from nicegui.events import GenericEventArguments


@dataclass(frozen=True, slots=True)
class Wish:
    """A page that the person asked for; `number` grows with every tap of one tab."""

    number: int
    address: str


class Fragment(ui.element, component="fragment.js"):
    """Takes over what the first answer painted.  Later screens are sent and not kept: what a
    client costs the server does not grow with its pages.
    """

    def __init__(self, on_wish: Callable[[Wish], Any]) -> None:
        super().__init__()
        self._on_wish = on_wish
        self.on("wish", self._wished)

    def show(self, wish: Wish, *, title: str, html: Markup) -> None:
        """Put a screen in the place of the present one.  `wish.address` is where it stands."""
        self.run_method("show", wish.number, wish.address, title, str(html))

    def refresh(self, address: str, html: Markup) -> None:
        """The same page anew, if it is still `address` that is shown: typed values, the caret
        and what is open stay as they are.
        """
        self.run_method("refresh", address, str(html))

    def leave(self, address: str) -> None:
        """Load `address` as a page of its own."""
        self.run_method("leave", address)

    def _wished(self, event: GenericEventArguments) -> Any:  # noqa: ANN401 - what the handler gives
        match event.args:
            case {"number": int(number), "address": str(address)}:
                return self._on_wish(Wish(number, address))
            case _:
                return None
