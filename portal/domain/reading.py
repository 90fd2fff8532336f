"""The rules by which a reading is accepted, questioned or refused.

One pure function, `judge`, is used by the entry on the page, the forms and the machines' door.
"""

import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from enum import StrEnum

from portal.domain.made import made_often
from portal.domain.meter import Dial
from portal.domain.money import ZERO, Money
from portal.domain.period import day_text, short_day_text
from portal.domain.quantity import SCALE, Price, Quantity, cost

PLAUSIBLE_TIMES = 5
HISTORY_MIN = 3
SURPRISING_TIMES = 10
# Without a history a counter may have moved by this part of its dial since the previous value.
ROLLOVER_PART = 100
# Of a counter that showed zero nothing is ten times as much.  Without a history this is not asked
# about: a thousandth of the dial, but at least a hundred units (more than a flat's year of hot
# water; where the dial is unknown, just these) and at most a thousand (some months of electricity;
# of nine digits nobody uses all).
UNASKED_PART = 1000
UNASKED_LEAST, UNASKED_MOST = Quantity(100 * SCALE), Quantity(1000 * SCALE)
# «24.11.26» is a slip, not the time of Tiberius.
EARLIEST_YEAR = 1950
Foreseen = Callable[[Quantity], Money]
"""What a volume may come to that is charged with its month."""

_DAY = re.compile(
    r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})|([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})", re.ASCII
)


class Question(StrEnum):
    """What must be confirmed once more, with the sum in roubles in the question."""

    LARGE = "large"
    ROLLOVER = "rollover"


@made_often(frozen=True, slots=True)
class Chain:
    """What is known of a counter before the new value."""

    dial: Dial
    unit: str
    previous_value: Quantity | None
    previous_on: date | None
    recent_volumes: tuple[Quantity, ...]
    """Newest first, zero ones included."""


@made_often(frozen=True, slots=True)
class Verdict:
    """What becomes of a value: accepted with its volume and amount, or a sentence why not.

    `question` is set where the person must confirm; `sentence` then asks.
    """

    volume: Quantity
    amount: Money
    is_first: bool = False
    question: Question | None = None
    sentence: str = ""


class Impossible(ValueError):
    """The value cannot be accepted; str() is the Russian sentence."""


class TooEarly(Impossible):
    """The date is wrong, not the value; `earliest` is the first that would do."""

    def __init__(self, previous_on: date, earliest: date) -> None:
        wanted = "эту дату" if earliest == previous_on else day_text(earliest)
        super().__init__(
            f"Дата раньше предыдущих показаний: они сняты {day_text(previous_on)}. "
            f"Укажите {wanted} или более позднюю"
        )
        self.earliest = earliest


def parse_value(text: str, dial: Dial) -> Quantity:
    """The typed value.  Raises Impossible: not a number, negative, not of the dial's shape."""
    try:
        value = Quantity.parse(text)
    except ValueError:
        raise Impossible(_not_a_number(text, dial)) from None
    if value.micro < 0:
        raise Impossible("Показания не бывают отрицательными")
    if not dial.fits(value):
        raise Impossible(
            f"У этого счетчика цифр меньше: {dial.shape}. Проверьте, сколько цифр до запятой "
            "и сколько после"
            if dial.is_known
            else "Слишком много цифр после запятой для этого счетчика"
        )
    return value


def parse_day(text: str) -> date:
    """The date of the readings, as the browser's date field sends it or as people write it.

    Raises Impossible.
    """
    text = text.strip()
    if not text:
        raise Impossible("Укажите дату снятия показаний")
    day = _day(text)
    if day is None or day.year < EARLIEST_YEAR:
        raise Impossible(f"«{text[:20]}» не дата. Напишите, например, 24.11.2026")
    return day


def _day(text: str) -> date | None:
    match = _DAY.fullmatch(text)
    if match is None:
        return None
    year, month, day = match.group(1, 2, 3) if match[1] else match.group(6, 5, 4)
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def check_day(
    taken_on: date, today: date, previous_on: date | None, *, is_fixed: bool = False
) -> None:
    """Raises Impossible: a day in the future; TooEarly: before the previous reading's, the day of
    which is open as well unless that reading `is_fixed` (no value of its date may replace it).
    """
    if taken_on > today:
        raise Impossible(
            f"Дата {short_day_text(taken_on)} ещё не наступила. Сегодня {day_text(today)}"
        )
    if previous_on is not None and taken_on < previous_on:
        raise TooEarly(previous_on, previous_on + timedelta(days=is_fixed))


