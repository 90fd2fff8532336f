"""«Сообщения»: the operator's notices; opening one marks it as read."""

from components.chrome import Crumb
from components.notice_list import notice_list, notice_text
from pages.addresses import own_number
from pages.cabinet import cabinet, load
from pages.screen import Asked, Screen
from portal.services.notices import mark_read, notice, notices

ADDRESS, TITLE = "/messages", "Сообщения"


async def messages_page(asked: Asked) -> Screen:
    """`/messages`."""
    person, found = await load(asked, notices)
    return cabinet(asked, person, TITLE, notice_list(found, person.timezone))


async def message_page(asked: Asked) -> Screen:
    """`/messages/{notice}`.  Raises NotFound."""
    notice_id = own_number(asked.parameters, "notice")
    # Who has read it already does not wait for the database's one writer.
    found = await asked.backend.read(notice, asked.resident, notice_id)
    if not (found.is_read or asked.is_ahead):
        await asked.backend.write(mark_read, asked.resident, notice_id, asked.now)
    person, found = await load(asked, notice, notice_id)
    body = notice_text(found, person.timezone)
    return cabinet(asked, person, found.title, body, (Crumb(TITLE, ADDRESS),))
