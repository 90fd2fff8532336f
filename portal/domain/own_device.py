"""The resident's own devices: those that read or submit by themselves, with a key."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Right(StrEnum):
    """What a key opens; who may submit may read."""

    READ = "read"
    SUBMIT = "submit"


RIGHTS = {Right.READ: "только смотреть", Right.SUBMIT: "смотреть и передавать показания"}


@dataclass(frozen=True, slots=True)
class OwnDevice:
    """A key that was not revoked, under the name that the resident gave to its device."""

    token_id: int
    name: str
    right: Right
    made_at: datetime
    last_used_at: datetime | None
    is_asleep: bool
    """Unused for so long that it opens nothing any more."""

    @property
    def right_words(self) -> str:
        return RIGHTS[self.right]
