"""Signing in: name and password in, a session out.

Two transactions with the hashing between them: `open_attempt` counts the try and finds whom it
concerns, `Attempt.judge` (24 ms of a core: run it in a PasswordQueue) compares, `admit` starts the
session.  An unknown name goes the same way, with a hash that nobody's password has.
"""

import unicodedata
from dataclasses import dataclass, field
from datetime import datetime
from secrets import token_urlsafe
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, case, literal, select, union_all

from portal.db import journal
from portal.db.access import KnownDevice
from portal.db.base import table_of
from portal.db.folding import fold
from portal.db.parties import Agreement, Resident
from portal.db.session import Session
from portal.domain.identity import ResidentId
from portal.errors import Refused
from portal.services import brake, passwords, sessions
from portal.services.sessions import Browser, NewSession, token_digest

NAME_MAX = 200
DEVICES_MAX = 5  # residents of one household who share a browser
_TOKEN_BYTES = 32

_resident, _agreement = table_of(Resident), table_of(Agreement)
_known_device = table_of(KnownDevice)


class WrongPassword(Refused):
    """One sentence for an unknown name and for a wrong password."""

    def __init__(self) -> None:
        super().__init__("Неверный логин или пароль")


@dataclass(frozen=True, slots=True)
class Verdict:
    """`renewed_hash`: the right password, hashed anew because the stored hash is outdated."""

    is_right: bool
    renewed_hash: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Attempt:
    """A counted try; `resident` is None when nobody bears the name."""

    attempt_id: int
    resident: ResidentId | None
    password_hash: str | None = field(repr=False)
    is_device_known: bool
    subject: str
    """For the log: whose tries these are, without a name."""

    def judge(self, password: str) -> Verdict:
        """The same work for every name, known or not."""
        if not passwords.verify_password(password, self.password_hash):
            return Verdict(is_right=False)
        outdated = passwords.is_outdated(self.password_hash or "")
        return Verdict(True, passwords.hash_password(password) if outdated else None)


@dataclass(frozen=True, slots=True)
class Admission:
    """What the browser is given; `device_token` is None when its device was known already."""

    session: NewSession
    must_change_password: bool
    device_token: str | None = field(repr=False)


def tidy_name(typed: str) -> str:
    """An agreement number or a login without its edges and without the invisible marks that come
    along when it is copied from a message, in NFC.
    """
    text = unicodedata.normalize("NFC", typed[:NAME_MAX])
    return "".join(sign for sign in text if unicodedata.category(sign)[0] != "C").strip()


def braked(session: Session, secret: bytes, name: str, browser: Browser, now: datetime) -> None:
    """The brake alone: who is refused by it shall not even wait for the database's one writer.

    Raises TooManyAttempts.
    """
    _, guesser = _whom(session, secret, name, browser)
    brake.judge(session, guesser, now)


def open_attempt(
    session: Session, secret: bytes, name: str, browser: Browser, now: datetime
) -> Attempt:
    """Count a try.  Raises TooManyAttempts: then no password is looked at."""
    row, guesser = _whom(session, secret, name, browser)
    return Attempt(
        attempt_id=brake.begin(session, guesser, now),
        resident=ResidentId(row.id) if row else None,
        password_hash=row.password_hash if row else None,
        is_device_known=guesser.is_known,
        subject=guesser.subject,
    )


def admit(
    session: Session,
    resident: ResidentId,
    attempt: Attempt,
    verdict: Verdict,
    browser: Browser,
    now: datetime,
    *,
    remembered: bool,
) -> Admission:
    """Start the session of a right password.

    Raises WrongPassword: it was wrong, or it was changed while it was being compared.
    """
    row = session.execute(
        select(_resident.c.password_hash, _resident.c.must_change_password)
        .where(_resident.c.id == resident)
        .with_for_update(key_share=True)
    ).one_or_none()
    is_own = attempt.resident == resident and verdict.is_right
    if row is None or not is_own or row.password_hash != attempt.password_hash:
        raise WrongPassword
    brake.succeed(session, attempt.attempt_id)
    if verdict.renewed_hash is not None:
        journal.change(session, Resident, resident, password_hash=verdict.renewed_hash)
    device_token = None if attempt.is_device_known else _know_device(session, resident, now)
    new = sessions.start_session(session, resident, browser, now, remembered=remembered)
    return Admission(new, row.must_change_password, device_token)


def find_resident(session: Session, typed: str) -> Row[Any] | None:
    """`id` and `password_hash` of whoever bears a login or an agreement number, be the agreement
    closed: its resident still has bills to see.  Case does not count, unless it tells two apart;
    a login goes before another's number.
    """
    name = tidy_name(typed)
    by_login = _bearers(_resident.c.login, _resident.c.login_folded, name, literal(1))
    by_number = _bearers(_agreement.c.number, _agreement.c.number_folded, name, literal(2)).join(
        _agreement, _agreement.c.resident_id == _resident.c.id
    )
    found = union_all(by_login, by_number).subquery()
    best_first = (found.c.is_inexact, found.c.rank, found.c.id)
    return session.execute(select(found).order_by(*best_first)).first() if name else None


def _bearers(
    column: ColumnElement[str], folded: ColumnElement[str], name: str, rank: ColumnElement[int]
) -> Select[Any]:
    is_inexact = case((column == name, 0), else_=1).label("is_inexact")
    return select(_resident.c.id, _resident.c.password_hash, rank.label("rank"), is_inexact).where(
        folded == fold(name)
    )


def _whom(
    session: Session, secret: bytes, name: str, browser: Browser
) -> tuple[Row[Any] | None, brake.Guesser]:
    """The resident meant, and whose tries this one adds to: the account's (under all its names),
    the name's when nobody bears it, or the known device's.
    """
    row = find_resident(session, name)
    device = _known_of(session, ResidentId(row.id), browser.devices) if row else None
    if device is not None:
        subject = brake.subject_of(secret, "device", device)
    elif row is not None:
        subject = brake.subject_of(secret, "resident", str(row.id))
    else:
        subject = brake.subject_of(secret, "name", fold(tidy_name(name)))
    return row, brake.Guesser(subject, browser.address, is_known=device is not None)


def _known_of(session: Session, resident: ResidentId, devices: tuple[str, ...]) -> str | None:
    """The digest of the first of the browser's device tokens that is this resident's."""
    digests = [token_digest(token) for token in devices[:DEVICES_MAX]]
    if not digests:
        return None
    return session.scalars(
        select(_known_device.c.token_digest)
        .where(_known_device.c.resident_id == resident, _known_device.c.token_digest.in_(digests))
        .order_by(_known_device.c.id)
    ).first()


def _know_device(session: Session, resident: ResidentId, now: datetime) -> str:
    """Always a token of our making: one that the browser brought may have been planted there."""
    token = token_urlsafe(_TOKEN_BYTES)
    journal.add(
        session,
        KnownDevice,
        token_digest=token_digest(token),
        resident_id=resident,
        created_at=now,
    )
    return token
