"""Handing letters to a mail server by SMTP (RFC 5321), with bounds to our patience."""

import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from threading import Lock, Timer
from typing import Final

from portal.gateways.mail import Deferred, Envelope, Rejected, Unreachable
from portal.settings.mailing import SmtpServer

SILENCE_SECONDS: Final = 20.0
"""Of the server, between two of its words."""
PATIENCE_SECONDS: Final = 60.0
"""With one letter in all: a server that drips must not hold up the others."""
_WORDS_MAX: Final = 300
_READY, _DONE, _FORWARDED, _BYE, _GO_ON, _NEVER = 220, 250, 251, 421, 354, 500
_ABOUT_US: Final = "5.7."  # RFC 3463: policy, which says nothing of the address
# No line of eight bits, which a server need not take.
_POLICY: Final = SMTP.clone(cte_type="7bit")


class SmtpPost:
    """The real one; `silence` and `patience` are seconds."""

    def __init__(
        self,
        server: SmtpServer,
        silence: float = SILENCE_SECONDS,
        patience: float = PATIENCE_SECONDS,
    ) -> None:
        self._server = server
        self._silence = silence
        self._patience = patience
        self._lock = Lock()
        self._open: smtplib.SMTP | None = None

    @contextmanager
    def connected(self) -> Iterator["_Line"]:
        """Raises Unreachable: nobody there, no TLS where there must be, a wrong password."""
        client = self._client()
        self._hold(client)
        try:
            self._greet(client)
            yield _Line(client, self._patience)
        finally:
            self._hold(None)
            _leave(client)

    def hang_up(self) -> None:
        with self._lock:
            if self._open is not None:
                _cut(self._open)

    def _hold(self, client: smtplib.SMTP | None) -> None:
        with self._lock:
            self._open = client

    def _client(self) -> smtplib.SMTP:
        """Not connected yet: what cannot be hung up could drip for ever."""
        if self._server.is_tls:
            return smtplib.SMTP_SSL(timeout=self._silence, context=ssl.create_default_context())
        return smtplib.SMTP(timeout=self._silence)

    def _greet(self, client: smtplib.SMTP) -> None:
        try:
            with _limited(client, self._patience):
                self._handshake(client)
        except (smtplib.SMTPException, OSError) as fault:
            raise Unreachable(_told(fault)) from fault

    def _handshake(self, client: smtplib.SMTP) -> None:
        server = self._server
        # Whose certificate it must be: only the constructor would set it, and connect at once.
        client._host = server.host  # type: ignore[attr-defined]  # noqa: SLF001 - see above
        code, words = client.connect(server.host, server.port)
        if code != _READY:
            raise smtplib.SMTPConnectError(code, words)
        client.ehlo_or_helo_if_needed()
        if not server.is_tls and not server.is_this_machine:
            self._wrap(client)
        if server.login:
            client.login(server.login, server.password)

    def _wrap(self, client: smtplib.SMTP) -> None:
        """A password goes nowhere in the clear."""
        if self._server.login or client.has_extn("starttls"):
            client.starttls(context=ssl.create_default_context())
            client.ehlo_or_helo_if_needed()


class _Line:
    def __init__(self, client: smtplib.SMTP, patience: float) -> None:
        self._client = client
        self._patience = patience

    def send(self, envelope: Envelope) -> str:
        written = _written(envelope)
        try:
            with _limited(self._client, self._patience):
                self._begin(envelope)
                return self._finish(envelope, written)
        except smtplib.SMTPDataError as fault:
            raise Deferred(_told(fault), is_broken=fault.smtp_code == _BYE) from fault
        except (smtplib.SMTPException, OSError) as fault:
            raise Deferred(_told(fault), is_broken=True) from fault

    def _begin(self, envelope: Envelope) -> None:
        """What fails here is no fault of the letter.  Raises Unreachable."""
        try:
            self._client.rset()
            code, words = self._client.mail(envelope.sender.address)
        except (smtplib.SMTPException, OSError) as fault:
            raise Unreachable(_told(fault)) from fault
        if code != _DONE:
            raise Unreachable(_answer(code, words))

    def _finish(self, envelope: Envelope, written: bytes) -> str:
        code, words = self._client.rcpt(envelope.address)
        if code not in {_DONE, _FORWARDED}:
            raise _refusal(code, _answer(code, words))
        code, words = self._client.data(written)
        if code != _DONE:
            raise Deferred(_answer(code, words), is_broken=code == _BYE)
        return _answer(code, words)


def message_of(envelope: Envelope) -> EmailMessage:
    """Raises ValueError: a line break where a header is."""
    message = EmailMessage(policy=_POLICY)
    message["From"] = Address(envelope.sender.name, addr_spec=envelope.sender.address)
    message["To"] = Address(addr_spec=envelope.address)
    message["Subject"] = envelope.subject
    message["Date"] = format_datetime(envelope.written_at)
    message["Message-ID"] = envelope.message_id
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's holiday answers it
    message.set_content(envelope.text)
    message.add_alternative(envelope.html, subtype="html")
    return message


def _written(envelope: Envelope) -> bytes:
    """Raises Rejected: no letter can be made of it."""
    try:
        return message_of(envelope).as_bytes(policy=_POLICY)
    except ValueError as fault:
        raise Rejected(_told(fault)) from fault


def _refusal(code: int, words: str) -> Rejected | Deferred:
    if code >= _NEVER and _ABOUT_US not in words:
        return Rejected(words)
    return Deferred(words, is_broken=code == _BYE)


@contextmanager
def _limited(client: smtplib.SMTP, seconds: float) -> Iterator[None]:
    timer = Timer(seconds, _cut, [client])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _cut(client: smtplib.SMTP) -> None:
    """Whoever reads from the socket now has read to its end."""
    line = client.sock
    if line is not None:
        with suppress(OSError):
            line.shutdown(socket.SHUT_RDWR)


def _leave(client: smtplib.SMTP) -> None:
    """A server that has nothing more to say is not waited for."""
    with suppress(smtplib.SMTPException, OSError):
        client.putcmd("quit")
    client.close()


def _told(fault: Exception) -> str:
    if isinstance(fault, smtplib.SMTPResponseException):
        words = fault.smtp_error
        return _answer(fault.smtp_code, words.encode() if isinstance(words, str) else words)
    return _short(f"{type(fault).__name__}: {fault}")


def _answer(code: int, words: bytes) -> str:
    return _short(f"{code} {words.decode(errors='replace')}")


def _short(text: str) -> str:
    line = "".join(sign if sign.isprintable() else " " for sign in text)
    return " ".join(line.split())[:_WORDS_MAX]
