"""How much a request may bring."""

from starlette.datastructures import Headers
from starlette.types import Message, Receive, Send

LARGEST_BODY = 64 * 1024
"""A form with every meter of a large house fits many times over."""
LARGEST_PHOTO = 1024 * 1024
"""A picture that the page has made smaller (300 KB at most) fits three times over."""
LARGEST_WITH_FILES = 16 * 1024 * 1024
"""The form of a browser without script, whose pictures are as the camera made them."""
_FILES = "multipart/form-data"


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
    """Counts what really comes.  Past the limit the application sees the sender gone, whatever
    it then answers is dropped, and `overflowed` says why.
    """

    def __init__(self, receive: Receive, send: Send, limit: int) -> None:
        self._receive = receive
        self._send = send
        self._limit = limit
        self._taken = 0
        self._has_answered = False
        self.overflowed = False

    async def receive(self) -> Message:
        message = await self._receive()
        self._taken += len(message.get("body", b""))
        if self._taken <= self._limit:
            return message
        self.overflowed = not self._has_answered
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        if self.overflowed:
            return
        self._has_answered = True
        await self._send(message)
