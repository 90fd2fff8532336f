"""The mail on its way out, as the portal sees it."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from portal.domain.letter import Sender


@dataclass(frozen=True, slots=True)
class Envelope:
    """A letter as it is handed over; `html` says the same as `text`, `address` is one that every
    server knows.
    """

    sender: Sender
    address: str
    subject: str
    text: str
    html: str
    message_id: str
    written_at: datetime


class Unsent(Exception):
    """A letter was not taken; str() is what the mail server said of it, for the log."""


class Unreachable(Unsent):
    """The mail server takes no letters at all now, whosoever."""


class Deferred(Unsent):
    """Not this letter, or not now.  After `is_broken` the connection is of no use."""

    def __init__(self, words: str, *, is_broken: bool = False) -> None:
        super().__init__(words)
        self.is_broken = is_broken


class Rejected(Unsent):
    """This letter never: its address is wrong."""


class Line(Protocol):
    """An open connection to a mail server."""

    def send(self, envelope: Envelope) -> str:
        """The server's words, once it has taken the letter upon itself.  Raises Unsent."""
        ...


class Post(Protocol):
    """Who takes letters."""

    def connected(self) -> AbstractContextManager[Line]:
        """Raises Unreachable."""
        ...

    def hang_up(self) -> None:
        """Let whoever waits for the server wait no longer; from another thread."""
        ...
