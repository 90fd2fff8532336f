"""The settings in force, and how a person is shown them: each value beside where it came from."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from portal.domain.letter import Letterhead, Sender
from portal.settings.deployment import (
    ANY_HOST,
    DEFAULT,
    Network,
    made_origin,
    secret_variable,
)
from portal.settings.flags import FLAGS, IDLE, Flags
from portal.settings.mailing import SmtpServer
from portal.settings.pattern import CategoryPattern
from portal.settings.secret import installation_secret

_WIDEST_VALUE = 48
_PASSWORD = re.compile(r"(://[^:/?#]*:).*@")
_PASSWORD_PARAMETER = re.compile(r"([?&][^=&]*(?:pass|secret|token)[^=&]*=)[^&]*", re.IGNORECASE)
_MASK = r"\1***"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """`origins` says of every flag and variable where its value came from."""

    flags: Flags
    config_file: Path | None
    data_dir: Path
    database_url: str = field(repr=False)  # may hold a password
    host: str
    port: int
    secret: bytes | None = field(repr=False)
    public_url: str | None
    trusted_proxies: tuple[Network, ...]
    photos_dir: Path
    """Not among what is served; a demonstration has its own."""
    photo_keep_days: int
    smtp: SmtpServer | None
    mail_from: Sender | None
    origins: Mapping[str, str] = field(repr=False, compare=False)
    pay_secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Of the banks' shops, by the names of their variables."""
    strangers: tuple[str, ...] = field(default=(), repr=False, compare=False)
    """Sentences about names in the file that look like ours and are not."""

    @property
    def allowed_origins(self) -> tuple[str, ...]:
        """The origins a browser may send from: the public one, else this very machine."""
        if self.public_url is not None:
            return (self.public_url,)
        return tuple(made_origin("http", name, self.port) for name in ("localhost", "127.0.0.1"))

    @property
    def usual_origin(self) -> str:
        """Where people are sent to of whom nothing else is known."""
        return self.allowed_origins[-1]

    @property
    def own_address(self) -> str:
        """Where this portal finds itself, on this machine."""
        host = "127.0.0.1" if self.host in ANY_HOST else self.host
        return made_origin("http", host, self.port)

    def pay_secret(self, channel: str) -> str | None:
        """What a channel's shop is asked with; None: nobody has set it."""
        return self.pay_secrets.get(secret_variable(channel))

    @property
    def letterhead(self) -> Letterhead | None:
        """What residents' letters have in common; None: they get none, for there is no mail server,
        or nowhere to say that one does not want them.
        """
        is_offered = self.flags.menu_notices and self.flags.menu_profile
        if self.smtp is None or self.mail_from is None or not is_offered:
            return None
        return Letterhead(self.mail_from, self.public_url or "")

    def signing_secret(self) -> bytes:
        """ZHKH_SECRET, or the installation's own; raises as installation_secret does."""
        return self.secret or installation_secret(self.data_dir)


def effective_lines(settings: Settings) -> list[str]:
    """`name  value  origin` in columns, variables first, then flags; passwords are masked."""
    rows = [*_variables(settings), *_flags(settings)]
    name_width = max(len(name) for name, _ in rows)
    value_width = max(len(value) for _, value in rows)
    return [
        f"{name:<{name_width}}  {value:<{value_width}}  {_origin(settings, name)}"
        for name, value in rows
    ]


def _origin(settings: Settings, name: str) -> str:
    """A flag whose page does not exist yet says so, where somebody has set it."""
    origin = settings.origins[name]
    is_idle = name in IDLE and origin != DEFAULT
    return f"{origin}: прочитано, пока не используется" if is_idle else origin


def masked(database_url: str) -> str:
    """The address without its password, in whichever of its two places it stands."""
    return _PASSWORD_PARAMETER.sub(_MASK, _PASSWORD.sub(rf"{_MASK}@", database_url))


def _variables(settings: Settings) -> Iterator[tuple[str, str]]:
    proxies = ", ".join(str(network) for network in settings.trusted_proxies)
    secret = "задан, скрыт" if settings.secret else "свой, в папке данных"
    yield "ZHKH_CONFIG", _short(str(settings.config_file or "нет"))
    yield "ZHKH_DATA_DIR", str(settings.data_dir)
    yield "ZHKH_DATABASE_URL", masked(settings.database_url)
    yield "ZHKH_HOST", settings.host
    yield "ZHKH_PORT", str(settings.port)
    yield "ZHKH_SECRET", secret
    yield "ZHKH_PUBLIC_URL", settings.public_url or f"нет, только {settings.allowed_origins[0]}"
    yield "ZHKH_TRUSTED_PROXIES", proxies or "нет"
    yield "ZHKH_PHOTO_KEEP_DAYS", str(settings.photo_keep_days)
    for name in sorted(settings.pay_secrets):
        yield name, "задан, скрыт"
    yield "ZHKH_SMTP_URL", _short(str(settings.smtp or "нет, писем не будет"))
    yield "ZHKH_MAIL_FROM", _short(str(settings.mail_from or "нет"))


def _flags(settings: Settings) -> Iterator[tuple[str, str]]:
    for spec in FLAGS:
        yield spec.name, _shown(spec.of(settings.flags))


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "да" if value else "нет"
    if isinstance(value, CategoryPattern):
        return value.written
    return _short(value) if isinstance(value, str) else str(value)


def _short(text: str) -> str:
    line = " ".join(text.split()) or "пусто"
    return line if len(line) <= _WIDEST_VALUE else f"{line[: _WIDEST_VALUE - 1]}…"
