"""«ЖКХ»: every device with its services, and the entry of readings for all of them."""

from collections.abc import Mapping
from datetime import date, datetime
from secrets import token_hex

from components.chrome import Crumb
from components.reading_form import devices_form
from pages.cabinet import cabinet, load, local_day, scope
from pages.screen import Asked, Screen
from portal.domain.device import Device, register_key
from portal.errors import NotFound
from portal.services.entry import DATE_FIELD
from portal.services.registers import Matches, devices

TITLE = "ЖКХ"
SINGLE_TITLE = "Показания счетчика"
NOTHING: Mapping[str, str] = {}


async def zkh_page(asked: Asked) -> Screen:
    """`/zkh`."""
    return await zkh_screen(asked)


async def zkh_screen(
    asked: Asked, values: Mapping[str, str] = NOTHING, errors: Mapping[str, str] = NOTHING
) -> Screen:
    """The page with what was typed and what was wrong with it."""
    person, found = await load(asked, devices, *_scope_of(asked))
    today = local_day(asked.now, person.timezone)
    taken_on = _typed_day(values, today)
    form = devices_form(found, taken_on, today, values, errors, token_hex(16))
    return cabinet(asked, person, TITLE, form)


async def single_page(asked: Asked) -> Screen:
    """`/zkh/{account}/{service}`: one service, for a link or a QR code.  Raises NotFound."""
    person, found = await load(asked, devices, *_scope_of(asked))
    device = _single(found, asked.parameters["account"], asked.parameters["service"])
    today = local_day(asked.now, person.timezone)
    form = devices_form((device,), today, today, NOTHING, NOTHING, token_hex(16), is_single=True)
    return cabinet(asked, person, SINGLE_TITLE, form, (Crumb(TITLE, "/zkh"),))


def _scope_of(asked: Asked) -> tuple[Matches, str, datetime]:
    chosen = scope(asked.flags)
    return chosen.matches, chosen.serial_field, asked.now


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
            return Device(
                device.account_id,
                device.login,
                device.serial,
                device.state,
                device.verified_until,
                own,
            )
    raise NotFound
