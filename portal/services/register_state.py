"""What one counter stands at, with all that a new reading of it is judged by."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from portal.domain.charging.bands import Bands
from portal.domain.charging.methods import Method
from portal.domain.deadline import TOLERANCE_DAYS, counting_day, counting_months
from portal.domain.device import CLOSED_STATES, register_key
from portal.domain.made import made_often
from portal.domain.meter import Dial
from portal.domain.money import Money
from portal.domain.payee import Payee
from portal.domain.period import Period
from portal.domain.photo import PhotoPolicy
from portal.domain.quantity import Price, Quantity
from portal.domain.timeline import Since, Timeline, value_on
from portal.services.register_row import RegisterRow

OPENING = "opening"
BY_RESIDENT = "resident"

Counter = tuple[int, int]
"""Account id and service id."""


@made_often(frozen=True, slots=True)
class PostedCharge:
    """The charge that the newest reading caused."""

    charge_id: int
    price_id: int
    price: Price
    volume: Quantity
    amount: Money
    period: Period
    payee: Payee


@made_often(frozen=True, slots=True)
class Newest:
    """The newest accepted reading of a counter, and the one before it."""

    reading_id: int
    taken_on: date
    value: Quantity
    source: str
    revision: int
    accepted_at: datetime
    previous_id: int | None
    previous_value: Quantity | None
    previous_on: date | None
    charge: PostedCharge | None

    def counts_on(self, zone: ZoneInfo, tolerance_days: int) -> date:
        """The day that decides for which month it was given.  What the operator brings in is of
        the day on which it was taken, whenever it comes.
        """
        if self.source != BY_RESIDENT:
            return self.taken_on
        arrived_on = self.accepted_at.astimezone(zone).date()
        return counting_day(self.taken_on, arrived_on, tolerance_days)

    def is_correctable(self, zone: ZoneInfo, now: datetime) -> bool:
        """By its resident, until the month in which it was given ends where the house stands."""
        is_open = Period.at(self.accepted_at, zone) == Period.at(now, zone)
        return is_open and self.source == BY_RESIDENT

    def is_fixed(self, zone: ZoneInfo, now: datetime) -> bool:
        """Whether no value of its own date may follow or replace it any more."""
        return self.source != OPENING and not self.is_correctable(zone, now)


@made_often(frozen=True, slots=True)
class RegisterState:
    """Everything that a new reading of one counter is judged by and posted with."""

    account_id: int
    agreement_id: int
    operator_id: int
    zone: ZoneInfo
    login: str
    serial: str
    state: int
    tariff_id: int
    service_id: int
    external_id: str
    name: str
    unit: str
    price_id: int | None
    price: Price | None
    terms: Since[Payee] | None
    """Whose the money is that is charged, by the terms that hold today; None: there are none."""
    bands: Bands | None
    """Where the service is charged by bands: they, not `price`, say what a volume costs."""
    is_priced: bool
    meter_id: int | None
    dial: Dial
    verified_until: date | None
    is_ended: bool
    """The agreement is closed."""
    tolerance_days: int
    """How long an entry of the resident's may have waited for a network."""
    readings_due_day: int
    is_by_month: bool
    """Its readings are charged with their month, not when they come."""
    is_open: bool
    newest: Newest | None
    photo: PhotoPolicy

    @property
    def counter(self) -> Counter:
        return self.account_id, self.service_id

    @property
    def key(self) -> str:
        return register_key(self.account_id, self.external_id)

    def charged_for(self, taken_on: date, now: datetime) -> Period | None:
        """The month with which a reading that comes now is charged; None: when it comes."""
        return value_on(self.months(now), taken_on)

    def months(self, now: datetime) -> Timeline[Period]:
        """The same for each day on which it may have been taken; empty: when it comes."""
        if not self.is_by_month:
            return ()
        arrives_on = now.astimezone(self.zone).date()
        return counting_months(arrives_on, self.tolerance_days, self.readings_due_day)


def state_of(row: RegisterRow, today: date, bands: Timeline[Bands]) -> RegisterState:
    """`today` where the house stands; `bands` of a service that is charged by them."""
    in_force, method = value_on(bands, today), Method(row.method)
    is_priced = _is_priced(row, method, in_force)
    is_ended = row.closed_on is not None and row.closed_on <= today
    return RegisterState(
        account_id=row.account_id,
        agreement_id=row.agreement_id,
        operator_id=row.operator_id,
        zone=ZoneInfo(row.timezone),
        login=row.login,
        serial=row.serial or "",
        state=row.state,
        tariff_id=row.tariff_id,
        service_id=row.service_id,
        external_id=row.external_id,
        name=row.name,
        unit=row.unit,
        price_id=row.price_id,
        price=row.price,
        terms=_terms(row),
        bands=in_force,
        is_priced=is_priced,
        meter_id=row.meter_id,
        dial=Dial(row.integer_digits, row.fraction_digits),
        verified_until=row.verified_until,
        is_ended=is_ended,
        tolerance_days=_tolerance_days(row),
        readings_due_day=row.readings_due_day,
        is_by_month=not method.is_charged_at_once,
        is_open=is_priced and not is_ended and _is_open(row, method),
        newest=_newest_reading(row),
        photo=PhotoPolicy(row.photo),
    )


def _terms(row: RegisterRow) -> Since[Payee] | None:
    if row.terms_since is None or row.scheme is None:
        return None
    return Since(row.terms_since, Payee(row.scheme, row.supplier_id))


def _tolerance_days(row: RegisterRow) -> int:
    days = row.entry_tolerance_days
    return TOLERANCE_DAYS if days is None else days


def _is_open(row: RegisterRow, method: Method) -> bool:
    return (
        row.resident_may_manage and method.is_given_by_residents and row.state not in CLOSED_STATES
    )


def _is_priced(row: RegisterRow, method: Method, bands: Bands | None) -> bool:
    """A charge names a price of its service also where a band's price is taken."""
    return row.price_id is not None and (bands is not None or method is not Method.BANDS)


def _newest_reading(row: RegisterRow) -> Newest | None:
    if row.reading_id is None:
        return None
    return Newest(
        reading_id=row.reading_id,
        taken_on=row.taken_on,
        value=row.value,
        source=row.source,
        revision=row.revision,
        accepted_at=row.accepted_at,
        previous_id=row.previous_id,
        previous_value=row.previous_value,
        previous_on=row.previous_on,
        charge=_posted_charge(row),
    )


def _posted_charge(row: RegisterRow) -> PostedCharge | None:
    if row.charge_id is None:
        return None
    return PostedCharge(
        row.charge_id, row.charge_price_id, row.charge_price, row.volume, row.amount, row.period,
        Payee(row.charge_scheme, row.charge_supplier_id),
    )  # fmt: skip
