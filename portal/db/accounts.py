"""What is served: service accounts, what holds of them and from when, their meters."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.db.base import Base, later
from portal.domain.quantity import Quantity


class Agent(Base):
    """Агент: the part of the old billing that serves an account."""

    __tablename__ = "agent"
    __table_args__ = (CheckConstraint("kind IN ('utilities', 'internet', 'telephony')", "kind"),)

    key: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    kind: Mapped[str]


class ServiceAccount(Base):
    """Учетная запись; on the ЖКХ page its login is the «Прибор».  Its tariff is the present one:
    which it had before, and from when, is in `AccountTariff`.
    """

    __tablename__ = "account"

    key: Mapped[str] = mapped_column(unique=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"), index=True)
    agent_id: Mapped[int] = mapped_column(ForeignKey("agent.id"))
    tariff_id: Mapped[int] = mapped_column(ForeignKey("tariff.id"), index=True)
    login: Mapped[str]
    state: Mapped[int]
    tariff_since: Mapped[datetime | None]
    state_since: Mapped[datetime | None]
    position: Mapped[int]


class AccountTariff(Base):
    """Which tariff an account has from a day on."""

    __tablename__ = "account_tariff"
    __table_args__ = (UniqueConstraint("account_id", "valid_from"),)

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    tariff_id: Mapped[int] = mapped_column(ForeignKey("tariff.id"))
    valid_from: Mapped[date]


class AccountFact(Base):
    """What holds of one service of one account from a day on: `quantity`, how many of it are
    taken (0: none, it is not served); `meter_possible`, whether a meter could be fitted (1 or 0).
    """

    __tablename__ = "account_fact"
    __table_args__ = (
        UniqueConstraint("account_id", "service_id", "kind", "valid_from"),
        CheckConstraint("kind IN ('quantity', 'meter_possible')", "kind"),
    )

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"))
    kind: Mapped[str]
    valid_from: Mapped[date]
    value: Mapped[Quantity]


class CustomField(Base):
    """Дополнительное поле of service accounts, such as `device_serial` «Номер счетчика»."""

    __tablename__ = "custom_field"

    name: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]


class FieldValue(Base):
    """The value of an additional field of one account."""

    __tablename__ = "field_value"
    __table_args__ = (UniqueConstraint("account_id", "field_id"),)

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    field_id: Mapped[int] = mapped_column(ForeignKey("custom_field.id"))
    value: Mapped[str]


class Meter(Base):
    """The counter of one service of one account (day and night of one device are two); its
    digits are what the person sees on the dial.
    """

    __tablename__ = "meter"
    __table_args__ = (
        CheckConstraint("integer_digits BETWEEN 1 AND 12", "integer_digits"),
        CheckConstraint("fraction_digits BETWEEN 0 AND 6", "fraction_digits"),
        UniqueConstraint("account_id", "service_id", "installed_on"),
    )

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"))
    serial: Mapped[str | None]
    integer_digits: Mapped[int | None]
    fraction_digits: Mapped[int | None]
    installed_on: Mapped[date]
    verified_until: Mapped[date | None]
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("meter.id"))
    removed_on: Mapped[date | None] = mapped_column(info=later(None))
    closing_value: Mapped[Quantity | None] = mapped_column(info=later(None))
    """What it showed when it was removed."""
    broken_since: Mapped[date | None] = mapped_column(info=later(None))


class Refusal(Base):
    """Акт о недопуске: twice nobody was let in to check a meter, until the day on which somebody
    was, with the value that he found.
    """

    __tablename__ = "refusal"
    __table_args__ = (
        UniqueConstraint("account_id", "service_id", "refused_on"),
        CheckConstraint("(admitted_on IS NULL) = (admitted_value IS NULL)", "admitted"),
    )

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"))
    refused_on: Mapped[date]
    document: Mapped[str]
    admitted_on: Mapped[date | None]
    admitted_value: Mapped[Quantity | None]
