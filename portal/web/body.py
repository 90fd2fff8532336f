"""How much a request may bring, and how long it may take over it."""

import asyncio
from enum import Enum, auto

from starlette.datastructures import Headers
from starlette.types import Message, Receive, Send

LARGEST_BODY = 64 * 1024
"""A form with every meter of a large house fits many times over."""
LARGEST_PHOTO = 1024 * 1024
"""A picture that the page has made smaller (300 KB at most) fits three times over."""
LARGEST_WITH_FILES = 16 * 1024 * 1024
"""The form of a browser without script, whose pictures are as the camera made them."""
_FILES = "multipart/form-data"

PATIENCE_SECONDS = 30.0
"""For the whole body: a form of readings takes the worst of networks a few seconds."""
PATIENCE_WITH_FILES_SECONDS = 180.0

_GONE: Message = {"type": "http.disconnect"}


class Interruption(Enum):
    """Why a request never became whole."""

    GONE = auto()
    TOO_LARGE = auto()
    TOO_SLOW = auto()


def largest(path: str, headers: Headers) -> int:
    """How many bytes a request to `path` may have."""
    if path == "/zkh/photo":
        return LARGEST_PHOTO
    has_files = headers.get("content-type", "").lower().startswith(_FILES)
    return LARGEST_WITH_FILES if path == "/zkh/check" and has_files else LARGEST_BODY


def is_declared_too_large(headers: Headers, limit: int) -> bool:
    """Whether it says itself that it is too large."""
    declared = headers.get("content-length", "0")
    return not declared.isdigit() or int(declared) > limit


class CappedBody:
    """Counts what really comes and how long it takes.  Past a limit the application sees the
    sender gone, whatever it then answers is dropped, and `interruption` says why.
    """

    def __init__(self, receive: Receive, send: Send, limit: int) -> None:
        self._receive = receive
        self._send = send
        self._limit = limit
        is_form = limit == LARGEST_BODY
        self._patience_seconds = PATIENCE_SECONDS if is_form else PATIENCE_WITH_FILES_SECONDS
        self._taken = 0
        self._ends_at: float | None = None
        self._is_whole = False
        self._has_answered = False
        self.interruption: Interruption | None = None

    async def receive(self) -> Message:
        try:
            message = await (self._receive() if self._is_whole else self._next_part())
        except TimeoutError:
            return self._interrupt(Interruption.TOO_SLOW)
        if message["type"] == "http.disconnect":
            return self._interrupt(Interruption.GONE)
        self._taken += len(message.get("body", b""))
        if self._taken > self._limit:
            return self._interrupt(Interruption.TOO_LARGE)
        self._is_whole = not message.get("more_body", False)
        return message

    async def send(self, message: Message) -> None:
        if self.interruption is not None:
            return
        self._has_answered = True
        await self._send(message)

    async def _next_part(self) -> Message:
        """Raises TimeoutError."""
        if self._ends_at is None:
            self._ends_at = asyncio.get_running_loop().time() + self._patience_seconds
        async with asyncio.timeout_at(self._ends_at):
            return await self._receive()

    def _interrupt(self, why: Interruption) -> Message:
        """Once the answer is on its way, it is too late."""
        if self.interruption is None and not self._has_answered:
            self.interruption = why
        return _GONE
