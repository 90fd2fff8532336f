"""Changing a password, and typing it once more before something delicate."""

import unicodedata
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from portal.db import journal
from portal.db.base import table_of
from portal.db.parties import Agreement, Resident
from portal.db.session import Session
from portal.domain.identity import Officer, ResidentId
from portal.errors import Invalid, NotFound, Refused
from portal.services import brake, devices, passwords, sessions
from portal.services.device_tokens import revoke_all_tokens
from portal.services.password_rules import FIELD, judge_initial_password, judge_new_password
from portal.services.sessions import Browser, NewSession, SignedIn
from portal.services.sign_in import find_resident

CURRENT_FIELD = "current_password"

_resident, _agreement = table_of(Resident), table_of(Agreement)


class ConfirmationNeeded(Refused):
    """The password must be typed once more: `current_password`, in the same form."""

    def __init__(self) -> None:
        super().__init__("Введите текущий пароль, чтобы сохранить изменения")


@dataclass(frozen=True, slots=True)
class PasswordFacts:
    """What a resident's password is judged by; neither his `names` nor what is known of him may
    occur in a new one.
    """

    password_hash: str | None = field(repr=False)
    names: tuple[str, ...]
    must_change: bool
    known: tuple[str, ...] = field(default=(), repr=False)

    def confirm(self, current: str) -> None:
        """24 ms of a core.  Raises Invalid: not the password."""
        if not passwords.verify_password(current, self.password_hash):
            raise Invalid(CURRENT_FIELD, "Текущий пароль неверен")

    def judge(self, new: str, current: str | None) -> None:
        """What can be said before the current password is looked at.  Raises Invalid."""
        judge_new_password(new, self.names, self.known)
        if current is not None and _nfc(new) == _nfc(current):
            raise _same()

    def renewed(self, new: str, current: str | None) -> str:
        """The hash to store, 50 ms of a core; `current` is None where an initial password, typed
        at the sign-in, is replaced.  Raises Invalid.
        """
        if current is not None:
            self.confirm(current)
        elif passwords.verify_password(new, self.password_hash):
            raise _same()
        return passwords.hash_password(new)


@dataclass(frozen=True, slots=True)
class ChangedPassword:
    """The current session goes on under a new token; `ended` are the others, `revoked` so many
    keys of own devices.
    """

    session: NewSession
    ended: tuple[int, ...]
    revoked: int


def password_facts(session: Session, resident: ResidentId) -> PasswordFacts:
    """Raises NotFound."""
    row = session.execute(
        select(
            _resident.c.password_hash,
            _resident.c.login,
            _resident.c.must_change_password,
            _resident.c.name,
            _resident.c.phone,
            _resident.c.email,
        ).where(_resident.c.id == resident)
    ).one_or_none()
    if row is None:
        raise NotFound
    numbers = select(_agreement.c.number).where(_agreement.c.resident_id == resident)
    names = (row.login, *session.scalars(numbers))
    known = tuple(fact for fact in (row.name, row.phone, row.email) if fact)
    return PasswordFacts(row.password_hash, names, row.must_change_password, known)


def open_check(
    session: Session,
    resident: ResidentId,
    signed_in: SignedIn,
    secret: bytes,
    browser: Browser,
    now: datetime,
) -> int:
    """Count a try of the current password, against this session alone: a stranger who guesses
    at the sign-in does not concern somebody who is in.  The id of the try.

    Raises TooManyAttempts.
    """
    subject = brake.subject_of(secret, "session", f"{resident}/{signed_in.session_id}")
    return brake.begin(session, brake.Guesser(subject, browser.address, is_known=True), now)


def change_password(
    session: Session,
    resident: ResidentId,
    signed_in: SignedIn,
    facts: PasswordFacts,
    new_hash: str,
    now: datetime,
    *,
    check_id: int | None,
) -> ChangedPassword:
    """The other sessions end and no device is known any more, not even this one: its next
    sign-in makes it known again.  `check_id` is the try of `open_check`, None where no current
    password was asked for.

    Raises Refused: the password was changed elsewhere in the meantime, or must be asked for.
    """
    _still_stored(session, resident, facts)
    if check_id is not None:
        brake.succeed(session, check_id)
    elif not facts.must_change:
        raise ConfirmationNeeded
    journal.change(session, Resident, resident, password_hash=new_hash, must_change_password=False)
    devices.forget_all(session, resident, now)
    ended = sessions.end_other_sessions(session, resident, signed_in.session_id, now)
    revoked = revoke_all_tokens(session, resident, now)
    new = sessions.renew_token(session, resident, signed_in, now)
    return ChangedPassword(new, ended, revoked)


def confirm_password(
    session: Session,
    resident: ResidentId,
    signed_in: SignedIn,
    facts: PasswordFacts,
    now: datetime,
    *,
    check_id: int,
) -> None:
    """Note that the password was typed just now and was right.  Raises Refused: see above."""
    _still_stored(session, resident, facts)
    brake.succeed(session, check_id)
    sessions.note_confirmation(session, resident, signed_in.session_id, now)


def set_password(
    session: Session, _officer: Officer, name: str, plain: str, now: datetime, *, must_change: bool
) -> ResidentId:
    """The operator gives a resident, named by login or agreement number, a password and ends all
    sessions and keys of own devices.  An initial one (`must_change`) need only be long enough: it
    opens nothing else.

    Raises NotFound, Invalid.
    """
    row = find_resident(session, name)
    if row is None:
        raise NotFound(f"Нет абонента с логином или номером договора «{name}»")
    resident = ResidentId(row.id)
    if must_change:
        judge_initial_password(plain)
    else:
        password_facts(session, resident).judge(plain, None)
    hashed = passwords.hash_password(plain)
    journal.change(
        session, Resident, resident, password_hash=hashed, must_change_password=must_change
    )
    sessions.end_all_sessions(session, resident, now)
    revoke_all_tokens(session, resident, now)
    return resident


def _still_stored(session: Session, resident: ResidentId, facts: PasswordFacts) -> None:
    stored = session.scalar(
        select(_resident.c.password_hash)
        .where(_resident.c.id == resident)
        .with_for_update(key_share=True)
    )
    if stored != facts.password_hash:
        raise Refused("Пароль только что изменили в другом окне. Войдите снова")


def _same() -> Invalid:
    return Invalid(FIELD, "Это прежний пароль. Придумайте другой")


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)
