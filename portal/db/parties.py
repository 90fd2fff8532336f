"""Who owes whom: operators, residents, premises, agreements."""

from datetime import date

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from portal.db.base import Base, later
from portal.db.folding import folded_from
from portal.domain.quantity import Quantity


class Operator(Base):
    """Исполнитель: the management company, with the requisites that residents pay to."""

    __tablename__ = "operator"

    key: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    inn: Mapped[str]
    kpp: Mapped[str | None]
    account: Mapped[str]
    bank_name: Mapped[str]
    bic: Mapped[str]
    corr_account: Mapped[str | None]
    timezone: Mapped[str]
    address: Mapped[str | None]
    phone: Mapped[str | None]
    email: Mapped[str | None]
    site: Mapped[str | None]
    readings_due_day: Mapped[int]
    entry_tolerance_days: Mapped[int | None] = mapped_column(info=later(None))


class Resident(Base):
    """Абонент: a person who signs in; may have several agreements."""

    __tablename__ = "resident"

    login: Mapped[str] = mapped_column(unique=True)
    login_folded: Mapped[str] = mapped_column(index=True, info=folded_from("login"))
    name: Mapped[str]
    phone: Mapped[str | None]
    email: Mapped[str | None]
    password_hash: Mapped[str | None]
    must_change_password: Mapped[bool]


class Premises(Base):
    """A flat or other rooms; areas in m²."""

    __tablename__ = "premises"

    key: Mapped[str] = mapped_column(unique=True)
    address: Mapped[str]
    area: Mapped[Quantity | None]
    heated_area: Mapped[Quantity | None]
    residents_registered: Mapped[int | None]


class Agreement(Base):
    """Договор; its number is unique in the installation because one can sign in with it."""

    __tablename__ = "agreement"

    number: Mapped[str] = mapped_column(unique=True)
    number_folded: Mapped[str] = mapped_column(index=True, info=folded_from("number"))
    resident_id: Mapped[int] = mapped_column(ForeignKey("resident.id"), index=True)
    operator_id: Mapped[int] = mapped_column(ForeignKey("operator.id"), index=True)
    premises_id: Mapped[int | None] = mapped_column(ForeignKey("premises.id"), index=True)
    closed_on: Mapped[date | None]
