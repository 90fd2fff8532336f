"""How letters leave: the mail server, and in whose name."""

from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote, urlsplit

from portal.domain.letter import Sender, parse_sender
from portal.domain.profile import ContactFault
from portal.settings.deployment import host, is_within, networks
from portal.settings.faults import Impossible

_PORTS: Final = {"smtp": 587, "smtps": 465}
_URL_ADVICE: Final = (
    "Запишите адрес почтового сервера: smtp://имя:пароль@сервер:587 или smtps://имя:пароль@сервер, "
    "знаки @ : / % в имени и пароле в виде %40 %3A %2F %25"
)
_FROM_ADVICE: Final = "Запишите, от кого письма, например ООО «Дом» <lk@example.ru>"
NOBODY_WRITES: Final = f"Переменная ZHKH_SMTP_URL есть, а ZHKH_MAIL_FROM нет. {_FROM_ADVICE}."
_LOOPBACK: Final = networks("127.0.0.0/8, ::1")


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Where letters are handed over.  `is_tls` speaks TLS from the first byte; else STARTTLS is
    taken where it is offered, and whoever has a password wants it.
    """

    host: str
    port: int
    is_tls: bool
    login: str = field(default="", repr=False)
    password: str = field(default="", repr=False)

    @property
    def is_this_machine(self) -> bool:
        """Nobody can listen on the way."""
        return self.host == "localhost" or is_within(self.host, _LOOPBACK)

    def __str__(self) -> str:
        """Without the name and the password."""
        scheme = "smtps" if self.is_tls else "smtp"
        who = "***@" if self.login else ""
        name = f"[{self.host}]" if ":" in self.host else self.host
        return f"{scheme}://{who}{name}:{self.port}"


def smtp_server(written: str) -> SmtpServer:
    try:
        parts = urlsplit(written)
        name, port = parts.hostname or "", parts.port
    except ValueError as fault:
        raise Impossible(_URL_ADVICE) from fault
    login, password = unquote(parts.username or ""), unquote(parts.password or "")
    is_whole = parts.scheme in _PORTS and parts.path in {"", "/"} and port != 0
    if not is_whole or parts.query or parts.fragment or bool(login) != bool(password):
        raise Impossible(_URL_ADVICE)
    if not (login + password).isprintable():
        raise Impossible(_URL_ADVICE)
    return SmtpServer(
        host(name), port or _PORTS[parts.scheme], parts.scheme == "smtps", login, password
    )


def mail_from(written: str) -> Sender:
    try:
        return parse_sender(written)
    except ContactFault as fault:
        raise Impossible(_FROM_ADVICE) from fault
