"""What stands between a device and the portal, on a bad day."""

import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Self

import httpx

from tests.support.processes import LOOPBACK

_PASSED_ON = ("authorization", "content-type", "idempotency-key")


@dataclass(frozen=True)
class Said:
    """An answer of the gateway's own; without a status it hangs up."""

    status: int = 0
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)


class Gateway:
    """`with Gateway(server.url, Said(502)) as gateway: httpx.post(gateway.url)`.

    It passes every request on, but the portal's first answers are lost: instead of each it says
    one of `troubles`.  `numbers` and `moments` tell the requests that came.
    """

    def __init__(self, upstream: str, *troubles: Said) -> None:
        self.numbers: list[str] = []
        self.moments: list[float] = []
        self._upstream = upstream
        self._troubles = list(troubles)
        self._server = HTTPServer((LOOPBACK, 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _answer(self, path: str, headers: dict[str, str], body: bytes) -> Said:
        self.numbers.append(headers["idempotency-key"])
        self.moments.append(time.monotonic())
        answer = httpx.post(self._upstream + path, content=body, headers=headers, timeout=60)
        if self._troubles:
            return self._troubles.pop(0)
        kind = {"content-type": answer.headers["content-type"]}
        return Said(answer.status_code, answer.text, kind)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        gateway = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                headers = {name: self.headers[name] for name in _PASSED_ON}
                said = gateway._answer(self.path, headers, body)
                if said.status:
                    self.send_response(said.status)
                    for name, value in said.headers.items():
                        self.send_header(name, value)
                    self.end_headers()
                    self.wfile.write(said.body.encode())

            def log_message(self, *_: object) -> None:
                pass

        return Handler
