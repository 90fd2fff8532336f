"""Входящие: what a channel has sent, word for word, before anybody makes anything of it."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from portal.db import journal
from portal.db.incoming import Inbox
from portal.db.session import Session
from portal.services.incoming.channels import Channel

MESSAGE_MAX: Final = 20_000
"""Signs of one payment in a file, of which a whole statement's line has some hundreds."""
# Each name is read from its beginning only, and once: a message may be all dots.
_SECRETS = re.compile(
    r"(?<![\w.-])(?=[\w.-]*?(?:pass|pwd|secret|sign|token|card|cvv|cvc|pan|pin))"
    r"([\w.-]++)=[^&\s]*",
    re.IGNORECASE,
)


def keep(
    session: Session,
    channel: Channel,
    address: str,
    message: str,
    now: datetime,
    question: str | None = None,
) -> int:
    """Store a message whose secrets are masked; its id."""
    return journal.add(
        session,
        Inbox,
        channel_id=channel.channel_id,
        received_at=now,
        address=address,
        message=masked(message),
        question=question,
    )


def keep_all(
    session: Session, channel: Channel, address: str, messages: Iterable[str], now: datetime
) -> list[int]:
    """The parts of a file, one for each payment in it; `address` says which file it is.  The first
    line of each is for people.
    """
    rows = [
        {
            "channel_id": channel.channel_id, "received_at": now, "address": address,
            "message": masked(message[:MESSAGE_MAX]),
        }
        for message in messages
    ]  # fmt: skip
    return journal.add_all(session, Inbox, rows)


def masked(message: str) -> str:
    """Without the values of fields that are named like passwords or cards."""
    return _SECRETS.sub(r"\1=***", message)
