"""Обещанные платежи: the operator's terms, and what residents promised by them."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.db.base import Base
from portal.domain.money import Money


class PromiseTerms(Base):
    """What an operator takes a resident's word for; without a row, for nothing.  `debt_max` NULL
    is whatever debt.
    """

    __tablename__ = "promise_terms"
    __table_args__ = (
        CheckConstraint("amount_min > 0 AND amount_min <= amount_max", "amounts"),
        CheckConstraint("days > 0", "days"),
    )

    operator_id: Mapped[int] = mapped_column(ForeignKey("operator.id"), unique=True)
    amount_min: Mapped[Money]
    amount_max: Mapped[Money]
    days: Mapped[int]
    debt_max: Mapped[Money | None]


class Promise(Base):
    """A resident's word, insert-only; days are the operator's.  Whether it was kept follows from
    the payments that were accepted after `created_at`.  `key` is the form's: a repeat is the same.
    """

    __tablename__ = "promise"
    __table_args__ = (
        UniqueConstraint("agreement_id", "key"),
        CheckConstraint("amount > 0", "amount"),
        CheckConstraint("due_on >= promised_on", "due_on"),
    )

    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"))
    key: Mapped[str]
    amount: Mapped[Money]
    promised_on: Mapped[date]
    due_on: Mapped[date]
    created_at: Mapped[datetime]
