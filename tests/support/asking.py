"""Requests by the thousand right into an application: a client of HTTP would take as much time
around each of them as the whole portal does for it.
"""

import asyncio
from collections.abc import MutableMapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.types import ASGIApp


@dataclass(frozen=True)
class Answer:
    status_code: int
    content: bytes

    @property
    def text(self) -> str:
        return self.content.decode()


@dataclass(frozen=True)
class Asking:
    """Somebody at `address`, who says no more of himself than a machine does."""

    app: ASGIApp
    host: str
    address: str

    async def get(self, path: str, query: str) -> Answer:
        return await self._ask("GET", path, query.encode(), b"", ())

    async def post(self, path: str, content: bytes, kind: str | None = None) -> Answer:
        """`kind` is the content type, should he tell it."""
        headers = [(b"content-length", b"%d" % len(content))]
        if kind is not None:
            headers.append((b"content-type", kind.encode()))
        return await self._ask("POST", path, b"", content, headers)

    async def _ask(
        self,
        method: str,
        path: str,
        query: bytes,
        content: bytes,
        headers: Sequence[tuple[bytes, bytes]],
    ) -> Answer:
        """Raises what the application raises."""
        come = [{"type": "http.request", "body": content, "more_body": False}]
        told: list[MutableMapping[str, Any]] = []
        is_over = asyncio.Event()

        async def receive() -> MutableMapping[str, Any]:
            if come:
                return come.pop()
            await is_over.wait()
            return {"type": "http.disconnect"}

        async def send(message: MutableMapping[str, Any]) -> None:
            told.append(message)
            if message["type"] == "http.response.body" and not message.get("more_body"):
                is_over.set()

        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "scheme": "http",
            "method": method, "path": path, "raw_path": path.encode(), "query_string": query,
            "headers": [(b"host", self.host.encode()), (b"accept", b"*/*"), *headers],
            "server": (self.host.partition(":")[0], None), "client": (self.address, 40_000),
            "root_path": "",
        }  # fmt: skip
        await self.app(scope, receive, send)
        assert is_over.is_set(), told
        return Answer(told[0]["status"], b"".join(each.get("body", b"") for each in told[1:]))
