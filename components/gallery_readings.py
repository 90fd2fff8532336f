"""Examples: the entry of readings."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

from markupsafe import Markup

from components.gallery_values import (
    HOSTILE,
    LONG,
    TODAY,
    UNBROKEN,
    device,
    known,
    register,
)
from components.reading_form import devices_form
from portal.domain.charging.bands import Band, Bands
from portal.domain.charging.line import Priced
from portal.domain.device import Device
from portal.domain.meter import UNKNOWN_DIAL, Dial
from portal.domain.period import Period
from portal.domain.photo import PhotoPolicy, photo_field
from portal.domain.quantity import Price, Quantity
from portal.domain.timeline import Since

COLD = device(
    11,
    "Счетчик холодной воды",
    "18-204517",
    register("Холодная вода", "м³", "53,41", Dial(5, 3), known("248,120"), external_id="zkh_cold"),
    verified_until=date(2028, 5, 14),
)
HOT = device(
    14,
    "Счетчик горячей воды",
    "18-204518",
    register(
        "Горячая вода", "м³", "243,16", Dial(5, 3), known("131,5"), external_id="h", is_given=True
    ),
)
GAS = device(15, "Счетчик газа", "", register("Газ", "м³", "8,24", Dial(5, 3), None))
POWER = device(
    13,
    "Счетчик электроэнергии",
    "2785-09-567",
    register("День", "кВт·ч", "7,55", Dial(6, 0), known("6444", "210"), external_id="zkh_day"),
    register("Ночь", "кВт·ч", "3,10", Dial(6, 0), known("3120", "90"), external_id="zkh_night"),
)
MANUAL = device(
    1,
    "Абонент (ЖКХ)",
    "1237531773",
    register("Услуга ЖКХ № 1", "", "2,79", UNKNOWN_DIAL, known("14235", "514")),
)
FLAT = tuple(
    replace(each, registers=tuple(replace(r, account_id=each.account_id) for r in each.registers))
    for each in (COLD, HOT, GAS, POWER)
)

MONTHLY = replace(
    COLD,
    registers=tuple(
        replace(
            each,
            months=(
                Since(date.min, Period(2026, 12)),
                Since(date(2026, 11, 20), Period(2026, 11)),
            ),
        )
        for each in COLD.registers
    ),
)
BANDED = replace(
    POWER,
    registers=tuple(
        replace(
            each,
            price=None,
            bands=Bands(
                (
                    Band(Quantity.parse("150"), Priced(1, Price.parse("6,10"))),
                    Band(Quantity.parse("600"), Priced(2, Price.parse("8,54"))),
                    Band(None, Priced(3, Price.parse("12,20"))),
                )
            ),
            months=(Since(date.min, Period(2026, 11)),),
        )
        for each in POWER.registers[:1]
    ),
)


def _form(
    *devices: Device,
    values: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    is_single: bool = False,
) -> Markup:
    return devices_form(
        devices, TODAY, TODAY, values or {}, errors or {}, "key-1", is_single=is_single
    )


def _typed() -> Markup:
    values = {"11/zkh_cold": "256,1", "13/zkh_day": "70000", "15/zkh_1": "12,345"}
    return _form(*FLAT, values=values)


def _refused() -> Markup:
    return _form(
        *FLAT,
        values={"11/zkh_cold": "25б", "13/zkh_day": "6000", "13/zkh_night": "1234567"},
        errors={
            "": "Показания не приняты: исправьте поля (3)",
            "taken_on": "Дата 25.11.2026 ещё не наступила. Сегодня 24 ноября 2026",
            "11/zkh_cold": "«25б» не число. Введите цифры со счетчика, например 00000,000",
            "13/zkh_day": "Вы указали текущее значение меньше чем предыдущее. "
            "Текущее: 006000. Предыдущее: 006444",
            "13/zkh_night": "У этого счетчика цифр меньше: 000000",
        },
    )


def _closed() -> Markup:
    shut = replace(MANUAL.registers[0], is_open=False)
    off = device(2, "Абонент (услуги)", "", shut, state=10)
    closed = register("Отопление", "Гкал", "2 451,10", Dial(4, 2), None, is_open=False)
    unpriced = register("Горячая вода", "м³", None, UNKNOWN_DIAL, None, is_open=False)
    return _form(off, device(3, "Общий прибор", "7", closed, unpriced))


def _twelve() -> Markup:
    def one(number: int) -> Device:
        dial = (Dial(5, 3), Dial(12, 6), UNKNOWN_DIAL, Dial(8, 0))[number % 4]
        row = register(
            LONG if number % 2 else UNBROKEN,
            "кВт·ч на квартиру" if number % 3 else "м³",
            "12345678,123456",
            dial,
            known("12345,5"),
        )
        name = LONG if number % 2 else UNBROKEN
        return device(number, name, UNBROKEN, replace(row, account_id=number))

    return _form(*map(one, range(100, 112)), values={"101/zkh_1": "123456789012,123456"})


def _photographed() -> Markup:
    """One may be attached, one is, one is missing, one has a name that is no name."""
    wanted = (
        PhotoPolicy.OPTIONAL,
        PhotoPolicy.REQUIRED,
        PhotoPolicy.REQUIRED,
        PhotoPolicy.OPTIONAL,
    )
    names = ("День", "Ночь", LONG, HOSTILE)
    rows = [
        replace(
            register(name, "кВт·ч", "7,55", Dial(6, 0), known("1"), external_id=f"p{at}"),
            photo=photo,
        )
        for at, (name, photo) in enumerate(zip(names, wanted, strict=True))
    ]
    taken, missing = (photo_field(row.key) for row in rows[1:3])
    values = {rows[1].key: "90", taken: "ab" * 32, rows[2].key: "120"}
    errors = {missing: "Приложите фотографию счетчика"}
    return _form(device(12, "Счетчик", "", *rows), values=values, errors=errors)


def _hostile() -> Markup:
    row = register(HOSTILE, HOSTILE, "1", Dial(5, 1), known("1"), external_id=HOSTILE)
    return _form(
        device(12, HOSTILE, HOSTILE, row),
        values={row.key: HOSTILE},
        errors={row.key: HOSTILE, "": HOSTILE},
    )


EXAMPLES: dict[str, Callable[[], Markup]] = {
    "readings": lambda: _form(*FLAT),
    "readings, by the month": lambda: _form(MONTHLY, values={"12/zkh_cold": "256,12"}),
    "readings, by bands": lambda: _form(BANDED, values={"12/zkh_day": "6720"}),
    "readings, by bands, one service": lambda: _form(BANDED, is_single=True),
    "readings, typed": _typed,
    "readings, refused": _refused,
    "readings, closed": _closed,
    "readings, with photos": _photographed,
    "readings, the manual's": lambda: _form(MANUAL),
    "readings, one service": lambda: _form(FLAT[0], is_single=True),
    "readings, none": _form,
    "readings, twelve long": _twelve,
    "readings, hostile": _hostile,
}
