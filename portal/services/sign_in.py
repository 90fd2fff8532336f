"""Signing in: name and password in, a session out.

Two transactions with the hashing between them: `open_attempt` counts the try and finds whom it
concerns, `Attempt.judge` (24 ms of a core: run it in a PasswordQueue) compares, `admit` starts the
session.  An unknown name goes the same way, with a hash that nobody's password has.
"""

import unicodedata
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, case, literal, select, union_all

from portal.db import journal
from portal.db.base import table_of
from portal.db.folding import fold
from portal.db.parties import Agreement, Resident
from portal.db.session import Session
from portal.domain.identity import ResidentId
from portal.errors import Refused
from portal.services import brake, devices, passwords, sessions
from portal.services.sessions import Browser, NewSession

NAME_MAX = 200

_resident, _agreement = table_of(Resident), table_of(Agreement)


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
    device_token = None if attempt.is_device_known else devices.know(session, resident, now)
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
    if row is None:
        subject = brake.subject_of(secret, "name", fold(tidy_name(name)))
        return None, brake.Guesser(subject, browser.address)
    own, others = devices.known_digests(session, ResidentId(row.id), browser.devices)
    if own is None:
        subject = brake.subject_of(secret, "resident", str(row.id))
        return row, brake.Guesser(subject, browser.address)
    subject = brake.subject_of(secret, "device", own)
    together = tuple(brake.subject_of(secret, "device", each) for each in others)
    return row, brake.Guesser(subject, browser.address, is_known=True, together=together)
