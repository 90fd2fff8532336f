"""Which channel a message comes through: by its network, its password, its certificate."""

import hmac
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import Row, Select, bindparam, select

from portal.db.base import table_of
from portal.db.incoming import PayChannel
from portal.db.session import Session
from portal.domain.incoming import Unspoken
from portal.domain.money import Money
from portal.services import brake
from portal.services.brake import Guesser
from portal.services.tokens import token_digest
from portal.settings.deployment import Network, is_within, networks

LOOPBACK: Final = networks("127.0.0.0/8, ::1")
YOOKASSA: Final = networks(
    "185.71.76.0/27, 185.71.77.0/27, 77.75.153.0/25, 77.75.154.128/25, 77.75.156.11, 77.75.156.35,"
    " 2a02:5180:0:1509::/64, 2a02:5180:0:2655::/64, 2a02:5180:0:1533::/64, 2a02:5180:0:2669::/64"
)
"""Where its notifications come from (yookassa.ru/developers/using-api/webhooks)."""
_DOOR: Final = "pay"
_channel = table_of(PayChannel)


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel of the operator's; a bound that is None is none."""

    channel_id: int
    key: str
    operator_id: int
    account_pattern: str | None = None
    amount_min: Money | None = None
    amount_max: Money | None = None
    is_open: bool = True


@dataclass(frozen=True, slots=True)
class Knock:
    """How a message comes; `certificate` is the word of a trusted proxy."""

    dialect: str
    key: str | None
    address: str
    login: str | None = None
    password: str = field(default="", repr=False)
    certificate: str = ""


@dataclass(frozen=True, slots=True)
class Closed:
    """No channel fits, or several do; `why` is for the log alone."""

    why: str
    wants_password: bool = False
    is_wrong_password: bool = False


def enter(session: Session, secret: bytes, knock: Knock, now: datetime) -> Channel | Closed:
    """The one channel that the message fits: changes nothing.

    Raises TooManyAttempts: its password is wrong, and so were many before it.
    """
    near = [row for row in _rows(session, knock) if _is_near(row, knock)]
    if not near:
        return Closed("no channel for this address or certificate")
    fitting = [row for row in near if row.login is None or _knows(row, knock)]
    if len(fitting) > 1:
        return Closed(f"several channels fit: {', '.join(row.key for row in fitting)}")
    if fitting:
        return entered(fitting[0])
    if knock.login is None:
        return Closed("no password", wants_password=True)
    brake.judge(session, _guesser(secret, knock), now)
    return Closed("a wrong password", is_wrong_password=True)


def count_failure(session: Session, secret: bytes, knock: Knock, now: datetime) -> None:
    """A wrong password, for the brake.  Raises TooManyAttempts."""
    brake.begin(session, _guesser(secret, knock), now)


def _rows(session: Session, knock: Knock) -> list[Row[Any]]:
    asked = {"dialect": knock.dialect}
    if knock.key is None:
        return list(session.execute(_OF_DIALECT, asked))
    if "\0" in knock.key:  # which PostgreSQL does not even compare
        return []
    return list(session.execute(_CALLED, asked | {"key": knock.key}))


# Made once and kept: they run with every message.
_OF_DIALECT: Final[Select[Any]] = (
    select(_channel).where(_channel.c.dialect == bindparam("dialect")).order_by(_channel.c.id)
)
_CALLED: Final = _OF_DIALECT.where(_channel.c.key == bindparam("key"))


def _is_near(row: Row[Any], knock: Knock) -> bool:
    if row.certificate is not None and not _same(row.certificate, knock.certificate):
        return False
    is_yookassa = row.dialect == Unspoken.YOOKASSA and row.base_url is None
    usual = YOOKASSA if is_yookassa else LOOPBACK
    return is_within(knock.address, _networks(row.networks) or usual)


@cache
def _networks(written: str) -> tuple[Network, ...]:
    return networks(written)


def _knows(row: Row[Any], knock: Knock) -> bool:
    is_right = hmac.compare_digest(row.secret_digest or "", token_digest(knock.password))
    return is_right and _same(row.login, knock.login or "")


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode(errors="surrogatepass"))


def _guesser(secret: bytes, knock: Knock) -> Guesser:
    subject = brake.subject_of(secret, "channel", knock.login or "")
    return Guesser(subject, knock.address, door=_DOOR)


def entered(row: Row[Any]) -> Channel:
    """The channel of a row of its table."""
    return Channel(
        channel_id=row.id,
        key=row.key,
        operator_id=row.operator_id,
        account_pattern=row.account_pattern,
        amount_min=row.amount_min,
        amount_max=row.amount_max,
        is_open=row.is_open,
    )
