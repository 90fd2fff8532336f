"""The one query behind the ЖКХ page and the submission."""

from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Date, Select, Table, bindparam, case, select

from portal.db.accounts import CustomField, FieldValue, Meter, ServiceAccount
from portal.db.among import is_among
from portal.db.base import table_of
from portal.db.ledger import Charge
from portal.db.parties import Agreement, Operator
from portal.db.readings import Reading
from portal.db.suppliers import ServiceTerms
from portal.db.tariffs import Price, Service, Tariff
from portal.db.unset import is_unset

_account, _service, _tariff = table_of(ServiceAccount), table_of(Service), table_of(Tariff)
_agreement, _operator = table_of(Agreement), table_of(Operator)
_price, _meter, _charge = table_of(Price), table_of(Meter), table_of(Charge)
_terms = table_of(ServiceTerms)
_field, _field_value = table_of(CustomField), table_of(FieldValue)
_newest, _before = table_of(Reading).alias("newest"), table_of(Reading).alias("before")


@cache
def register_query(zones: tuple[str, ...], places: int = 0) -> Select[tuple[Any, ...]]:
    """One row a counter.  Parameters: `resident`, `serial_field`, today's date in each of `zones`
    as `day_0`, `day_1` …, and, when narrowed to so many `places`, those `among("account", …)`.

    Made once and kept: writing it anew costs ten times what running it does.
    """
    serial = (_field_value.c.account_id == _account.c.id) & (
        _field_value.c.field_id == _serial_field_id()
    )
    query = (
        select(*_columns())
        .join(_agreement, _agreement.c.id == _account.c.agreement_id)
        .join(_operator, _operator.c.id == _agreement.c.operator_id)
        .join(_tariff, _tariff.c.id == _account.c.tariff_id)
        .join(_service, _service.c.tariff_id == _tariff.c.id)
        .outerjoin(_price, _price.c.id == _in_force(_price, zones))
        .outerjoin(_terms, _terms.c.id == _in_force(_terms, zones))
        .outerjoin(_meter, _meter.c.id == _meter_id(zones))
        .outerjoin(_field_value, serial)
        .outerjoin(_newest, _newest.c.id == _newest_id())
        .outerjoin(_before, _before.c.id == _newest.c.previous_id)
        .outerjoin(
            _charge, (_charge.c.reading_id == _newest.c.id) & is_unset(_charge.c.reverses_id)
        )
        .where(
            _agreement.c.resident_id == bindparam("resident"),
            _tariff.c.kind == "services",
            _service.c.kind == "one_time",
        )
        .order_by(
            _agreement.c.id, _account.c.position, _account.c.id, _service.c.position, _service.c.id
        )
    )
    if places:
        query = query.where(is_among(_account.c.id, "account", places))
    return query


def _columns() -> list[ColumnElement[Any]]:
    return [
        _account.c.id.label("account_id"), _account.c.login, _account.c.state,
        _agreement.c.id.label("agreement_id"), _agreement.c.closed_on,
        _operator.c.id.label("operator_id"), _operator.c.timezone,
        _operator.c.entry_tolerance_days, _operator.c.readings_due_day,
        _tariff.c.id.label("tariff_id"),
        _service.c.id.label("service_id"), _service.c.external_id, _service.c.name,
        _service.c.unit, _service.c.method, _service.c.resident_may_manage, _service.c.photo,
        _price.c.id.label("price_id"), _price.c.price,
        _terms.c.valid_from.label("terms_since"), _terms.c.scheme, _terms.c.supplier_id,
        _meter.c.id.label("meter_id"), _meter.c.integer_digits, _meter.c.fraction_digits,
        _meter.c.verified_until, _field_value.c.value.label("serial"),
        _newest.c.id.label("reading_id"), _newest.c.taken_on, _newest.c.value, _newest.c.source,
        _newest.c.revision, _newest.c.accepted_at, _newest.c.previous_id,
        _before.c.value.label("previous_value"), _before.c.taken_on.label("previous_on"),
        _charge.c.id.label("charge_id"), _charge.c.price_id.label("charge_price_id"),
        _charge.c.price.label("charge_price"), _charge.c.volume, _charge.c.amount,
        _charge.c.period, _charge.c.scheme.label("charge_scheme"),
        _charge.c.supplier_id.label("charge_supplier_id"),
    ]  # fmt: skip


def _serial_field_id() -> ColumnElement[Any]:
    return select(_field.c.id).where(_field.c.name == bindparam("serial_field")).scalar_subquery()


def _in_force(table: Table, zones: tuple[str, ...]) -> ColumnElement[Any]:
    """The price, or the terms, that hold for the service on the operator's own today."""
    candidate = table.alias("candidate")
    return (
        select(candidate.c.id)
        .where(candidate.c.service_id == _service.c.id, candidate.c.valid_from <= _today(zones))
        .order_by(candidate.c.valid_from.desc())
        .limit(1)
        .correlate(_service, _operator)
        .scalar_subquery()
    )


def _meter_id(zones: tuple[str, ...]) -> ColumnElement[Any]:
    """The meter that hangs there now: the one installed last."""
    candidate = _meter.alias("candidate")
    return (
        select(candidate.c.id)
        .where(
            candidate.c.account_id == _account.c.id,
            candidate.c.service_id == _service.c.id,
            candidate.c.installed_on <= _today(zones),
        )
        .order_by(candidate.c.installed_on.desc())
        .limit(1)
        .correlate(_account, _service, _operator)
        .scalar_subquery()
    )


def _today(zones: tuple[str, ...]) -> ColumnElement[Any]:
    """Today's date where the operator is."""
    return case(
        {zone: bindparam(f"day_{number}", type_=Date) for number, zone in enumerate(zones)},
        value=_operator.c.timezone,
    )


def _newest_id() -> ColumnElement[Any]:
    reading, later = table_of(Reading).alias("r"), table_of(Reading).alias("later")
    superseded = select(later.c.id).where(later.c.supersedes_id == reading.c.id).exists()
    return (
        select(reading.c.id)
        .where(
            reading.c.account_id == _account.c.id, reading.c.service_id == _service.c.id,
            ~superseded,
        )
        .order_by(reading.c.taken_on.desc(), reading.c.id.desc())
        .limit(1)
        .correlate(_account, _service)
        .scalar_subquery()
    )  # fmt: skip
