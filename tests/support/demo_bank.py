"""The demonstration's bank as a real server."""

import asyncio
import threading
from pathlib import Path
from typing import Any

import uvicorn
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from portal.demo_bank.bank import DemoBank, Listener
from tests.support.processes import LOOPBACK, free_port
from tests.support.waiting import wait_until


class Served:
    """The sandbox behind a port of its own, and the notifications that it has sent.

    Asked to give money back it may be "deaf", which hears and does nothing, or "mute", which does
    it, and tells of it, but does not answer; either until `release`.  `has_heard` says when.
    """

    def __init__(self, file: Path) -> None:
        self.heard: list[dict[str, Any]] = []
        self.url = f"http://{LOOPBACK}:{free_port()}"
        self.file = file
        self.mood: str | None = None
        self.has_heard, self._may_answer = threading.Event(), threading.Event()

    def start(self) -> uvicorn.Server:
        listener = Listener(f"{self.url}/told", "lk.example.ru")
        bank = DemoBank(self.file, listener, self.url).app()
        bank.add_route("/told", self._hear, methods=["POST"])
        port = int(self.url.rpartition(":")[2])
        config = uvicorn.Config(self._before(bank), host=LOOPBACK, port=port, log_level="critical")
        server = uvicorn.Server(config)
        self._thread = threading.Thread(target=server.run, daemon=True)
        self._thread.start()
        wait_until(lambda: server.started, "the bank listens", 60)
        return server

    def stop(self, server: uvicorn.Server) -> None:
        server.should_exit = True
        self._thread.join()

    async def _hear(self, request: Any) -> Any:
        assert request.headers["host"] == "lk.example.ru"
        self.heard.append(await request.json())
        return Response()

    def turns(self, mood: str) -> None:
        self.mood = mood
        self.has_heard.clear()
        self._may_answer.clear()

    def release(self) -> None:
        """From now on it does as it is asked."""
        self.mood = None
        self._may_answer.set()

    def _before(self, bank: ASGIApp) -> ASGIApp:
        async def moody(scope: Scope, receive: Receive, send: Send) -> None:
            mood = self.mood if scope.get("path") == "/v3/refunds" else None
            if mood is None:
                await bank(scope, receive, send)
                return
            answer: list[Any] = []

            async def keep(message: Any) -> None:
                answer.append(message)

            deaf = Response(status_code=500)
            await (bank if mood == "mute" else deaf)(scope, receive, keep)
            self.has_heard.set()
            await asyncio.to_thread(self._may_answer.wait)
            for message in answer:
                await send(message)

        return moody
