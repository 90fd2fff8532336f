"""The entry of readings: every device, every counter as the meter's own dial."""

from collections.abc import Mapping
from datetime import date

from markupsafe import Markup

from components.device_kind import device_kind
from components.empty_state import empty_state
from components.rendering import render
from portal.domain.device import Device, Register, asked_for, missing
from portal.domain.money import ZERO
from portal.domain.telling.prices import bands_span, bands_words

NO_DEVICES = "Учетные записи не найдены"


def devices_form(
    devices: tuple[Device, ...],
    taken_on: date,
    today: date,
    values: Mapping[str, str],
    errors: Mapping[str, str],
    key: str,
    *,
    is_single: bool = False,
    page: str = "",
) -> Markup:
    """One form for all: it posts `key`, `taken_on`, and for each open register `value:{key}` and
    `seen:{key}` (the id of the reading that the person sees, empty for none); where a photo is
    taken also `photo:{key}`, its SHA-256, or without script the picture itself as `file:{key}`.

    `values` and `errors` go by the counter's key («12/zkh_1»), by `photo:{key}` and «taken_on»;
    the error under the empty name concerns the whole form.  `is_single`: the form «Показания
    счетчика» of one service, which spells everything out.  `page` is posted as such: to whom it
    belongs to, without script, the answer leads back.
    """
    if not devices:
        return empty_state(
            NO_DEVICES, "Когда управляющая компания подключит ваши счетчики, они появятся здесь"
        )
    return render(
        "reading_form",
        devices=devices,
        taken_on=taken_on,
        today=today,
        values=values,
        errors=errors,
        key=key,
        page=page,
        is_single=is_single,
        focused=_focused(devices, errors, is_single=is_single),
        open_count=len(asked_for(devices)),
        missing=len(missing(devices)),
        takes_photos=any(
            register.takes_photo for device in devices for register in device.registers
        ),
        kind_of=device_kind,
        closed_because=_closed_because,
        nothing=ZERO,
        bands_words=bands_words,
        bands_span=bands_span,
    )


def _focused(devices: tuple[Device, ...], errors: Mapping[str, str], *, is_single: bool) -> str:
    """The field to begin with: the only counter's, or the first that is wrong; none if empty."""
    keys = [register.key for device in devices for register in device.registers]
    wanted = keys if is_single else [key for key in ("taken_on", *keys) if key in errors]
    return wanted[0] if wanted else ""


def _closed_because(device: Device, register: Register) -> str:
    if device.closed_reason:
        return ""  # the device itself says so
    if not register.is_priced:
        return "Цена пока не установлена, поэтому показания не принимаются"
    return "Показания по этой услуге передает управляющая компания"
