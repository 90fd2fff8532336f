"""The journal: which transaction wrote which rows."""

from datetime import datetime

from sqlalchemy.orm import Mapped

from portal.db.base import Base, Facts


class AuditRecord(Base):
    """Who did what and when, and the digest of every row that the transaction wrote:
    `claims` is {table: {row id: digest}}, see `portal.db.journal`.  Insert-only, as what it
    vouches for.
    """

    __tablename__ = "audit_record"

    actor: Mapped[str]
    action: Mapped[str]
    at: Mapped[datetime]
    changes: Mapped[Facts]
    claims: Mapped[Facts]
