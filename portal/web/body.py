"""How much a request may bring."""

from starlette.datastructures import Headers
from starlette.types import Message, Receive, Send

LARGEST_BODY = 64 * 1024
"""A form with every meter of a large house fits many times over."""


def is_declared_too_large(headers: Headers) -> bool:
    """Whether it says itself that it is too large."""
    declared = headers.get("content-length", "0")
    return not declared.isdigit() or int(declared) > LARGEST_BODY


class CappedBody:
    """Counts what really comes.  Past the limit the application sees the sender gone, whatever
    it then answers is dropped, and `overflowed` says why.
    """

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive = receive
        self._send = send
        self._taken = 0
        self._has_answered = False
        self.overflowed = False

    async def receive(self) -> Message:
        message = await self._receive()
        self._taken += len(message.get("body", b""))
        if self._taken <= LARGEST_BODY:
            return message
        self.overflowed = not self._has_answered
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        if self.overflowed:
            return
        self._has_answered = True
        await self._send(message)
