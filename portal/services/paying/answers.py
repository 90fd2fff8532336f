"""What a bank has answered to our own questions, kept by itself before anything is made of it.

One question is asked many times, and mostly answered alike: each answer to it is kept once.
"""

import re
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, select

from portal.db.base import table_of
from portal.db.incoming import Inbox, PayChannel
from portal.db.session import Session
from portal.gateways.acquiring import Heard
from portal.services.incoming import inbox
from portal.services.incoming.channels import Channel, entered
from portal.services.paying.keeping import kept

OURS: Final = "our own question"
"""In place of the address of whoever has sent it."""
_BROKEN_OFF: Final = " не до конца"
_SUCCESS: Final = range(200, 300)
# An error of ЮKassa bears a number of its own each time.
_NUMBER = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_inbox, _channel = table_of(Inbox), table_of(PayChannel)


def known_answer(session: Session, channel: str, heard: Heard) -> int | None:
    """Under which number the same answer to the same question is kept already."""
    wanted = _compared(heard, inbox.masked(_written(heard)))
    rows = session.execute(_ASKED, {"channel": channel, "question": heard.question})
    return next((row.id for row in rows if _compared(heard, row.message) == wanted), None)


def keep_answer(session: Session, channel: str, heard: Heard, now: datetime) -> int:
    """Its number."""
    known = known_answer(session, channel, heard)
    if known is not None:
        return known
    whose = _of(session, channel)
    return inbox.keep(session, whose, OURS, _written(heard), now, heard.question)


def _of(session: Session, channel: str) -> Channel:
    return entered(session.execute(_CHANNEL, {"channel": channel}).one())


def _written(heard: Heard) -> str:
    """The first line is for people."""
    status = f"{heard.status}{'' if heard.is_whole else _BROKEN_OFF}"
    said = kept(heard.body.decode(errors="backslashreplace"))
    return f"{heard.question}\n{status}\n{said}"


def _compared(heard: Heard, message: str) -> str:
    return message if heard.status in _SUCCESS else _NUMBER.sub("", message)


# Made once and kept.
_CHANNEL: Final = select(_channel).where(_channel.c.key == bindparam("channel"))
_ASKED: Final = (
    select(_inbox.c.id, _inbox.c.message)
    .join(_channel, _channel.c.id == _inbox.c.channel_id)
    .where(_inbox.c.question == bindparam("question"), _channel.c.key == bindparam("channel"))
    .order_by(_inbox.c.id.desc())
)
