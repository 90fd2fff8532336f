"""Who is signed in, from where, and who tried."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.db.base import Base, later


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
    forgotten_at: Mapped[datetime | None] = mapped_column(info=later(None))


class DeviceToken(Base):
    """The key of a resident's own device: a meter with a radio, a house automation."""

    __tablename__ = "device_token"
    __table_args__ = (
        CheckConstraint("scope IN ('read', 'submit')", "scope"),
        # A form that was sent twice makes one key.
        Index(
            "uq_device_token_living_name",
            "resident_id",
            "name",
            unique=True,
            sqlite_where=text("revoked_at IS NULL"),
            postgresql_where=text("revoked_at IS NULL"),
        ),
    )

    token_digest: Mapped[str] = mapped_column(unique=True)
    resident_id: Mapped[int] = mapped_column(ForeignKey("resident.id"), index=True)
    name: Mapped[str]
    scope: Mapped[str]
    made_at: Mapped[datetime]
    # These two move with every use, so the journal does not vouch for them.
    last_used_at: Mapped[datetime | None] = mapped_column(info={"unjournaled": True})
    paced_until: Mapped[datetime | None] = mapped_column(info={"unjournaled": True})
    revoked_at: Mapped[datetime | None]


class SignInAttempt(Base):
    """One try of a password or of a key; `subject` is a digest of the typed name, of the device or
    of the key.
    """

    __tablename__ = "sign_in_attempt"
    __table_args__ = (
        Index("ix_sign_in_attempt_subject", "subject", "at"),
        Index("ix_sign_in_attempt_address", "address", "at"),
    )

    subject: Mapped[str]
    address: Mapped[str]
    at: Mapped[datetime]
    succeeded: Mapped[bool]
