"""Payments as other payment systems tell us of them: their texts, and what can be said to them."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum, StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from portal.domain.money import Money

ACCOUNT_MAX: Final = 200
"""OSMP's own bound."""
AMOUNT_MAX: Final = Money(10**12)
"""Ten thousand million roubles: more is a slip of somebody's program."""
AHEAD_MAX: Final = timedelta(days=1)
"""How far before ours the clock of a terminal may be."""
SEVERAL: Final = ", "
"""Between the numbers that one payment names."""
FIRST_YEAR: Final = 2000
MOSCOW: Final = ZoneInfo("Europe/Moscow")
_NUMBER = re.compile(r"[0-9]{1,20}", re.ASCII)
_SUM = re.compile(r"-?[0-9]{1,15}(\.[0-9]{0,2})?", re.ASCII)


class Unspoken(StrEnum):
    """What stands where a terminal's channel names its protocol: `FILE`, whose payments come in
    files alone, and `YOOKASSA`, which only says that there is something to ask the bank about.
    The protocols are in `portal.domain.dialects`.
    """

    FILE = "file"
    YOOKASSA = "yookassa"


NOT_SPOKEN: Final = frozenset(Unspoken)


class Command(Enum):
    """`PAY` and `CANCEL` have an effect."""

    CHECK = "check"
    PAY = "pay"
    STATUS = "status"
    CANCEL = "cancel"


class Refusal(Enum):
    """Why a message is not answered as it wishes; each protocol has numbers of its own for it."""

    TEMPORARY = "Временная ошибка, повторите запрос позже"
    NO_COMMAND = "Неизвестная команда"
    MALFORMED = "Запрос составлен неправильно"
    BAD_NUMBER = "Неправильный номер платежа"
    BAD_ACCOUNT = "Неправильный формат номера договора"
    BAD_AMOUNT = "Неправильная сумма"
    BAD_DATE = "Неправильная дата платежа"
    NOT_FOUND = "Договор не найден"
    CLOSED = "Договор закрыт"
    FORBIDDEN = "Прием платежей запрещен"
    TOO_SMALL = "Сумма слишком мала"
    TOO_LARGE = "Сумма слишком велика"
    CONFLICT = "Под этим номером уже принят другой платеж"
    NO_PAYMENT = "Платежа с таким номером нет"
    CANCELLED = "Платеж с этим номером отменен"
    NOTHING_TO_CANCEL = "Отменять нечего: платежа с таким номером нет"
    NOT_CANCELLABLE = "Отменить этот платеж уже нельзя"


class Malformed(ValueError):
    """A message that nothing can be made of."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal


@dataclass(frozen=True, slots=True)
class Order:
    """Money that a payment system says it has taken; `paid_at` is its own moment, `stated` are the
    ids of the invoices that the payer named, in his order.
    """

    external_id: str
    account: str
    amount: Money
    paid_at: datetime
    stated: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was accepted, under our number."""

    number: int
    external_id: str
    account: str
    amount: Money
    accepted_at: datetime


def number_of(text: str) -> str:
    """A payment's number: up to 20 digits, kept as text.  Raises Malformed."""
    if _NUMBER.fullmatch(text) is None:
        raise Malformed(Refusal.BAD_NUMBER)
    return text


def account_of(text: str) -> str:
    """Raises Malformed: empty, too long, or with what no number has."""
    if not text.strip() or len(text) > ACCOUNT_MAX or not text.isprintable():
        raise Malformed(Refusal.BAD_ACCOUNT)
    return text


def amount_of(text: str) -> Money:
    """«10», «10.5», «10.45»; whether it will do is not asked here.  Raises Malformed."""
    if _SUM.fullmatch(text) is None:
        raise Malformed(Refusal.BAD_AMOUNT)
    return Money.parse(text.removesuffix("."))


def written(amount: Money) -> str:
    """«10.45»."""
    return amount.plain.replace(",", ".")


def moment_of(text: str, shape: re.Pattern[str]) -> datetime:
    """Moscow's time as `shape` names its parts, in UTC.  Raises Malformed."""
    match = shape.fullmatch(text)
    if match is None:
        raise Malformed(Refusal.BAD_DATE)
    told = {name: int(part) for name, part in match.groupdict().items()}
    try:
        day = date(told["year"], told["month"], told["day"])
        clock = time(told["hour"], told["minute"], told["second"], tzinfo=MOSCOW)
    except ValueError:
        raise Malformed(Refusal.BAD_DATE) from None
    if day.year < FIRST_YEAR:
        raise Malformed(Refusal.BAD_DATE)
    return datetime.combine(day, clock).astimezone(UTC)


def moscow(moment: datetime) -> datetime:
    return moment.astimezone(MOSCOW)


def bounds_refusal(amount: Money, low: Money | None, high: Money | None) -> Refusal | None:
    """A bound that is None is none; what is not above zero is always too small."""
    if amount.kopecks <= 0 or (low is not None and amount < low):
        return Refusal.TOO_SMALL
    return Refusal.TOO_LARGE if amount > min(high or AMOUNT_MAX, AMOUNT_MAX) else None


def fingerprint_of(text: str) -> str:
    """«ab12…» of «AB:12:…»: both are in use."""
    return text.strip().replace(":", "").lower()


def payer_told(name: str) -> str:
    """«Мария Ивановна П.» of «Петрова Мария Ивановна»: enough for whoever is meant, and little for
    whoever types numbers at a terminal.
    """
    surname, *names = name.split() or [""]
    return " ".join([*names, f"{surname[:1]}."]) if surname else ""


def slips(number: str, signs: Collection[str]) -> Iterator[str]:
    """All that is one slip away from it: a sign wrong, missing, too many, or two swapped; `signs`
    are those that there are.  Itself may be among them, and others more than once.
    """
    for place in range(len(number) + 1):
        head, tail = number[:place], number[place:]
        yield from (f"{head}{sign}{tail}" for sign in signs)
        if tail:
            yield head + tail[1:]
            yield from (f"{head}{sign}{tail[1:]}" for sign in signs)
        yield head + tail[1::-1] + tail[2:]
