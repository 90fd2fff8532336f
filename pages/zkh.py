"""«ЖКХ»: every device with its services, and the entry of readings for all of them."""

from collections.abc import Mapping

from components.chrome import Crumb
from pages.cabinet import cabinet
from pages.entering import NOTHING, entry, single_entry
from pages.screen import Asked, Screen

TITLE = "ЖКХ"
SINGLE_TITLE = "Показания счетчика"


async def zkh_page(asked: Asked) -> Screen:
    """`/zkh`."""
    return await zkh_screen(asked)


async def zkh_screen(
    asked: Asked, values: Mapping[str, str] = NOTHING, errors: Mapping[str, str] = NOTHING
) -> Screen:
    """The page with what was typed and what was wrong with it."""
    person, form = await entry(asked, values, errors)
    return cabinet(asked, person, TITLE, form)


async def single_page(asked: Asked) -> Screen:
    """`/zkh/{account}/{service}`: one service, for a link or a QR code.  Raises NotFound."""
    account, service = asked.parameters["account"], asked.parameters["service"]
    person, form = await single_entry(asked, account, service)
    return cabinet(asked, person, SINGLE_TITLE, form, (Crumb(TITLE, "/zkh"),))
