"""`/pad`: the entry of readings alone, small enough for any network and kept for none at all."""

from collections.abc import Mapping

from components.frame import pad_frame
from pages.addresses import PAD
from pages.cabinet import frame_values
from pages.entering import NOTHING, entry
from pages.screen import Asked, Screen

TITLE = "Показания"


async def pad_page(asked: Asked) -> Screen:
    """The same form and the same answers as on `/zkh`; the page never comes alive."""
    return await pad_screen(asked)


async def pad_screen(
    asked: Asked, values: Mapping[str, str] = NOTHING, errors: Mapping[str, str] = NOTHING
) -> Screen:
    """The page with what was typed and what was wrong with it."""
    person, form = await entry(asked, values, errors, PAD)
    return Screen(TITLE, pad_frame(frame_values(asked, person), TITLE, form), is_plain=True)
