"""What became known of months that were charged already."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from portal.db.base import Base
from portal.domain.period import Period


class LateFact(Base):
    """A fact of an agreement, or of what decides its months, that came after they were run: what
    it changes in the months from the first to the last is not posted until a run looks.
    """

    __tablename__ = "late_fact"
    __table_args__ = (CheckConstraint("first_period <= last_period", "periods"),)

    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"), index=True)
    first_period: Mapped[Period]
    last_period: Mapped[Period]
    noted_at: Mapped[datetime]


class LateFactTaken(Base):
    """A run has looked at all months of a late fact."""

    __tablename__ = "late_fact_taken"

    late_fact_id: Mapped[int] = mapped_column(ForeignKey("late_fact.id"), unique=True)
    taken_at: Mapped[datetime]
