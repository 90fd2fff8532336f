"""What happened to an operator's months."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from portal.db.base import Base
from portal.domain.period import Period


class PeriodEvent(Base):
    """A month was closed, opened again, or its documents were sent.  The last of the first two
    says what it is.
    """

    __tablename__ = "period_event"
    __table_args__ = (
        Index("ix_period_event_period", "operator_id", "period"),
        CheckConstraint("action IN ('close', 'reopen', 'sent')", "action"),
    )

    operator_id: Mapped[int] = mapped_column(ForeignKey("operator.id"))
    period: Mapped[Period]
    action: Mapped[str]
    at: Mapped[datetime]
    reason: Mapped[str | None]
    officer: Mapped[str]
