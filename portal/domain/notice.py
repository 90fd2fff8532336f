"""The operator's messages as the resident reads them."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Notice:
    """A message to all residents of an operator or to one; `body` is plain text."""

    notice_id: int
    title: str
    body: str
    operator: str
    published_at: datetime
    is_read: bool
