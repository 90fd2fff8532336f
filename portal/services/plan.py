"""Where a typed value belongs in its counter's chain, at which price, and instead of which."""

from dataclasses import replace
from datetime import date, datetime

from portal.domain.device import AGREEMENT_ENDED, CLOSED_STATES, closed_sentence
from portal.domain.entry import EntryLine
from portal.domain.made import made_often
from portal.domain.money import ZERO, Money
from portal.domain.period import Period, day_text
from portal.domain.quantity import Price, Quantity
from portal.domain.reading import (
    Chain,
    Foreseen,
    Impossible,
    Verdict,
    check_day,
    judge,
    parse_value,
)
from portal.domain.telling.prices import bands_words
from portal.services.past import Past
from portal.services.register_state import BY_RESIDENT, OPENING, Newest, RegisterState


@made_often(frozen=True, slots=True)
class Planned:
    """A value that may be stored: after which reading, at which price, instead of which."""

    state: RegisterState
    value: Quantity
    verdict: Verdict
    previous_id: int | None
    previous_value: Quantity | None
    previous_on: date | None
    price_id: int
    price: Price
    corrects: Newest | None
    charged_for: Period | None = None
    """The month with which it is charged; None: now."""
    photo_id: int | None = None

    @property
    def is_known(self) -> bool:
        """The very value that stands there already: nothing is to be stored."""
        return self.corrects is not None and self.corrects.value == self.value

    def _price_words(self) -> str:
        return bands_words(self.state.bands, self.state.unit) if self.state.bands else ""

    def line(self) -> EntryLine:
        dial = self.state.dial
        return EntryLine(
            key=self.state.key,
            device=self.state.login,
            service=self.state.name,
            unit=self.state.unit,
            previous_text=dial.show(self.previous_value) if self.previous_value is not None else "",
            previous_on=self.previous_on,
            current_text=dial.show(self.value),
            volume=self.verdict.volume,
            price=None if self.state.bands else self.price,
            price_words=self._price_words(),
            amount=self.verdict.amount,
            is_first=self.verdict.is_first,
            instead_of=_charged(self.corrects) if self.corrects else None,
            question=self.verdict.question,
            sentence=self.verdict.sentence,
            charged_for=self.charged_for,
            has_photo=self.photo_id is not None,
        )


def plan(
    state: RegisterState,
    text: str,
    taken_on: date,
    past: Past,
    now: datetime,
) -> Planned:
    """The place of a typed value in its counter's chain.

    Raises Impossible with the sentence for the field.
    """
    _refuse_closed(state)
    typed = parse_value(text, state.dial)
    newest = state.newest
    _check_day(state, taken_on, now)
    corrects = _corrected(state, taken_on, now)
    previous_id, previous_value, previous_on = _predecessor(newest, corrects)
    price_id, price = _price(state, corrects)
    own = corrects.reading_id if corrects else None
    month = state.charged_for(taken_on, now)
    foreseen = _foreseen(past, typed, taken_on, month, corrects)
    chain = Chain(
        state.dial,
        state.unit,
        previous_value,
        previous_on,
        tuple(volume for reading_id, volume in past.volumes if reading_id != own),
    )
    try:
        verdict = judge(chain, typed, price, foreseen)
    except Impossible as fault:
        raise Impossible(f"{fault}{_way_to_correct(state, corrects, now)}") from None
    if corrects is not None and corrects.value == typed:
        verdict = replace(verdict, question=None, sentence="")  # answered when it was stored
    return Planned(
        state, typed, verdict, previous_id, previous_value, previous_on, price_id, price, corrects,
        month,
    )  # fmt: skip


def _foreseen(
    past: Past,
    value: Quantity,
    taken_on: date,
    month: Period | None,
    corrects: Newest | None,
) -> Foreseen | None:
    foresight = past.foresight
    if foresight is None or month is None:
        return None
    instead_of = corrects.reading_id if corrects else None
    return lambda used: foresight.of(value, taken_on, month, used, instead_of)


def _charged(newest: Newest) -> Money:
    return newest.charge.amount if newest.charge else ZERO


def _refuse_closed(state: RegisterState) -> None:
    if state.state in CLOSED_STATES:
        raise Impossible(closed_sentence(state.state))
    if state.is_ended:
        raise Impossible(AGREEMENT_ENDED)
    if not state.is_priced:
        raise Impossible("Цена этой услуги ещё не установлена. Обратитесь в управляющую компанию")
    if not state.is_open:
        raise Impossible("Показания по этой услуге принимает управляющая компания")


def _check_day(state: RegisterState, taken_on: date, now: datetime) -> None:
    today, newest = now.astimezone(state.zone).date(), state.newest
    if newest is None:
        check_day(taken_on, today, None)
    else:
        is_fixed = newest.is_fixed(state.zone, now)
        check_day(taken_on, today, newest.taken_on, is_fixed=is_fixed)


def _way_to_correct(state: RegisterState, corrects: Newest | None, now: datetime) -> str:
    """For who meant to mend the last value and left the date as it was."""
    newest = state.newest
    if corrects is not None or newest is None or not newest.is_correctable(state.zone, now):
        return ""
    return f". Чтобы исправить показания от {day_text(newest.taken_on)}, выберите эту дату"


def _corrected(state: RegisterState, taken_on: date, now: datetime) -> Newest | None:
    """The newest reading, if a value of the same date is to replace it."""
    newest = state.newest
    if newest is None or newest.taken_on != taken_on or newest.source == OPENING:
        return None
    if newest.source != BY_RESIDENT:
        raise Impossible(
            f"Показания за {day_text(taken_on)} внесла управляющая компания, "
            "исправить их может только она"
        )
    if not newest.is_correctable(state.zone, now):
        raise Impossible(
            f"Показания за {day_text(taken_on)} уже вошли в закрытый месяц. "
            "Передайте новые с сегодняшней датой"
        )
    return newest


def _predecessor(
    newest: Newest | None, corrects: Newest | None
) -> tuple[int | None, Quantity | None, date | None]:
    if corrects is not None:
        return corrects.previous_id, corrects.previous_value, corrects.previous_on
    if newest is None:
        return None, None, None
    return newest.reading_id, newest.value, newest.taken_on


def _price(state: RegisterState, corrects: Newest | None) -> tuple[int, Price]:
    """A correction keeps its original price."""
    if corrects is not None and corrects.charge is not None:
        return corrects.charge.price_id, corrects.charge.price
    if state.price_id is None or state.price is None:
        raise Impossible("Цена этой услуги ещё не установлена")
    return state.price_id, state.price
