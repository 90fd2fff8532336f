"""`/pad`: the entry of readings alone, small enough for any network and kept for none at all."""

from components.frame import pad_frame
from pages.cabinet import frame_values
from pages.entering import entry
from pages.screen import Asked, Screen

TITLE = "Показания"


async def pad_page(asked: Asked) -> Screen:
    """The same form and the same answers as on `/zkh`; the page never comes alive."""
    person, form = await entry(asked)
    return Screen(TITLE, pad_frame(frame_values(asked, person), TITLE, form), is_plain=True)
