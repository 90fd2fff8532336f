"""What `register_query` finds of one counter.

A tuple of its own: SQLAlchemy looks up each name that is asked of a row of its, for which a long
entry takes longer than for the query.
"""

from datetime import date, datetime
from typing import NamedTuple

from portal.domain.money import Money
from portal.domain.period import Period
from portal.domain.quantity import Price, Quantity


class RegisterRow(NamedTuple):
    """In the order of the query's columns; None where something is not there."""

    account_id: int
    login: str
    state: int
    agreement_id: int
    closed_on: date | None
    operator_id: int
    timezone: str
    entry_tolerance_days: int | None
    readings_due_day: int
    tariff_id: int
    service_id: int
    external_id: str
    name: str
    unit: str
    method: str
    resident_may_manage: bool
    photo: str
    price_id: int | None
    price: Price | None
    terms_since: date | None
    scheme: str | None
    supplier_id: int | None
    meter_id: int | None
    integer_digits: int | None
    fraction_digits: int | None
    verified_until: date | None
    serial: str | None
    reading_id: int | None
    taken_on: date
    """This and the rest up to `accepted_at` of the newest reading; None without one."""
    value: Quantity
    source: str
    revision: int
    accepted_at: datetime
    previous_id: int | None
    previous_value: Quantity | None
    previous_on: date | None
    charge_id: int | None
    charge_price_id: int
    """This and the rest of the newest reading's charge; None without one."""
    charge_price: Price
    volume: Quantity
    amount: Money
    period: Period
    charge_scheme: str
    charge_supplier_id: int | None
