"""What may be wrong with a value where it stands in its chain."""

from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from portal.domain.period import short_day_text
from portal.domain.quantity import Quantity
from portal.imports.book.known import Entry
from portal.imports.book.reading import Row
from portal.imports.book.registers import Register, dial_of


@dataclass(slots=True)
class Wanted:
    """A value that the file gives, on its way into the chain."""

    row: Row
    register: Register
    taken_on: date
    value: Quantity
    is_opening: bool
    meter: Entry | None = None
    previous: "Wanted | Entry | None" = None
    entry: Entry | None = None
    """The stored reading, once there is one."""

    @property
    def order(self) -> tuple[date, bool]:
        return self.taken_on, not self.is_opening


def place_fault(wanted: Wanted, same: list[Entry], newest: Entry | None) -> str:
    day = short_day_text(wanted.taken_on)
    if same:
        return (
            f"на {day} уже загружено {same[-1]['value']}, а в файле {wanted.value}; "
            "показания не меняют"
        )
    if newest is not None and wanted.taken_on < newest["taken_on"]:
        last = short_day_text(newest["taken_on"])
        return f"показания от {day} раньше уже принятых от {last}: в прошлое их не вставляют"
    if wanted.is_opening and wanted.previous is not None and not _replaces(wanted):
        return "начальное значение бывает только перед первыми показаниями"
    return ""


def value_fault(wanted: Wanted, today: date, *, has_meters: bool) -> str:
    dial = dial_of(wanted.meter)
    if wanted.taken_on > today:
        return f"дата {short_day_text(wanted.taken_on)} ещё не наступила"
    if has_meters and wanted.meter is None:
        return f"на {short_day_text(wanted.taken_on)} счетчик ещё не установлен"
    if not dial.fits(wanted.value):
        return f"значение {wanted.value} не помещается на счетчике {dial.shape or 'без цифр'}"
    return ""


def order_fault(wanted: Wanted) -> str:
    previous = _value_of(wanted.previous)
    if previous is None or wanted.is_opening:
        return ""
    is_rollover = wanted.row.get("rollover", False)
    if wanted.value < previous and not is_rollover:
        return (
            f"значение {wanted.value} меньше предыдущего {previous}; если счетчик прошел "
            "через ноль, добавьте rollover = true"
        )
    if is_rollover and dial_of(wanted.meter).rolled_over(previous, wanted.value) is None:
        return (
            "rollover = true бывает, когда значение меньше предыдущего и у счетчика "
            "указано «integer_digits»"
        )
    return ""


def early_fault(accepted_at: datetime, taken_on: date, zone: tzinfo) -> str:
    """Nothing is accepted before the day on which it was taken, as the operator counts days."""
    day = accepted_at.astimezone(zone).date()
    if day >= taken_on:
        return ""
    return f"принято {short_day_text(day)}, раньше, чем снято: {short_day_text(taken_on)}"


def _replaces(wanted: Wanted) -> bool:
    return wanted.meter is not None and wanted.meter["replaces_id"] is not None


def _value_of(previous: "Wanted | Entry | None") -> Quantity | None:
    if previous is None:
        return None
    return previous.value if isinstance(previous, Wanted) else previous["value"]
