"""The entry of readings as every page of it needs it: who asks, his counters, the form."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from secrets import token_hex

from markupsafe import Markup

from components.reading_form import devices_form
from pages.cabinet import load, local_day, scope
from pages.screen import Asked
from portal.domain.device import Device, register_key
from portal.domain.person import SideBlock
from portal.errors import NotFound
from portal.services.entry import DATE_FIELD
from portal.services.registers import devices

NOTHING: Mapping[str, str] = {}


async def entry(
    asked: Asked,
    values: Mapping[str, str] = NOTHING,
    errors: Mapping[str, str] = NOTHING,
    page: str = "",
) -> tuple[SideBlock, Markup]:
    """The form with all counters, with what was typed and what was wrong with it; `page` is its
    address, where that is not that of «ЖКХ».
    """
    person, found = await counters(asked)
    today = local_day(asked.now, person.timezone)
    taken_on = _typed_day(values, today)
    return person, devices_form(found, taken_on, today, values, errors, token_hex(16), page=page)


async def single_entry(asked: Asked, account: str, service: str) -> tuple[SideBlock, Markup]:
    """The form with one counter.  Raises NotFound."""
    person, found = await counters(asked)
    device = _single(found, account, service)
    today = local_day(asked.now, person.timezone)
    form = devices_form((device,), today, today, NOTHING, NOTHING, token_hex(16), is_single=True)
    return person, form


async def counters(asked: Asked) -> tuple[SideBlock, tuple[Device, ...]]:
    chosen = scope(asked.flags)
    return await load(asked, devices, chosen.matches, chosen.serial_field, asked.now)


def _typed_day(values: Mapping[str, str], today: date) -> date:
    try:
        return date.fromisoformat(values.get(DATE_FIELD, ""))
    except ValueError:
        return today


def _single(found: tuple[Device, ...], account: str, service: str) -> Device:
    key = register_key(account, service)
    for device in found:
        own = tuple(r for r in device.registers if r.key == key)
        if own:
            return replace(device, registers=own)
    raise NotFound
