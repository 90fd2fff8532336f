"""Who owes whom: operators, residents, premises, agreements."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, false, true
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
    charges_penalty: Mapped[bool] = mapped_column(server_default=false(), info=later(absent=False))
    """Пеня is reckoned for its residents' debts."""


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
    wants_receipts: Mapped[bool] = mapped_column(server_default=true(), info=later(absent=True))
    """Квитанции об оплате go to the e-mail, where there is one."""


class Premises(Base):
    """A flat or other rooms; areas in m².  Its area, heated area and residents hold from the
    beginning on, until a `PremisesFact` says otherwise.
    """

    __tablename__ = "premises"

    key: Mapped[str] = mapped_column(unique=True)
    address: Mapped[str]
    area: Mapped[Quantity | None]
    heated_area: Mapped[Quantity | None]
    residents_registered: Mapped[int | None]
    house_id: Mapped[int | None] = mapped_column(
        ForeignKey("house.id"), index=True, info=later(None)
    )


class PremisesFact(Base):
    """What premises have from a day on: m², or people; owners are charged for while nobody lives
    there.
    """

    __tablename__ = "premises_fact"
    __table_args__ = (
        UniqueConstraint("premises_id", "kind", "valid_from"),
        CheckConstraint("kind IN ('area', 'heated_area', 'residents', 'owners')", "kind"),
    )

    premises_id: Mapped[int] = mapped_column(ForeignKey("premises.id"))
    kind: Mapped[str]
    valid_from: Mapped[date]
    value: Mapped[Quantity]


class Absence(Base):
    """Временное отсутствие: so many of the residents were away, by this document."""

    __tablename__ = "absence"
    __table_args__ = (
        UniqueConstraint("premises_id", "left_on", "document"),
        CheckConstraint("persons > 0", "persons"),
    )

    premises_id: Mapped[int] = mapped_column(ForeignKey("premises.id"))
    left_on: Mapped[date]
    returned_on: Mapped[date]
    persons: Mapped[int]
    document: Mapped[str]


class Agreement(Base):
    """Договор; its number is unique in the installation because one can sign in with it."""

    __tablename__ = "agreement"

    number: Mapped[str] = mapped_column(unique=True)
    number_folded: Mapped[str] = mapped_column(index=True, info=folded_from("number"))
    resident_id: Mapped[int] = mapped_column(ForeignKey("resident.id"), index=True)
    operator_id: Mapped[int] = mapped_column(ForeignKey("operator.id"), index=True)
    premises_id: Mapped[int | None] = mapped_column(ForeignKey("premises.id"), index=True)
    closed_on: Mapped[date | None]
