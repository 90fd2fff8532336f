"""A mail server with a temper, on a port of the loopback interface."""

import asyncio
import ssl
import threading
import warnings
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from typing import Any, Self

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword
from aiosmtpd.smtp import Session as MailSession

from portal.settings.mailing import SmtpServer
from tests.support.processes import LOOPBACK

ACCEPTED = "250 2.0.0 Ok: queued"
LOGIN, PASSWORD = "lk", "p@ss:word/1"
Mood = Callable[[str], Awaitable[str]]
"""From an address to what is answered."""


def always(answer: str) -> Mood:
    async def mood(_address: str) -> str:
        return answer

    return mood


def first(answer: str, times: int = 1) -> Mood:
    """As greylists do: so often for each address, then it is welcome."""
    seen: dict[str, int] = {}

    async def mood(address: str) -> str:
        seen[address] = seen.get(address, 0) + 1
        return answer if seen[address] <= times else ACCEPTED

    return mood


async def silence(_address: str) -> str:
    """For ever."""
    await asyncio.Event().wait()
    raise AssertionError("unreachable")


async def hanging_up(_address: str) -> str:
    raise ConnectionResetError


@dataclass
class Temper:
    """What RCPT and DATA are answered, and what happens to a letter before it is."""

    rcpt: Mood = field(default=always("250 Ok"))
    data: Mood = field(default=always(ACCEPTED))
    is_careful: bool = False
    """Asks for a password."""
    is_deaf: bool = False
    """Takes a letter upon itself before it asks `data` what to say."""
    tls: ssl.SSLContext | None = None
    is_tls_first: bool = False


class MailServer:
    """`with MailServer(Temper(rcpt=…)) as server: … server.letters`."""

    def __init__(self, temper: Temper | None = None) -> None:
        self.temper = temper or Temper()
        self.letters: list[EmailMessage] = []
        self.tried: list[str] = []
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._is_ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    @property
    def settings(self) -> SmtpServer:
        who = (LOGIN, PASSWORD) if self.temper.is_careful else ("", "")
        return SmtpServer(LOOPBACK, self.port, self.temper.is_tls_first, *who)

    @property
    def url(self) -> str:
        return f"smtp://{LOOPBACK}:{self.port}"

    def addresses(self) -> list[str]:
        return [str(letter["To"]) for letter in self.letters]

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._is_ready.wait(60)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        is_first = self.temper.is_tls_first
        server = self._loop.run_until_complete(
            self._loop.create_server(
                self._protocol, LOOPBACK, 0, ssl=self.temper.tls if is_first else None
            )
        )
        self.port = server.sockets[0].getsockname()[1]
        self._is_ready.set()
        self._loop.run_forever()
        server.close()
        tasks = asyncio.all_tasks(self._loop)
        for task in tasks:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        self._loop.close()

    def _protocol(self) -> SMTP:
        careful: dict[str, Any] = {
            "authenticator": _knows, "auth_required": True, "auth_require_tls": False,
        }  # fmt: skip
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # its advice to those who open it to the world
            return SMTP(
                self,
                hostname="mail.example.ru",
                loop=self._loop,
                tls_context=None if self.temper.is_tls_first else self.temper.tls,
                **(careful if self.temper.is_careful else {}),
            )

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: MailSession, envelope: Envelope, address: str, options: Any
    ) -> str:
        self.tried.append(address)
        answer = await self.temper.rcpt(address)
        if answer.startswith("2"):
            envelope.rcpt_tos.append(address)
            envelope.rcpt_options.extend(options)
        return answer

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: MailSession, envelope: Envelope
    ) -> str:
        assert isinstance(envelope.content, bytes)
        letter = BytesParser(policy=default).parsebytes(envelope.content)
        assert isinstance(letter, EmailMessage)
        if self.temper.is_deaf:
            self.letters.append(letter)
        answer = await self.temper.data(str(letter["To"]))
        if answer.startswith("250") and not self.temper.is_deaf:
            self.letters.append(letter)
        return answer


def _knows(
    _server: SMTP, _session: MailSession, _envelope: Envelope, _how: str, data: object
) -> AuthResult:
    is_known = data == LoginPassword(LOGIN.encode(), PASSWORD.encode())
    return AuthResult(success=is_known, handled=False)
