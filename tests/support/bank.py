"""Banks for tests: one without a network that says whatever it is told to, and a real server that
behaves like the real one until it is told to misbehave.
"""

import json
import threading
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from uuid import uuid4

from portal.domain.paying import CURRENCY, BankRefund, BankTold
from portal.gateways.acquiring import NewPayment, NewRefund, Shop, Unreachable
from tests.support.processes import LOOPBACK


class FakeBank:
    """An Acquirer.  `truth` is what it knows of each payment, by its own numbers."""

    def __init__(self) -> None:
        self.truth: dict[str, BankTold] = {}
        self.refunds: dict[str, BankRefund] = {}
        self.is_down = False
        self.asked: Counter[str] = Counter()

    async def create(self, _shop: Shop, new: NewPayment) -> BankTold:
        self._is_asked("create")
        number = f"bank-{new.token}"
        begun = BankTold(
            number, "pending", False, new.amount, CURRENCY, new.account, new.token,
            f"https://bank.example/{number}", raw=f'{{"id": "{number}"}}',
        )  # fmt: skip
        return self.truth.setdefault(number, begun)

    async def find(self, _shop: Shop, external_id: str) -> BankTold:
        self._is_asked("find")
        if external_id not in self.truth:
            raise Unreachable("no such payment")
        return self.truth[external_id]

    async def find_refund(self, _shop: Shop, external_id: str) -> BankRefund:
        self._is_asked("find_refund")
        if external_id not in self.refunds:
            raise Unreachable("no such refund")
        return self.refunds[external_id]

    async def give_back(self, _shop: Shop, new: NewRefund) -> BankRefund:
        self._is_asked("give_back")
        number = f"back-{new.token}"
        begun = BankRefund(number, new.payment_number, "pending", new.amount, CURRENCY, None)
        return self.refunds.setdefault(number, begun)

    def pays(self, number: str, **more: Any) -> None:
        """The truth of a payment becomes that it is paid."""
        paid: dict[str, Any] = {"status": "succeeded", "is_paid": True} | more
        self.truth[number] = replace(self.truth[number], **paid)

    def _is_asked(self, what: str) -> None:
        self.asked[what] += 1
        if self.is_down:
            raise Unreachable("down")


class BankServer:
    """`with BankServer() as bank: YooKassa().find(Shop("1", "s", bank.url), …)`.

    `mood` is how it misbehaves from now on: "cut", "drip", or a status with a body.  `requests` is
    what came, in order.  After `hold` it does what it is asked, and does not answer; `has_heard`
    says that it has heard something.
    """

    def __init__(self) -> None:
        self.mood: Any = None
        self.payments: dict[str, dict[str, Any]] = {}
        self.keys: dict[str, str] = {}
        self.requests: list[tuple[str, str, dict[str, str], bytes]] = []
        self.has_heard, self.may_answer = threading.Event(), threading.Event()
        self.is_over = threading.Event()
        self.may_answer.set()
        self._server = ThreadingHTTPServer(
            (LOOPBACK, 0), type("Handler", (_Handler,), {"bank": self})
        )
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self._server.server_port}/v3"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.is_over.set()
        self.may_answer.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def hold(self) -> None:
        """From now on hear, and do, and do not answer."""
        self.has_heard.clear()
        self.may_answer.clear()

    def pay(self, number: str) -> None:
        self.payments[number] |= {"status": "succeeded", "paid": True}

    def answer(self, method: str, path: str, key: str, body: bytes) -> dict[str, Any] | None:
        if method == "GET":
            return self.payments.get(path.rpartition("/")[2])
        if path.endswith("/refunds"):  # which only its mood answers
            return None
        if key not in self.keys:
            asked = json.loads(body)
            number = self.keys[key] = str(uuid4())
            page = {"type": "redirect", "confirmation_url": f"https://bank.example/{number}"}
            self.payments[number] = {
                "id": number, "status": "pending", "paid": False, "amount": asked["amount"],
                "metadata": asked["metadata"], "confirmation": page,
            }  # fmt: skip
        return self.payments[self.keys[key]]


class _Handler(BaseHTTPRequestHandler):
    bank: BankServer

    def do_GET(self) -> None:
        self._speak(b"")

    def do_POST(self) -> None:
        self._speak(self.rfile.read(int(self.headers["content-length"])))

    def _speak(self, body: bytes) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.bank.requests.append((self.command, self.path, headers, body))
        told = self.bank.answer(self.command, self.path, headers.get("idempotence-key", ""), body)
        self.bank.has_heard.set()
        self.bank.may_answer.wait()
        with suppress(OSError):  # whoever asked has had enough
            self._answer(json.dumps(told).encode() if told else b"")

    def _answer(self, told: bytes) -> None:
        match self.bank.mood:
            case "cut":
                self._tell(200, told[:20], len(told))
            case "drip":
                self._drip(told)
            case (int(status), bytes(body)):
                self._tell(status, body, len(body))
            case _:
                self._tell(200 if told else 404, told, len(told))

    def _tell(self, status: int, raw: bytes, length: int) -> None:
        self.send_response(status)
        self.send_header("content-length", str(length))
        if 300 <= status < 400:
            self.send_header("location", self.bank.url)
        self.end_headers()
        self.wfile.write(raw)

    def _drip(self, told: bytes) -> None:
        """A sign now and then: no single wait is long."""
        self._tell(200, b"", len(told) + 1000)
        while not self.bank.is_over.wait(0.05):
            self.wfile.write(b" ")
            self.wfile.flush()

    def log_message(self, *_: object) -> None:
        pass
