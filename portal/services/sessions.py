"""Signed-in browsers: our own table, so that the server can end a session at once.

Only a digest of the token is stored: who reads the database cannot sign in with it.  The columns
that move (last seen, confirmed) are updated in place; starting and ending are journaled.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from secrets import token_urlsafe

from sqlalchemy import ColumnElement, bindparam, select, true, update

from portal.db import journal
from portal.db.access import WebSession
from portal.db.base import table_of
from portal.db.parties import Resident
from portal.db.session import Session
from portal.domain.browser import OpenSession, browser_words
from portal.domain.identity import ResidentId
from portal.errors import NotFound
from portal.services import devices
from portal.services.tokens import token_digest

IDLE_REMEMBERED = timedelta(days=60)
ABSOLUTE_REMEMBERED = timedelta(days=365)
ABSOLUTE_NOT_REMEMBERED = timedelta(hours=12)
TOUCH_EVERY = timedelta(minutes=5)
_TOKEN_BYTES = 32
_USER_AGENT_MAX = 300
_ADDRESS_MAX = 64

_web_session = table_of(WebSession)
_resident = table_of(Resident)
# Made once and kept: it runs with every request.
_LIVING = (
    select(_web_session, _resident.c.must_change_password, _resident.c.login)
    .join(_resident, _resident.c.id == _web_session.c.resident_id)
    .where(_web_session.c.token_digest == bindparam("digest"), _web_session.c.ended_at.is_(None))
)


@dataclass(frozen=True, slots=True)
class Browser:
    """Who knocks, as far as the network tells; `devices` are the tokens of its device cookie."""

    address: str
    user_agent: str = ""
    devices: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A living session and whose it is."""

    session_id: int
    resident: ResidentId
    login: str
    must_change_password: bool
    remembered: bool
    confirmed_at: datetime
    """When the password was last typed."""
    touch_due: bool
    """Whether the caller should `touch` it: a write, which reading pages must not wait for."""


@dataclass(frozen=True, slots=True)
class NewSession:
    """The only moment at which the token is known to the server."""

    session_id: int
    token: str = field(repr=False)
    remembered: bool


def find_session(session: Session, token: str, now: datetime) -> SignedIn | None:
    """The living session of a cookie's token, in one statement; None is as good as no cookie."""
    row = session.execute(_LIVING, {"digest": token_digest(token)}).one_or_none()
    if row is None or not _is_alive(row.created_at, row.last_seen_at, row.remembered, now):
        return None
    return SignedIn(
        session_id=row.id,
        resident=ResidentId(row.resident_id),
        login=row.login,
        must_change_password=row.must_change_password,
        remembered=row.remembered,
        confirmed_at=row.confirmed_at,
        touch_due=now - row.last_seen_at >= TOUCH_EVERY,
    )


def touch(session: Session, resident: ResidentId, session_id: int, now: datetime) -> None:
    """Note that the session was used; a moment later than `now` that is already noted stays."""
    session.execute(
        update(_web_session)
        .where(_own(resident), _web_session.c.id == session_id, _web_session.c.last_seen_at < now)
        .values(last_seen_at=now)
    )


def start_session(
    session: Session, resident: ResidentId, browser: Browser, now: datetime, *, remembered: bool
) -> NewSession:
    """A session with a token of its own, whatever cookie the browser came with."""
    token = token_urlsafe(_TOKEN_BYTES)
    session_id = journal.add(
        session,
        WebSession,
        token_digest=token_digest(token),
        resident_id=resident,
        created_at=now,
        remembered=remembered,
        user_agent=_storable(browser.user_agent, _USER_AGENT_MAX),
        address=_storable(browser.address, _ADDRESS_MAX),
        last_seen_at=now,
        confirmed_at=now,
    )
    return NewSession(session_id, token, remembered)


def renew_token(
    session: Session, resident: ResidentId, signed_in: SignedIn, now: datetime
) -> NewSession:
    """Another token for the same session: the old one opens nothing from now on."""
    token = token_urlsafe(_TOKEN_BYTES)
    journal.change(session, WebSession, signed_in.session_id, token_digest=token_digest(token))
    note_confirmation(session, resident, signed_in.session_id, now)
    return NewSession(signed_in.session_id, token, signed_in.remembered)


def note_confirmation(
    session: Session, resident: ResidentId, session_id: int, now: datetime
) -> None:
    """The password was typed just now."""
    session.execute(
        update(_web_session)
        .where(_own(resident), _web_session.c.id == session_id)
        .values(confirmed_at=now)
    )


def end_session(
    session: Session, resident: ResidentId, session_id: int, now: datetime
) -> tuple[int, ...]:
    """The ids that ended: none when it had already.  Raises NotFound: absent, or another's."""
    ended = _end(session, resident, _web_session.c.id == session_id, now)
    own = select(_web_session.c.id).where(_own(resident), _web_session.c.id == session_id)
    if not ended and session.execute(own).one_or_none() is None:
        raise NotFound
    return ended


def end_other_sessions(
    session: Session, resident: ResidentId, current: int, now: datetime
) -> tuple[int, ...]:
    """The ids that ended: all the resident's but `current`."""
    return _end(session, resident, _web_session.c.id != current, now)


def end_all_sessions(session: Session, resident: ResidentId, now: datetime) -> tuple[int, ...]:
    """The ids that ended: «Выйти везде».  No device is known any more."""
    devices.forget_all(session, resident, now)
    return _end(session, resident, true(), now)


def open_sessions(
    session: Session, resident: ResidentId, current: int, now: datetime
) -> tuple[OpenSession, ...]:
    """Where the resident is signed in: this browser first, then the latest seen."""
    rows = session.execute(
        select(_web_session)
        .where(_own(resident), _web_session.c.ended_at.is_(None))
        .where(_web_session.c.last_seen_at > now - IDLE_REMEMBERED)
        .order_by(_web_session.c.id != current, _web_session.c.last_seen_at.desc())
    )
    return tuple(
        OpenSession(
            session_id=row.id,
            browser=browser_words(row.user_agent),
            address=row.address,
            created_at=row.created_at,
            last_seen_at=row.last_seen_at,
            is_current=row.id == current,
        )
        for row in rows
        if _is_alive(row.created_at, row.last_seen_at, row.remembered, now)
    )


def _is_alive(
    created_at: datetime,
    last_seen_at: datetime,
    remembered: bool,  # noqa: FBT001 - a row's value
    now: datetime,
) -> bool:
    if not remembered:
        return now - created_at < ABSOLUTE_NOT_REMEMBERED
    return now - created_at < ABSOLUTE_REMEMBERED and now - last_seen_at < IDLE_REMEMBERED


def _end(
    session: Session, resident: ResidentId, which: ColumnElement[bool], now: datetime
) -> tuple[int, ...]:
    living = (
        select(_web_session.c.id)
        .where(_own(resident), which, _web_session.c.ended_at.is_(None))
        .order_by(_web_session.c.id)
        .with_for_update(key_share=True)
    )
    ids = tuple(int(session_id) for session_id in session.execute(living).scalars())
    for session_id in ids:
        journal.change(session, WebSession, session_id, ended_at=now)
    return ids


def _own(resident: ResidentId) -> ColumnElement[bool]:
    return _web_session.c.resident_id == resident


def _storable(text: str, length: int) -> str:
    """PostgreSQL stores neither NUL nor half a surrogate pair."""
    return "".join(sign for sign in text[:length] if sign.isprintable())
