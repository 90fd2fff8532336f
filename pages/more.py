"""«Ещё»: what the phone's bar has no room for."""

from components.more_list import more_list
from pages.cabinet import cabinet, load_frame, menu
from pages.screen import Asked, Screen

TITLE = "Ещё"


async def more_page(asked: Asked) -> Screen:
    """`/more`."""
    person = await load_frame(asked)
    entries = menu(asked.flags, asked.path, person.unread_notices)
    return cabinet(asked, person, TITLE, more_list(entries))
