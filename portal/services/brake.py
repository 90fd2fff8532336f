"""The brake on guessing passwords: it survives a restart and never locks anybody out for good.

A failure counts for its subject (the account that was named, or the known device that was used)
and for the network address.  A device from which the resident has signed in before is a subject of
its own and passes by the address, so a stranger's guessing cannot keep the owner out.  The known
devices of one account have a limit together as well: many of them are not many more tries.

The failure is written down before the password is looked at and taken back when it was right:
a crowd of parallel guesses is counted as well as a queue.
"""

import hashlib
import hmac
import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, text

from portal.db import journal
from portal.db.access import SignInAttempt
from portal.db.base import table_of
from portal.db.session import Session
from portal.domain.wording import counted
from portal.errors import Refused

WINDOW = timedelta(minutes=5)
FAILURES_PER_SUBJECT = 10
FAILURES_OF_ALL_DEVICES = 20
FAILURES_PER_ADDRESS = 20
# NIST SP 800-63B-4, 3.2.2: no more than 100 consecutive failures.  Ours slows down instead of
# locking: one try in a window, until the day is over.
FAILURES_PER_DAY = 100
DAY = timedelta(days=1)
_SECOND, _MINUTE = timedelta(seconds=1), timedelta(minutes=1)
_NETWORK_BITS_V6 = 64  # what one household or one attacker is given

_attempt = table_of(SignInAttempt)


class TooManyAttempts(Refused):
    """Not now; `wait` until the next try makes sense, `wait_seconds` as Retry-After wants it: the
    same time that the sentence says.
    """

    def __init__(self, wait: timedelta) -> None:
        self.wait = wait
        self.wait_seconds = _rounded_up(wait)
        super().__init__(f"Слишком много попыток. Повторите через {_in_words(self.wait_seconds)}")


@dataclass(frozen=True, slots=True)
class Guesser:
    """Whose tries are counted together; `is_known`: it has signed in here before.  What fails at
    one `door` of an address does not close its others.

    `together` are the subjects of the account's known devices, the oldest first.
    """

    subject: str
    address: str
    is_known: bool = False
    door: str = ""
    together: tuple[str, ...] = ()

    @property
    def place(self) -> str:
        """The network of the address, and the door where it is not the sign-in."""
        network = _network(self.address)
        return f"{self.door} {network}" if self.door else network


def subject_of(secret: bytes, kind: str, name: str) -> str:
    """A keyed digest: the table of attempts says nobody's name."""
    typed = f"{kind}:{name}".encode(errors="surrogatepass")
    return hmac.new(secret, typed, hashlib.sha256).hexdigest()[:32]


def judge(session: Session, guesser: Guesser, now: datetime) -> None:
    """Raises TooManyAttempts."""
    failures = _failures_of(session, (guesser.subject,), now)
    wait = _wait_of_subject(failures, FAILURES_PER_SUBJECT, now)
    if guesser.together:
        failures = _failures_of(session, guesser.together, now)
        wait = max(wait, _wait_of_subject(failures, FAILURES_OF_ALL_DEVICES, now))
    if not guesser.is_known:
        wait = max(wait, _wait_of_place(session, guesser.place, now))
    if wait > timedelta():
        raise TooManyAttempts(wait)


def begin(session: Session, guesser: Guesser, now: datetime) -> int:
    """Count a failure and answer its id.  Raises TooManyAttempts."""
    _queue_up(session, guesser)
    judge(session, guesser, now)
    return journal.add(
        session,
        SignInAttempt,
        subject=guesser.subject,
        address=guesser.place,
        at=now,
        succeeded=False,
    )


def succeed(session: Session, attempt_id: int) -> None:
    """It was the right password: the subject's failures until now count no more."""
    journal.change(session, SignInAttempt, attempt_id, succeeded=True)


def _failures_of(session: Session, subjects: Sequence[str], now: datetime) -> Sequence[datetime]:
    """When the day's consecutive failures were, the newest first."""
    of_subject = _attempt.c.subject.in_(subjects)
    last_success = (
        select(func.coalesce(func.max(_attempt.c.id), 0))
        .where(of_subject, _attempt.c.succeeded)
        .scalar_subquery()
    )
    return session.scalars(
        select(_attempt.c.at)
        .where(of_subject, _attempt.c.id > last_success, _attempt.c.at > now - DAY)
        .order_by(_attempt.c.at.desc())
        .limit(FAILURES_PER_DAY)
    ).all()


def _wait_of_subject(failures: Sequence[datetime], limit: int, now: datetime) -> timedelta:
    allowed = 1 if len(failures) >= FAILURES_PER_DAY else limit
    return _wait(failures, allowed, now)


def _wait_of_place(session: Session, place: str, now: datetime) -> timedelta:
    failures = session.scalars(
        select(_attempt.c.at)
        .where(
            _attempt.c.address == place,
            _attempt.c.at > now - WINDOW,
            _attempt.c.succeeded.is_(False),
        )
        .order_by(_attempt.c.at.desc())
        .limit(FAILURES_PER_ADDRESS)
    ).all()
    return _wait(failures, FAILURES_PER_ADDRESS, now)


def _wait(failures: Sequence[datetime], allowed: int, now: datetime) -> timedelta:
    """Until the oldest of the newest `allowed` failures leaves the window."""
    if len(failures) < allowed:
        return timedelta()
    return failures[allowed - 1] + WINDOW - now


def _queue_up(session: Session, guesser: Guesser) -> None:
    """One at a time counts and adds.  SQLite's write transactions do so anyway; PostgreSQL needs
    locks, always the address's before the subject's, so that no two wait for each other.
    """
    if session.is_postgresql:
        subject = guesser.together[0] if guesser.together else guesser.subject
        for name in (f"address:{guesser.place}", f"subject:{subject}"):
            lock = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
            session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": lock})


def _network(address: str) -> str:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "?"
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped is None:
        return str(ipaddress.IPv6Network((int(parsed), _NETWORK_BITS_V6), strict=False))
    return str(getattr(parsed, "ipv4_mapped", None) or parsed)


def _rounded_up(wait: timedelta) -> int:
    """Seconds: of more than a minute only whole minutes."""
    step = _SECOND if wait <= _MINUTE else _MINUTE
    return -(-wait // step) * step // _SECOND


def _in_words(seconds: int) -> str:
    """«3 секунды», «4 минуты»: in the accusative, as after «через»."""
    if seconds < _MINUTE // _SECOND:
        return f"{seconds} {counted(seconds, 'секунду', 'секунды', 'секунд')}"
    minutes = seconds // (_MINUTE // _SECOND)
    return f"{minutes} {counted(minutes, 'минуту', 'минуты', 'минут')}"