def judge(chain: Chain, value: Quantity, price: Price, foreseen: Foreseen | None = None) -> Verdict:
    """The verdict on a value of the right shape; with `foreseen` nothing is charged now.

    Raises Impossible: below the previous value where the counter cannot have rolled over.
    """
    if chain.previous_value is None:
        return Verdict(Quantity(0), ZERO, is_first=True)
    if value < chain.previous_value:
        return _rollover(chain, value, price, foreseen)
    volume = value - chain.previous_value
    surprise = _surprise(chain, value, volume)
    amount = foreseen(volume) if foreseen else cost(volume, price)
    if not surprise:
        return Verdict(volume, amount)
    becomes = "будет начислено примерно" if foreseen else "будет списано"
    sentence = (
        f"Расход {volume} {chain.unit}{surprise}, {becomes} {amount}. "
        "Не лишняя ли цифра? Если всё верно, подтвердите"
    )
    return Verdict(volume, amount, question=Question.LARGE, sentence=sentence)


def is_plausible_rollover(dial: Dial, volumes: Sequence[Quantity], volume: Quantity) -> bool:
    """Whether a counter may have passed its end with this consumption; `volumes` are those before
    it, newest first.
    """
    limit = _usual_limit(volumes)
    if limit is None:
        limit = Quantity(dial.capacity.micro // ROLLOVER_PART) if dial.capacity else Quantity(0)
    return volume <= limit


def _rollover(chain: Chain, value: Quantity, price: Price, foreseen: Foreseen | None) -> Verdict:
    previous = chain.previous_value or Quantity(0)
    volume = chain.dial.rolled_over(previous, value)
    if volume is None or not is_plausible_rollover(chain.dial, chain.recent_volumes, volume):
        raise Impossible(
            "Вы указали текущее значение меньше чем предыдущее. "
            f"Текущее: {chain.dial.show(value)}. Предыдущее: {chain.dial.show(previous)}"
        )
    amount = foreseen(volume) if foreseen else cost(volume, price)
    about = "примерно " if foreseen else ""
    return Verdict(
        volume,
        amount,
        question=Question.ROLLOVER,
        sentence=f"Счетчик прошел через ноль: {chain.dial.show(previous)} → "
        f"{chain.dial.show(value)}, расход {volume} {chain.unit}, {about}{amount}. Всё верно?",
    )


def _surprise(chain: Chain, value: Quantity, volume: Quantity) -> str:
    """Why it must be confirmed, behind the volume; empty where nothing is unusual."""
    limit = _usual_limit(chain.recent_volumes)
    if limit is not None and volume > limit:
        return " — это намного больше обычного"
    previous = chain.previous_value.micro if chain.previous_value else 0
    if previous and value.micro >= SURPRISING_TIMES * previous:
        return f", показание выросло в {SURPRISING_TIMES} раз или больше"
    if not previous and limit is None and volume > _unasked_limit(chain.dial):
        return " — это много для счетчика, который показывал ноль"
    return ""


def _unasked_limit(dial: Dial) -> Quantity:
    part = Quantity(dial.capacity.micro // UNASKED_PART) if dial.capacity else UNASKED_LEAST
    return min(max(part, UNASKED_LEAST), UNASKED_MOST)


def _usual_limit(volumes: Sequence[Quantity]) -> Quantity | None:
    """Five times the median of the non-zero volumes; None with fewer than three of them."""
    known = sorted([volume.micro for volume in volumes if volume.micro > 0])
    if len(known) < HISTORY_MIN:
        return None
    middle = known[(len(known) - 1) // 2] + known[len(known) // 2]  # twice the median
    return Quantity(PLAUSIBLE_TIMES * middle // 2)


def _not_a_number(text: str, dial: Dial) -> str:
    example = dial.shape or "00000"
    shown = text.strip()[:20]
    return f"«{shown}» не число. Введите цифры со счетчика, например {example}"
