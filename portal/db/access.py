"""Who is signed in, from where, and who tried."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from portal.db.base import LATER, Base


class WebSession(Base):
    """One signed-in browser.  Only the digest of its token is stored."""

    __tablename__ = "web_session"

    token_digest: Mapped[str] = mapped_column(unique=True)
    resident_id: Mapped[int] = mapped_column(ForeignKey("resident.id"), index=True)
    created_at: Mapped[datetime]
    remembered: Mapped[bool]
    user_agent: Mapped[str]
    address: Mapped[str]
    # These two move while the session lives, so the journal does not vouch for them.
    last_seen_at: Mapped[datetime] = mapped_column(info={"unjournaled": True})
    confirmed_at: Mapped[datetime] = mapped_column(info={"unjournaled": True})
    ended_at: Mapped[datetime | None]


class KnownDevice(Base):
    """A browser that a resident has signed in from: the brake on guessing does not stop it."""

    __tablename__ = "known_device"

    token_digest: Mapped[str] = mapped_column(unique=True)
    resident_id: Mapped[int] = mapped_column(ForeignKey("resident.id"))
    created_at: Mapped[datetime]
    forgotten_at: Mapped[datetime | None] = mapped_column(info={LATER: True})


class SignInAttempt(Base):
    """One try of a password; `subject` is a digest of the typed name or of the device."""

    __tablename__ = "sign_in_attempt"
    __table_args__ = (
        Index("ix_sign_in_attempt_subject", "subject", "at"),
        Index("ix_sign_in_attempt_address", "address", "at"),
    )

    subject: Mapped[str]
    address: Mapped[str]
    at: Mapped[datetime]
    succeeded: Mapped[bool]
