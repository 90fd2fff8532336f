"""What a resident has at home: devices, and on each the counters that take readings."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from portal.domain.charging.bands import Bands
from portal.domain.meter import Dial
from portal.domain.period import Period
from portal.domain.photo import PhotoPolicy
from portal.domain.quantity import Price, Quantity
from portal.domain.timeline import Timeline, value_on

NO_LOGIN = "Нет логина учетной записи"
NO_SERIAL = "Нет серийного номера"

# Account states of LANBilling, as people are shown them.
STATES = {
    0: "активен",
    1: "недостаточно средств",
    2: "отключен пользователем",
    3: "отключен администратором",
    4: "недостаточно средств",
    5: "исчерпан лимит",
    10: "выключен",
}
CLOSED_STATES = frozenset({3, 10})
AGREEMENT_ENDED = "Договор закрыт: показания по нему больше не принимаются"


def state_name(state: int) -> str:
    """«выключен»; a state that the table lacks is shown by its number."""
    return STATES.get(state, f"состояние {state}")


def closed_sentence(state: int) -> str:
    return f"Прибор {state_name(state)}: показания по нему не принимаются"


def register_key(account: int | str, service: str) -> str:
    """Names a counter in forms and addresses by its account's id and its service's external id:
    «12/zkh_1».
    """
    return f"{account}/{service}"


@dataclass(frozen=True, slots=True)
class KnownReading:
    """The newest accepted reading of a counter: what the person must have seen to submit."""

    reading_id: int
    taken_on: date
    value: Quantity
    volume: Quantity | None
    """Consumption since the one before; None for the first of a chain."""
    before: Quantity | None = None
    """The value before this one: what a correction, a value of the same date, counts from."""
    is_correctable: bool = False
    price: Price | None = None
    """At which it was charged: a correction keeps it."""


@dataclass(frozen=True, slots=True)
class Register:
    """One service of one account: the smallest thing that takes a reading."""

    account_id: int
    service_id: int
    external_id: str
    name: str
    unit: str
    price: Price | None
    """In force today; None when the operator has not set one, then nothing can be charged, and
    where it depends on how much a month's volume is: see `bands`.
    """
    dial: Dial
    previous: KnownReading | None
    is_open: bool
    """Whether the resident may submit: the service and the account's state allow it, the
    agreement goes on, and there is a price to charge with.
    """
    is_given: bool
    """Whether a resident's reading dated in the present month is there already."""
    months: Timeline[Period] = ()
    """By the day on which it was taken the month with which a reading that comes today is charged;
    empty: when it is submitted.
    """
    bands: Bands | None = None
    """In force today; None where all of a month's volume has one price."""
    photo: PhotoPolicy = PhotoPolicy.OFF
    """Whether a reading of it comes with a photo of the meter."""

    @property
    def is_priced(self) -> bool:
        return self.price is not None or self.bands is not None

    def charged_for(self, taken_on: date) -> Period | None:
        """The month with which a reading of that day is charged; None: when it is submitted."""
        return value_on(self.months, taken_on)

    @property
    def takes_photo(self) -> bool:
        return self.is_open and self.photo is not PhotoPolicy.OFF

    @property
    def key(self) -> str:
        return register_key(self.account_id, self.external_id)


@dataclass(frozen=True, slots=True)
class Device:
    """An account on the ЖКХ page: its login is the «Прибор»."""

    account_id: int
    login: str
    serial: str
    state: int
    verified_until: date | None
    registers: tuple[Register, ...]
    is_ended: bool = False
    """The agreement is closed."""

    @property
    def title(self) -> str:
        return self.login or NO_LOGIN

    @property
    def serial_text(self) -> str:
        return self.serial or NO_SERIAL

    @property
    def closed_reason(self) -> str:
        """Why no readings are taken; empty when they are."""
        if self.is_ended:
            return AGREEMENT_ENDED
        return closed_sentence(self.state) if self.state in CLOSED_STATES else ""


def asked_for(devices: Iterable[Device]) -> tuple[Register, ...]:
    """The counters that wait for a reading each month."""
    return tuple(each for device in devices for each in device.registers if each.is_open)


def missing(devices: Iterable[Device]) -> tuple[Register, ...]:
    """Those of them whose reading of the present month is not there yet."""
    return tuple(each for each in asked_for(devices) if not each.is_given)
