"""Входящие: what a channel has sent, word for word, before anybody makes anything of it."""

import re
from datetime import datetime

from portal.db import journal
from portal.db.incoming import Inbox
from portal.db.session import Session
from portal.services.incoming.channels import Channel

_SECRETS = re.compile(
    r"\b([\w.-]*(?:pass|pwd|secret|sign|token|card|cvv|cvc|pan|pin)[\w.-]*)=[^&\s]*", re.IGNORECASE
)


def keep(session: Session, channel: Channel, address: str, message: str, now: datetime) -> int:
    """Store a message whose secrets are masked; its id."""
    return journal.add(
        session,
        Inbox,
        channel_id=channel.channel_id,
        received_at=now,
        address=address,
        message=masked(message),
    )


def masked(message: str) -> str:
    """Without the values of fields that are named like passwords or cards."""
    return _SECRETS.sub(r"\1=***", message)
