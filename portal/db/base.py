"""What all tables share."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar, cast

from sqlalchemy import JSON, MetaData, Table
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from portal.db import types
from portal.domain.money import Money
from portal.domain.period import Period
from portal.domain.quantity import Price, Quantity

Facts = Mapping[str, Any]


class Base(DeclarativeBase):
    """Every table has one whole-number key, so that the journal can claim any row by it."""

    # Named constraints: a migration must be able to name what it drops, on both databases.
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        int: types.WholeNumber,
        Money: types.MoneyType,
        Quantity: types.QuantityType,
        Price: types.PriceType,
        Period: types.PeriodType,
        datetime: types.UtcDateTime,
        Facts: JSON,
    }

    id: Mapped[int] = mapped_column(primary_key=True)


def later(absent: object) -> dict[str, object]:
    """Marks a column that came with a later migration, which gave all rows the value `absent`.
    The journal does not speak of it while it has that value: what was claimed before holds.
    """
    return {"absent": absent}


def one_of(*columns: str) -> str:
    """A constraint: exactly one of them is told; counted so that both databases can."""
    return " + ".join(f"CASE WHEN {name} IS NULL THEN 0 ELSE 1 END" for name in columns) + " = 1"


def table_of(model: type[Base]) -> Table:
    """The Core table of a model.  Models only describe: all statements are Core's."""
    return cast("Table", model.__table__)
